"""Bytes to text, or the reason why not."""

from __future__ import annotations

from groundedqa.errors import SourceError
from groundedqa.read.raw import Source

UTF16 = (b"\xff\xfe", b"\xfe\xff")


def decode(source: Source) -> str:
    """The source's text, read as UTF-8; a byte order mark is taken off.

    Raises:
        SourceError: empty, binary, or not UTF-8; it names the first byte that is wrong.
    """
    data = source.path.read_bytes()
    if not data.strip():
        raise SourceError("the file is empty")
    if data.startswith(UTF16):
        raise SourceError("not UTF-8 but UTF-16; save it as UTF-8")
    if b"\x00" in data[:4096]:
        raise SourceError("not text: it holds null bytes")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise SourceError(
            f"not UTF-8: byte 0x{byte:02x} at offset {error.start}; save it as UTF-8"
        ) from error
