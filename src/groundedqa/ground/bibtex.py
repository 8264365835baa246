"""One entry for BibTeX, whatever stands in its fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "“": "``",
    "”": "''",
    "–": "--",
    "—": "---",
}
_ESCAPED = str.maketrans(_ESCAPES)
# Within \url{} and the url field LaTeX reads these as they are, but for what ends the field.
_URL_ESCAPES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20", "%": r"\%"})
_NOT_KEY = re.compile(r"[^A-Za-z0-9:+-]+")
_LONGEST_KEY = 60


def bibtex(key: str, fields: Mapping[str, str | None]) -> str:
    """An ``@misc`` entry with those fields that have a value; titles keep their capitals."""
    lines = [f"  {name} = {_braced(name, value)}" for name, value in fields.items() if value]
    return f"@misc{{{_key(key)},\n" + ",\n".join(lines) + "\n}"


def _braced(name: str, value: str) -> str:
    """The value in braces; a month's three letters are a name that BibTeX knows."""
    return value if name == "month" else f"{{{_value(name, value)}}}"


def _value(name: str, value: str) -> str:
    if name == "url":
        return value.translate(_URL_ESCAPES)
    if name == "author" and value[:1] == "{" and value[-1:] == "}":
        return f"{{{value[1:-1].translate(_ESCAPED)}}}"
    escaped = value.translate(_ESCAPED)
    return f"{{{escaped}}}" if name == "title" else escaped


def _key(said: str) -> str:
    """Letters and figures that every BibTeX takes as a key."""
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode()
    return _NOT_KEY.sub("-", plain).strip("-")[:_LONGEST_KEY].strip("-") or "page"
