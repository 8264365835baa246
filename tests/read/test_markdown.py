"""Markdown to plain text with sections: nothing that a page shows is lost."""

from __future__ import annotations

import re
from datetime import date
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from groundedqa.errors import SourceError
from groundedqa.read import Broken, SiteProfile, Source, markdown
from groundedqa.read.assemble import assemble
from groundedqa.read.raw import RawDocument
from groundedqa.types import Document

LAW = settings(derandomize=True, deadline=None, max_examples=200)


def parsed(path: Path, text: str | bytes) -> RawDocument:
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    (raw,) = markdown.READER.read(Source(path, path.name), SiteProfile())
    assert not isinstance(raw, Broken)
    return raw


def made(tmp_path: Path, text: str | bytes) -> Document:
    path = tmp_path / "the-page.md"
    return assemble(parsed(path, text), Source(path, path.name), "0", SiteProfile())


def reasons(tmp_path: Path, text: str) -> str:
    with pytest.raises(SourceError) as caught:
        parsed(tmp_path / "page.md", text)
    return str(caught.value)


def outline(document: Document) -> list[tuple[str, int, str]]:
    return [(s.heading, s.level, document.text[s.start : s.end]) for s in document.sections]


def test_front_matter_describes_the_document(tmp_path: Path) -> None:
    raw = parsed(
        tmp_path / "p.md",
        "---\ntitle: Clouds\nid: c-1\nkind: guide\ntags: [weather, sky]\nlicense: CC BY 4.0\n"
        "date: 2026-01-02\nauthor: A. Nimbus\nrole: editor\ncredential: PhD\nlang: en\n"
        "url: https://x.org/c\nextra: ignored\n---\n\nDroplets.\n",
    )
    assert (raw.title, raw.own_id, raw.kind, raw.tags) == (
        "Clouds",
        "c-1",
        "guide",
        ("weather", "sky"),
    )
    assert (raw.licence, raw.published, raw.language) == ("CC BY 4.0", date(2026, 1, 2), "en")
    assert raw.url == "https://x.org/c"
    (section,) = raw.sections
    assert (section.text.strip(), section.author) == ("Droplets.", "A. Nimbus")
    assert (section.role, section.credential) == ("editor", "PhD")


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        *(("language: no", "language", "no"), ("title: 1984", "title", "1984")),
        *(("id: 010", "own_id", "010"), ("title: Yes", "title", "Yes")),
        *(("title: 12:30:45", "title", "12:30:45"), ("id: 1_000", "own_id", "1_000")),
        *(("tags: a, b", "tags", ("a", "b")), ("tags: [on, 7]", "tags", ("on", "7"))),
        *(("tags:", "tags", ()), ("title: ~", "title", "p"), ("title: ' '", "title", "p")),
        ("date: 2026-01-02T10:00:00Z", "published", date(2026, 1, 2)),
        ("published: 2026-01-02 10:00:00", "published", date(2026, 1, 2)),
        ("url: HTTPS://X.org/a", "url", "HTTPS://X.org/a"),
        ("url: /a/b", "url", "/a/b"),
    ],
)
def test_a_plain_value_is_the_text_that_stands_there(
    tmp_path: Path, line: str, field: str, value: object
) -> None:
    assert getattr(parsed(tmp_path / "p.md", f"---\n{line}\n---\nText."), field) == value


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "body",
    [
        *("title: [", "title: 'open", "a: b: c", "\ttitle: x", "title: *none", "- a\n- b", "text"),
        *("a: " + "[" * 5000, "a: !!bool x", "a: !!timestamp x", "a: !!int x", "? [a]\n: b"),
        *("a: !!python/object:os.system x", "title: \x07", "<<: 1", "%YAML 9", "title: [a, b]"),
        *("date: 2026-02-31", "date: soon", "tags: {a: b}", "tags: [[a]]", "title: {a: b}"),
        *("url: javascript:alert(1)", "url: ' JavaScript:alert(1)'", "url: data:text/html,x"),
        *("url: ftp://x.org", "url: x.org", "url: 'https://x.org/ y'", 'url: "https://x\\ny"'),
        "a: &a [x]\nb: &b [*a, *a]\ntitle: *b",
    ],
)
def test_broken_front_matter_is_named(tmp_path: Path, body: str) -> None:
    assert reasons(tmp_path, f"---\n{body}\n---\n\nText.").startswith("broken front matter")


