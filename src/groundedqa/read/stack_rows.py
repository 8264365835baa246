"""The rows of a Stack Exchange dump: ``<row .../>``, each on a line of its own.

So any row can be read alone once its place is known, and a dump of gigabytes needs memory for its
numbers only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from groundedqa.errors import SourceError
from groundedqa.read.raw import Broken
from groundedqa.read.safe_xml import refuse_entities, xml_parser

_LONGEST_ROW = 4 << 20  # bytes; the sites allow 30,000 characters in a post
_BOM = b"\xef\xbb\xbf"
_END = re.compile(rb"</\w+\s*>\s*\Z|<(?!row\b)\w+\s*/>\s*\Z")
_CUT = "the export is cut off: its end is missing; what stands before was read"
_NOT_ON_A_LINE = "rows don't stand on lines of their own, as in the dump; put each on its own"


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says, the number of its line and the byte where that begins."""

    fields: Mapping[str, str]
    line: int
    at: int

    def number(self, name: str) -> int:
        """A field as a whole number; 0 where it is none."""
        value = self.fields.get(name, "")
        return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else 0


def rows(path: Path) -> Iterator[Row | Broken]:
    """All rows; a broken one costs itself alone, and an end that is missing is told at the end.

    Raises:
        SourceError: the file declares entities.
    """
    parser = xml_parser()
    last, number = b"", 0
    with path.open("rb") as file:
        refuse_entities(file)
        for number, (at, line) in enumerate(_lines(file), 1):
            last = line if line.strip() else last
            try:
                fields = _fields(line, parser)
            except SourceError as error:
                if line.endswith(b"\n"):  # else it is the end that is cut off
                    yield Broken(f"line {number}", str(error))
                continue
            if fields is not None:
                yield Row(fields, number, at)
    if not _END.search(last):
        yield Broken(f"line {number}", _CUT)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line with the byte where it begins; of one beyond any row only the beginning."""
    at = 0
    while line := file.readline(_LONGEST_ROW):
        begin, at = at, at + len(line)
        rest = line
        while len(rest) == _LONGEST_ROW and not rest.endswith(b"\n"):
            rest = file.readline(_LONGEST_ROW)
            at += len(rest)
        yield begin, line if rest is line else line + rest[-1:]


def row_at(file: BinaryIO, at: int, parser: etree.XMLParser) -> tuple[Row, bytes]:
    """The row whose line begins at a byte, as `rows` has told, and that line."""
    file.seek(at)
    line = file.readline(_LONGEST_ROW)
    return Row(_fields(line, parser) or {}, 0, at), line


def _fields(line: bytes, parser: etree.XMLParser) -> Mapping[str, str] | None:
    """The attributes of a line's row; None where the line holds none.

    Raises:
        SourceError: the row is broken, or is not alone.
    """
    text = line.strip().removeprefix(_BOM)
    if not text.startswith(b"<row"):
        if b"<row " in text:
            raise SourceError(_NOT_ON_A_LINE)
        return None
    if len(line) >= _LONGEST_ROW:
        raise SourceError(f"a row of more than {_LONGEST_ROW >> 20} MB")
    try:
        return {str(name): str(value) for name, value in etree.fromstring(text, parser).items()}
    except (etree.XMLSyntaxError, ValueError) as error:
        said = str(error).split(", line ")[0]
        raise SourceError(f"the row can't be read: {said}") from error
