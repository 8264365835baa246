"""Tables of Word: merged cells as a reader of one row needs them, and tables that are only layout.

As in HTML: a cell that reaches over rows is said again in each; one over columns is said once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from groundedqa.read.docx_numbering import number
from groundedqa.read.docx_styles import Styles, own_level
from groundedqa.read.ooxml import children, find, full, get, is_on, value
from groundedqa.read.raw import PAGE_BREAK

if TYPE_CHECKING:
    from lxml.etree import _Element

_PROSE = 600  # characters in one cell: no table of data
_WIDEST = 100  # columns that a cell may reach over
_INTO = frozenset(("w:sdt", "w:sdtContent", "w:customXml", "w:ins"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, how many columns it takes, and whether it goes on from the row above."""

    text: str
    wide: int = 1
    continued: bool = False

    @classmethod
    def of(cls, text: str, element: _Element) -> Cell:
        """The cell of that text."""
        merged = find(element, "w:tcPr/w:vMerge")
        wide = number(value(element, "w:tcPr/w:gridSpan"), 1)
        continued = merged is not None and get(merged, "w:val") != "restart"
        return cls(text, max(1, min(wide, _WIDEST)), continued)


def rows_of(table: _Element) -> Iterator[_Element]:
    """The rows that were not deleted."""
    for name, child in children(table):
        if name == "w:tr" and find(child, "w:trPr/w:del") is None:
            yield child
        elif name in _INTO:
            yield from rows_of(child)


def heading_rows(table: _Element) -> int:
    """How many rows from the first Word says again on every page that the table reaches."""
    marked = (is_on(row, "w:trPr/w:tblHeader") for row in rows_of(table))
    return sum(takewhile(bool, marked))


def cells_of(row: _Element) -> Iterator[_Element]:
    """The cells of a row."""
    for name, child in children(row):
        if name == "w:tc":
            yield child
        elif name in _INTO:
            yield from cells_of(child)


def is_layout(rows: Sequence[Sequence[_Element]], styles: Styles) -> bool:
    """Whether a table only lays out a page: one column, prose, headings or tables within."""
    if all(len(row) < 2 for row in rows):
        return True
    for row in rows:
        for cell in row:
            if cell.find(f".//{full('w:tbl')}") is not None:
                return True
            if sum(len(each.text or "") for each in cell.iter(full("w:t"))) > _PROSE:
                return True
            for properties in cell.iterfind(f"{full('w:p')}/{full('w:pPr')}"):
                style = styles.of(value(properties, "w:pStyle"))
                if style.title or own_level(properties, style):
                    return True
    return False


def table_rows(rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """The rows as ``| a | b |``; empty ones are left out."""
    above: list[str] = []
    for row in rows:
        if len(row) == 1 and row[0].wide > 1 and not row[0].continued:
            above = []
            if row[0].text:
                yield row[0].text  # a title within the table
            continue
        written: list[str] = []
        for cell in row:
            text = cell.text
            if cell.continued and not text and len(written) < len(above):
                text = above[len(written)].replace(PAGE_BREAK, "")
            written.extend([text, *[""] * (cell.wide - 1)])
        above = written
        if any(written):
            yield "| " + " | ".join(written) + " |"
