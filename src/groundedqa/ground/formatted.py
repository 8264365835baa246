"""A citation as a paper's list of sources has it, for pages of the web.

Each style follows its manual's form for a page on a website: APA 7 (sections 9.7 to 9.12, 10.16),
MLA 9 (5.3 to 5.99, the containers), Chicago 17 notes and bibliography (14.205 to 14.207). A page
without an author is cited by its title; one without a date as ``n.d.`` in APA, without any in MLA
and Chicago. No style gives the day of access: what was cited is in the citation's own id.

A name of two words or more is turned round ("Lovelace, Ada"); a user name of one stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from groundedqa.chunk import section_path
from groundedqa.ground.bibtex import bibtex
from groundedqa.ground.names import Name, name_of
from groundedqa.types import Document

Style = Literal["apa", "mla", "chicago", "bibtex"]
STYLES: tuple[Style, ...] = get_args(Style)

# MLA shortens the names of months but for these.
_MLA_MONTHS = (
    *("Jan.", "Feb.", "Mar.", "Apr.", "May", "June"),
    *("July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."),
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ENDS = re.compile(r"[.!?…][\"”’]*$")


@dataclass(frozen=True, slots=True)
class Cited:
    """What a style is given: of the document, and of the answer that the quote stands in."""

    key: str
    title: str
    author: str | None
    publisher: str | None
    published: date | None
    url: str | None
    page: str | None


def cited_source(document: Document, start: int, end: int) -> Cited:
    """What a citation of ``document.text[start:end]`` names."""
    answer = next((s for s in reversed(section_path(document, start)) if s.author), None)
    pages = [page.label for page in document.pages if page.start < end and page.end > start]
    return Cited(
        key=document.doc_id,
        title=document.title,
        author=answer.author if answer else None,
        publisher=document.publisher,
        published=document.published,
        url=document.url,
        page=pages[0] if pages else None,
    )


def formatted(cited: Cited, style: Style) -> str:
    """The citation as plain text without a line break; as BibTeX an entry of several lines."""
    return _STYLES[style](cited)


def _apa(cited: Cited) -> str:
    """Author, A. A. (Year, Month Day). Title (p. 1). Site. URL; no site where it is the author."""
    when = cited.published
    day = f"{when.year}, {_MONTHS[when.month - 1]} {when.day}" if when else "n.d."
    page = f" (p. {cited.page})" if cited.page else ""
    title = f"{cited.title}{page}"
    name = name_of(cited.author)
    parts = [name.initials, f"({day})", title] if name else [title, f"({day})"]
    return _sentences([*parts, _site(cited), cited.url])


def _mla(cited: Cited) -> str:
    """Author, First. “Title.” Site, Day Month Year, p. 1, URL."""
    when = cited.published
    day = f"{when.day} {_MLA_MONTHS[when.month - 1]} {when.year}" if when else None
    page = f"p. {cited.page}" if cited.page else None
    # MLA leaves the scheme of an address out.
    url = re.sub(r"^https?://", "", cited.url) if cited.url else None
    container = ", ".join(part for part in (_site(cited), day, page, url) if part)
    name = name_of(cited.author)
    return _sentences([name.inverted if name else None, _quoted(cited.title), container or None])


def _chicago(cited: Cited) -> str:
    """Author, First. “Title.” Site, Month Day, Year, 1. URL."""
    when = cited.published
    day = f"{_MONTHS[when.month - 1]} {when.day}, {when.year}" if when else None
    container = ", ".join(part for part in (_site(cited), day, cited.page) if part)
    name = name_of(cited.author)
    inverted = name.inverted if name else None
    return _sentences([inverted, _quoted(cited.title), container or None, cited.url], closed=True)


def _bibtex(cited: Cited) -> str:
    """``@misc`` with the fields that there are, as web pages have no entry type of their own."""
    name = name_of(cited.author)
    when = cited.published
    return bibtex(
        cited.key,
        {
            "author": _for_bibtex(name),
            "title": cited.title,
            "howpublished": _site(cited),
            "year": str(when.year) if when else None,
            "month": _MONTHS[when.month - 1][:3].lower() if when else None,
            "note": f"p. {cited.page}" if cited.page else None,
            "url": cited.url,
        },
    )


_STYLES: dict[Style, Callable[[Cited], str]] = {
    "apa": _apa,
    "mla": _mla,
    "chicago": _chicago,
    "bibtex": _bibtex,
}


def _site(cited: Cited) -> str | None:
    """The site; none where it is the author too, whom all styles name once."""
    return cited.publisher if cited.publisher != cited.author else None


def _quoted(title: str) -> str:
    """A title in quotation marks, the full stop within; quotes in it become single ones."""
    inner = title.replace("“", "‘").replace("”", "’")
    inner = re.sub(r'"([^"]*)"', r"‘\1’", inner)
    return f"“{inner}”" if _ENDS.search(inner) else f"“{inner}.”"


def _sentences(parts: list[str | None], *, closed: bool = False) -> str:
    """Parts with a full stop after each that has none; an address ends without, unless closed."""
    given = [part for part in parts if part]
    done = [part if _ENDS.search(part) or not part else f"{part}." for part in given]
    if not closed and given and re.match(r"https?://", given[-1]):
        done[-1] = given[-1]
    return " ".join(done)


def _for_bibtex(name: Name | None) -> str | None:
    return name.inverted if name and name.is_turned else (f"{{{name.inverted}}}" if name else None)
