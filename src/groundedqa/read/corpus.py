"""A folder of sources to documents, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from groundedqa.errors import CorpusError
from groundedqa.read.archives import expanded
from groundedqa.read.bounded import read_bounded
from groundedqa.read.events import Event, Problem
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Dropped, Source
from groundedqa.read.source import read_source
from groundedqa.read.sources import sources
from groundedqa.types import Document


def read_corpus(
    corpus: Path,
    profile: SiteProfile,
    readers: int = 0,
    tell: Callable[[int, int], None] | None = None,
) -> Iterator[Event]:
    """All documents of a folder, file by file in the order of their names.

    A source or a line that can't be read comes as a Problem and costs nothing else. A document
    whose id was seen before is a Problem too; the first one stands. ``readers`` is how many
    processes read under bounds of time and memory (see `read_bounded`); 0 reads in this process
    and without bounds. ``tell`` hears how many sources were begun, and of how many.

    Raises:
        CorpusError: there is no such folder.
    """
    if not corpus.is_dir():
        raise CorpusError(f"{corpus} is no folder; name the folder of your pages with --corpus")
    seen: dict[str, str] = {}
    found = sources(corpus)
    begun = _told(found, tell) if tell else found
    with TemporaryDirectory(prefix="groundedqa-") as scratch:
        for event in read_sources(begun, profile, readers, scratch):
            if isinstance(event, Document):
                if event.doc_id in seen:
                    yield _duplicate(event, seen[event.doc_id])
                    continue
                seen[event.doc_id] = event.source
            yield event


def read_sources(
    found: Iterable[Source | Problem],
    profile: SiteProfile,
    readers: int,
    scratch: str,
    dropped: list[Dropped] | None = None,
) -> Iterator[Event]:
    """The events of these sources, and of what the archives among them hold, in their order.

    Archives are unpacked in the folder ``scratch``. To ``dropped`` is added what was left out,
    right before the document that it is of.
    """
    given = expanded(found, Path(scratch))
    if readers:
        yield from read_bounded(given, profile, readers, dropped)
        return
    for source in given:
        if isinstance(source, Problem):
            yield source
        else:
            yield from read_source(source, profile, dropped)
            source.discard()


def _told(
    found: list[Source | Problem], tell: Callable[[int, int], None]
) -> Iterator[Source | Problem]:
    for number, source in enumerate(found, 1):
        tell(number, len(found))
        yield source


def _duplicate(document: Document, first: str) -> Problem:
    return Problem(
        document.source,
        "",
        f"duplicate id {document.doc_id}: {first} has it already; rename one or set its `id`",
    )
