"""What on a page is not content: offers, buttons, counts, the way on to other pages.

A line is judged by itself first. What is chrome for certain goes; what could be a button or a
step in a list is decided by the lines around it, for losing an answer's words is the worse fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache

from groundedqa.read import patterns
from groundedqa.read.lines import Line, ends_sentence, is_list_item
from groundedqa.read.profile import SiteProfile

_IMPERATIVE = re.compile(rf"(?i)\W{{0,6}}{patterns.IMPERATIVE}\b(?!['’:])")
_OFFER = re.compile(rf"(?i)\b(?:{patterns.OFFER})")
_ADDRESS = re.compile(rf"(?i){patterns.ADDRESS}")
_WORD = re.compile(r"[a-z]+")
_BUTTONS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns.BUTTONS)
_AFTERWARDS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns.AFTERWARDS)
_DANGLING = re.compile(patterns.DANGLING, re.IGNORECASE)
_FORMULA = re.compile(r"[=<>≤≥≈→⇒∝^\\√∫∑]|\d\s*[-+*/×÷·]\s*\d")
_QUOTES = "\"“‘'«„"
_LONGEST = 300  # characters; a longer line is a paragraph


class Sort(Enum):
    """How a line looks by itself."""

    CONTENT = "prose, a formula, an item"
    SHORT = "a few words without a full stop: a heading, an item, or a button unknown to us"
    SITE = "a sentence that could be the site's own"
    NUMBER = "a bare number: a count of votes, or an answer"
    BUTTON = "a button, or a step in a list"
    CHROME = "never content"


@lru_cache(maxsize=65_536)
def sort_of(text: str, profile: SiteProfile) -> Sort:
    """Judge a line by itself."""
    line = text.strip()
    if len(line) > _LONGEST:
        return Sort.CONTENT
    if any(pattern.fullmatch(line) for pattern in profile.chrome_patterns):
        return Sort.CHROME
    if not profile.defaults or line[0] in _QUOTES or is_list_item(text) or text.startswith("    "):
        return Sort.CONTENT
    if re.fullmatch(r"\W{0,2}\d{1,5}\W{0,2}", line):
        return Sort.NUMBER
    if _is_offer(line):
        return Sort.CHROME
    if any(pattern.fullmatch(line) for pattern in _BUTTONS):
        return Sort.BUTTON
    return _sort_of_words(line)


def is_chrome(text: str, profile: SiteProfile) -> bool:
    """Whether a line is chrome for certain."""
    return sort_of(text, profile) is Sort.CHROME


def leads_away(text: str) -> bool:
    """Whether a line heads a list of other questions, or the like."""
    return len(text) <= 120 and any(p.fullmatch(text.strip()) for p in _AFTERWARDS)


def without_chrome(lines: Sequence[Line], profile: SiteProfile) -> list[Line]:
    """An answer's own lines."""
    sorts = [sort_of(line.text, profile) for line in lines]
    if profile.defaults:
        lines, sorts = _without_tail(lines, sorts)
    out = {i for i, sort in enumerate(sorts) if sort is Sort.CHROME}
    out.update(_details_under_byline(lines, sorts))
    out.update(_buttons(lines, sorts))
    return _kept(lines, out)


def _is_offer(line: str) -> bool:
    """Whether a line tempts the reader to sign up, pay or ask."""
    words = len(line.split())
    told = _IMPERATIVE.match(line) is not None
    addressed = _ADDRESS.search(line) is not None
    if words > 45 or not (told or addressed):
        return False
    offers = {found[0].lower() for found in _OFFER.finditer(line)}
    if not offers:
        return False
    sentence = line.endswith((".", ".”", ";", ":"))
    if told and (addressed or len(offers) > 1 or words <= 10):
        return True
    return addressed and (len(offers) > 1 or (words <= 12 and not sentence))


