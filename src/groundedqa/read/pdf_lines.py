"""Words to lines: pieces of a row that stand close enough to be read on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from groundedqa.read.pdf_glyphs import Box, Word

_APART = 0.95  # of the size: a wider gap parts cells and columns
_APART_OUT_OF_ORDER = 0.45  # the same for words that the page does not draw one after the other
_BLANK = 0.12  # of the size: the narrowest gap that is a blank


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a row. ``opening`` is the width of its first word; ``words`` counts them."""

    text: str
    box: Box
    size: float
    bold: bool
    opening: float
    words: int

    @property
    def left(self) -> float:
        """The left edge, in points."""
        return self.box[0]

    @property
    def right(self) -> float:
        """The right edge, in points."""
        return self.box[2]

    @property
    def middle(self) -> float:
        """The height at which it stands."""
        return (self.box[1] + self.box[3]) / 2


def lines_of(words: Sequence[Word]) -> list[Line]:
    """The lines of a page, from the top, and from the left in a row."""
    runs: list[list[Word]] = []
    for word in words:
        if runs and _follows(runs[-1][-1], word, _APART):
            runs[-1].append(word)
        else:
            runs.append([word])
    lines = [line for row in _rows(runs) for line in _joined(row)]
    return sorted(lines, key=lambda line: (-line.middle, line.left))


def _follows(before: Word, word: Word, apart: float) -> bool:
    size = max(before.size, word.size)
    gap = word.box[0] - before.box[2]
    if _is_leftward(before) and _is_leftward(word):
        gap = before.box[0] - word.box[2]
    return _same_row(before.box, word.box) and -size < gap <= size * apart


def _same_row(one: Box, other: Box) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > 0.5 * min(one[3] - one[1], other[3] - other[1])


def _around(run: Sequence[Word]) -> Box:
    return (
        *(min(w.box[0] for w in run), min(w.box[1] for w in run)),
        *(max(w.box[2] for w in run), max(w.box[3] for w in run)),
    )


def _rows(runs: Sequence[list[Word]]) -> Iterator[list[list[Word]]]:
    """Runs by rows. A row's height is its first run's, so that tall signs don't chain rows."""
    row: list[list[Word]] = []
    height: Box = (0, 0, 0, 0)
    placed = sorted(((_around(run), run) for run in runs), key=lambda p: -(p[0][1] + p[0][3]))
    for box, run in placed:
        if row and _same_row(height, box):
            row.append(run)
            continue
        if row:
            yield row
        row, height = [run], box
    if row:
        yield row


def _joined(row: list[list[Word]]) -> Iterator[Line]:
    """The runs of a row that stand together, as one line each."""
    leftward = sum(_is_leftward(word) for run in row for word in run) * 2 > sum(map(len, row))
    row.sort(key=lambda run: -_around(run)[2] if leftward else _around(run)[0])
    kept: list[Word] = []
    for run in row:
        if kept and not _follows(kept[-1], run[0], _APART_OUT_OF_ORDER):
            yield _line(kept)
            kept = []
        kept.extend(run)
    if kept:
        yield _line(kept)


def _is_leftward(word: Word) -> bool:
    if word.text.isascii():
        return False
    return unicodedata.bidirectional(word.text[:1]) in ("R", "AL")


def _line(words: Sequence[Word]) -> Line:
    text = words[0].text
    for before, word in pairwise(words):
        gap = word.box[0] - before.box[2]
        close = word.glued and abs(gap) < max(before.size, word.size) * _BLANK
        text += word.text if close else f" {word.text}"
    total = sum(len(word.text) for word in words)
    sizes: dict[float, int] = {}
    for word in words:
        sizes[word.size] = sizes.get(word.size, 0) + len(word.text)
    size = max(sizes, key=lambda s: (sizes[s], s))
    bold = sum(len(word.text) for word in words if word.bold) > 0.85 * total
    opening = words[0].box[2] - words[0].box[0]
    return Line(text, _around(words), round(size, 1), bold, opening, len(words))
