"""Tables of HTML as rows that a person can read, and the tables that only lay out a page.

A row is ``| a | b |``. A cell that reaches over rows is said again in each, for a row is read
alone; one that reaches over columns is said once, or in each where it heads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from groundedqa.read.html_names import HEADINGS, local_name
from groundedqa.read.tables import with_headers

_MOST_CELLS = 200_000  # of a table with its spans written out; beyond it they are not
_WIDEST = 1000  # columns that a cell may reach over, as in the standard
_PROSE = 600  # characters in one cell: no table of data
_BLOCKS = frozenset((*HEADINGS, "article", "blockquote", "form", "hr", "p", "pre", "section"))


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    wide: int
    tall: int
    heads: bool


def is_data(table: etree._Element) -> bool:
    """Whether a table holds data; else it lays out a page, and its cells read as prose."""
    if table.get("role") in ("presentation", "none"):
        return False
    cells = 0
    marked = code = False
    blocks = 0
    longest = 0
    for element in table.iter(etree.Element):
        name = local_name(element)
        if name == "table" and element is not table:
            return False
        if name in ("td", "th"):
            cells += 1
            longest = max(longest, _length(element))
        marked = marked or name in ("th", "caption", "thead")
        code = code or name == "pre"
        blocks += name in _BLOCKS
    wide = any(len(row) > 1 for row in rows_of(table))
    if not wide or cells < 2:
        return False
    return marked or (longest <= _PROSE and blocks <= 2 * cells and not code)


def _length(cell: etree._Element) -> int:
    total = 0
    for text in cell.itertext():
        total += len(text.strip())
        if total > _PROSE:
            break
    return total


def rows_of(table: etree._Element) -> Iterator[list[etree._Element]]:
    """The cells of each row, in the order that a page shows: the foot last."""
    foot: list[etree._Element] = []
    for part in table:
        name = local_name(part)
        if name == "tr":
            yield _cells(part)
        elif name == "tfoot":
            foot.append(part)
        elif name in ("thead", "tbody"):
            yield from (_cells(row) for row in part if local_name(row) == "tr")
    for part in foot:
        yield from (_cells(row) for row in part if local_name(row) == "tr")


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row if local_name(cell) in ("td", "th")]


def captions_of(table: etree._Element) -> Iterator[etree._Element]:
    """The table's captions; there should be one."""
    return (part for part in table if local_name(part) == "caption")


def table_lines(table: etree._Element, text_of: Callable[[etree._Element], str]) -> list[str]:
    """The rows with the text of each cell, empty ones left out; a long table has its head again."""
    rows = [[_cell(cell, text_of) for cell in row] for row in rows_of(table)]
    if sum(cell.wide * cell.tall for row in rows for cell in row) > _MOST_CELLS:
        rows = [[_Cell(cell.text, 1, 1, cell.heads) for cell in row] for row in rows]
    lines: list[str] = []
    heads = 0
    below: dict[int, tuple[str, int]] = {}  # column -> what reaches down into it, for how many rows
    for row in rows:
        written = _row(row, below)
        if any(written):
            heads += heads == len(lines) and all(cell.heads for cell in row)
            lines.append("| " + " | ".join(written) + " |")
    return with_headers(lines, heads)


def _cell(element: etree._Element, text_of: Callable[[etree._Element], str]) -> _Cell:
    wide = min(_span(element, "colspan"), _WIDEST)
    return _Cell(text_of(element), wide, _span(element, "rowspan"), local_name(element) == "th")


def _span(element: etree._Element, attribute: str) -> int:
    value = (element.get(attribute) or "1").strip()
    return max(int(value), 1) if value.isascii() and value.isdecimal() and len(value) < 6 else 1


def _row(row: list[_Cell], below: dict[int, tuple[str, int]]) -> list[str]:
    if len(row) == 1 and row[0].wide > 1 and not below:
        return [row[0].text]  # a title within the table
    written: list[str] = []
    for cell in row:
        _from_above(written, below)
        for column in range(cell.wide):
            text = cell.text if column == 0 or cell.heads else ""
            if cell.tall > 1:
                below[len(written)] = (text, cell.tall - 1)
            written.append(text)
    _from_above(written, below)
    return written


def _from_above(written: list[str], below: dict[int, tuple[str, int]]) -> None:
    """Write what reaches down into the next columns."""
    while (column := len(written)) in below:
        text, left = below.pop(column)
        if left > 1:
            below[column] = (text, left - 1)
        written.append(text)
