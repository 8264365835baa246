"""The rows of a Stack Exchange dump, ``<row .../>``, each with the byte where it begins.

So any row can be read alone once its place is known, and a dump of gigabytes needs memory for
numbers only. Rows are told apart by ``<``, which can't stand within one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from groundedqa.errors import SourceError
from groundedqa.read.raw import Broken
from groundedqa.read.safe_xml import refuse_entities, xml_parser

_LONGEST_ROW = 4 << 20  # bytes; the sites allow 30,000 characters in a post
_STEP = 1 << 20
_FIRST_STEP = 1 << 14  # of a row that is read alone
_ROW = re.compile(rb"row[\s/>]")
_END = re.compile(rb"/\w+\s*>\s*\Z|(?!row\b)\w+\s*/>\s*\Z")
_CUT = "the export is cut off: its end is missing; what stands before was read"


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says, the number of its line and the byte where it begins."""

    fields: Mapping[str, str]
    line: int
    at: int

    def number(self, name: str) -> int:
        """A field as a whole number; 0 where it is none."""
        value = self.fields.get(name, "")
        return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else 0


def rows_of(file: BinaryIO) -> Iterator[Row | Broken]:
    """All rows; a broken one costs itself alone, and an end that is missing is told at the end.

    Raises:
        SourceError: the file declares entities.
    """
    refuse_entities(file)
    parser = xml_parser()
    last, line = b"", 0
    broken: Broken | None = None
    for at, line, piece in _pieces(file):
        last = piece
        if broken:
            yield broken
            broken = None
        if not _ROW.match(piece):
            continue
        try:
            yield Row(_fields(piece, parser), line, at)
        except SourceError as error:
            broken = Broken(f"line {line}", str(error))
    if not _END.match(last):  # which tells why the last row is broken, too
        yield Broken(f"line {line}", _CUT)


def _pieces(file: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """What follows each ``<``, with its byte and its line; of one beyond any row the beginning."""
    at, line, rest, left_out = -1, 1, b"", 0
    while data := file.read(_STEP):
        *whole, last = data.split(b"<")
        for part in whole:
            piece = rest + part
            yield at, line, piece
            at += len(piece) + left_out + 1
            line += piece.count(b"\n")
            rest, left_out = b"", 0
        rest += last
        if len(rest) > _LONGEST_ROW:
            left_out += len(rest) - _LONGEST_ROW
            rest = rest[:_LONGEST_ROW]
    yield at, line, rest


def row_at(file: BinaryIO, at: int, parser: etree.XMLParser) -> tuple[Row, bytes]:
    """The row that begins at a byte, as `rows_of` has told, and its bytes."""
    file.seek(at + 1)
    data, step = b"", _FIRST_STEP
    while b"<" not in data and len(data) < _LONGEST_ROW and (more := file.read(step)):
        data += more
        step = _STEP
    piece = data.partition(b"<")[0]
    return Row(_fields(piece, parser), 0, at), piece


def _fields(piece: bytes, parser: etree.XMLParser) -> Mapping[str, str]:
    """A row's attributes.

    Raises:
        SourceError: the row is broken.
    """
    if len(piece) >= _LONGEST_ROW:
        raise SourceError(f"a row of more than {_LONGEST_ROW >> 20} MB")
    text = piece.rstrip()
    if text.endswith(b">") and not text.endswith(b"/>"):
        text = text[:-1] + b"/>"  # its end is an element's own
    try:
        return {
            str(name): str(value) for name, value in etree.fromstring(b"<" + text, parser).items()
        }
    except (etree.XMLSyntaxError, ValueError) as error:
        said = str(error).split(", line ")[0]
        raise SourceError(f"the row can't be read: {said}") from error
