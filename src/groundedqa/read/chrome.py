"""What on a page is not content: offers, buttons, counts, the way on to other pages.

A line is judged by itself first. What is chrome for certain goes; what could be a button or a
step in a list is decided by the lines around it, for losing an answer's words is the worse fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache

from groundedqa.read import offers, patterns
from groundedqa.read.lines import Line, ends_sentence, is_list_item
from groundedqa.read.profile import SiteProfile

_IMPERATIVE = re.compile(rf"\W{{0,6}}{offers.IMPERATIVE}\b(?!['’:])")
_CERTAIN_OFFER = re.compile(rf"\b(?:{'|'.join(offers.CERTAIN_OFFERS)})")
_LIKELY_OFFER = re.compile(rf"\b(?:{'|'.join(offers.LIKELY_OFFERS)})")
_ADDRESS = re.compile(offers.ADDRESS)
_STEP = re.compile(r"(?:check|write|find|read|show|use|take|choose|study|start|begin|learn|add)\b")
_NUMBER = re.compile(r"\W{0,2}\d{1,5}\W{0,2}")
_SITE_WORD = re.compile(offers.SITE_WORD)
_CHROME = patterns.any_of(patterns.CHROME)
_BUTTONS = patterns.any_of(offers.BUTTONS)
_AFTERWARDS = patterns.any_of(offers.AFTERWARDS)
_DANGLING = re.compile(offers.DANGLING, re.IGNORECASE)
_ITEM_OF_ROW = re.compile(r"[-*•] (?:print|e-?mail|share|cite|link|report|facebook|twitter|pdf)")
_TWO_SENTENCES = re.compile(r"[.!?] \w")
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


def sort_of(text: str, profile: SiteProfile) -> Sort:
    """Judge a line by itself."""
    line = text.strip()
    if len(line) > _LONGEST:
        return Sort.CONTENT
    own = profile.chrome_patterns[: len(profile.chrome)]
    if own and any(pattern.fullmatch(line) for pattern in own):
        return Sort.CHROME
    return _default_sort(text) if profile.defaults else Sort.CONTENT


@lru_cache(maxsize=16_384)
def _default_sort(text: str) -> Sort:
    line = text.strip().lower()
    if _CHROME.fullmatch(line):
        return Sort.CHROME
    if _ITEM_OF_ROW.fullmatch(line):
        return Sort.BUTTON
    if line[0] in _QUOTES or is_list_item(text) or text.startswith("    "):
        return Sort.CONTENT
    if _NUMBER.fullmatch(line):
        return Sort.NUMBER
    offer = _sort_of_offer(line)
    if offer:
        return offer
    if _BUTTONS.fullmatch(line) and not (line.endswith(".") and len(line.split()) > 4):
        return Sort.BUTTON
    return _sort_of_words(line)


def is_chrome(text: str, profile: SiteProfile) -> bool:
    """Whether a line is chrome for certain."""
    return sort_of(text, profile) is Sort.CHROME


def leads_away(text: str) -> bool:
    """Whether a line heads a list of other questions, or the like."""
    return len(text) <= 120 and _AFTERWARDS.fullmatch(text.strip().lower()) is not None


def without_chrome(lines: Sequence[Line], profile: SiteProfile) -> list[Line]:
    """An answer's own lines."""
    sorts = [sort_of(line.text, profile) for line in lines]
    if profile.defaults:
        lines, sorts = _without_tail(lines, sorts)
    out = {i for i, sort in enumerate(sorts) if sort is Sort.CHROME}
    out.update(_details_under_byline(lines, sorts))
    out.update(_buttons(lines, sorts))
    return _kept(lines, out)


def _sort_of_offer(line: str) -> Sort | None:
    """CHROME or BUTTON, if the line tempts the reader to sign up, pay or ask."""
    words = len(line.split())
    told = _IMPERATIVE.match(line) is not None
    addressed = _ADDRESS.search(line) is not None
    if words > 45 or not (told or addressed):
        return None
    certain = {found[0] for found in _CERTAIN_OFFER.finditer(line)}
    offers = certain | {found[0] for found in _LIKELY_OFFER.finditer(line)}
    sentence = line.endswith((".", ".”", ";", ":"))
    if len(offers) > 1:
        return Sort.CHROME
    if not offers:
        return None
    if told and words <= 10:
        return Sort.BUTTON if sentence and not (certain or addressed) else Sort.CHROME
    if told and addressed:
        return None if _TWO_SENTENCES.search(line) else Sort.CHROME
    return Sort.CHROME if addressed and words <= 12 and not sentence else None


def _sort_of_words(line: str) -> Sort:
    words = len(line.split())
    site_words = set(_SITE_WORD.findall(line))
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
    while 0 < cut < len(lines) and _speaks_for_site(lines, sorts, cut - 1):
        cut -= 1
    return list(lines[:cut]), list(sorts[:cut])


def _speaks_for_site(lines: Sequence[Line], sorts: Sequence[Sort], at: int) -> bool:
    """Whether a line right above chrome is the site's word to the reader, the answer closed."""
    text = lines[at].text
    if at == 0 or sorts[at] is not Sort.SITE or not lines[at].opens or len(text.split()) > 12:
        return False
    return _ADDRESS.search(text.lower()) is not None and ends_sentence(lines[at - 1].text)


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
        if sort is Sort.BUTTON:
            if at > 0 and not (introduced or at in in_list or _is_step(lines, sorts, at)):
                yield at
            continue
        if sort is Sort.NUMBER and _is_count(lines, sorts, at):
            yield at
        above = lines[at]
        introduced = sort is not Sort.CHROME and above.text.endswith(":") and not _dangles(above)


def _is_step(lines: Sequence[Line], sorts: Sequence[Sort], at: int) -> bool:
    """Whether a line between content is a sub-heading such as "Check your answers", or prose."""
    line = lines[at].text.strip().lower()
    if at + 1 >= len(lines) or not (_STEP.match(line) or line.endswith(".")):
        return False
    return not {sorts[at - 1], sorts[at + 1]} & {Sort.CHROME, Sort.BUTTON}


def _beside_items(lines: Sequence[Line], sorts: Sequence[Sort], step: int) -> Iterator[int]:
    """Lines next to a short one that is content, over other buttons, within one block."""
    nearest = None
    order = range(len(lines)) if step > 0 else range(len(lines) - 1, -1, -1)
    for at in order:
        nearest = None if lines[at].opens and step > 0 else nearest
        if nearest is Sort.SHORT:
            yield at
        if sorts[at] not in (Sort.BUTTON, Sort.NUMBER):
            nearest = Sort.SHORT if is_list_item(lines[at].text) else sorts[at]
        nearest = None if lines[at].opens and step < 0 else nearest


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
