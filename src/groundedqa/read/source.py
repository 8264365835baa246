"""One file to its documents, in this process and without bounds: `bounded` sets those."""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from groundedqa.clean import clean_line
from groundedqa.errors import SourceError
from groundedqa.read.assemble import assemble
from groundedqa.read.dispatch import choose_reader, head_of
from groundedqa.read.events import Event, Notice, Opened, Problem
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, Dropped, RawDocument, Reader, Source
from groundedqa.read.sources import readable
from groundedqa.read.zip_kind import MAGIC, zip_kind

FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# What a fault of a reader can raise. One bad source must never end a build; lack of memory and
# an interrupt still do.
_UNFORESEEN = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError),
    *(ValueError, re.error),
)


def read_source(
    source: Source,
    profile: SiteProfile,
    dropped: list[Dropped] | None = None,
    readers: Sequence[Reader] | None = None,
) -> Iterator[Event]:
    """The documents of one file, after a line that says which reader took it.

    To ``dropped`` is added what the reader left out, right before the document that it is of.
    """
    source = replace(source, name=readable(source.name))
    try:
        head = head_of(source.path)
        names = zip_kind(source.path) if head.startswith(MAGIC) else ()
        reader, chosen_by = choose_reader(source.name, head, names, readers or all_readers())
        yield Opened(source.name, reader.name, chosen_by)
        sha256 = _digest(source.path)
        for raw in reader.read(source, profile):
            if dropped is not None and isinstance(raw, RawDocument):
                dropped.extend(raw.dropped)
            yield from _assembled(raw, source, sha256, profile)
    except SourceError as error:
        yield Problem(source.name, "", str(error))
    except OSError as error:
        # Nothing is wrong with the source: some library found no room for a temporary file.
        if error.errno in FULL_DISK:
            raise
        yield Problem(source.name, "", f"can't be opened: {error.strerror or error}")
    except _UNFORESEEN as error:
        yield unforeseen(source.name, error)


def all_readers() -> Sequence[Reader]:
    """The table of readers, which takes a while to import: who only asks never reads."""
    from groundedqa.read.table import READERS

    return READERS


def _assembled(
    raw: RawDocument | Broken, source: Source, sha256: str, profile: SiteProfile
) -> Iterator[Event]:
    if isinstance(raw, Broken):
        yield Problem(source.name, raw.place, raw.reason)
        return
    try:
        document = assemble(raw, source, sha256, profile)
    except SourceError as error:
        yield Problem(source.name, raw.place, str(error))
        return
    yield document
    yield from (Notice(source.name, document.doc_id, text) for text in raw.warnings)


def unforeseen(source: str, error: BaseException) -> Problem:
    """What is said of a fault that no reader should have."""
    said = clean_line(str(error))[:200]
    return Problem(source, "", f"can't be read: {type(error).__name__}: {said}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
