"""What a question page's reader left out, line by line, with the rule that says so.

The reader keeps lines; what it did not keep is told afterwards, by judging those lines once more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from groundedqa.clean import clean_line
from groundedqa.read import patterns
from groundedqa.read.byline import byline_at
from groundedqa.read.chrome import Sort, leads_away, sort_of
from groundedqa.read.lines import Line
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Dropped, RawDocument

_MOST = 1000  # lines that are told of one page
_LONGEST = 200
_LONGEST_RULE = 60
_CHROME = tuple((pattern, re.compile(pattern)) for pattern in patterns.CHROME)


def with_dropped(raw: RawDocument, lines: Sequence[Line], profile: SiteProfile) -> RawDocument:
    """The document with those of its page's lines that are in none of its sections."""
    kept = Counter(line for section in raw.sections for line in section.text.split("\n") if line)
    left = [at for at, line in enumerate(lines) if not _is_kept(line.text, kept)]
    if not left:
        return raw
    return replace(raw, dropped=tuple(_told(raw.title, lines, left, profile)))


def _is_kept(text: str, kept: Counter[str]) -> bool:
    if not kept[text]:
        return False
    kept[text] -= 1
    return True


def _told(
    title: str, lines: Sequence[Line], left: Sequence[int], profile: SiteProfile
) -> Iterator[Dropped]:
    asked = False  # whether the title was met
    for at in left[:_MOST]:
        text = clean_line(lines[at].text)
        if not asked and _is_of_title(text, title):
            asked = text.endswith(title[-20:])
            continue
        yield Dropped(_rule(lines, at, profile), text[:_LONGEST])
    if len(left) > _MOST:
        yield Dropped("no rule told", f"{len(left) - _MOST} more lines")


def _is_of_title(text: str, title: str) -> bool:
    return text in title or title in text


def _rule(lines: Sequence[Line], at: int, profile: SiteProfile) -> str:
    """Which rule leaves a line out; "place": not what it says, but where it stands."""
    text = lines[at].text.strip()
    if _is_heading(text, profile):
        return "answer heading"
    if own := next((p for p in profile.chrome if re.fullmatch(p, text, re.IGNORECASE)), None):
        return f"chrome: {own}"
    sort = sort_of(text, profile)
    if sort is Sort.CHROME:
        low = text.lower()
        found = next((source for source, pattern in _CHROME if pattern.fullmatch(low)), None)
        return f"chrome: {found[:_LONGEST_RULE]}" if found else "offer"
    below_heading = at > 0 and _is_heading(lines[at - 1].text.strip(), profile)
    if byline_at(lines, at, below_heading, profile):
        return "byline"
    if sort is Sort.BUTTON:
        return "button"
    if sort is Sort.NUMBER:
        return "count"
    return "links to other pages" if leads_away(text) else "place: not within an answer"


def _is_heading(text: str, profile: SiteProfile) -> bool:
    return any(pattern.fullmatch(text) for pattern in profile.answer_heading_patterns)
