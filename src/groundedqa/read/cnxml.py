"""CNXML, the form of OpenStax's books: a module is a document, a collection tells where it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lxml import etree

from groundedqa.errors import SourceError
from groundedqa.read.cnxml_book import licence_of, place_of, said, words_of
from groundedqa.read.cnxml_html import as_html
from groundedqa.read.html_blocks import sections_of
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, Dropped, RawDocument, RawSection, Reader, Source
from groundedqa.read.safe_xml import local, opening, root_of

_LONGEST = 300  # characters of what was dropped that are told


def recognises(head: bytes) -> bool:
    """Whether it is a module."""
    names = opening(head)[:1]
    return b"cnx.rice.edu/cnxml" in head and [local(name) for name in names] == ["document"]


def recognises_collection(head: bytes) -> bool:
    """Whether it is a collection of modules."""
    names = opening(head)[:1]
    return b"cnx.rice.edu" in head and [local(name) for name in names] == ["collection"]


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The one document of a module.

    Raises:
        SourceError: it is not XML, declares entities, or has no content.
    """
    del profile
    root = root_of(source.path)
    module = said(root, "content-id") or root.get("module-id") or root.get("id") or ""
    place = place_of(source.path, module or source.path.parent.name)
    parts = [part for part in root if local(part.tag) in ("content", "glossary")]
    if not parts:
        raise SourceError("the module has no content")
    body = etree.Element("content")
    body.extend(parts)
    title = said(root, "title") or ""
    author = ", ".join(_authors(root)) or None
    sections = sections_of(as_html(body))
    if author:
        opening_text = sections[0].text if sections and not sections[0].heading else ""
        rest = sections[1:] if sections and not sections[0].heading else sections
        sections = (RawSection(opening_text, author=author), *rest)
    yield RawDocument(
        title=": ".join((*place.chapters[-1:], title)) if place else title,
        sections=sections,
        kind="chapter",
        own_id=module or None,
        url=_address(root),
        licence=licence_of(root) or (place.licence if place else None),
        published=_day(said(root, "revised") or said(root, "created") or ""),
        language=said(root, "language") or (place.language if place else None),
        tags=tuple(words_of(each) for each in root.iter("{*}keyword", "{*}subject")),
        publisher=place.book if place else None,
        dropped=_abstract(root),
    )


def read_collection(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """Nothing: what it says is read with each of its modules."""
    del profile
    root_of(source.path)  # a broken one is named
    yield from ()


def _authors(root: etree._Element) -> Iterator[str]:
    names = {
        person.get("userid"): words_of(name)
        for person in root.iter("{*}person")
        for name in person.iter("{*}fullname")
    }
    for role in root.iter("{*}role"):
        if role.get("type") in ("author", "authors"):
            yield from (names[each] for each in words_of(role).split() if each in names)


def _address(root: etree._Element) -> str | None:
    url = said(root, "content-url") or ""
    return url if url.lower().startswith(("https://", "http://")) else None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10].replace("/", "-"))
    except ValueError:
        return None


def _abstract(root: etree._Element) -> tuple[Dropped, ...]:
    text = said(root, "abstract")
    return (Dropped("abstract of the module", text[:_LONGEST]),) if text else ()


READER = Reader("cnxml", (".cnxml",), recognises, read)
COLLECTION = Reader("cnxml collection", (), recognises_collection, read_collection)
