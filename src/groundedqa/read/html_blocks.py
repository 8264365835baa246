r"""The one way from HTML to sections: paragraphs, lists, tables, code and formulas as text.

Every reader whose source is HTML or becomes HTML comes through here. Nothing is judged: what is
no content (navigation, comments) is cut out of the tree before, or put among ``without``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from lxml import etree

from groundedqa.clean import clean_line
from groundedqa.read.html_sections import Block, put_together
from groundedqa.read.html_writer import Writer
from groundedqa.read.raw import RawSection
from groundedqa.read.safe_xml import xml_parser

Elements = Collection[etree._Element]


def sections_of(element: etree._Element, without: Elements = ()) -> tuple[RawSection, ...]:
    r"""The text of an HTML or XHTML element, a section for each heading, in the order of the page.

    What stands before the first heading is a section of level 0 without a heading; it is left out
    where it has no text. ``without`` are elements of the tree that are passed over with all in
    them. Namespaces don't matter, and a page break (`PAGE_BREAK`) in a text stays where it is.

    - A heading (``h1`` to ``h6``, or ``role=heading``) opens a section of its level. Its
      ``anchor`` is its own id, that of a link target in or right before it, or of an element that
      it opens.
    - A paragraph is one line; ``br`` breaks it, two of them part it in two. Blocks stand a blank
      line apart.
    - The items of a list, of nested ones too, are lines ``- a`` or ``1. a``. A term of a
      definition list and what is said of it are lines of one paragraph.
    - A table's rows are lines ``| a | b |`` below its caption; tables that lay out a page read as
      prose. Lines of code are indented by four spaces.
    - Formulas are ``\(TeX\)`` and ``\[TeX\]``, once each.
    - ``sup`` and ``sub`` are Unicode's own where it has them (x², H₂O), else ``^(a+b)`` and as they
      are. A browser that looks for "x²" finds what the page writes as x2, and a reader sees no
      other number.
    - What is hidden in the markup, scripts, styles, forms' fields and media say nothing.
    """
    return put_together(blocks_of(element, without))


def blocks_of(element: etree._Element, without: Elements = ()) -> list[Block]:
    """The same block by block, for those who judge them before they are put together."""
    writer = Writer(frozenset(without))
    writer.walk(element)
    return writer.written


def text_of(element: etree._Element, without: Elements = ()) -> str:
    """The same on its own, headings as paragraphs: for an answer, a footnote, a cell."""
    parts = (part for s in sections_of(element, without) for part in (s.heading, s.text) if part)
    return "\n\n".join(parts)


def line_of(element: etree._Element) -> str:
    """All that an element says on one line: for titles, names and table cells."""
    return clean_line(text_of(element))


def parse_page(markup: str) -> etree._Element:
    """A whole page as its ``html`` element; XHTML that is well-formed is read as XML."""
    if markup.lstrip("\ufeff \t\r\n").startswith("<?xml"):
        try:
            return etree.fromstring(_data(markup), xml_parser())
        except (etree.XMLSyntaxError, ValueError):
            pass  # as browsers do with most of it
    lenient = etree.HTMLParser(huge_tree=True, encoding="utf-8")
    try:
        found = etree.fromstring(_data(markup), lenient)
    except etree.XMLSyntaxError:  # nothing but white space
        found = None
    return etree.Element("html") if found is None else found


def _data(markup: str) -> bytes:
    """Bytes in UTF-8, whatever encoding the page names."""
    named = re.compile(r"\A\s*<\?xml[^>]*\?>")
    return named.sub("", markup.replace("\x00", "").lstrip("\ufeff")).encode("utf-8", "replace")


def parse_markup(markup: str) -> etree._Element:
    """A piece of HTML as the element that holds it; whatever it is, an element comes out."""
    page = parse_page(markup)
    return next(page.iter("{*}body"), page)


def sections_of_markup(markup: str) -> tuple[RawSection, ...]:
    """`sections_of` a piece of HTML in a string."""
    return sections_of(parse_markup(markup))


def text_of_markup(markup: str) -> str:
    """`text_of` a piece of HTML in a string."""
    return text_of(parse_markup(markup))


def nested(sections: tuple[RawSection, ...], below: RawSection) -> tuple[RawSection, ...]:
    """The sections under ``below``, which takes the text that stands before any heading.

    Their levels begin one beneath its own, so that they lie within its reach: an answer with
    headings, for one.
    """
    opening = "".join(s.text for s in sections[:1] if not s.heading)
    rest = [s for s in sections if s.heading]
    highest = min((s.level for s in rest), default=1)
    shift = below.level + 1 - highest
    return (
        replace(below, text=opening),
        *(replace(s, level=min(s.level + shift, 9)) for s in rest),
    )
