"""Running heads, feet and page numbers: what repeats at the edges of pages, taken away."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from groundedqa.read.pdf_glyphs import Box
from groundedqa.read.pdf_lines import Line

_ZONE = 0.14  # of the page's height, from above and below
_ROWS = 3  # so many rows from an edge may be a running head
_FEWEST = 3  # pages on which it must stand
_NUMBER = re.compile(
    r"[-–—|\[(\s]*(?:page|p\.|seite|página|стр\.)?\s*(\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|von|de|из)\s*\d{1,4})?[-–—|\])\s.]*",
    re.IGNORECASE,
)
_NAMED = re.compile(r"page\s+\d+(\s+of\s+\d+)?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")

_Key = tuple[str, int, float]


def without_edges(pages: Sequence[tuple[Sequence[Line], Box]]) -> list[list[Line]]:
    """The lines of each page without what stands at the same edge of other pages too.

    Numbers may differ from page to page, and left pages from right ones.
    """
    counts: Counter[_Key] = Counter()
    edges = [list(_edge(lines, box)) for lines, box in pages]
    for edge in edges:
        counts.update({key for _, key in edge})
    alike = len({"\n".join(line.text for line in lines) for lines, _ in pages}) < len(pages)
    fewest = 2 if len(pages) == 2 and not alike else _FEWEST
    numbers = _numbers(edges)
    cleared = []
    for index, (lines, _) in enumerate(pages):
        gone = {
            id(line)
            for line, key in edges[index]
            if _count(counts, key) >= fewest or (index, id(line)) in numbers
        }
        cleared.append([line for line in lines if id(line) not in gone])
    return cleared


def _edge(lines: Sequence[Line], box: Box) -> Iterator[tuple[Line, _Key]]:
    """The lines of the outermost rows, each with what it has in common with other pages'."""
    height = (box[3] - box[1]) * _ZONE
    rows = sorted({round(line.middle) for line in lines})
    outer = {*rows[:_ROWS], *rows[-_ROWS:]}
    for line in lines:
        if round(line.middle) not in outer:
            continue
        if line.middle > box[3] - height or line.middle < box[1] + height:
            text = _DIGITS.sub("#", line.text.casefold()).replace(" ", "")
            yield line, (text, round(line.middle / 3), line.size)


def _count(counts: Counter[_Key], key: _Key) -> int:
    text, height, size = key
    return max(counts[key], *(counts[key] + counts[text, height + d, size] for d in (-1, 1)))


def _numbers(edges: Sequence[Sequence[tuple[Line, _Key]]]) -> set[tuple[int, int]]:
    """Page numbers: alone in their piece of the row, and counted on from page to page."""
    found: dict[int | str, list[tuple[int, int]]] = defaultdict(list)
    for index, edge in enumerate(edges):
        for line, _ in edge:
            number = _NUMBER.fullmatch(line.text)
            if not number:
                continue
            value = number[1]
            ahead: int | str = int(value) - index if value.isdigit() else "roman"
            found[ahead].append((index, id(line)))
            if _NAMED.fullmatch(line.text) or (ahead == 1 and len(edges) == 1 and _is_foot(edge)):
                found["named"].append((index, id(line)))
    counted = (places for ahead, places in found.items() if len(places) > 1 or ahead == "named")
    return {place for places in counted for place in places}


def _is_foot(edge: Sequence[tuple[Line, _Key]]) -> bool:
    return bool(edge) and bool(_NUMBER.fullmatch(min(edge, key=lambda e: e[0].middle)[0].text))
