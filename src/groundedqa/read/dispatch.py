"""Which reader takes which file: by its content, else by its suffix."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

from groundedqa.errors import SourceError
from groundedqa.read.decode import as_utf8
from groundedqa.read.raw import Reader
from groundedqa.read.zip_kind import MAGIC, MIMETYPE, has_mark

HEAD = 65_536
# What is known by its first bytes, or by its suffix, and has no reader.
_FOREIGN = (
    (b"<?xml", "XML"),
    (b"{\\rtf", "RTF (rich text); save it as .docx"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archives; unpack it into the folder"),
    (b"Rar!\x1a\x07", "RAR archives; unpack it into the folder"),
    (b"\x89PNG\r\n", "pictures (PNG)"),
    (b"\xff\xd8\xff", "pictures (JPEG)"),
    (b"GIF8", "pictures (GIF)"),
)
_KINDS = {
    ".eml": "e-mail",
    ".gift": "GIFT question banks; export them as Moodle XML",
    ".odt": "OpenDocument text; save it as .docx",
    ".rst": "reStructuredText",
    ".rtf": "RTF (rich text); save it as .docx",
    ".tex": "LaTeX",
    ".warc": "web archives (WARC)",
}
_NO_FILE = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
)


def head_of(path: Path) -> bytes:
    """The first bytes of a regular file; to open a pipe would be to wait for its writer.

    Raises:
        SourceError: it is no regular file.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        what = next((what for is_one, what in _NO_FILE if is_one(mode)), "a device")
        raise SourceError(f"can't be opened: it is {what}, no file")
    with path.open("rb") as file:
        return file.read(HEAD)


def choose_reader(
    name: str, head: bytes, names: Sequence[str], readers: Sequence[Reader]
) -> tuple[Reader, str]:
    """The reader whose content this is; else the one that the suffix names.

    ``names`` are those of a ZIP file's entries (`zip_kind`).

    Raises:
        SourceError: no reader takes it.
    """
    if names:
        return _by_entries(names, readers), "content"
    head = as_utf8(head)
    for reader in readers:
        if reader.recognises(head):
            return reader, "content"
    _refuse(head)
    return _by_suffix(name, readers, zipped=head.startswith(MAGIC)), "suffix"


def _by_entries(names: Sequence[str], readers: Sequence[Reader]) -> Reader:
    for reader in readers:
        if has_mark(names, reader.zip_marks):
            return reader
    stated = next((name for name in names if name.startswith(MIMETYPE)), "")
    kind = stated.removeprefix(MIMETYPE) or "an archive or an office file of this kind"
    raise SourceError(f"no reader for {kind}")


def _by_suffix(name: str, readers: Sequence[Reader], *, zipped: bool) -> Reader:
    """``zipped``: it begins as a ZIP file, whose directory can't be read; its reader says why."""
    suffix = Path(name).suffix.lower()
    for reader in readers:
        if suffix in reader.suffixes and (reader.zip_marks or not zipped):
            return reader
    if zipped:
        raise SourceError("no reader for a damaged archive")
    if suffix in _KINDS:
        raise SourceError(f"no reader for {_KINDS[suffix]}")
    known = ", ".join(suffix for reader in readers for suffix in reader.suffixes)
    raise SourceError(f"no reader for {suffix or 'a file without a suffix'}; there are {known}")


def _refuse(head: bytes) -> None:
    """Raise a SourceError where the content says that no reader can take it."""
    if not head.strip() and len(head) < HEAD:
        raise SourceError("the file is empty")
    for magic, what in _FOREIGN:
        if head.lstrip(b"\xef\xbb\xbf \t\r\n")[: len(magic)].lower() == magic.lower():
            raise SourceError(f"no reader for {what}")
