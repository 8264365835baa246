"""Bylines: who wrote an answer, as sites say it.

A byline is taken apart at its bars, commas, dashes and dots. It is one when every part has a
meaning: a name first, then a role, a degree, a credential, a date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from groundedqa.clean import clean_line
from groundedqa.read import patterns
from groundedqa.read.chrome import Sort, is_chrome, sort_of
from groundedqa.read.lines import Line, ends_sentence, in_table, stands_between
from groundedqa.read.profile import SiteProfile
from groundedqa.read.titles import (
    PART,
    Byline,
    are_titles,
    byline_of,
    counts,
    is_certain,
    is_degree,
    is_name,
    names_an_author,
    of_parts,
)

_ANSWERED_BY = re.compile(
    r"(?i)(?:(?:expert|verified|best|top|accepted) )?(?:answer(?:ed)?|solution|solved|response|"
    r"reply|replied|submitted|provided|contributed)(?: (?:provided|written|submitted|given))? ?"
    r"(?:by:?|:) ?(?=\S)"
)
_BY = re.compile(
    r"(?i)(?:(?:written |posted |explained )?by:? |"
    r"(?:tutor|author|expert|educator|teacher|writer|user): ?)(?=\S)"
)
_AFTER_NAME = re.compile(
    r"(?i)\b(?:has )?(?:answered|replied|responded)(?: this(?: question)?)?[\s:·•,|]{0,5}"
    rf"(?:(?:on|at|in) )?(?P<when>\(?{patterns.WHEN}\)?)?\W*"
)
_ANSWERED_WHEN = re.compile(rf"(?i)\W*(?:answered|replied|posted)(?: on| at|:)? {patterns.WHEN}\W*")
_HANDLE = re.compile(
    r"@\w[\w.-]+|(?=\w*[^\W\d]{3})(?:\w*_\w*|[^\W\d]{3,}\w*\d+|[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w+)"
)
_WORD = re.compile(r"[a-z]{4,}")
_SURELY_WHO = re.compile(r"(?i)anonymous|guest|deleted user|@\w[\w.-]+")
_READ_TIME = re.compile(r"(?i)\W{1,3}\d{1,3}[ -]min(?:ute)?s?(?: read)?\W*$")
_VERB = re.compile(r"(?i)\b(?:has )?(?:answered|replied|responded)\b")
_SIGN = re.compile(
    rf"[|·•∙,(–—:]| - |\bby |\b(?:answered|replied|responded|posted|response)\b|"
    rf"\b{patterns.ROLE_WORD}\b"
)
_VERB_OF_POST = re.compile(r"(?i)\W{0,6}(?:answered|replied|posted) ")
_WHEN_AFTER = re.compile(rf"(?i)[ ,·•–-]{{1,3}}(?:(?:on|at) )?{patterns.WHEN}\W{{0,3}}$")
_BESIDE_NAME = re.compile(
    r"(?i)\W{1,3}|follow|info|star|profile(?: (?:photo|picture|image) of .+)?"
)
_LONGEST = 150
_MOST_WORDS = 18
_PROSE = 6  # words


def byline_at(
    lines: Sequence[Line], at: int, opening: bool, profile: SiteProfile
) -> tuple[Byline, int] | None:
    """The byline that begins at a line, with the number of lines it takes.

    ``opening`` says that nothing of an answer stands above: then forms count that elsewhere could
    be an answer's own words.
    """
    text = lines[at].text.strip()
    if not could_be_byline(text, profile):
        return None
    found = _own_form(text, profile)
    if not found and profile.defaults and not in_table(lines, at):
        one_line = _of_one_line(text, opening or stands_between(lines, at))
        found = replace(one_line) if one_line else _barred(lines, at, opening, profile)
        if not found:
            return _of_lines(lines, at, opening, profile)
    if not found:
        return None
    return found, 1 + (_add_below(lines, at + 1, found) if profile.defaults else 0)


def could_be_byline(text: str, profile: SiteProfile) -> bool:
    """Whether the line is worth taking apart: most show at once that they aren't."""
    if profile.bylines:
        return True
    text = text.strip()
    words = text.count(" ") + 1
    if len(text) > _LONGEST or words > _MOST_WORDS:
        return False
    return (words <= 4 and is_name(text)) or _SIGN.search(text.lower()) is not None


def _own_form(text: str, profile: SiteProfile) -> Byline | None:
    """A form that the site profile gives, or a default one that is certain."""
    matches = (pattern.fullmatch(text) for pattern in profile.byline_patterns)
    groups = next((match.groupdict() for match in matches if match), None)
    if not groups:
        return None
    values = {name: clean_line(value) for name, value in groups.items() if value}
    return Byline(values["author"], values.get("role"), values.get("credential"))


