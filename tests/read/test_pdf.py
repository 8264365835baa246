"""PDF files: the words in reading order with their pages, and nothing but what the pages say."""

from __future__ import annotations

from pathlib import Path

import pytest
from fpdf.enums import AccessPermission
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundedqa.errors import SourceError
from groundedqa.ground import link_to
from groundedqa.ground.citation import make_citation_id
from groundedqa.read import SiteProfile, Source, pdf
from groundedqa.read.dispatch import choose_reader
from groundedqa.read.table import READERS
from tests.support.pdf import PROSE, Paper, document_of, outline, page_at, parsed, varied

LEFT = "The left column opens with the tide tables, and it says when each of them was printed."
LEFT_END = "The left column ends with the oldest table, which was drawn by hand on sailcloth."
RIGHT = "The right column opens with the moon, and it says how far away that was thought to be."
RIGHT_END = (
    "The right column ends with the sun, which pulls at the sea with less than half the force."
)


def test_columns_are_read_one_after_the_other_below_what_spans_them(tmp_path: Path) -> None:
    paper = Paper()
    paper.say("On tides and their tables", size=20, style="B")
    top = paper.get_y() + 20
    paper.column(72, top, 210, f"{LEFT} {PROSE}{LEFT_END}")
    paper.column(312, top, 210, f"{RIGHT} {PROSE}{RIGHT_END}")
    document = document_of(paper.written(tmp_path))
    assert document.title == "On tides and their tables"
    places = [document.text.index(words) for words in (LEFT, LEFT_END, RIGHT, RIGHT_END)]
    assert places == sorted(places)


def test_three_columns_and_a_full_line_below_them_keep_their_order(tmp_path: Path) -> None:
    paper = Paper()
    parts = [
        f"Column {name} begins here. {varied(name)} Column {name} ends here." for name in "ABC"
    ]
    for number, part in enumerate(parts):
        paper.column(60 + number * 165, 110, 145, part)
    paper.set_xy(60, 420)
    paper.multi_cell(480, 14, f"Below all columns stands this. {PROSE}")
    text = document_of(paper.written(tmp_path)).text
    said = [f"Column {name} {what} here." for name in "ABC" for what in ("begins", "ends")]
    places = [text.index(words) for words in (*said, "Below all columns stands this.")]
    assert places == sorted(places)


def test_running_heads_feet_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    paper = Paper(head="Coastal Studies, volume 7", foot="Page # of many")
    for number in range(1, 6):
        paper.say(f"Part {number} of the account. {varied(str(number))}")
        if number < 5:
            paper.add_page()
    document = document_of(paper.written(tmp_path))
    assert "Coastal Studies" not in document.text
    assert "of many" not in document.text
    assert page_at(document, "Part 4 of the account") == "4"


def test_words_parted_at_line_ends_are_joined_and_hyphens_of_their_own_stay(tmp_path: Path) -> None:
    paper = Paper()
    paper.lines(
        "The photo-",
        "synthesis of seaweed was a well-",
        "known matter by then, and a state-of-the-art",
        "laboratory stood on the north-west shore of the bay, where the water is cold.",
    )
    text = document_of(paper.written(tmp_path)).text
    assert "The photosynthesis of seaweed" in text
    assert "state-of-the-art laboratory" in text
    assert "north-west shore" in text


def test_a_paragraph_is_one_line_also_across_pages(tmp_path: Path) -> None:
    paper = Paper()
    paper.lines("The survey went on through the winter and was taken up again in", top=700)
    paper.add_page()
    paper.lines("spring, when the boats could leave the harbour once more.", top=100)
    document = document_of(paper.written(tmp_path))
    assert "taken up again in spring, when the boats" in document.text
    assert page_at(document, "spring, when") == "2"


def test_a_link_opens_the_page(tmp_path: Path) -> None:
    paper = Paper()
    for number in (1, 2, 3):
        paper.say(f"{varied(str(number))} This is said on page {number} alone.")
        if number < 3:
            paper.add_page()
    profile = SiteProfile(base="https://x.org")
    document = document_of(paper.written(tmp_path), profile)
    at = document.text.index("This is said on page 3")
    place = next(page for page in document.pages if page.start <= at < page.end)
    assert (place.label, place.number) == ("3", 3)
    cited = make_citation_id(document.doc_id, at, at + 20, document.text[at : at + 20])
    assert link_to(document, cited, None) == f"{document.url}#page=3"


