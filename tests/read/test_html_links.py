"""Links into a web page whose menu, tables and formulas repeat the words of its text."""

from __future__ import annotations

from pathlib import Path

from groundedqa.ground import TextDirectives
from groundedqa.read import SiteProfile, Source, read_source
from groundedqa.types import Document
from tests.support.browser import Block, select

MENU = "The tide rises twice a day and falls twice a day."
PARTS = (
    "The tide rises twice a day because the earth turns under two hills of water, one a side.",
    "The force grows with x² of the mass, and the moon, small as it is, stands much nearer than "
    "the sun does to any of our seas.",
    "a. The tide rises in the bay later than it does at sea.",
    "b. The tide falls faster than it rises where the shore is steep and full of caves.",
)
MOON = PARTS[1].replace("x²", "x<sup>2</sup>").replace("moon", "<b>moon</b>")
PAGE = f"""<html><title>Tides</title><body><nav><p>{MENU}</p></nav><main><h1>Tides</h1>
<p>{PARTS[0]}</p><aside><p>Buy our tide table, the best there is.</p></aside><p>{MOON}</p>
<h2 id=more>More</h2><table><tr><th>The tide rises<th>twice<tr><td>six<td>noon</table>
<ol type=a><li>{PARTS[2][3:]}<li>{PARTS[3][3:]}</ol></main></body></html>"""
SHOWN = (
    *(MENU, "Tides", PARTS[0], "Buy our tide table, the best there is."),
    *(PARTS[1].replace("²", "2"), "More", "The tide rises", "twice", "six", "noon"),
    *(PARTS[2][3:], PARTS[3][3:]),
)


def read(path: Path) -> Document:
    path.write_text(PAGE, encoding="utf-8")
    events = list(read_source(Source(path, path.name), SiteProfile()))
    (document,) = [event for event in events if isinstance(event, Document)]
    return document


def browser_page(text: str) -> list[Block]:
    """What the browser shows, and where it stands in the document, if it does."""
    page = []
    for shown in SHOWN:
        block = Block()
        place = text.find(shown if shown in text else shown.replace("x2", "x²"))
        block.add(shown, place if place >= 0 and len(shown) > 20 else None)
        page.append(block.close())
    return page


def test_a_link_into_a_hostile_page_marks_the_quoted_words(tmp_path: Path) -> None:
    document = read(tmp_path / "tides.html")
    assert all(part in document.text for part in PARTS)
    assert MENU not in document.text
    links = TextDirectives(document)
    page = browser_page(document.text)
    for part in PARTS:
        start = document.text.index(part)
        end = start + len(part)
        directive = links.directive(start, end)
        assert directive is not None, part
        skipped = 3 if part[1] == "." else 0
        assert select(page, directive) == (start + skipped, end - 1), directive
