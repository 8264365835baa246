"""Tar archives, compressed or not: read once from beginning to end."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import IO, cast

from groundedqa.errors import SourceError
from groundedqa.read.archives import (
    RefusedError,
    Unpacked,
    is_hidden,
    left_out,
    not_written,
    safe_path,
)
from groundedqa.read.events import Problem
from groundedqa.read.raw import Source

_MARK_AT, _MARK = 257, b"ustar"
_HEAD = 512
_LARGEST_READ = 4 << 20  # bytes at once: no name is longer, and members come in smaller steps
_BROKEN = (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, ValueError)

_COMPRESSIONS: tuple[tuple[bytes, Callable[[Path], BufferedIOBase]], ...] = (
    (b"\x1f\x8b", gzip.GzipFile),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\x00", lzma.LZMAFile),
)


def is_tar(path: Path) -> bool:
    """Whether a file, or what is compressed in it, begins as a tar archive does."""
    try:
        with _stream(path) as file:
            head = file.read(_HEAD)
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile):
        return False
    return head[_MARK_AT : _MARK_AT + len(_MARK)] == _MARK


def unpack_tar(archive: Source, folder: Path, unpacked: Unpacked) -> Iterator[Problem]:
    """Unpack into a folder; a Problem for each member that can't be, or for the rest."""
    try:
        with (
            _stream(archive.path) as stream,
            tarfile.open(fileobj=cast("IO[bytes]", _Bounded(stream)), mode="r:") as opened,
        ):
            while member := opened.next():
                vars(opened)["members"].clear()  # it would keep them all
                unpacked.begin(member.size)
                yield from _unpack(archive, opened, member, folder, unpacked)
    except SourceError as error:
        yield Problem(archive.name, "", f"{error}; the rest of it was not read")
    except _BROKEN as error:
        yield Problem(archive.name, "", f"damaged or cut off; the rest of it was not read: {error}")
    except OSError as error:  # bzip2 has no error of its own
        yield not_written(archive, "", error)


def _unpack(
    archive: Source,
    opened: tarfile.TarFile,
    member: tarfile.TarInfo,
    folder: Path,
    unpacked: Unpacked,
) -> Iterator[Problem]:
    if member.isdir() or is_hidden(member.name):
        return
    try:
        path = _place(member, folder)
        with cast("IO[bytes]", opened.extractfile(member)) as file:
            unpacked.write(file, path)
    except RefusedError as refused:
        yield left_out(archive, member.name, str(refused))


def _place(member: tarfile.TarInfo, folder: Path) -> Path:
    if member.issym() or member.islnk():
        raise RefusedError("a link, which is not followed")
    if not member.isreg():
        raise RefusedError("a device or the like, no file")
    return safe_path(folder, member.name)


def _stream(path: Path) -> BufferedIOBase:
    with path.open("rb") as file:
        head = file.read(8)
    for magic, opened in _COMPRESSIONS:
        if head.startswith(magic):
            return opened(path)
    return path.open("rb")


class _Bounded:
    """A file for tarfile that is never asked for more at once than a name or a block has.

    Names and other facts of a member are read whole, and their length is whatever the archive says.
    """

    def __init__(self, file: BufferedIOBase) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        if size > _LARGEST_READ:
            raise SourceError("a member's name or description is larger than 4 MB")
        return self._file.read(size)

    def seek(self, place: int) -> int:
        return self._file.seek(place)

    def tell(self) -> int:
        return self._file.tell()
