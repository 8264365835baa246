"""A page as lines: what an editor wrapped is one line again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_LIST_ITEM = re.compile(r"\s*(?:[-*•–‣▪]|\(?\w{1,3}[.)])\s")
_ENDS_SENTENCE = re.compile(r"[.!?…:;。！？؟।][)\]}\"”’'»]*$")
_HEADING_WITH_BAR = re.compile(r"(?i)\b(?:answers?|add yours)\b")
_NARROWEST = 50  # characters; shorter lines are verse, lists or headings, not wrapped prose
_WIDEST = 140
_SLACK = 6  # characters that the widths of wrapped lines may differ by, beyond the next word


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; ``opens`` says that a blank line, or nothing, stands above it."""

    text: str
    opens: bool


def page_lines(text: str, stands_alone: Callable[[str], bool]) -> list[Line]:
    """The lines that are not blank, with wrapped paragraphs put together.

    ``stands_alone`` knows the lines that continue nothing, such as a byline or a button.
    """
    lines = _split(text)
    width = _wrapped_at(lines)
    if not width:
        return lines
    joined: list[list[str]] = []
    opens: list[bool] = []
    previous = ""
    for line in lines:
        if not line.opens and _continues(previous, line.text, width, stands_alone):
            joined[-1].append(line.text)
        else:
            joined.append([line.text])
            opens.append(line.opens)
        previous = line.text
    return [Line(" ".join(parts), o) for parts, o in zip(joined, opens, strict=True)]


def is_list_item(line: str) -> bool:
    """Whether a bullet or a number opens the line."""
    return _LIST_ITEM.match(line) is not None


def ends_sentence(line: str) -> bool:
    """Whether the line is closed by a full stop or the like, quotation marks aside."""
    return _ENDS_SENTENCE.search(line[-12:]) is not None


def in_table(lines: Sequence[Line], at: int) -> bool:
    """Whether lines beside it have bars too: rows of a table."""
    if "|" not in lines[at].text:
        return False
    bars = lines[at].text.strip().count("|")
    above = at > 0 and not lines[at].opens and lines[at - 1].text.strip("| ").count("|") == bars
    below = at + 1 < len(lines) and not lines[at + 1].opens
    below = below and lines[at + 1].text.strip("| ").count("|") == bars
    return below or (above and not _HEADING_WITH_BAR.search(lines[at - 1].text))


def stands_between(lines: Sequence[Line], at: int) -> bool:
    """Whether the line parts two runs of prose: a sentence closed above, prose below."""
    if at == 0 or at + 1 >= len(lines) or not lines[at].opens:
        return False
    above, below = lines[at - 1].text, lines[at + 1].text
    return above.rstrip("\"”’')").endswith((".", "!", "?")) and len(below.split()) >= 6


def _split(text: str) -> list[Line]:
    lines = []
    opens = True
    for line in text.split("\n"):
        if line.strip():
            lines.append(Line(line.rstrip(), opens))
        opens = not line.strip()
    return lines


def _wrapped_at(lines: Sequence[Line]) -> int:
    """The width an editor wrapped the page at, or 0. A sentence broken over two lines shows it."""
    if any(len(line.text) > _WIDEST for line in lines):
        return 0
    return max(
        (
            len(above.text)
            for above, below in pairwise(lines)
            if not below.opens and _breaks_off(above.text, below.text)
        ),
        default=0,
    )


def _breaks_off(above: str, below: str) -> bool:
    return len(above) >= _NARROWEST and not ends_sentence(above) and below[:1].islower()


def _continues(above: str, below: str, width: int, stands_alone: Callable[[str], bool]) -> bool:
    """Whether ``below`` could not have begun on the line above, and reads on from it."""
    if above.startswith("    ") or below.startswith("    ") or is_list_item(below):
        return False
    if not _NARROWEST <= len(above) <= width + _SLACK:
        return False
    if _breaks_off(above, below):
        return True
    full = len(above) + 1 + len(below.split(" ", 1)[0]) > width - _SLACK
    return full and not (ends_sentence(above) and stands_alone(below))
