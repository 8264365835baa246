"""Word (DOCX): headings by style or outline level, lists, tables, notes, formulas, pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from groundedqa.errors import SourceError
from groundedqa.read.office_properties import core_properties, signed, stem_of
from groundedqa.read.ooxml import Relation, find, full, get, main_part, relations
from groundedqa.read.outline import take_title
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, Dropped, RawDocument, Reader, Source
from groundedqa.read.zip_package import Package

if TYPE_CHECKING:
    from lxml.etree import _Element

    from groundedqa.read.docx_blocks import Body

_MAIN = "word/document.xml"


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The one document of a file.

    Its title is a paragraph of the style Title that opens it; else the title in its properties,
    its first heading where that opens it, or the file's name.

    Raises:
        SourceError: its main part can't be read, or holds no text.
    """
    del profile
    with Package(source.path) as package:
        yield _document(source, package)


def _document(source: Source, package: Package) -> RawDocument:
    from groundedqa.read.docx_blocks import Body
    from groundedqa.read.docx_numbering import Numbering
    from groundedqa.read.docx_styles import Styles
    from groundedqa.read.office_drawing import Drawings

    part = main_part(package, _MAIN)
    root = package.xml(part)
    related = relations(package, part)
    styles = Styles(_related(package, related, "styles"))
    numbering = Numbering(_related(package, related, "numbering"), styles.list_of)
    drawings = Drawings(package, related)
    body = Body(styles, numbering, drawings)
    body.notes = _notes(package, related)
    main = find(root, "w:body")
    if main is None:
        raise SourceError("a broken Word file: it has no body")
    body.take(main)
    properties = core_properties(package)
    sections = body.outline.sections()
    title = " ".join(body.titles) or properties.title or take_title(sections)
    kept = signed(sections, properties.author)
    if not any(section.text for section in kept):
        raise SourceError("the document holds no text")
    labels = tuple(map(str, range(1, body.outline.pages + 1)))
    return RawDocument(
        title=title or stem_of(source.name),
        sections=kept,
        kind="article",
        published=properties.published,
        language=properties.language,
        tags=properties.tags,
        pages=labels if len(labels) > 1 else (),
        warnings=(*drawings.warnings(), *_unread(body), *package.warnings),
        dropped=(*body.dropped, *_hidden(body), *_margins(package, related)),
    )


def _related(package: Package, related: dict[str, Relation], kind: str) -> _Element | None:
    part = next((each.target for each in related.values() if each.kind == kind), None)
    return None if part is None else package.optional(part)


def _notes(package: Package, related: dict[str, Relation]) -> dict[tuple[str, str], _Element]:
    """Footnotes and endnotes by kind and id."""
    found = {}
    for kind in ("footnote", "endnote"):
        root = _related(package, related, f"{kind}s")
        for note in () if root is None else root.iterfind(full(f"w:{kind}")):
            found[kind, get(note, "w:id") or ""] = note
    return found


def _unread(body: Body) -> Iterator[str]:
    if body.unread:
        yield f"{body.unread} embedded in another format: not read"


def _hidden(body: Body) -> Iterator[Dropped]:
    return (Dropped("hidden text", text) for text in body.inline.hidden if text.strip())


def _margins(package: Package, related: dict[str, Relation]) -> Iterator[Dropped]:
    """Headers and footers."""
    for each in related.values():
        root = package.optional(each.target) if each.kind in ("header", "footer") else None
        text = "" if root is None else " ".join(t.text or "" for t in root.iter(full("w:t")))
        if text.strip():
            yield Dropped(f"page {each.kind}", " ".join(text.split())[:200])


READER = Reader(
    *("docx", (".docx", ".docm", ".dotx", ".dotm"), lambda _: False, read),
    zip_marks=("word/document", _MAIN),
)