def test_title_and_author_are_the_file_s_own_where_they_can_be_believed(tmp_path: Path) -> None:
    paper = Paper()
    paper.set_title("A history of harbour walls")
    paper.set_author("Ada Moss")
    paper.say(PROSE)
    document = document_of(paper.written(tmp_path))
    assert document.title == "A history of harbour walls"
    assert [section.author for section in document.sections] == ["Ada Moss"]
    paper = Paper()
    paper.set_title("Microsoft Word - walls_final2.docx")
    paper.say("What the walls were made of", size=22, style="B")
    paper.say(PROSE)
    assert document_of(paper.written(tmp_path)).title == "What the walls were made of"


def test_the_outline_gives_the_sections(tmp_path: Path) -> None:
    paper = Paper()
    for level, heading in ((0, "Stones"), (1, "Granite"), (0, "Mortar")):
        paper.start_section(heading, level)
        paper.say(heading, size=12)
        paper.say(f"Of {heading} there is this to say. {PROSE}")
    document = document_of(paper.written(tmp_path))
    assert outline(document)[-3:] == [("Stones", 1), ("Granite", 2), ("Mortar", 1)]
    for heading in ("Stones", "Granite", "Mortar"):
        at = document.text.index(f"Of {heading} there is")
        inside = [s.heading for s in document.sections if s.start <= at < s.end]
        assert inside[-1] == heading


def test_without_an_outline_larger_type_makes_the_headings(tmp_path: Path) -> None:
    paper = Paper()
    paper.say("The whole account", size=24, style="B")
    for heading in ("Before the wall", "After the wall"):
        paper.say(heading, size=15, style="B")
        paper.say(PROSE)
        paper.say(PROSE)
    document = document_of(paper.written(tmp_path))
    assert document.title == "The whole account"
    assert [heading for heading, _ in outline(document)] == ["Before the wall", "After the wall"]


def test_accents_and_ligatures_are_letters(tmp_path: Path) -> None:
    paper = Paper()
    paper.say("Café, naïve, Zürich, señor: the first of five efficient offices. " + PROSE)
    text = document_of(paper.written(tmp_path)).text
    assert "Café, naïve, Zürich, señor: the first of five efficient offices." in text


def _refused(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        parsed(path)
    return str(caught.value)


def test_what_can_not_be_read_says_why(tmp_path: Path) -> None:
    paper = Paper()
    paper.set_encryption("owner", "user", permissions=AccessPermission.none())
    paper.say(PROSE)
    assert _refused(paper.written(tmp_path)).startswith("it is protected by a password")
    paper = Paper()
    paper.rect(72, 100, 200, 200, "F")
    assert "no text" in _refused(paper.written(tmp_path))
    paper = Paper()
    paper.say(PROSE)
    whole = paper.written(tmp_path).read_bytes()
    (tmp_path / "cut.pdf").write_bytes(whole[: len(whole) // 2])
    assert _refused(tmp_path / "cut.pdf").startswith("the PDF is cut off")
    (tmp_path / "noise.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 9 + b"\n%%EOF\n")
    assert _refused(tmp_path / "noise.pdf").startswith("the PDF is broken")


def test_a_file_that_may_be_read_without_a_password_is_read(tmp_path: Path) -> None:
    paper = Paper()
    paper.set_encryption("owner", permissions=AccessPermission.none())
    paper.say(PROSE)
    assert PROSE.strip() in document_of(paper.written(tmp_path)).text


def test_a_pdf_is_known_by_its_content(tmp_path: Path) -> None:
    paper = Paper()
    paper.say(PROSE)
    head = paper.written(tmp_path).read_bytes()[:65_536]
    for name in ("a.txt", "a", "a.html"):
        reader, chosen_by = choose_reader(name, head, (), READERS)
        assert (reader.name, chosen_by) == ("pdf", "content")


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_mutated_files_are_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    paper = Paper()
    paper.set_compression(False)
    paper.say(PROSE)
    whole = bytearray(paper.written(tmp_path).read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    path = tmp_path / "mutated.pdf"
    path.write_bytes(whole)
    try:
        list(pdf.READER.read(Source(path, path.name), SiteProfile()))
    except SourceError as error:
        assert str(error)
