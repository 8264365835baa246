"""Bytes to text: UTF-8 first, then what a byte order mark or the bytes themselves say."""

from __future__ import annotations

import codecs

from groundedqa.errors import SourceError
from groundedqa.read.raw import Source

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOOKED_AT = 200_000  # bytes from which an encoding is told


def decode(source: Source) -> tuple[str, tuple[str, ...]]:
    """The source's text, and a warning that names its encoding where that is not UTF-8.

    Raises:
        SourceError: it is empty, binary, or in no encoding that fits all of it.
    """
    data = source.path.read_bytes()
    if not data.strip():
        raise SourceError("the file is empty")
    try:
        if b"\x00" not in data:
            return data.decode("utf-8").removeprefix("\ufeff"), ()
    except UnicodeDecodeError as error:
        if data.startswith(codecs.BOM_UTF8):
            raise SourceError(
                f"marked as UTF-8, but byte {error.start} is not; save it as UTF-8 again"
            ) from error
    name = encoding_of(data)
    if name is None:
        raise SourceError("not text: its bytes are none in UTF-8 or any other encoding")
    try:
        text = data.decode(name).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as error:
        raise SourceError(
            f"neither UTF-8 nor, as most of it looks, {name}; save it as UTF-8"
        ) from error
    return text, (f"read as {name}, which its bytes look like; save it as UTF-8 to be sure",)


def encoding_of(data: bytes) -> str | None:
    """The encoding that bytes which are not UTF-8 look like; None where they look like no text."""
    import chardet  # few sources need it

    head = data[:_LOOKED_AT]
    found = chardet.detect(head, prefer_superset=True)["encoding"]
    if b"\x00" in head and not data.startswith(UTF16):
        # Short binary files look like UTF-16 to it; in text of any length every other byte is 0.
        latin = 3 * head.count(0) > len(head) and "\x00" not in head.decode(
            found or "ascii", "ignore"
        )
        return found if latin else None
    return found


def as_utf8(head: bytes) -> bytes:
    """The beginning of a file in UTF-8, if it says by its mark that it is in UTF-16."""
    if not head.startswith(UTF16):
        return head
    return head.decode("utf-16", "ignore").encode("utf-8", "ignore")
