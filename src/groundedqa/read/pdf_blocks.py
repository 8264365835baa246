"""Lines in reading order to blocks: paragraphs on one line each, list items, tables, headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from groundedqa.read.pdf_glyphs import HYPHEN
from groundedqa.read.pdf_lines import Line
from groundedqa.read.pdf_order import Placed
from groundedqa.read.raw import PAGE_BREAK

_BULLET = re.compile(r"([•◦▪●○■□‣∙·➢➤✓✔❖\uf0b7\uf0a7]|[-–*—](?= )|o(?= [A-Z]))\s*")
_NUMBER = re.compile(r"(?:\(?(?:\d{1,3}|[a-z]|[ivx]{2,5})[.)]|\[\d{1,3}\]|\.\d{1,2})\s+\S")
_ENDED = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*(?:\d{1,2})?$")
_LEADING = 1.35  # of the usual distance between lines: a wider one parts paragraphs
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")


@dataclass(slots=True)
class Block:
    """Lines that are read in one go. ``page`` counts from 0; ``text`` has the page breaks."""

    lines: list[Placed]
    page: int
    ends: list[int] = field(default_factory=list)  # after so many lines, the next page begins
    text: str = ""

    @property
    def first(self) -> Line:
        """The line that it opens with."""
        return self.lines[0].line

    @property
    def is_table(self) -> bool:
        """Whether it is a table's rows."""
        return bool(self.lines[0].cells)

    @property
    def is_item(self) -> bool:
        """Whether it opens with a list's marker."""
        return bool(_BULLET.match(self.first.text) or _NUMBER.match(self.first.text))


def blocks_of(pages: Sequence[Sequence[Placed]]) -> list[Block]:
    """The blocks of a document, with their text; a paragraph may run over a page's end."""
    leading = _usual_leading(pages)
    blocks: list[Block] = []
    for number, placed in enumerate(pages):
        for each in placed:
            if blocks and _goes_on(blocks[-1], each, number, leading):
                block = blocks[-1]
                missing = number - block.page - len(block.ends)
                block.ends.extend([len(block.lines)] * missing)
                block.lines.append(each)
            else:
                blocks.append(Block([each], number))
    words = _vocabulary(pages)
    for block in blocks:
        block.text = _table(block) if block.is_table else _paragraph(block, words)
    return [block for block in blocks if block.text.strip()]


def _usual_leading(pages: Sequence[Sequence[Placed]]) -> float:
    """The distance between lines, as a multiple of the size, that is most usual."""
    found: Counter[float] = Counter()
    for placed in pages:
        for one, other in pairwise(placed):
            if one.column == other.column and one.line.size == other.line.size > 0:
                ratio = (one.line.middle - other.line.middle) / one.line.size
                if 0.8 < ratio < 2.6:
                    found[round(ratio, 1)] += 1
    usual = max(found, key=lambda ratio: (found[ratio], -ratio), default=1.2)
    return usual if found[usual] >= 5 else min(usual, 1.3)


def _goes_on(block: Block, after: Placed, page: int, leading: float) -> bool:
    """Whether a line belongs to the paragraph, or the table, that stands before it."""
    before = block.lines[-1]
    here = block.page + len(block.ends)
    if bool(before.cells) != bool(after.cells):
        return False
    if here == page and before.column == after.column:
        return _goes_down(block, after, leading)
    if after.cells or page - here > 1 or not _like(before.line, after.line):
        return False
    if block.first.bold or _opens_item(after.line.text):
        return False
    if before.line.text.endswith((HYPHEN, "-")) or after.line.text[:1].islower():
        return True
    full = before.right - before.line.right < after.line.opening + before.line.size
    return full and not _ENDED.search(before.line.text)


def _goes_down(block: Block, after: Placed, leading: float) -> bool:
    before = block.lines[-1]
    distance = before.line.middle - after.line.middle
    size = max(before.line.size, after.line.size, 1.0)
    if after.cells:
        return 0 <= distance < size * 4
    if min(before.line.right, after.line.right) <= max(before.line.left, after.line.left):
        return False
    if not _like(before.line, after.line) or not 0 <= distance <= size * _limit(block, leading):
        return False
    return not _opens_item(after.line.text) and not _ends_short(block, after)


