"""A document's page: every word of the text once, in its shape, with its pages and its mark."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from groundedqa.server.blocks import Block, Run, blocks_of
from groundedqa.types import Document, Section
from groundedqa.types import Page as Paged
from tests.conftest import BuildTiny
from tests.server.conftest import Wait
from tests.server.test_pages import shown
from tests.support.pdf import Paper, varied

ROWS = "| Rate | Seen |\n| 0.1 | a | or b |\n"
TABLE = "| Rate | Seen |\n| 0.1 | nothing |\n| 0.2 | bubbles |"
CODE = "    def f():\n        pass"


def document(text: str, starts: tuple[int, ...] = (), sections: tuple[int, ...] = ()) -> Document:
    """A document whose pages and sections begin at these places."""
    pages = tuple(
        Paged(start, end, f"p{number}", number)
        for number, (start, end) in enumerate(pairwise((*starts, len(text))), 1)
    )
    parts = tuple(Section(at, len(text), f"At {at}", 2) for at in sections)
    about = ("x", "X", text, "article", None, None, date(2026, 1, 1), "en", (), parts, pages)
    return Document(*about, source="x.md", source_sha256="0")


def all_runs(blocks: list[Block]) -> list[Run]:
    return [run for block in blocks for row in block.rows for cell in row for run in cell]


def test_tables_have_cells_code_goes_on_over_blank_lines_and_other_lines_are_kept() -> None:
    text = f"Words.\n\n{TABLE}\n\n{CODE}\n\n    g()\n\nOne:\n    indented\n\n{ROWS.strip()}"
    blocks = list(blocks_of(document(text), text.index("0.1"), text.index("def")))
    assert [block.shape for block in blocks] == ["prose", "table", "code", "lines", "prose"]
    cells = [["".join(run.text for run in cell) for cell in row] for row in blocks[1].rows]
    assert cells == [["Rate", "Seen"], ["0.1", "nothing"], ["0.2", "bubbles"]]
    marked = [run.text for run in all_runs(blocks) if run.marked]
    assert marked == ["0.1", "nothing", "0.2", "bubbles", "    "]
    assert [run.text for run in all_runs(blocks) if run.first] == ["0.1"]
    assert "".join(run.text for run in all_runs(blocks[2:3])) == f"{CODE}\n\n    g()"
    # A new section is a new block.
    split = list(blocks_of(document(text, sections=(text.index("    g()"),)), 0, 0))
    assert [block.shape for block in split].count("code") == 2


def test_a_page_is_told_before_its_block_or_where_it_begins_in_one() -> None:
    text = "One and\ntwo.\n\nThree."
    blocks = list(blocks_of(document(text, (0, 4, 14)), 0, 8))
    assert [block.page for block in blocks] == ["p1", "p3"]
    runs = all_runs(blocks)
    assert [(run.text, run.page) for run in runs] == [
        ("One ", None),
        ("and\n", "p2"),
        ("two.", None),
        ("Three.", None),
    ]
    assert [run.marked for run in runs] == [True, True, False, False]


@settings(derandomize=True, deadline=None, max_examples=200)
@given(data=st.data())
def test_every_word_stands_there_once_and_exactly_the_cited_are_marked(data: st.DataObject) -> None:
    pieces = ("Word", " ", "\n", "\n\n", "    ", "| a | b |", "|", "<b>")
    text = "".join(data.draw(st.lists(st.sampled_from(pieces), min_size=1, max_size=30)))
    places = st.integers(0, len(text))
    start, end = sorted((data.draw(places), data.draw(places)))
    starts = tuple(sorted(data.draw(st.sets(places, max_size=4))))
    blocks = list(blocks_of(document(text, starts), start, end))
    kept = "".join(run.text for run in all_runs(blocks))
    marked = "".join(run.text for run in all_runs(blocks) if run.marked)

    def words(text: str) -> str:
        return text.replace("|", "").replace(" ", "").replace("\n", "")

    assert words(kept) == words(text)
    assert words(marked) == words(text[start:end])
    told = [page for block in blocks for page in (block.page, *(r.page for r in all_runs([block])))]
    labels = [page for page in told if page]
    assert labels == sorted(set(labels))


def test_a_pdf_is_opened_at_the_page_of_the_cited_words(
    corpus: Path, build_tiny: BuildTiny, unpublished: TestClient, wait: Wait
) -> None:
    paper = Paper()
    for number in range(1, 4):
        paper.say(f"Part {number} of the account. {varied(str(number), 3)}")
        paper.say(varied(f"{number} more", 3))
        if number < 3:
            paper.add_page()
    for source in corpus.iterdir():
        source.unlink()
    paper.written(corpus, "harbour.pdf")
    site = 'base = "https://harbour.example.org"\nurl = "{base}/{name}"\n'
    (corpus / "site.toml").write_text(site)
    build_tiny()
    wait(lambda: unpublished.get("/readyz").status_code == 200)
    cited = unpublished.get("/v1/ask?q=part+2+of+the+account&k=20").json()["citations"]
    citation = next(each for each in cited if each["quote"].startswith("Part 2"))
    link = "https://harbour.example.org/harbour.pdf#page=2"
    assert (citation["page"], citation["link"]) == ("2", link)
    asked = shown(unpublished, "/", q="part 2 of the account")
    assert ("a", {"href": link}) in asked.elements
    assert "Read on at page 2 of the file" in asked.text
    page = shown(unpublished, "/documents/harbour", citation=citation["citation_id"])
    assert page.marked == [citation["quote"]]
    breaks = [a["aria-label"] for _, a in page.elements if a.get("role") == "doc-pagebreak"]
    assert breaks == ["page 1", "page 2", "page 3"]
    assert ("a", {"href": link}) in page.elements
    plain = shown(unpublished, "/documents/harbour")
    assert ("a", {"href": "https://harbour.example.org/harbour.pdf"}) in plain.elements
