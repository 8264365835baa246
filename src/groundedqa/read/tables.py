"""The rows of a long table, its header said again wherever a passage may begin."""

from __future__ import annotations

from collections.abc import Sequence

from groundedqa.read.raw import PAGE_BREAK

_WORDS = 70  # of rows below one header: about what a passage holds beside title and headings
_LONGEST_HEADER = 35  # words; said again and again it would be most of the text


def with_headers(rows: Sequence[str], heads: int) -> list[str]:
    """The rows as lines, the first ``heads`` of them again before every further part of the table.

    A blank line parts the parts: a passage is closed there rather than within one.
    """
    header = [row.replace(PAGE_BREAK, "") for row in rows[:heads]]
    if not 0 < heads < len(rows) or sum(map(_words, header)) > _LONGEST_HEADER:
        return list(rows)
    lines = list(rows[:heads])
    below = 0
    for row in rows[heads:]:
        words = _words(row)
        if below and below + words > _WORDS:
            lines += ["", *header]
            below = 0
        lines.append(row)
        below += words
    return lines


def _words(row: str) -> int:
    return sum(word != "|" for word in row.split())