def _limit(block: Block, leading: float) -> float:
    """How far apart, in sizes, the next line may stand: a block has its own leading."""
    lines = [placed.line for placed in block.lines[-4:]]
    own = [(a.middle - b.middle) / a.size for a, b in pairwise(lines)]
    own = [ratio for ratio in own if 0.8 < ratio < 2.6]
    return min(median(own), 2.2) * 1.25 if own else max(leading * _LEADING, 1.5)


def _like(one: Line, other: Line) -> bool:
    """Whether two lines are set alike enough for one paragraph."""
    return abs(one.size - other.size) <= 0.12 * max(one.size, other.size) and (
        one.bold == other.bold or min(one.words, other.words) < 3
    )


def _opens_item(text: str) -> bool:
    return bool(_BULLET.match(text) or _NUMBER.match(text))


def _ends_short(block: Block, after: Placed) -> bool:
    """Whether the line before ends its paragraph: it is short, or the next one is indented."""
    before, size = block.lines[-1], block.lines[-1].line.size
    one, other = before.line, after.line
    if one.text.endswith(HYPHEN):
        return False
    centred = abs(one.left + one.right - other.left - other.right) < size * 1.2
    if centred and abs(one.left - other.left) > size:
        return False
    right = max(before.right if len(block.lines) < 2 else 0.0, *(p.line.right for p in block.lines))
    room = min(right, before.right) - one.right
    if room > other.opening + size * 0.8:
        return not (other.text[:1].islower() and not _ENDED.search(one.text))
    indented = other.left - one.left
    if block.is_item and len(block.lines) == 1:
        return indented < -size
    usual = min(placed.line.left for placed in block.lines)
    deeper = other.left - usual
    if 0.8 * size < deeper < 5 * size and bool(_ENDED.search(one.text)):
        return True
    return block.is_item and one.left - other.left > 0.6 * size


def _vocabulary(pages: Sequence[Sequence[Placed]]) -> Counter[str]:
    """The words of the document, those with hyphens too, but not those that a line's end cuts."""
    words: Counter[str] = Counter()
    for placed in pages:
        for each in placed:
            words.update(_WORD.findall(each.line.text.casefold()))
    return words


def _paragraph(block: Block, words: Counter[str]) -> str:
    text = ""
    for index, placed in enumerate(block.lines):
        breaks = PAGE_BREAK * block.ends.count(index)
        text = _attach(text, breaks, placed.line.text, words) if index else placed.line.text
    text = text.replace(HYPHEN, "-")
    if _NUMBER.match(text):
        return text
    return _BULLET.sub("- ", text, count=1) if _BULLET.match(text) else text


def _attach(text: str, breaks: str, line: str, words: Counter[str]) -> str:
    """The text with a line more; a word that was cut at the line's end is made whole."""
    if not text.endswith(("-", "‐", HYPHEN)) or text[-2:-1].isspace() or len(text) < 2:
        return f"{text} {breaks}{line}"
    start = re.search(r"[\w'’‐-]*$", text[:-1])
    rest = re.match(r"[^\W\d_]+", line)
    head = start[0].casefold() if start else ""
    if not rest or not line[:1].islower() or not head[-1:].isalpha():
        return f"{text[:-1]}-{breaks}{line}"
    tail = rest[0].casefold()
    whole, parted = words[head + tail], words[f"{head}-{tail}"]
    keeps = "-" in head or parted > whole or (not whole and words[head] > 1 and words[tail] > 1)
    return f"{text[:-1]}{'-' if keeps else ''}{breaks}{line}"


def _table(block: Block) -> str:
    rows = []
    for index, placed in enumerate(block.lines):
        cells = (cell.replace(HYPHEN, "-").replace("|", "/") for cell in placed.cells)
        rows.append(PAGE_BREAK * block.ends.count(index) + f"| {' | '.join(cells)} |")
    return "\n".join(rows)
