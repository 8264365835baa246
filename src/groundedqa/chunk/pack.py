"""Which neighbouring pieces make one passage."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence

from groundedqa.chunk.pieces import Piece

_WORDS_TO_CLOSE = 12  # a paragraph this short without a full stop introduces the next
_CLOSED = re.compile(r"[.!?…。！？؟।]['\"”’)\]]*\s*$")


def pack(text: str, pieces: Iterable[Piece], room: int) -> Iterator[tuple[int, int]]:
    """Join neighbouring pieces up to the room; paragraphs stay whole where they fit."""
    for group, total in _paragraph_groups(text, pieces, room):
        # Parts of like length, rather than full ones and a rest.
        share = total / math.ceil(total / room) if total else 1
        held: list[Piece] = []
        tokens = 0
        for piece in group:
            if held and (tokens >= share or tokens + piece.size > room):
                yield held[0].start, held[-1].end
                held, tokens = [], 0
            held.append(piece)
            tokens += piece.size
        yield held[0].start, held[-1].end


def _paragraph_groups(
    text: str, pieces: Iterable[Piece], room: int
) -> Iterator[tuple[list[Piece], int]]:
    """Whole paragraphs together as long as they fit, with their tokens.

    A short opening line goes with what it opens.
    """
    group: list[Piece] = []
    total = 0
    for paragraph in _paragraphs(pieces):
        tokens = sum(piece.size for piece in paragraph)
        if group and total + tokens > room:
            opening = _opening_line(text, group)
            if len(opening) < len(group):
                carried = sum(piece.size for piece in opening)
                yield group[: len(group) - len(opening)], total - carried
                group, total = opening, carried
        group.extend(paragraph)
        total += tokens
    if group:
        yield group, total


def _paragraphs(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    paragraph: list[Piece] = []
    for piece in pieces:
        paragraph.append(piece)
        if piece.ends_paragraph:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _opening_line(text: str, group: Sequence[Piece]) -> list[Piece]:
    """The last paragraph of a group when it only introduces what follows, as a sub-heading does."""
    last = group[-1]
    line = text[last.start : last.end]
    alone = len(group) == 1 or group[-2].ends_paragraph
    short = len(line.split()) <= _WORDS_TO_CLOSE and not _CLOSED.search(line)
    return [last] if alone and short else []
