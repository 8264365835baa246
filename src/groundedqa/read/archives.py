"""Archives among the sources: unpacked aside within bounds, then read as any folder is.

What an archive may hold is bounded before anything is written (see `ArchiveBounds`): a member that
leads out of it, a link, an encrypted or damaged one costs itself alone, and a bomb ends with its
archive. `unpack_zip` and `unpack_tar` know the two formats.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from groundedqa.errors import CorpusError, SourceError
from groundedqa.read.events import Problem
from groundedqa.read.raw import Source
from groundedqa.read.source import FULL_DISK
from groundedqa.read.sources import readable, sources

_STEP = 1 << 20
_LONGEST_NAME = 4096


@dataclass(frozen=True, slots=True)
class ArchiveBounds:
    """What may come out of one archive, those within it counted in. Sizes are in bytes."""

    ratio: int = 200  # times the archive's own size, beyond the first `free`
    free: int = 64 << 20
    size: int = 16 << 30
    member: int = 1 << 30
    members: int = 1_000_000
    depth: int = 2  # an archive in an archive


class RefusedError(Exception):
    """A member that is left out, alone, and why."""


class Unpacked:
    """What has come out of an archive so far, and where the next member goes."""

    def __init__(self, archive: Source, bounds: ArchiveBounds) -> None:
        self._bounds = bounds
        most = bounds.free + bounds.ratio * archive.path.stat().st_size
        self._most = min(most, bounds.size)
        self._stated = self._written = self._members = 0

    def begin(self, size: int) -> None:
        """Count a member that says it has so many bytes.

        Raises:
            SourceError: the archive as a whole breaks a bound.
        """
        self._members += 1
        self._stated += size
        if self._members > self._bounds.members:
            raise SourceError(f"it holds more than {self._bounds.members:,} files")
        self._bound(size, self._stated)

    def write(self, member: IO[bytes], path: Path) -> None:
        """Write a member to a file that is not there yet.

        Raises:
            SourceError: a bound is broken.
            RefusedError: there is no place for it.
            OSError: it can't be written, or read.
        """
        with _new(path) as file:
            try:
                size = 0
                while data := member.read(_STEP):
                    size += len(data)
                    self._bound(size, self._written + size)
                    file.write(data)
            except BaseException:
                path.unlink()
                raise
        self._written += size

    def _bound(self, size: int, total: int) -> None:
        if size > self._bounds.member:
            raise SourceError(f"a file in it is larger than {self._bounds.member >> 20} MB")
        if total > self._most:
            raise SourceError(
                f"it unpacks to more than {self._most >> 20} MB, which no honest archive of its"
                " size does; unpack it into the folder if you trust it"
            )


def _new(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("xb")
    except FileExistsError:
        raise RefusedError("there are two of this name; the first one stands") from None
    except (IsADirectoryError, NotADirectoryError):
        raise RefusedError("a folder and a file have its name") from None


Unpack = Callable[[Source, Path, Unpacked], Iterator[Problem]]


@contextmanager
def opened_corpus(corpus: Path) -> Iterator[tuple[Path, list[Problem]]]:
    """The folder of a corpus that may be an archive, and what could not be unpacked of that.

    An archive that holds nothing but one folder is that folder.

    Raises:
        CorpusError: it is neither a folder nor an archive.
    """
    if corpus.is_dir():
        yield corpus, []
        return
    archive = Source(corpus, corpus.name)
    unpack = unpacker(archive)
    if unpack is None:
        raise CorpusError(
            f"{corpus} is neither a folder nor an archive; name the folder of your pages, or a"
            " .zip or .tar.gz of it, with --corpus"
        )
    with TemporaryDirectory(prefix="groundedqa-") as name:
        folder = Path(name)
        problems = list(unpack(archive, folder, Unpacked(archive, ArchiveBounds())))
        inside = list(folder.iterdir())
        alone = len(inside) == 1 and inside[0].is_dir()
        yield (inside[0] if alone else folder), problems


def expanded(
    found: Iterable[Source | Problem], scratch: Path, bounds: ArchiveBounds | None = None
) -> Iterator[Source | Problem]:
    """The sources, and in the place of each archive what it holds.

    A member is named ``archive.zip/inner/page.html``. It is unpacked below ``scratch``, and its
    source is a temporary one.
    """
    return _Expanding(scratch, bounds or ArchiveBounds()).all(found)


class _Expanding:
    def __init__(self, scratch: Path, bounds: ArchiveBounds) -> None:
        self._folders = (scratch / str(number) for number in count(1))
        self._bounds = bounds

    def all(self, found: Iterable[Source | Problem]) -> Iterator[Source | Problem]:
        for each in found:
            if isinstance(each, Problem):
                yield each
            else:
                yield from self._opened(each, None, 0)

    def _opened(
        self, source: Source, unpacked: Unpacked | None, depth: int
    ) -> Iterator[Source | Problem]:
        unpack = unpacker(source)
        if unpack is None:
            yield source
            return
        if depth == self._bounds.depth:
            yield Problem(source.name, "", "an archive within archives; unpack the outer one")
            return
        folder = next(self._folders)
        folder.mkdir()
        unpacked = unpacked or Unpacked(source, self._bounds)
        yield from unpack(source, folder, unpacked)
        source.discard()
        for inner in sources(folder):
            name = f"{source.name}/{inner.name if isinstance(inner, Source) else inner.source}"
            if isinstance(inner, Problem):
                yield replace(inner, source=name)
            else:
                member = Source(inner.path, name, temporary=True)
                yield from self._opened(member, unpacked, depth + 1)


def unpacker(source: Source) -> Unpack | None:
    """What unpacks a source; None where it is no archive."""
    from groundedqa.read.unpack_tar import is_tar, unpack_tar
    from groundedqa.read.unpack_zip import is_archive, unpack_zip

    try:
        if not source.path.is_file():
            return None
        if is_archive(source.path):
            return unpack_zip
        return unpack_tar if is_tar(source.path) else None
    except OSError:
        return None  # its reader says what is wrong with it


def safe_path(folder: Path, name: str) -> Path:
    """Where a member of this name goes.

    Raises:
        RefusedError: that is nowhere within the folder.
    """
    parts = _parts(name)
    if not parts or len(os.fsencode(name)) > _LONGEST_NAME or "\x00" in name:
        raise RefusedError("its name is no path")
    if parts[0].startswith("/") or ".." in parts or parts[0].endswith(":"):
        raise RefusedError("its path leads out of the archive")
    return folder.joinpath(*parts)


def is_hidden(name: str) -> bool:
    """Whether a member is hidden, or what a Mac puts beside each file."""
    parts = [part for part in _parts(name) if part not in (".", "..")]
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def left_out(archive: Source, name: str, reason: str) -> Problem:
    """What is said of a member."""
    return Problem(archive.name, readable(name)[:200], reason)


def not_written(archive: Source, name: str, error: OSError) -> Problem:
    """What is said where reading or writing it failed.

    Raises:
        OSError: the disk is full, which is no fault of the archive.
    """
    if error.errno in FULL_DISK:
        raise error
    return left_out(archive, name, f"can't be unpacked: {error.strerror or error}")


def _parts(name: str) -> tuple[str, ...]:
    return PurePosixPath(name.replace("\\", "/")).parts
