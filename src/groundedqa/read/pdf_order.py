"""Lines of a page in reading order: columns one after the other, rows of tables as rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from groundedqa.read.pdf_lines import Line

_MARKER = re.compile(
    r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})?(?:\.\d{1,3}){0,4}[.)\]]?|[•◦▪●○■□‣∙·*–-]"
)
_DEPTH = 12
_NEAR = 2  # rows of a table may be parted by so many others
_WORDS = 2.5  # the median of words in a line of a text column; a table's cells have fewer
_FILL = 0.5  # the share of a column's width that its lines fill
_WITHIN = 2  # newspapers have four columns
_CROSSING = 0.4  # the share of a region's lines that may run across a gutter


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with the edges of its column; ``cells`` are those of a row of a table."""

    line: Line
    left: float
    right: float
    column: int
    cells: tuple[str, ...] = ()


def in_order(lines: Sequence[Line]) -> list[Placed]:
    """The lines as a person reads them, each with its column."""
    placed: list[Placed] = []
    for column, part in enumerate(_columns(list(lines), 0)):
        left = min(line.left for line in part)
        right = max(line.right for line in part)
        rows = [Placed(line, left, right, column) for line in part]
        placed.extend(_tables(rows))
    return placed


def _columns(lines: list[Line], depth: int) -> Iterator[list[Line]]:
    """Parts of a region, each of one column, in reading order."""
    if not lines:
        return
    gutter = _gutter(lines) if depth < _DEPTH else None
    if gutter is None:
        yield sorted(lines, key=lambda line: (-line.middle, line.left))
        return
    left: list[Line] = []
    right: list[Line] = []
    across: list[Line] = []
    for line in sorted(lines, key=lambda line: (-line.middle, line.left)):
        crosses = line.left < gutter < line.right
        if crosses and (left or right):
            yield from _beside(across, left, right, depth)
            left, right, across = [], [], []
        (across if crosses else left if line.right <= gutter else right).append(line)
    yield from _beside(across, left, right, depth)


def _beside(
    across: list[Line], left: list[Line], right: list[Line], depth: int
) -> Iterator[list[Line]]:
    if across:
        yield across
    if left and right and min(len(left), len(right)) < 2 and len(left) + len(right) < 4:
        yield sorted(left + right, key=lambda line: (-line.middle, line.left))
        return
    yield from _columns(left, depth + 1)
    yield from _columns(right, depth + 1)


def _gutter(lines: Sequence[Line], within: int = _WITHIN) -> float | None:
    """Where the emptiest way down through the region is, if text stands on both its sides.

    ``within`` is how often a side may be columns itself.
    """
    if len(lines) < 6:
        return None
    first, last = min(line.left for line in lines), max(line.right for line in lines)
    starts = sorted({round(line.left, 1) for line in lines})
    best: tuple[float, float] | None = None
    for start in starts:
        if not first + 0.12 * (last - first) < start < last - 0.12 * (last - first):
            continue
        place = start - 1.5
        crossing = sum(line.left < place < line.right for line in lines)
        score = crossing / len(lines)
        better = score <= _CROSSING and (best is None or score < best[0] - 0.01)
        if better and _are_columns(lines, place, within):
            best = (score, place)
    return best[1] if best else None


def _are_columns(lines: Sequence[Line], place: float, within: int) -> bool:
    """Whether prose stands side by side left and right of a place."""
    left = [line for line in lines if line.right <= place]
    right = [line for line in lines if line.left >= place]
    if min(len(left), len(right)) < 3 or not _side_by_side(left, right):
        return False
    return all(
        _is_prose(side) or (within > 0 and _gutter(side, within - 1) is not None)
        for side in (left, right)
    )


def _side_by_side(left: Sequence[Line], right: Sequence[Line]) -> bool:
    top = min(max(line.box[3] for line in side) for side in (left, right))
    bottom = max(min(line.box[1] for line in side) for side in (left, right))
    return all(sum(bottom <= line.middle <= top for line in side) >= 3 for side in (left, right))


