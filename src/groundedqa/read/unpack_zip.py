"""ZIP archives: member by member, none that overlaps with another, the directory bounded too."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

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
from groundedqa.read.zip_kind import LARGEST_DIRECTORY, MAGIC, directory_size, is_office, zip_kind

_ENCRYPTED = 0x1
_LOCAL_HEADER = 30  # bytes, and the name
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError)


def is_archive(path: Path) -> bool:
    """Whether a file is a whole ZIP that is no office file or book."""
    with path.open("rb") as file:
        if not file.read(4).startswith(MAGIC):
            return False
    if directory_size(path) > LARGEST_DIRECTORY:
        return True  # to be refused
    names = zip_kind(path)
    return bool(names) and not is_office(names)


def unpack_zip(archive: Source, folder: Path, unpacked: Unpacked) -> Iterator[Problem]:
    """Unpack into a folder; a Problem for each member that can't be, or for the whole."""
    try:
        if directory_size(archive.path) > LARGEST_DIRECTORY:
            raise SourceError(f"its list of files is larger than {LARGEST_DIRECTORY >> 20} MB")
        with zipfile.ZipFile(archive.path) as opened:
            members = opened.infolist()
            _refuse_overlap(members)
            for member in members:
                unpacked.begin(member.file_size)
                yield from _unpack(archive, opened, member, folder, unpacked)
    except SourceError as error:
        yield Problem(archive.name, "", f"{error}; the rest of it was not read")
    except _BROKEN as error:
        yield Problem(archive.name, "", f"a damaged archive: {error}")


def _unpack(
    archive: Source,
    opened: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    folder: Path,
    unpacked: Unpacked,
) -> Iterator[Problem]:
    name = member.filename
    if member.is_dir() or is_hidden(name):
        return
    try:
        path = _place(member, folder)
        with opened.open(member) as file:
            unpacked.write(file, path)
    except RefusedError as refused:
        yield left_out(archive, name, str(refused))
    except _BROKEN as error:
        yield left_out(archive, name, f"damaged: {error}")
    except OSError as error:
        yield not_written(archive, name, error)


def _place(member: zipfile.ZipInfo, folder: Path) -> Path:
    if member.flag_bits & _ENCRYPTED:
        raise RefusedError("password-protected; unpack it into the folder")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise RefusedError("a link, which is not followed")
    return safe_path(folder, member.filename)


def _refuse_overlap(members: list[zipfile.ZipInfo]) -> None:
    """Members that share their bytes are how a small file becomes a large one (Fifield 2019)."""
    for one, following in pairwise(sorted(members, key=lambda each: each.header_offset)):
        end = one.header_offset + _LOCAL_HEADER + one.compress_size
        if end > following.header_offset:
            raise SourceError("its members overlap, as a bomb's do")
