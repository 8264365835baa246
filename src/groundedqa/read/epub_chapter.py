"""One file of a book: what is text in it, and headings where only the contents name them."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from groundedqa.read.epub_package import Entry, local, within, words
from groundedqa.read.html_blocks import sections_of
from groundedqa.read.raw import RawSection

_TYPE = "{http://www.idpf.org/2007/ops}type"
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = frozenset(
    ("p", "div", "section", "article", "body", "blockquote", "li", "td", *_HEADINGS)
)
_LEFT_OUT = frozenset(("cover", "toc", "landmarks", "page-list", "loi", "lot", "index"))
_MOST_OF_IT = 0.8  # of a page of contents is links
_FEW_LINKS = 5
_PAGE_NUMBERS = frozenset(("pagenum", "pageno", "page-number", "pagebreak", "pg"))
_LONGEST_NUMBER = 16


def _types(element: etree._Element) -> set[str]:
    return set((element.get(_TYPE) or element.get("epub:type") or "").split())


def kind_of(root: etree._Element) -> str | None:
    """What a file is that is no text of the book: "cover", "toc"; None where it is text."""
    body = next(within(root, "body"), root)
    outer = [body, *(list(body) if len(body) == 1 else [])]
    for element in outer:
        if marked := _types(element) & _LEFT_OUT:
            return min(marked)
    links = [words(link) for link in within(body, "a") if link.get("href")]
    if len(links) >= _FEW_LINKS:
        whole = len(words(body))
        if sum(map(len, links)) > _MOST_OF_IT * whole:
            return "contents"
    return None


def chapter(root: etree._Element, entries: Sequence[Entry]) -> tuple[RawSection, ...]:
    """The sections of a file; where it has no headings, those that the contents name."""
    body = next(within(root, "body"), root)
    if not any(local(element) in _HEADINGS for element in body.iter(etree.Element)):
        for entry in entries:
            _insert(body, entry)
    without = [
        element
        for element in body.iter(etree.Element)
        if (local(element) == "nav" and _types(element) & _LEFT_OUT) or _is_page_number(element)
    ]
    return sections_of(body, without)


def _is_page_number(element: etree._Element) -> bool:
    """Whether it marks a page of the printed book."""
    marked = "pagebreak" in _types(element) or element.get("role") == "doc-pagebreak"
    named = not _PAGE_NUMBERS.isdisjoint((element.get("class") or "").lower().split())
    return (marked or named) and len(words(element)) <= _LONGEST_NUMBER


def _insert(body: etree._Element, entry: Entry) -> None:
    """Put a heading where an entry of the contents points, in place of the line that says it."""
    heading = etree.Element(f"h{min(entry.depth, 6)}")
    heading.text = entry.title
    target = _target(body, entry.fragment)
    if target is None:
        if entry.fragment:
            return
        first = next((e for e in body.iter(etree.Element) if e is not body and words(e)), None)
        body.insert(0, heading)
        target = None if first is None else _block(first, body)
    else:
        heading.set("id", entry.fragment)
        target.addprevious(heading)
    if target is not None and words(target).casefold() == entry.title.casefold():
        for inner in list(target):
            target.remove(inner)
        target.text = None


def _target(body: etree._Element, fragment: str) -> etree._Element | None:
    if not fragment:
        return None
    for element in body.iter(etree.Element):
        if fragment in (element.get("id"), element.get("name")) and element is not body:
            return _block(element, body)
    return None


def _block(element: etree._Element, body: etree._Element) -> etree._Element | None:
    """The block that an element stands in or is, the deepest one."""
    for each in (element, *element.iterancestors()):
        if each is body:
            return None
        if local(each) in _BLOCKS:
            return each
    return None
