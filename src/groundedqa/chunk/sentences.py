"""Where sentences end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from groundedqa.chunk.maths import maths_spans

# The language whose rules serve where a document names none.
_FALLBACK = "en"
_NUMBER = re.compile(r" *\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})[.)] *")
_NUMBER_AT_MOST = 12  # characters


def sentences(text: str, language: str | None = None) -> list[tuple[int, int]]:
    """The sentences of a text as half-open spans without outer white space, in order.

    Every character that is no white space is in one of them. A line break after a list item or a
    row ends a sentence; a full stop within TeX or after a list item's number doesn't.
    """
    maths = maths_spans(text)
    bounds = [0]
    at = 0
    found = sentencex.get_sentence_boundaries(language or _FALLBACK, text)
    for end in sorted({*(each["end_index"] for each in found), *_row_ends(text)}):
        while at < len(maths) and maths[at][1] <= end:
            at += 1
        inside = at < len(maths) and maths[at][0] < end < maths[at][1]
        if not inside and not _is_number(text, end):
            bounds.append(end)
    bounds.append(len(text))
    spans = (trimmed(text, start, end) for start, end in pairwise(bounds))
    return [span for span in spans if span[0] < span[1]]


def _row_ends(text: str) -> Iterator[int]:
    """Where a row's line ends, and where the line before a row does.

    A row stands between bars, or next to a line that has its cells between bars too: alone, a bar
    within a line may be anything.
    """
    end = -1
    above = ""
    for line in text.split("\n"):
        either = line.strip(), above.strip()
        framed = any(len(row) > 1 and row[0] == row[-1] == "|" for row in either)
        if end >= 0 and (framed or all(" | " in row for row in either)):
            yield end
        end += len(line) + 1
        above = line


def _is_number(text: str, end: int) -> bool:
    """Whether nothing but the number of a list's item stands on the line before ``end``."""
    around = max(end - _NUMBER_AT_MOST, 0)
    line = text.rfind("\n", around, end) + 1
    return (line > 0 or around == 0) and _NUMBER.fullmatch(text, line, end) is not None


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without its outer white space."""
    part = text[start:end]
    start = end - len(part.lstrip())
    return start, start + len(part.strip())
