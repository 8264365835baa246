"""A document's text as its page shows it: prose, code and tables, with what is marked and paged.

Nothing of the text is lost, but that a table's bars become its cells.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

from groundedqa.chunk import section_path
from groundedqa.types import Document, Section

# Of ``lines`` some are indented: they are kept as they are.
Shape = Literal["prose", "lines", "code", "table"]
Span = tuple[int, int]
Cells = list[list[Span]]  # of each row

# The canonical text has code as lines indented by four spaces, and a row as ``| a | b |``.
_INDENT = "    "
_ROW = re.compile(r"\| .* \|")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is marked or not; ``page`` is the label of the page it begins.

    ``first`` is the first marked one of the document.
    """

    text: str
    marked: bool
    first: bool
    page: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, code or a table, below the headings and the page that begin at it.

    Each has its depth among those that have a heading, 1 for the outermost. What is no table has
    one row of one cell.
    """

    headings: tuple[tuple[int, Section], ...]
    page: str | None
    shape: Shape
    rows: tuple[tuple[tuple[Run, ...], ...], ...]


def blocks_of(document: Document, start: int, end: int) -> Iterator[Block]:
    """The blocks of a document in order, with ``text[start:end]`` marked."""
    cutter = _Cutter(document, start, end)
    begun: set[Section] = set()
    for shape, first, cells in _shapes(document):
        above = section_path(document, first)
        depths = accumulate(bool(section.heading) for section in above)
        new = tuple(each for each in zip(depths, above, strict=True) if each[1] not in begun)
        begun.update(above)
        page = cutter.page_at(first)
        cut = tuple(tuple(tuple(cutter.runs(*cell)) for cell in row) for row in cells)
        yield Block(new, page, shape, cut)


def _shapes(document: Document) -> Iterator[tuple[Shape, int, Cells]]:
    """Where each block begins, and its cells.

    Code goes on over blank lines, but not into another section.
    """
    begins = {section.start for section in document.sections}
    open_code: Span | None = None
    position = 0
    for paragraph in document.text.split("\n\n"):
        first, position = position, position + len(paragraph) + 2
        last = first + len(paragraph)
        code = paragraph.startswith(_INDENT)
        if open_code and code and first not in begins:
            open_code = (open_code[0], last)
            continue
        if open_code:
            yield "code", open_code[0], [[open_code]]
        open_code = (first, last) if code else None
        if not code:
            cells = _cells(document.text, first, last)
            flat: Shape = "lines" if _INDENT in paragraph else "prose"
            yield ("table", first, cells) if cells else (flat, first, [[(first, last)]])
    if open_code:
        yield "code", open_code[0], [[open_code]]


def _cells(text: str, start: int, end: int) -> Cells:
    """The cells of each row; none where it is no table, or its rows differ in what they have."""
    rows = []
    for line in re.finditer(r".+", text[start:end]):
        if not _ROW.fullmatch(line[0]):
            return []
        cells = []
        place = start + line.start() + 2
        for cell in line[0][2:-2].split(" | "):
            cells.append((place, place + len(cell)))
            place += len(cell) + 3
        rows.append(cells)
    return rows if len({len(row) for row in rows}) == 1 else []


class _Cutter:
    """Cuts spans in their order where the mark and pages begin and end."""

    def __init__(self, document: Document, start: int, end: int) -> None:
        self._text = document.text
        self._mark = (start, end)
        self._marked = False
        pages = [page for page in document.pages if page.start < page.end]
        self._begins = [page.start for page in pages]
        self._labels = [page.label for page in pages]
        self._told = 0

    def page_at(self, place: int) -> str | None:
        """The label of the page that has begun here, or since what was shown last."""
        begun = bisect_right(self._begins, place)
        label = self._labels[begun - 1] if begun > self._told else None
        self._told = begun
        return label

    def runs(self, first: int, last: int) -> Iterator[Run]:
        inner = self._begins[bisect_left(self._begins, first) : bisect_left(self._begins, last)]
        cuts = sorted({first, last, *(at for at in (*inner, *self._mark) if first < at < last)})
        for start, end in pairwise(cuts):
            marked = self._mark[0] <= start < end <= self._mark[1]
            yield Run(
                self._text[start:end], marked, marked and not self._marked, self.page_at(start)
            )
            self._marked = self._marked or marked
