"""Text to canonical text: once, before any offset is taken.

What survives: letters and their accents, TeX, code with its indentation, quotation marks,
joiners that shape a script. What goes: control characters, byte order marks, soft hyphens,
bidirectional overrides, ligatures of type setting, and white space beyond what carries sense.
"""

from __future__ import annotations

import re
import unicodedata

VERSION = 1

_LIGATURES = {chr(code): unicodedata.normalize("NFKD", chr(code)) for code in range(0xFB00, 0xFB07)}
_LINE_ENDS = dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n")
_SPACES = dict.fromkeys(
    ["\x1f", "\xa0", "\u1680", *map(chr, range(0x2000, 0x200B)), "\u202f", "\u205f", "\u3000"], " "
)
# Zero-width non-joiner and joiner (U+200C, U+200D) stay: Persian, Hindi and emoji need them.
_INVISIBLE = [
    *(chr(code) for code in range(0x20) if chr(code) not in "\t\n\x0b\x0c\x1c\x1d\x1e\x1f"),
    *(chr(code) for code in range(0x7F, 0xA0) if code != 0x85),
    "\xad",  # soft hyphen
    "\u200b", "\u2060", "\ufeff",  # zero-width space, word joiner, byte order mark
    *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)),  # direction overrides
]  # fmt: skip
_TABLE = str.maketrans({**_LIGATURES, **_LINE_ENDS, **_SPACES, **dict.fromkeys(_INVISIBLE, "")})
_SURROGATES = re.compile("[\ud800-\udfff]")
_INNER_RUN = re.compile(r"(?<=\S)[ \t]{2,}|(?<=\S)\t")
_BLANK_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    r"""Canonical text: NFC, ``\n`` line ends, paragraphs one blank line apart, no outer space.

    A line indented by four spaces or more keeps its indentation and inner spacing: it is code.
    ``clean(clean(text)) == clean(text)`` for every text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
    text = unicodedata.normalize("NFC", text.translate(_TABLE))
    text = "\n".join(map(_clean_line, text.split("\n")))
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def clean_line(text: str) -> str:
    """Canonical text on one line: for titles, names and headings."""
    return " ".join(clean(text).split())


def _clean_line(line: str) -> str:
    line = line.rstrip(" \t")
    if line.startswith("    ") or (line.startswith("\t") and line.strip()):
        return line.replace("\t", "    ")
    return _INNER_RUN.sub(" ", line.lstrip(" \t"))
