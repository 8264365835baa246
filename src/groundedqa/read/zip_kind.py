"""What a ZIP file is: office files, books and archives are told apart by what they hold."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
MIMETYPE = "mimetype="
_MOST_ENTRIES = 10_000


def zip_kind(path: Path) -> tuple[str, ...]:
    """The names of a ZIP file's entries, after ``mimetype=...`` where it states one.

    Nothing comes of a file that is no whole ZIP; no more than 10,000 names come.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = tuple(archive.namelist()[:_MOST_ENTRIES])
            return (*_stated(archive, names), *names)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return ()


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
