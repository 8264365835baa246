"""What a reader hands over: the parts of a document, before any text is cleaned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from groundedqa.read.profile import SiteProfile


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the corpus. ``name`` is its path below the corpus, with forward slashes.

    A ``temporary`` one came out of an archive, and is removed when it was read.
    """

    path: Path
    name: str
    temporary: bool = False

    def discard(self) -> None:
        """Remove a temporary file, now that it was read."""
        if self.temporary:
            self.path.unlink(missing_ok=True)


# Stands in a section's text right before the first character of each page but the first.
PAGE_BREAK = "\ue000"


@dataclass(frozen=True, slots=True)
class RawSection:
    """A heading with the text that stands under it; ``text`` is empty for a bare heading.

    ``level`` 0 is text without a heading. A section reaches to the next one of its level or above.
    """

    text: str
    heading: str = ""
    level: int = 0
    author: str | None = None
    role: str | None = None
    credential: str | None = None
    anchor: str | None = None
    author_url: str | None = None
    votes: int | None = None
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a reader left out of a page: the rule that says so, and the words, cut where long."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A document as its reader found it. What is None falls back to the site profile.

    ``pages`` are the labels of a paged source's pages, as many as its text has breaks and one more;
    none where it has no pages. ``opens_at_pages``: a link with ``#page=`` and a page's number opens
    the source there. ``beside`` is what the page shows besides the document (see `Document`).
    ``warnings`` go into the build report; they cost nothing. ``dropped`` is what the reader left
    out, for an operator who asks why.
    """

    title: str
    sections: tuple[RawSection, ...]
    kind: str
    own_id: str | None = None
    url: str | None = None
    licence: str | None = None
    published: date | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    place: str = ""  # where in the source, for messages: "line 7"
    sha256: str | None = None  # of its part of the source, where that holds many documents
    publisher: str | None = None
    pages: tuple[str, ...] = ()
    opens_at_pages: bool = False
    beside: str = ""
    warnings: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """A document that a source should hold and that can't be read, with the reason."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: how it is recognised and how it is read.

    ``recognises`` sees the first 64 KiB and says whether the content is surely of this format;
    ``read`` raises SourceError where the whole source can't be read, and yields Broken where only
    a part of it can't. A ZIP file is of this format where one of its entries' names begins with one
    of ``zip_marks``, or it states one of them as ``mimetype=...`` (see `zip_kind`).
    """

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[Source, SiteProfile], Iterator[RawDocument | Broken]]
    zip_marks: tuple[str, ...] = ()
