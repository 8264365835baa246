"""What a ZIP file is: office files, books and archives are told apart by what they hold."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
MIMETYPE = "mimetype="
LARGEST_DIRECTORY = 256 << 20  # bytes; some 3 million names
_MOST_ENTRIES = 10_000
_OFFICE = ("[Content_Types].xml", MIMETYPE)
# The records at the end of a file, up to the size of its directory (APPNOTE 4.3.14 and 4.3.16).
_ENDS = ((b"PK\x05\x06", struct.Struct("<12xI")), (b"PK\x06\x06", struct.Struct("<40xQ")))
_TAIL = 66_000  # bytes in which they stand
_UNKNOWN = 0xFFFFFFFF  # see the other record


def zip_kind(path: Path) -> tuple[str, ...]:
    """The names of a ZIP file's entries, after ``mimetype=...`` where it states one.

    Nothing comes of a file that is no whole ZIP; no more than 10,000 names come.
    """
    try:
        if directory_size(path) > LARGEST_DIRECTORY:
            return ()
        with zipfile.ZipFile(path) as archive:
            names = tuple(archive.namelist()[:_MOST_ENTRIES])
            return (*_stated(archive, names), *names)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return ()


def is_office(names: Iterable[str]) -> bool:
    """Whether these are the entries of one document: an office file's, or a book's."""
    return has_mark(names, _OFFICE)


def directory_size(path: Path) -> int:
    """How many bytes a ZIP file says that its directory has, which is read whole; 0 for no ZIP."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    found = [
        stated
        for signature, record in _ENDS
        if (at := tail.rfind(signature)) >= 0 and len(tail) - at >= record.size
        for (stated,) in (record.unpack_from(tail, at),)
        if stated != _UNKNOWN
    ]
    return max(found, default=0)


def _stated(archive: zipfile.ZipFile, names: Iterable[str]) -> tuple[str, ...]:
    """The media type that EPUB and OpenDocument state in an entry of their own."""
    if "mimetype" not in names:
        return ()
    try:
        with archive.open("mimetype") as file:
            return (MIMETYPE + file.read(100).decode("ascii", "replace").strip(),)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return ()


def has_mark(names: Iterable[str], marks: tuple[str, ...]) -> bool:
    """Whether one of the entries begins with one of a reader's ``zip_marks``."""
    return bool(marks) and any(name.startswith(marks) for name in names)
