"""A folder of sources to documents: which reader takes which file, and what could not be read."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from groundedqa.clean import clean_line
from groundedqa.errors import CorpusError, SourceError
from groundedqa.read import (
    docx,
    epub,
    html,
    json_lines,
    markdown,
    office_97,
    pdf,
    pptx,
    question_page,
    stack_exchange,
    xml_kind,
)
from groundedqa.read.assemble import assemble
from groundedqa.read.decode import UTF16
from groundedqa.read.profile import PROFILE_NAME, SiteProfile
from groundedqa.read.raw import Broken, Dropped, RawDocument, Reader, Source
from groundedqa.read.zip_kind import MAGIC, has_mark, zip_kind
from groundedqa.types import Document

# In the order in which they are asked whether they recognise the content.
READERS: tuple[Reader, ...] = (
    *(pdf.READER, docx.READER, pptx.READER, epub.READER, office_97.READER),
    *(stack_exchange.READER, stack_exchange.PART),
    *(json_lines.READER, html.READER, xml_kind.READER, question_page.READER, markdown.READER),
)

_HEAD = 65_536
_FOREIGN = ((b"<?xml", "XML"),)

_NO_FILE = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
)
_FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# What a fault of a reader can raise. One bad source must never end a build; lack of memory and
# an interrupt still do.
_UNFORESEEN = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError),
    *(ValueError, re.error),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A source that a reader took; ``chosen_by`` is "content" or "suffix"."""

    source: str
    reader: str
    chosen_by: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read, where it stands in its source, and why."""

    source: str
    place: str
    reason: str

    def __str__(self) -> str:
        """``name, place: reason``."""
        return f"{self.source}{', ' + self.place if self.place else ''}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Notice:
    """What an operator should know of a document that was read all the same."""

    source: str
    doc_id: str
    text: str


Event = Opened | Document | Problem | Notice


def read_corpus(corpus: Path, profile: SiteProfile) -> Iterator[Event]:
    """All documents of a folder, file by file in the order of their names.

    A source or a line that can't be read comes as a Problem and costs nothing else. A document
    whose id was seen before is a Problem too; the first one stands.

    Raises:
        CorpusError: there is no such folder.
    """
    if not corpus.is_dir():
        raise CorpusError(f"{corpus} is no folder; name the folder of your pages with --corpus")
    seen: dict[str, str] = {}
    for source in sources(corpus):
        if isinstance(source, Problem):
            yield source
            continue
        for event in read_source(source, profile):
            if isinstance(event, Document):
                if event.doc_id in seen:
                    yield _duplicate(event, seen[event.doc_id])
                    continue
                seen[event.doc_id] = source.name
            yield event


def sources(corpus: Path) -> list[Source | Problem]:
    """All below a folder that is no folder, sorted by name, and a Problem for each folder unseen.

    Hidden ones and the site profile are left out. Links to folders are not followed: they come as
    sources, which `read_source` refuses.
    """
    unseen: list[OSError] = []
    found: list[Source] = []
    for folder, folders, files in os.walk(corpus, onerror=unseen.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if Path(folder, name).is_symlink()]
        paths = [Path(folder, name) for name in (*files, *links) if not name.startswith(".")]
        found.extend(Source(path, _name(path, corpus)) for path in paths)
    problems = (_unlisted(error, corpus) for error in unseen)
    return sorted((*(each for each in found if each.name != PROFILE_NAME), *problems), key=_order)


def _order(each: Source | Problem) -> str:
    return each.name if isinstance(each, Source) else each.source


def _name(path: Path, corpus: Path) -> str:
    return _readable(path.relative_to(corpus).as_posix())


def _readable(name: str) -> str:
    """A file's name, which need not be UTF-8: bytes that are not are written as ``\\xNN``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _unlisted(error: OSError, corpus: Path) -> Problem:
    name = _name(Path(error.filename or corpus), corpus)
    return Problem(name, "", f"the folder can't be listed: {error.strerror or error}")


def read_source(
    source: Source, profile: SiteProfile, dropped: list[Dropped] | None = None
) -> Iterator[Event]:
    """The documents of one file, after a line that says which reader took it.

    To ``dropped`` is added what the reader left out, right before the document that it is of.
    """
    source = Source(source.path, _readable(source.name))
    try:
        head = _head(source.path)
        names = zip_kind(source.path) if head.startswith(MAGIC) else ()
        reader, chosen_by = choose_reader(source.name, head, names)
        yield Opened(source.name, reader.name, chosen_by)
        sha256 = _digest(source.path)
        for raw in reader.read(source, profile):
            if dropped is not None and isinstance(raw, RawDocument):
                dropped.extend(raw.dropped)
            yield from _assembled(raw, source, sha256, profile)
    except SourceError as error:
        yield Problem(source.name, "", str(error))
    except OSError as error:
        if error.errno in _FULL_DISK:  # a library's temporary file: no fault of the source
            raise
        yield Problem(source.name, "", f"can't be opened: {error.strerror or error}")
    except _UNFORESEEN as error:
        said = clean_line(str(error))[:200]
        yield Problem(source.name, "", f"can't be read: {type(error).__name__}: {said}")


def _assembled(
    raw: RawDocument | Broken, source: Source, sha256: str, profile: SiteProfile
) -> Iterator[Document | Problem | Notice]:
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


def _head(path: Path) -> bytes:
    """The first bytes of a regular file; to open a pipe would be to wait for its writer."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        what = next((what for is_one, what in _NO_FILE if is_one(mode)), "a device")
        raise SourceError(f"can't be opened: it is {what}, no file")
    with path.open("rb") as file:
        return file.read(_HEAD)


def choose_reader(name: str, head: bytes, names: Sequence[str] = ()) -> tuple[Reader, str]:
    """The reader whose content this is; else the one that the suffix names.

    ``names`` are those of a ZIP file's entries (`zip_kind`).

    Raises:
        SourceError: no reader takes it.
    """
    if names:
        return _by_entries(names), "content"
    for reader in READERS:
        if reader.recognises(head):
            return reader, "content"
    _refuse(head)
    return _by_suffix(name, zipped=head.startswith(MAGIC)), "suffix"


def _by_entries(names: Sequence[str]) -> Reader:
    for reader in READERS:
        if has_mark(names, reader.zip_marks):
            return reader
    raise SourceError("no reader for an archive or an office file of this kind")


def _by_suffix(name: str, *, zipped: bool) -> Reader:
    """``zipped``: it begins as a ZIP file, whose directory can't be read; its reader says why."""
    suffix = Path(name).suffix.lower()
    for reader in READERS:
        if suffix in reader.suffixes and (reader.zip_marks or not zipped):
            return reader
    if zipped:
        raise SourceError("no reader for a damaged archive")
    known = ", ".join(suffix for reader in READERS for suffix in reader.suffixes)
    raise SourceError(f"no reader for {suffix or 'a file without a suffix'}; there are {known}")


def _refuse(head: bytes) -> None:
    """Raise a SourceError where the content says that no reader can take it."""
    if not head.strip() and len(head) < _HEAD:
        raise SourceError("the file is empty")
    if head.startswith(UTF16):
        raise SourceError("not UTF-8 but UTF-16; save it as UTF-8")
    for magic, what in _FOREIGN:
        if head.lstrip(b"\xef\xbb\xbf \t\r\n")[: len(magic)].lower() == magic.lower():
            raise SourceError(f"no reader for {what}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _duplicate(document: Document, first: str) -> Problem:
    return Problem(
        document.source,
        "",
        f"duplicate id {document.doc_id}: {first} has it already; rename one or set its `id`",
    )
