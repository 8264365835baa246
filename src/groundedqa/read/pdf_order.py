"""Lines of a page in reading order: columns one after the other, rows of tables as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from groundedqa.read.pdf_lines import Line

_DEPTH = 12
_WORDS = 2.5  # the median of words in a line of a text column; a table's cells have fewer
_FILL = 0.5  # the share of a column's width that its lines fill
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


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where the emptiest way down through the region is, if text stands on both its sides."""
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
        if score <= _CROSSING and (best is None or score < best[0] - 0.01):
            best_here = _are_columns(lines, place)
            if best_here:
                best = (score, place)
    return best[1] if best else None


def _are_columns(lines: Sequence[Line], place: float) -> bool:
    """Whether prose stands side by side left and right of a place."""
    left = [line for line in lines if line.right <= place]
    right = [line for line in lines if line.left >= place]
    if min(len(left), len(right)) < 3 or not _side_by_side(left, right):
        return False
    return all(_is_prose(side) for side in (left, right))


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
    for index, row in enumerate(grouped):
        row.sort(key=lambda placed: placed.line.left)
        near = [grouped[i] for i in (index - 1, index + 1) if 0 <= i < len(grouped)]
        if len(row) == 1:
            yield row[0]
        elif any(len(other) > 1 and _aligned(row, other) for other in near):
            cells = tuple(placed.line.text for placed in row)
            yield replace(row[0], line=_whole(row), cells=cells)
        else:
            yield replace(row[0], line=_whole(row))


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
    return replace(
        lines[0], text=text, box=box, words=words, bold=all(line.bold for line in lines)
    )
