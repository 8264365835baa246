"""Which book and chapter a module of CNXML stands in, as the collection beside it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lxml import etree

from groundedqa.errors import SourceError
from groundedqa.read.safe_xml import local, root_of


@dataclass(frozen=True, slots=True)
class Place:
    """A module's place in its book; ``chapters`` are the outermost first, none in front of them."""

    book: str
    chapters: tuple[str, ...]
    licence: str | None
    language: str | None


def place_of(path: Path, module: str) -> Place | None:
    """The place of the module in ``path``; None where no collection names it.

    A collection is ``collection.xml`` above the module's folder, or a ``*.collection.xml`` there or
    in ``collections/`` beside ``modules/``.
    """
    for collection in _collections(path):
        state = collection.stat()
        found = _places(collection, state.st_mtime_ns, state.st_size).get(module)
        if found:
            return found
    return None


def _collections(path: Path) -> Iterator[Path]:
    folder = path.absolute().parent
    for above in (folder, folder.parent):
        yield from (p for p in (above / "collection.xml",) if p.is_file())
        yield from sorted(above.glob("*.collection.xml"))
    yield from sorted((folder.parent.parent / "collections").glob("*.collection.xml"))


@lru_cache(maxsize=32)
def _places(collection: Path, *_: int) -> dict[str, Place]:
    """The modules of a collection; of one that can't be read none: its own reader says why."""
    try:
        root = root_of(collection)
    except (SourceError, OSError):
        return {}
    book, licence, language = said(root, "title") or "", licence_of(root), said(root, "language")
    found: dict[str, Place] = {}
    for module in root.iter("{*}module"):
        above = [e for e in module.iterancestors() if local(e.tag) == "subcollection"]
        chapters = tuple(_title(each) for each in reversed(above))
        name = module.get("document") or ""
        found.setdefault(name, Place(book, tuple(filter(None, chapters)), licence, language))
    return found


def _title(element: etree._Element) -> str:
    own = next((child for child in element if local(child.tag) == "title"), None)
    return "" if own is None else words_of(own)


def words_of(element: etree._Element) -> str:
    """All that an element says, on one line."""
    return " ".join("".join(map(str, element.itertext())).split())


def said(root: etree._Element, name: str) -> str | None:
    """What the metadata say of ``name``; the document's own title where they say none."""
    for holder in (*root.iterchildren("{*}metadata"), root):
        for child in holder.iterchildren(f"{{*}}{name}"):
            if words := words_of(child):
                return words
    return None


def licence_of(root: etree._Element) -> str | None:
    """The licence that the metadata name, by its address if they have it."""
    for metadata in root.iterchildren("{*}metadata"):
        for licence in metadata.iter("{*}license"):
            return licence.get("url") or words_of(licence) or None
    return None
