"""An EPUB's package: what the book says of itself, its spine, and the titles in its contents."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import unquote

from groundedqa.clean import clean_line
from groundedqa.errors import SourceError
from groundedqa.read.office_properties import split_tags
from groundedqa.read.zip_package import Package, parse_xml, resolve

if TYPE_CHECKING:
    from lxml.etree import _Element

_OPS = "{http://www.idpf.org/2007/ops}"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_NO_COPY = "protected against copying (DRM); get a copy without protection from its publisher"
# These keep fonts from being taken out of the book; its text is as open as any.
_OF_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_OF_XML = (b"amp", b"lt", b"gt", b"quot", b"apos")
_DAY = re.compile(r"\s*([1-9]\d{3}-\d{2}-\d{2})")
_LONGEST_LICENCE = 300
_LEFT_OUT = frozenset(("cover", "toc", "landmarks", "loi", "lot", "index", "page-list"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents: where it points within a file, and how deep it stands."""

    title: str
    fragment: str
    depth: int


@dataclass(slots=True)
class Book:
    """A book as its package describes it."""

    spine: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(
        default_factory=dict
    )  # of files that are no text: what they are
    contents: dict[str, list[Entry]] = field(default_factory=dict)
    title: str = ""
    authors: list[str] = field(default_factory=list)
    publisher: str | None = None
    licence: str | None = None
    language: str | None = None
    published: date | None = None
    tags: tuple[str, ...] = ()


