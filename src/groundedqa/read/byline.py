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
    Byline,
    are_titles,
    byline_of,
    is_degree,
    is_name,
    is_ranked_role,
    split_degree,
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
_PART = re.compile(r"\s*[|·•∙]\s*|,\s+|\s+[–—-]+\s+")
_IN_BRACKETS = re.compile(r"([^|,·•()]+)\(([^()]+)\)")
_BAR = re.compile(r"[|·•∙]")
_COUNTS = patterns.any_of(patterns.COUNTS)
_SITE_ROLE = re.compile(
    r"(?P<author>\S+(?: \S+){0,3}?),? (?P<rest>(?:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|"
    rf"\w+\.(?:com|org)) (?i:{patterns.ROLE_WORD})|"
    rf"(?i:{patterns.RANK} )(?:\S+ ){{0,3}}?(?i:{patterns.ROLE_WORD})(?i: emeritus)?)"
)
# Before a bar any word may be the site's or the subject's: "rrteacher Sandbar educator| ...".
_BARRED_ROLE = re.compile(
    rf"(?P<author>\S+(?: \S+){{0,3}}?),? (?P<rest>[^\W\d_]\S* {patterns.ROLE_WORD})"
)
_HANDLE = re.compile(
    r"(?=\w*[^\W\d]{3})(?:\w*_\w*|[^\W\d]{3,}\w*\d+|[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w+)"
)
_WORD = re.compile(r"[a-z]{4,}")
_UNNAMED = re.compile("(?i)anonymous|guest|deleted user")
_VERB = re.compile(r"(?i)\b(?:has )?(?:answered|replied|responded)\b")
_SIGN = re.compile(
    rf"[|·•∙,(–—:]| - |\bby |\b(?:answered|replied|responded|posted|response)\b|"
    rf"\b{patterns.ROLE_WORD}\b"
)
_VERB_OF_POST = re.compile(r"(?i)\W{0,6}(?:answered|replied|posted) ")
_WHEN_AFTER = re.compile(rf"(?i)[ ,·•–-]{{1,3}}(?:(?:on|at) )?{patterns.WHEN}\W{{0,3}}$")
_BESIDE_NAME = re.compile(r"(?i)\W{1,3}|follow|info|star|profile")
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
        found = replace(one_line) if one_line else None
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
    return _of_parts(rest.strip(), signed, opening)


def _of_parts(text: str, signed: bool, opening: bool) -> Byline | None:
    first = _PART.split(text)[0]
    glued = _SITE_ROLE.fullmatch(first)
    bracketed = _IN_BRACKETS.fullmatch(text)
    parts = [part.strip() for part in (bracketed.groups() if bracketed else _PART.split(text))]
    parts = [part for part in parts if part and not _counts(part)]
    if not parts:
        return None
    if glued and is_name(glued["author"]):
        parts[:1] = [glued["author"], glued["rest"]]
    elif (barred := _BARRED_ROLE.fullmatch(first)) and parts[1:] and are_titles(parts[1:]):
        return byline_of(barred["author"], [barred["rest"], *parts[1:]])
    author, titles = parts[0], [title for part in parts[1:] for title in split_degree(part)]
    if not is_name(author) or not are_titles(titles):
        return None
    if not (signed or glued or (titles and (opening or _certain(text, titles)))):
        return None
    return byline_of(author, titles)


def _certain(text: str, titles: Sequence[str]) -> bool:
    """Whether a bar or a rank makes it a byline in the middle of an answer too."""
    return bool(_BAR.search(text)) or any(is_ranked_role(title) for title in titles)


def _counts(text: str) -> bool:
    return _COUNTS.fullmatch(text.lower()) is not None


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
    if _UNNAMED.fullmatch(name) and stands_between(lines, at):
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
        titles = [part for part in _PART.split(text.strip("| ")) if part]
        if _is_signed(titles):
            break
        if titles and are_titles(titles) and not (byline.credential and byline.role):
            if line.opens and not (_certain(text, titles) and titles):
                break
            _add(byline, titles)
            taken = number
        elif _counts(text) and not line.opens:
            taken = number
        elif not (_BESIDE_NAME.fullmatch(text) or (strangers and _is_stranger(text))):
            break
    return taken


def _is_signed(titles: Sequence[str]) -> bool:
    """Whether a line names its own author before the site's role: another byline."""
    found = _SITE_ROLE.fullmatch(titles[0]) if titles else None
    return bool(found) and not is_ranked_role(titles[0]) and not is_degree(titles[0])


def _is_stranger(text: str) -> bool:
    return len(text.split()) <= 3 and not ends_sentence(text)


def _add(byline: Byline, titles: Sequence[str]) -> None:
    more = byline_of("", titles)
    byline.role = byline.role or more.role
    byline.credential = ", ".join(filter(None, (byline.credential, more.credential))) or None
