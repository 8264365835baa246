"""Which blocks of a PDF are headings, and of what level: by its outline, else by how they look."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from groundedqa.read.pdf_blocks import Block

_NUMBERED = re.compile(
    r"(?:chapter |part |appendix |section )?(\d{1,2}(?:\.\d{1,2}){0,4})[.):]?\s", re.I
)
_LEADING_NUMBER = re.compile(r"^(?:[\dA-Z]{1,2}(?:\.\d{1,2})*|[IVX]+)[.):]?\s+")
_LONGEST = 160
_LARGER = 1.12
_ALIKE = 82  # of 100, for a title of the outline and the words on the page
_SENTENCE = re.compile(r"[.!?;,][\"”’)]*$")
_CAPTION = re.compile(r"(?:figure|fig\.|table|listing|algorithm) ?\d", re.I)


@dataclass(frozen=True, slots=True)
class Entry:
    """A title of the outline; ``level`` from 1, ``page`` from 0, ``height`` where it is known."""

    title: str
    level: int
    page: int
    height: float | None


Style = tuple[float, bool]


def headings_of(
    blocks: Sequence[Block], outline: Sequence[Entry]
) -> tuple[dict[int, int], dict[int, list[Entry]]]:
    """The levels of the blocks that are headings, and the entries that stand before a block.

    The latter are titles of the outline that the page does not show.
    """
    looks = _by_look(blocks)
    found, unseen = _by_outline(blocks, outline)
    if len(found) + sum(map(len, unseen.values())) < 2:
        return {**looks, **found}, unseen
    levels = {_style(blocks[index]): level for index, level in reversed(list(found.items()))}
    for index in looks:
        level = levels.get(_style(blocks[index]))
        if index not in found and level is not None and _style(blocks[index]) != body(blocks):
            found[index] = level
    return found, unseen


def body(blocks: Sequence[Block]) -> Style:
    """Size and weight of most of the text."""
    counts: Counter[Style] = Counter()
    for block in blocks:
        counts[_style(block)] += len(block.text)
    return max(counts, key=lambda style: counts[style], default=(0.0, False))


def _style(block: Block) -> Style:
    return round(block.first.size * 2) / 2, all(placed.line.bold for placed in block.lines)


def _by_look(blocks: Sequence[Block]) -> dict[int, int]:
    """Blocks that are larger or bolder than the text, by size, and deeper by their numbers."""
    usual = body(blocks)
    found = [i for i, block in enumerate(blocks) if _looks_so(block, usual)]
    # A heading stands above something: what ends the document is none.
    while found and found[-1] == len(blocks) - 1:
        found.pop()
    if len(found) * 2 > len(blocks) and len(blocks) > 4:
        found = [i for i in found if blocks[i].first.size > usual[0] * 1.3]
    styles = sorted({_style(blocks[i]) for i in found}, reverse=True)
    ranks = {style: rank + 1 for rank, style in enumerate(styles)}
    levels = {i: min(ranks[_style(blocks[i])], 6) for i in found}
    base = min((levels[i] for i in found if _depth(blocks[i]) == 1), default=None)
    for i in found:
        depth = _depth(blocks[i])
        if base is not None and depth:
            levels[i] = min(base + depth - 1, 6)
    return levels


def _depth(block: Block) -> int:
    numbered = _NUMBERED.match(block.text)
    return numbered[1].count(".") + 1 if numbered else 0


def _looks_so(block: Block, usual: Style) -> bool:
    text = block.text
    size, bold = _style(block)
    if block.is_table or len(text) > _LONGEST or len(block.lines) > 3 or block.ends:
        return False
    if not any(c.isalpha() for c in text) or len(text) < 2 or _CAPTION.match(text):
        return False
    if size >= max(usual[0] * _LARGER, usual[0] + 0.9):
        return not (len(text) > 90 and text.endswith("."))
    if size < usual[0] * 0.95 or _SENTENCE.search(text) or not text[0].isalnum():
        return False
    if bold and not usual[1]:
        return len(text) < 120
    letters = [c for c in text if c.isalpha()]
    capitals = len(letters) > 3 and all(c.isupper() for c in letters)
    return bool(_NUMBERED.match(text)) and capitals and len(block.lines) == 1


def _by_outline(
    blocks: Sequence[Block], outline: Sequence[Entry]
) -> tuple[dict[int, int], dict[int, list[Entry]]]:
    found: dict[int, int] = {}
    unseen: dict[int, list[Entry]] = {}
    pages: dict[int, list[int]] = {}
    for index, block in enumerate(blocks):
        pages.setdefault(block.page, []).append(index)
    for entry in outline:
        near = [i for i in pages.get(entry.page, ()) if i not in found]
        fits = [(s, -i) for i in near if (s := _likeness(blocks[i], entry)) >= _ALIKE]
        if fits:
            found[-max(fits)[1]] = entry.level
            continue
        below = [i for i in near if entry.height is None or blocks[i].first.middle <= entry.height]
        after = below or [i for i, block in enumerate(blocks) if block.page > entry.page]
        if after:
            unseen.setdefault(after[0], []).append(entry)
    return found, unseen


def _likeness(block: Block, entry: Entry) -> float:
    if block.is_table or len(block.text) > len(entry.title) * 2 + 24 or len(block.lines) > 5:
        return 0.0
    shown, title = block.text.casefold(), entry.title.casefold()
    bare = (_LEADING_NUMBER.sub("", block.text), _LEADING_NUMBER.sub("", entry.title))
    return max(fuzz.ratio(shown, title), fuzz.ratio(bare[0].casefold(), bare[1].casefold()))