def local(element: _Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def within(element: _Element | None, name: str) -> Iterator[_Element]:
    """All elements of that name, whatever their namespace."""
    return iter(()) if element is None else element.iter(f"{{*}}{name}")


def words(element: _Element) -> str:
    """All that an element says, on one line."""
    return clean_line("".join(map(str, element.itertext())))


def markup(package: Package, name: str) -> _Element:
    """The root of an XHTML file; characters that HTML alone names are known.

    Raises:
        SourceError: see `Package.data`; or nothing can be made of it.
    """
    from groundedqa.read.html_blocks import parse_markup

    data = _NAMED.sub(_numbered, package.data(name))
    root, fault = parse_xml(data)
    if root is not None and not fault:
        return root
    package.warnings.append(f"{name} is no XML and was read as HTML: {fault}")
    return parse_markup(data.decode("utf-8", "replace"))


def _numbered(match: re.Match[bytes]) -> bytes:
    if match[1] in _OF_XML:
        return match[0]
    found = html.unescape(match[0].decode("ascii"))
    return "".join(f"&#{ord(c)};" for c in found).encode() if found[0] != "&" else match[0]


def read_package(package: Package) -> Book:
    """The book's package.

    Raises:
        SourceError: there is none, it is broken, or the book is protected against copying.
    """
    path = _package_path(package)
    root = package.xml(path)
    items = {
        each.get("id", ""): (resolve(path, unquote(each.get("href", ""))), each)
        for each in within(root, "item")
    }
    book = Book()
    for reference in within(root, "itemref"):
        name, item = items.get(reference.get("idref", ""), ("", None))
        kind = "" if item is None else item.get("media-type", "")
        if name in package and ("html" in kind or kind.endswith("/xml")):
            book.spine.append(name)
        else:
            package.warnings.append(
                f"a part of the book is missing: {name or 'one without a name'}"
            )
    if not book.spine:
        raise SourceError("a broken EPUB: no part of its text is there")
    _refuse_protected(package, book)
    _describe(book, next(within(root, "metadata"), None))
    _guide(book, root, path)
    for name, item in items.values():
        properties = (item.get("properties") or "").split()
        if "nav" in properties and name in package:
            book.left_out[name] = "navigation"
            _read_nav(package, book, name)
        elif item.get("media-type") == "application/x-dtbncx+xml" and not book.contents:
            _read_ncx(package, book, name)
    return book


def _package_path(package: Package) -> str:
    root = package.optional(_CONTAINER)
    paths = [each.get("full-path", "") for each in within(root, "rootfile")]
    paths += [name for name in package.names() if name.endswith(".opf")]
    found = next((posixpath.normpath(path) for path in paths if path in package), None)
    if found is None:
        raise SourceError("a broken EPUB: it has no package document (.opf)")
    return found


def _refuse_protected(package: Package, book: Book) -> None:
    root = package.optional(_ENCRYPTION)
    for each in within(root, "EncryptedData"):
        method = next(within(each, "EncryptionMethod"), None)
        if method is not None and method.get("Algorithm") in _OF_FONTS:
            continue
        named = (unquote(ref.get("URI", "")) for ref in within(each, "CipherReference"))
        if any(resolve("", name) in book.spine for name in named):
            raise SourceError(_NO_COPY)


def _describe(book: Book, metadata: _Element | None) -> None:
    def texts(name: str) -> list[str]:
        return [text for each in within(metadata, name) if (text := words(each))]

    book.title = next(iter(texts("title")), "")
    book.authors = list(dict.fromkeys(texts("creator")))
    book.publisher = next(iter(texts("publisher")), None)
    rights = next(iter(texts("rights")), "")
    cut = len(rights) > _LONGEST_LICENCE
    book.licence = (rights[:_LONGEST_LICENCE] + "…" if cut else rights) or None
    language = next(iter(texts("language")), "")
    book.language = language if re.fullmatch(r"(?!und)[A-Za-z]{2,3}(?:-\w+)*", language) else None
    book.tags = tuple(tag for text in texts("subject") for tag in split_tags(text))
    book.published = _published(metadata)


def _published(metadata: _Element | None) -> date | None:
    """The day of publication; one that says it is of a change or a conversion is another day."""
    for each in within(metadata, "date"):
        event = next((str(v) for k, v in each.attrib.items() if str(k).endswith("event")), "")
        match = _DAY.match(each.text or "")
        if match is None or event not in ("", "publication", "original-publication"):
            continue
        try:
            return date.fromisoformat(match[1])
        except ValueError:
            continue
    return None


def _guide(book: Book, root: _Element, path: str) -> None:
    for each in within(root, "reference"):
        kind = each.get("type", "").lower()
        name, _, fragment = each.get("href", "").partition("#")
        if kind in _LEFT_OUT and not fragment:
            book.left_out[resolve(path, unquote(name))] = kind


def _read_nav(package: Package, book: Book, name: str) -> None:
    """EPUB 3: the contents, and which files are the cover and the like."""
    try:
        root = markup(package, name)
    except SourceError as error:
        package.warnings.append(str(error))
        return
    for nav in within(root, "nav"):
        kind = nav.get(f"{_OPS}type") or nav.get("epub:type") or "toc"
        for link in within(nav, "a"):
            target, _, fragment = unquote(link.get("href") or "").partition("#")
            where = resolve(name, target) if target else name
            if kind == "toc":
                depth = sum(1 for each in link.iterancestors() if local(each) in ("ol", "ul"))
                _enter(book, where, Entry(words(link), fragment, max(depth, 1)))
            elif kind == "landmarks" and not fragment:
                types = set((link.get(f"{_OPS}type") or link.get("epub:type") or "").split())
                if left_out := types & _LEFT_OUT:
                    book.left_out[where] = min(left_out)


def _read_ncx(package: Package, book: Book, name: str) -> None:
    """EPUB 2: the contents."""
    root = package.optional(name)
    for point in within(root, "navPoint"):
        label = next(within(point, "text"), None)
        content = next(within(point, "content"), None)
        if label is None or content is None:
            continue
        target, _, fragment = unquote(content.get("src", "")).partition("#")
        depth = sum(1 for each in point.iterancestors() if local(each) == "navPoint") + 1
        _enter(book, resolve(name, target), Entry(words(label), fragment, depth))


def _enter(book: Book, where: str, entry: Entry) -> None:
    if entry.title:
        book.contents.setdefault(where, []).append(entry)
