"""CSV and TSV: a row a document, its columns known by their names or by ``site.toml``."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from groundedqa.read.decode import decode
from groundedqa.read.profile import SiteProfile
from groundedqa.read.profile_tables import Tables
from groundedqa.read.raw import Broken, RawDocument, Reader, Source
from groundedqa.read.sheet_columns import columns_of, is_enough
from groundedqa.read.sheet_rows import Row, Table, documents_of
from groundedqa.read.warned import warned

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_CELL = 1 << 30  # what bounds it is the reader's memory
_LONGEST_NAME = 100
_LOOKED_AT = 1000  # records from which content is told
_CUT = 60_000  # bytes of a head that surely does not hold the whole file


def recognises(head: bytes) -> bool:
    """Whether it is a table of such columns as are known by name, or with cells of many lines.

    Only the latter could be taken for another format: by a line within a cell.
    """
    text = head.decode("utf-8", "ignore").removeprefix("\ufeff").replace("\r\n", "\n")
    delimiter = _delimiter(text, Tables())
    lines = _Lines(text)
    names = lines.record(delimiter)
    while names is not None and not names.cells and not names.fault:
        names = lines.record(delimiter)
    if names is None or delimiter == "|" or not _are_names(names.cells):
        return False
    rows = 0
    of_many_lines = False
    while (row := lines.record(delimiter)) is not None and rows < _LOOKED_AT:
        if row.fault or len(row.cells) not in (0, len(names.cells)):
            if rows and lines.at_end and len(head) > _CUT:  # the last one is cut off
                break
            return False
        rows += bool(row.cells)
        of_many_lines = of_many_lines or any("\n" in cell for cell in row.cells)
    known = columns_of(names.cells, Tables())
    return rows > 0 and (of_many_lines or (is_enough(known) and len(known) > 1))


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The documents in the order of their rows; a row that can't be read costs itself alone.

    Raises:
        SourceError: no column is known to hold text, or there are no rows.
    """
    text, warnings = decode(source)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    tabs = Path(source.name).suffix.lower() in (".tsv", ".tab")
    delimiter = "\t" if tabs else _delimiter(text, profile.tables)
    table = Table(source.name, _rows(text, delimiter), profile.tables, even=True)
    yield from warned(documents_of(table), warnings)


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    lines = _Lines(text)
    while (row := lines.record(delimiter)) is not None:
        if row.cells or row.fault:
            yield row


class _Lines:
    """The lines of a text, from which records are taken one by one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self.at_end = False  # whether the last record reached it
        csv.field_size_limit(_LONGEST_CELL)

    def record(self, delimiter: str) -> Row | None:
        """The next record; None at the end. After a broken one it goes on with the next line."""
        start, number = self._at, self._line
        if start >= len(self._text):
            return None
        place = f"line {number}"
        try:
            cells = next(csv.reader(self, delimiter=delimiter, strict=True))
            self.at_end = self._at >= len(self._text)
            return Row(place, tuple(cells))
        except csv.Error:
            self.at_end = self._at >= len(self._text)
            self._at, self._line = start, number
            line = next(self).rstrip("\n")
        if (
            delimiter == "\t" and "\t" in line
        ):  # most who write such files know of no quotation marks
            return Row(place, tuple(line.split("\t")))
        return Row(place, (), "a quotation mark is not closed, or stands within a cell undoubled")

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._at >= len(self._text):
            raise StopIteration
        end = self._text.find("\n", self._at) + 1 or len(self._text)
        line = self._text[self._at : end]
        self._at, self._line = end, self._line + 1
        return line


def _delimiter(text: str, own: Tables) -> str:
    """What parts the names of the columns so that most of them are known, or else most parts."""

    def worth(delimiter: str) -> tuple[int, int]:
        record = _Lines(text).record(delimiter)
        names: Sequence[str] = record.cells if record else ()
        return len(columns_of(names, own)), len(names)

    return max(_DELIMITERS, key=worth)


def _are_names(cells: Sequence[str]) -> bool:
    return 1 < len(cells) == len({*cells}) and all(
        cell.strip() and len(cell) <= _LONGEST_NAME and "\n" not in cell for cell in cells
    )


READER = Reader("csv", (".csv", ".tsv", ".tab"), recognises, read)
