"""The bytes of a web page as text, as browsers decode them."""

from __future__ import annotations

import codecs
import re

from groundedqa.read.decode import encoding_of

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMED = re.compile(rb"""(?i)(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_:.-]{2,40})""")
_HEAD = 4096  # bytes in which a page names its encoding
# What browsers take a label for (https://encoding.spec.whatwg.org/#names-and-labels).
_LABELS = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "x-sjis", "sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "korean"), "cp949"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620"), "cp874"),
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16be", "unicode"), "utf-8"),  # read as ASCII so far
}


def decode_page(data: bytes) -> tuple[str, str]:
    """The text and the encoding it was read in; a byte that has no meaning becomes U+FFFD.

    A mark at the beginning says which; else what is UTF-8 without a fault is UTF-8, whatever it
    says; else what the page says; else what the bytes look like.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        encoding = _named(data) or _looks_like(data)
    try:
        return data.decode(encoding, "replace"), encoding
    except (LookupError, ValueError):
        return data.decode("cp1252", "replace"), "cp1252"


def _named(data: bytes) -> str | None:
    found = _NAMED.search(data[:_HEAD])
    if not found:
        return None
    label = found[1].decode("ascii").lower()
    try:
        return codecs.lookup(_LABELS.get(label, label)).name
    except LookupError:
        return None


def _looks_like(data: bytes) -> str:
    found = encoding_of(data) or "cp1252"
    return _LABELS.get(found.lower(), found)