def test_the_line_of_broken_front_matter_is_the_files_own(tmp_path: Path) -> None:
    assert "(line 3)" in reasons(tmp_path, "---\ntitle: x\nkind: *none\n---\n\nText.")


def test_front_matter_that_is_never_closed_is_named(tmp_path: Path) -> None:
    assert "never closed" in reasons(tmp_path, "---\ntitle: x\n\nText.")


def test_a_rule_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    assert made(tmp_path, "---\n\nText here.\n").text == "Text here."


@pytest.mark.parametrize("text", ["---\n---\n", "# Only\n\n## headings\n", "<!-- x -->", "\n"])
def test_a_page_without_text_is_named(tmp_path: Path, text: str) -> None:
    assert re.search("no text|empty", reasons(tmp_path, text))


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_byte_order_marks_change_nothing(tmp_path: Path, mark: str, end: str) -> None:
    text = "---\ntitle: T\n---\n\n## One\n\nText\nmore.\n\n| a | b |\n|---|---|\n| c | d |\n"
    document = made(tmp_path, (mark + text.replace("\n", end)).encode("utf-8"))
    assert (document.title, document.text) == ("T", "Text more.\n\n| a | b |\n| c | d |")


def test_the_first_heading_is_the_title_and_the_others_nest(tmp_path: Path) -> None:
    document = made(
        tmp_path,
        "# Trade\n\n## Gains\n\nBoth gain.\n\n### An example\n\n*Wine and cloth.*\n\n> A quote.\n\n"
        "### Limits\n\nNot all gain.\n\n## Key Terms\n\n**tariff** A tax.\n\n#### Deep\n\nEnd.\n",
    )
    assert document.title == "Trade"
    assert outline(document) == [
        ("Gains", 2, "Both gain.\n\nWine and cloth.\n\nA quote.\n\nNot all gain."),
        ("An example", 3, "Wine and cloth.\n\nA quote."),
        ("Limits", 3, "Not all gain."),
        ("Key Terms", 2, "tariff A tax.\n\nEnd."),
        ("Deep", 4, "End."),
    ]


def test_a_heading_without_text_reaches_over_those_below(tmp_path: Path) -> None:
    document = made(tmp_path, "# A\n\ntext a\n\n# B\n\n## C\n\ntext c\n\n# D\n")
    assert document.title == "A"
    assert outline(document) == [("A", 1, "text a"), ("B", 1, "text c"), ("C", 2, "text c")]


def test_a_title_of_the_front_matter_keeps_the_first_heading(tmp_path: Path) -> None:
    document = made(tmp_path, "---\ntitle: T\n---\n# A\n\ntext")
    assert (document.title, outline(document)) == ("T", [("A", 1, "text")])


def test_an_author_of_the_page_is_the_author_of_all_its_sections(tmp_path: Path) -> None:
    document = made(tmp_path, "---\nauthor: A. N.\n---\nIntro.\n\n## B\n\ntext")
    assert [(s.author, document.text[s.start : s.end]) for s in document.sections] == [
        ("A. N.", "Intro.\n\ntext"),
        (None, "text"),
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("one\ntwo  \nthree\\\nfour<br>five", "one two\nthree\nfour\nfive"),
        ("*a* **b** _c_ ~~d~~ `e * f` <b>g</b>", "a b c d e * f g"),
        ("[words](https://x.org 'title') and <https://y.org>", "words and https://y.org"),
        ("- a\n- b\n  - c\n\n    more c\n- d", "- a\n- b\n- c\nmore c\n- d"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("> quote\n> on\n\n> > deep", "quote on\n\ndeep"),
        ("```python\nx = 1\n\nif x:\n    y\n```", "    x = 1\n\n    if x:\n        y"),
        ("    indented code", "    indented code"),
        ("| a | b |\n|---|:-:|\n| `c` | $d$ |\n| e |", "| a | b |\n| c | $d$ |\n| e | |"),
        (r"In \(a_1 * b_1\) and $x_2*y$ and $$z$$.", r"In \(a_1 * b_1\) and $x_2*y$ and $$z$$."),
        ("\\[\na\n= b\n\\]", "\\[a\n= b\\]"),
        ("$$\n\\frac{a}{b}\n$$", "$$\\frac{a}{b}$$"),
        ("\\begin{align}\na &= b\n\\end{align}", "\\begin{align}\na &= b\n\\end{align}"),
        ("It costs $5, then $6.", "It costs $5, then $6."),
        ("&amp; &lt; &eacute; \\* \\# 5 < 6 > 4", "& < é * # 5 < 6 > 4"),
        ("<div>in <em>HTML</em> &amp; <p>more</p></div>", "in HTML & more"),
        ("a\n\n<script>bad()</script>\n\n<style>x{}</style>\n\n<!-- no -->\n\nb", "a\n\nb"),
        ("Title words\n===\n\ntext", "text"),
        ("text\n\n* * *\n\nmore", "text\n\nmore"),
        (
            "A claim.[^1] Another.[^n]\n\n[^1]: Ibid.\n[^n]: See p. 4.\n\nEnd.",
            "A claim. Another.\n\nIbid.\n\nSee p. 4.\n\nEnd.",
        ),
        ("![the alt](x.png) Caption.", "Caption."),
    ],
)
def test_each_form_of_markdown_becomes_plain_text(tmp_path: Path, text: str, wanted: str) -> None:
    document = made(tmp_path, text)
    assert document.text == wanted