def _sort_of_words(line: str) -> Sort:
    words = len(line.split())
    site_words = patterns.SITE_WORDS.intersection(_WORD.findall(line.lower()))
    spoken = _ADDRESS.search(line) or _IMPERATIVE.match(line)
    if words <= 70 and len(site_words) >= (2 if spoken or words <= 12 else 4):
        return Sort.SITE
    if words <= 6 and not ends_sentence(line) and not _FORMULA.search(line):
        return Sort.SHORT
    return Sort.CONTENT


def _without_tail(lines: Sequence[Line], sorts: Sequence[Sort]) -> tuple[list[Line], list[Sort]]:
    """Cut an answer where chrome begins and nothing follows that is content for certain."""
    ends = [i for i, sort in enumerate(sorts) if sort is Sort.CONTENT and not _dangles(lines[i])]
    start = ends[-1] + 1 if ends else _first_words(sorts)
    cut = next((i for i in range(start, len(lines)) if sorts[i] is Sort.CHROME), len(lines))
    return list(lines[:cut]), list(sorts[:cut])


def _dangles(line: Line) -> bool:
    """Whether a line heads something, such as sources, that does not count without it."""
    return _DANGLING.fullmatch(line.text.strip()) is not None


def _first_words(sorts: Sequence[Sort]) -> int:
    """Where an answer of a few words ends: below the first line that is not chrome."""
    return next((i + 1 for i, sort in enumerate(sorts) if sort is not Sort.CHROME), len(sorts))


def _details_under_byline(lines: Sequence[Line], sorts: Sequence[Sort]) -> Iterator[int]:
    """A rank or a place that stands in one block with a byline and the counts below it."""
    block = next((i for i, line in enumerate(lines) if line.opens), len(lines))
    last = max((i for i in range(block) if sorts[i] is Sort.CHROME), default=0)
    if block < len(lines) and all(sorts[i] is not Sort.CONTENT for i in range(last)):
        yield from range(last)


def _buttons(lines: Sequence[Line], sorts: Sequence[Sort]) -> Iterator[int]:
    """What may be a button and is one: not in a list, not below a colon, not all there is."""
    in_list = {*_beside_items(lines, sorts, 1), *_beside_items(lines, sorts, -1)}
    introduced = False
    for at, sort in enumerate(sorts):
        if sort is Sort.NUMBER and _is_count(lines, sorts, at):
            yield at
        elif sort is Sort.BUTTON and at > 0 and at not in in_list and not introduced:
            yield at
        elif sort is not Sort.BUTTON:
            above = lines[at]
            introduced = sort is not Sort.CHROME and above.text.endswith(":") and not _dangles(above)


def _beside_items(lines: Sequence[Line], sorts: Sequence[Sort], step: int) -> Iterator[int]:
    """Lines next to a short one that is content, over other buttons, within one block."""
    nearest = None
    order = range(len(lines)) if step > 0 else range(len(lines) - 1, -1, -1)
    for at in order:
        if lines[at].opens and step > 0:
            nearest = None
        if nearest is Sort.SHORT:
            yield at
        if sorts[at] not in (Sort.BUTTON, Sort.NUMBER):
            nearest = sorts[at]
        if lines[at].opens and step < 0:
            nearest = None


def _is_count(lines: Sequence[Line], sorts: Sequence[Sort], at: int) -> bool:
    if at == 0:
        if lines[0].opens:
            return False
        number = lines[0].text.strip()
        below = [line.text for line, sort in zip(lines, sorts, strict=True) if sort is Sort.CONTENT]
        return bool(below) and not any(number in text for text in below)
    both = (Sort.CHROME, Sort.BUTTON)
    return sorts[at - 1] in both and (at + 1 == len(sorts) or sorts[at + 1] in both)


def _kept(lines: Sequence[Line], out: set[int]) -> list[Line]:
    """What is left; a blank line above something dropped stands above what follows it."""
    kept: list[Line] = []
    opens = False
    for i, line in enumerate(lines):
        opens = opens or line.opens
        if i not in out:
            kept.append(Line(line.text, opens))
            opens = False
    while len(kept) > 1 and _dangles(kept[-1]):
        kept.pop()
    return kept