@lru_cache(maxsize=16_384)
def _of_one_line(text: str, opening: bool) -> Byline | None:
    """A line that holds the whole byline, or at least a name with a sign that it is one."""
    if text.endswith(("?", "!")):
        return None
    text = _READ_TIME.sub("", text)
    prefix = _ANSWERED_BY.match(text) or (_BY.match(text) if opening else None)
    rest = text[prefix.end() :] if prefix else text
    signed = bool(prefix)
    verb = _VERB.search(rest)
    tail = _AFTER_NAME.fullmatch(rest, verb.start()) if verb else None
    if verb and tail:
        signed = signed or opening or bool(tail["when"])
        rest = rest[: verb.start()].rstrip(" ,·•|–—-")
    if prefix and (when := _WHEN_AFTER.search(rest)):
        rest = rest[: when.start()]
    if not rest or rest.endswith(":"):
        return None
    return of_parts(rest.strip(), signed, opening)


def _barred(lines: Sequence[Line], at: int, opening: bool, profile: SiteProfile) -> Byline | None:
    """A name, a bar and a few words that no pattern knows, alone between two runs of prose.

    Whoever it names, it's not the author above: to give one the other's words is the worst fault.
    """
    name, bar, rest = (part.strip() for part in lines[at].text.partition("|"))
    if not bar or "|" in rest or not is_name(name) or not 1 <= len(rest.split()) <= 6:
        return None
    below = "".join(line.text for line in lines[at + 1 : at + 2])
    if len(below.split()) < _PROSE or ends_sentence(rest) or below.endswith("?"):
        return None
    if not (opening or stands_between(lines, at)):
        return None
    known = (Sort.CHROME, Sort.BUTTON)
    if any(sort_of(text, profile) in known for text in (name, lines[at].text)):
        return None
    return Byline(name, None, None if counts(rest) else clean_line(rest))


def _of_lines(
    lines: Sequence[Line], at: int, opening: bool, profile: SiteProfile
) -> tuple[Byline, int] | None:
    """A name alone on its line, with what makes it a byline on the lines below or above."""
    text = lines[at].text.strip()
    if (
        _VERB_OF_POST.match(text)
        and _ANSWERED_WHEN.fullmatch(text)
        and at + 1 < len(lines)
        and not lines[at + 1].opens
    ):
        name = lines[at + 1].text.strip()
        return (Byline(name), 2) if is_name(name) else None
    name, _, degrees = text.partition(", ")
    if not is_name(name) or (degrees and not is_degree(degrees)):
        return None
    if sort_of(text, profile) not in (Sort.SHORT, Sort.CONTENT):
        return None
    byline = Byline(name, None, degrees or None)
    taken = _add_below(lines, at + 1, byline, strangers=opening)
    told = byline.role or (byline.credential or "") != degrees
    if told or (opening and (taken or _is_handle_above_text(lines, at, profile))):
        return byline, 1 + taken
    if _SURELY_WHO.fullmatch(name) and stands_between(lines, at):
        return byline, 1
    return None


def _is_handle_above_text(lines: Sequence[Line], at: int, profile: SiteProfile) -> bool:
    """Whether a username stands alone above text.

    What could be a heading or an answer must touch what is above it, and not recur in the text.
    """
    text = lines[at].text.strip()
    if at + 1 >= len(lines):
        return False
    below = lines[at + 1].text.lower().split()
    if _HANDLE.fullmatch(text):
        return len(below) > 1
    if not lines[at + 1].opens or len(below) < _PROSE or set(text.lower().split()) & set(below):
        return False
    if not lines[at].opens:
        return " " in text or text.islower()
    return bool(_WORD.fullmatch(text)) and is_chrome(lines[at - 1].text, profile)


def _add_below(lines: Sequence[Line], at: int, byline: Byline, strangers: bool = False) -> int:
    """Take the lines below a byline that add to it; how many they are.

    Only counts, dates and buttons may stand between, and only within the byline's own block;
    ``strangers`` lets a rank or a place that no pattern knows stand there too.
    """
    taken = 0
    for number, line in enumerate(lines[at : at + 5], 1):
        text = line.text.strip()
        if len(text) > _LONGEST or (line.opens and (number > 1 or not byline.author)):
            break
        parts = [part for part in PART.split(text.strip("| ")) if part]
        titles = [part for part in parts if not counts(part)]
        if names_an_author(titles):
            break
        if titles and are_titles(titles) and not (byline.credential and byline.role):
            if line.opens and not (is_certain(text, titles) and titles):
                break
            _add(byline, titles)
            taken = number
        elif (counts(text) or (parts and not titles)) and not line.opens:
            taken = number
        elif not (_BESIDE_NAME.fullmatch(text) or (strangers and _is_stranger(text))):
            break
    return taken


def _is_stranger(text: str) -> bool:
    return len(text.split()) <= 3 and not ends_sentence(text)


def _add(byline: Byline, titles: Sequence[str]) -> None:
    more = byline_of("", titles)
    byline.role = byline.role or more.role
    byline.credential = ", ".join(filter(None, (byline.credential, more.credential))) or None