def places_of_lines(text: str) -> list[tuple[int, str]]:
    lines = text.split("\n")
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    return list(zip(starts, lines, strict=False))


BLOCKS = [
    *(
        "A plain paragraph of words.",
        "- item one\n- item two\n\n  with more",
        "> said she",
        "1. first",
    ),
    *("| cell | other |\n|---|---|\n| third | fourth |", "```\ncode here\n```", "    indented"),
    *("**bold** and *slanted* [link](http://x.org)", "a<br>b <sup>2</sup>", "Term\n: meaning"),
    *("- a\n  - b\n    - c\n      > d", "- > quoted\n  > on", "> - e\n>   f", "1. x\n\n   y\n2. z"),
    *(
        "- ```\n  fenced\n  ```",
        "- | p | q |\n  |---|---|\n  | r | s |",
        "* * *",
        "Setext\n---\n\nunder it",
    ),
    *(
        "## Heading two\n\nunder two",
        "### Heading three\n\nunder three",
        "# One\n\nunder one",
        "- # in a list",
        "> ## in a quote",
    ),
    "<div>\n\ninside\n\n</div>",
]


@pytest.mark.unmeasured
@LAW
@given(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=12))
def test_no_word_that_a_page_shows_is_lost_or_moved(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[str]
) -> None:
    text = "\n\n".join(["Opening.", *blocks, "<!-- -->", "Closing."])
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    shown = re.findall(r"\w+", re.sub(r"<[^>]*>", " ", page))
    document = made(tmp_path_factory.getbasetemp(), text)
    lines = [
        part
        for at, line in places_of_lines(document.text)
        for part in (*(s.heading for s in document.sections if s.start == at), line)
    ]
    read = re.sub(r"(?m)^(?:\d+\. )+", "", "\n".join(lines))
    assert re.findall(r"\w+", read) == shown


@LAW
@given(st.text(st.sampled_from("ab #*_-|`$\\()[]<>!&\n 1.:~^{}/=\"'é🌊\t"), max_size=200))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    try:
        document = made(tmp_path_factory.getbasetemp(), text)
    except SourceError:
        return
    assert document.text.strip()


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        *((b"---\ntitle: x\n---\n", True), (b"---\r\ntitle: x\r\n---\r\n", True)),
        *((b"\xef\xbb\xbf# T\n\ntext", True), (b"# T\ntext", True), (b"\n\n## T\n", True)),
        *((b"text\n\n## T\n\ntext", True), (b"text\r\n\r\n## T\r\n\r\ntext", True)),
        *((b"text only", False), (b"#hashtag", False), (b"", False)),
        (b"Why?\n\nExpert Answers\n\nRun this:\n# add them\nx = 1 + 2\n", False),
    ],
)
def test_markdown_is_recognised_by_front_matter_or_headings(head: bytes, wanted: bool) -> None:
    assert markdown.recognises(head) is wanted
