"""Books (EPUB 2 and 3): chapters in the order of the spine, with their anchors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from groundedqa.errors import SourceError
from groundedqa.read.office_properties import signed, stem_of
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, Dropped, RawDocument, RawSection, Reader, Source
from groundedqa.read.zip_kind import MIMETYPE
from groundedqa.read.zip_package import Package

if TYPE_CHECKING:
    from groundedqa.read.epub_package import Book

_SHOWN = 200  # characters of what was dropped


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The one document of a book; a chapter that can't be read costs a warning.

    Raises:
        SourceError: it is broken, protected against copying, or holds no text.
    """
    del profile
    with Package(source.path) as package:
        yield _document(source, package)


def _document(source: Source, package: Package) -> RawDocument:
    from groundedqa.read.epub_package import read_package

    book = read_package(package)
    sections: list[RawSection] = [RawSection("")]
    dropped: list[Dropped] = []
    for name in dict.fromkeys(book.spine):
        try:
            _take(package, book, name, sections, dropped)
        except SourceError as error:
            package.warnings.append(str(error))
    if not any(section.text for section in sections):
        raise SourceError("; ".join(["the book holds no text", *package.warnings[:3]]))
    return RawDocument(
        title=book.title or stem_of(source.name),
        sections=signed(sections, ", ".join(book.authors) or None),
        kind="book",
        licence=book.licence,
        published=book.published,
        language=book.language,
        tags=book.tags,
        publisher=book.publisher,
        warnings=tuple(package.warnings),
        dropped=tuple(dropped),
    )


def _take(
    package: Package,
    book: Book,
    name: str,
    sections: list[RawSection],
    dropped: list[Dropped],
) -> None:
    """Add the sections of one file, or what it is if it is no text of the book."""
    from groundedqa.read.epub_chapter import chapter, kind_of
    from groundedqa.read.epub_package import markup, words

    root = markup(package, name)
    kind = book.left_out.get(name) or kind_of(root)
    if kind:
        if text := words(root)[:_SHOWN]:
            dropped.append(Dropped(f"page of a book: {kind}", text))
        return
    for section in chapter(root, book.contents.get(name, ())):
        if section.level or section.heading:
            sections.append(section)
        else:  # the file goes on where the one before it ended
            joined = "\n\n".join(part for part in (sections[-1].text, section.text) if part)
            sections[-1] = replace(sections[-1], text=joined)


READER = Reader(
    *("epub", (".epub",), lambda _: False, read),
    zip_marks=(f"{MIMETYPE}application/epub+zip", "META-INF/container.xml"),
)