def _is_prose(side: Sequence[Line]) -> bool:
    width = max(line.right for line in side) - min(line.left for line in side)
    fill = median(line.right - line.left for line in side)
    return median(line.words for line in side) >= _WORDS and fill >= _FILL * min(width, 320)


def _tables(rows: Sequence[Placed]) -> Iterator[Placed]:
    """Rows of one column: those of tables with their cells, the pieces of the others joined."""
    grouped: list[list[Placed]] = []
    for placed in rows:
        if grouped and _is_beside(grouped[-1][-1].line, placed.line):
            grouped[-1].append(placed)
        else:
            grouped.append([placed])
    for row in grouped:
        row.sort(key=lambda placed: placed.line.left)
    grouped = _wrapped_cells(grouped)
    for index, row in enumerate(grouped):
        near = grouped[max(0, index - _NEAR) : index] + grouped[index + 1 : index + 1 + _NEAR]
        yield from _row(row, any(len(other) > 1 and _aligned(row, other) for other in near))


def _row(row: list[Placed], is_aligned: bool) -> Iterator[Placed]:
    sizes = [placed.line.size for placed in row]
    if len(row) == 1 or (not is_aligned and max(sizes) > 1.15 * min(sizes)):
        yield from row
        return
    is_item = len(row) == 2 and _MARKER.fullmatch(row[0].line.text)
    if not is_item and (is_aligned or _far_apart(row)):
        cells = tuple(placed.line.text for placed in row)
        yield replace(row[0], line=_whole(row), cells=cells)
    else:
        yield replace(row[0], line=_whole(row))


def _far_apart(row: Sequence[Placed]) -> bool:
    """Whether there are three cells or more, each far from the next."""
    gaps = (b.line.left - a.line.right - 1.5 * a.line.size for a, b in pairwise(row))
    return len(row) > 2 and min(gaps) > 0


def _wrapped_cells(grouped: Sequence[list[Placed]]) -> list[list[Placed]]:
    """Rows, with lines that go on below a cell that is not the first put into that cell."""
    kept: list[list[Placed]] = []
    for row in grouped:
        above = kept[-1] if kept else []
        under = [_cell_above(placed, above) for placed in row]
        if len(above) > 1 and len(row) < len(above) and all(under):
            for placed, place in zip(row, under, strict=True):
                above[place] = replace(above[place], line=_whole([above[place], placed]))
        else:
            kept.append(list(row))
    return kept


def _cell_above(placed: Placed, row: Sequence[Placed]) -> int:
    """The cell of a row that a line stands right below; 0 where there is none but the first."""
    line = placed.line
    for index, cell in enumerate(row):
        is_close = 0 < cell.line.box[1] - line.middle < line.size * 1.3
        if index and is_close and abs(cell.line.left - line.left) < line.size * 0.3:
            return index
    return 0


def _is_beside(one: Line, other: Line) -> bool:
    shared = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    return shared > 0.5 * min(one.box[3] - one.box[1], other.box[3] - other.box[1])


def _aligned(row: Sequence[Placed], other: Sequence[Placed]) -> bool:
    """Whether a cell after the first stands under one of the other row's."""
    return any(
        abs(a - b) < one.line.size * 0.8
        for one in row[1:]
        for two in other[1:]
        for a, b in (
            (one.line.left, two.line.left),
            (one.line.right, two.line.right),
            (one.line.left + one.line.right, two.line.left + two.line.right),
        )
    )


def _whole(row: Sequence[Placed]) -> Line:
    lines = [placed.line for placed in row]
    box = (
        *(min(line.box[0] for line in lines), min(line.box[1] for line in lines)),
        *(max(line.box[2] for line in lines), max(line.box[3] for line in lines)),
    )
    text = " ".join(line.text for line in lines)
    words = sum(line.words for line in lines)
    return replace(lines[0], text=text, box=box, words=words, bold=all(line.bold for line in lines))
