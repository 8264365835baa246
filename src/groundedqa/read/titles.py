"""Names, and the titles that may stand beside them: roles, degrees, credentials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from groundedqa.clean import clean_line
from groundedqa.read import patterns

_ROLE_LAST = re.compile(
    rf"(?i)(?:\S+ ){{0,6}}?{patterns.ROLE_WORD}(?: (?:(?:emeritus|with|of|in|at|for|since)\b|"
    rf"\().*)?"
)
_ROLE = re.compile(rf"(?i).*\b{patterns.ROLE_WORD}\b.*")
_RANK = re.compile(rf"(?i)(?:{patterns.RANK}\b|\(level).*")
_DEGREE = re.compile(
    rf"(?i){patterns.DEGREE}(?:\.|\b)(?!['’])(?:,? ?(?:in|of|from|degree)?\b.*|\)?)?"
)
_DEGREE_AND_ROLE = re.compile(rf"((?i:{patterns.DEGREE})\.?),? (\S+ \S+)")
_TOKEN = re.compile(r"[^\W_][\w.'’@-]*|_\w+|@\w[\w.-]+")
_NOT_NAMES = re.compile(
    "an?|the|is|was|are|were|be|been|he|she|his|her|its?|this|that|these|those|become|becoming|any|"
    "every|some|our|your|my|their|to|of|for|with|from|as|at|on|in|by|and|or|not|how|what|why|when|"
    "where|who|which|yes|no|true|false|see|note|both|if|then|but|so|all|one|two|three|answer|hire|"
    "find|ask|meet|given|step|part|example|question|being|about"
)

PART = re.compile(r"\s*[|·•∙]\s*|,\s+|\s+[–—-]+\s+")
_IN_BRACKETS = re.compile(r"([^|,·•()]+)\(([^()]+)\)")
_BAR = re.compile(r"[|·•∙]")
_COUNTS = patterns.any_of(patterns.COUNTS)
SITE_ROLE = re.compile(
    r"(?P<author>\S+(?: \S+){0,3}?),? (?P<rest>(?:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|"
    rf"\w+\.(?:com|org)) (?i:{patterns.ROLE_WORD})|"
    rf"(?i:{patterns.RANK} )(?:\S+ ){{0,3}}?(?i:{patterns.ROLE_WORD})(?i: emeritus)?)"
)
# Before a bar any word may be the site's or the subject's: "rrteacher Sandbar educator| ...".
BARRED_ROLE = re.compile(
    rf"(?P<author>\S+(?: \S+){{0,3}}?),? (?P<rest>[^\W\d_]\S* {patterns.ROLE_WORD})"
)


@dataclass(slots=True)
class Byline:
    """An answer's author, with role and credential where the page names them."""

    author: str | None = None
    role: str | None = None
    credential: str | None = None


def is_degree(text: str) -> bool:
    """Whether a degree opens the text."""
    return _DEGREE.fullmatch(text) is not None


def split_degree(title: str) -> tuple[str, ...]:
    """A degree and the site's own role, which may follow it without a comma."""
    found = _DEGREE_AND_ROLE.fullmatch(title)
    return found.groups() if found and is_site_role(found[2]) else (title,)


def is_role(text: str) -> bool:
    """Whether the text names what somebody is."""
    return _ROLE.fullmatch(text) is not None


def is_ranked_role(text: str) -> bool:
    """Whether a rank opens a role: that is said of a person only, and seldom outside a byline."""
    return is_role(text) and _RANK.fullmatch(text) is not None


def names_an_author(titles: Sequence[str]) -> bool:
    """Whether a line names its own author before the site's role: another byline."""
    found = SITE_ROLE.fullmatch(titles[0]) if titles else None
    return bool(found) and not is_ranked_role(titles[0]) and not is_degree(titles[0])


def is_site_role(title: str) -> bool:
    """Whether a title names the site itself, as "eNotes educator" does."""
    return (
        re.fullmatch(
            r"(?:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|\w+\.(?:com|org)) \w+|[Ss]tudent", title
        )
        is not None
    )


def are_titles(titles: Sequence[str]) -> bool:
    """Whether all are roles, degrees or credentials; a degree may be followed by its field."""
    after_degree = False
    for title in titles:
        degree = is_degree(title)
        if not degree and not _is_title(title) and not (after_degree and len(title.split()) <= 6):
            return False
        after_degree = after_degree or degree
    return True


def _is_title(text: str) -> bool:
    words = text.lower().split()
    return (
        len(words) <= 10
        and not _NOT_NAMES.fullmatch(words[0])
        and not text.endswith((".", ":", "?", "!", ","))
        and (_ROLE_LAST.fullmatch(text) or (_RANK.fullmatch(text) and _ROLE.fullmatch(text)))
        is not None
    )


def is_name(text: str) -> bool:
    """A username, or one to four capitalised words."""
    tokens = text.split()
    if not 1 <= len(tokens) <= 4 or len(text) > 60 or _NOT_NAMES.fullmatch(tokens[0].lower()):
        return False
    if not all(_TOKEN.fullmatch(token) for token in tokens) or not re.search(r"[^\W\d_]{2}", text):
        return False
    return len(tokens) == 1 or all(
        token[0].isupper() or token in ("de", "van", "von") for token in tokens
    )


def byline_of(author: str, titles: Sequence[str]) -> Byline:
    """Titles to role and credential: the first of several plain ones is the role."""
    byline = Byline(clean_line(author))
    plain = [title for title in titles if not is_degree(title)]
    if plain and (is_site_role(plain[0]) or (len(plain) > 1 and is_role(plain[0]))):
        byline.role = clean_line(plain[0])
        titles = [title for title in titles if title != plain[0]]
    byline.credential = clean_line(", ".join(titles)) or None
    return byline


def of_parts(text: str, signed: bool, opening: bool) -> Byline | None:
    """A name and its titles on one line; ``signed`` says that a word such as "by" told of it."""
    first = PART.split(text)[0]
    glued = SITE_ROLE.fullmatch(first)
    bracketed = _IN_BRACKETS.fullmatch(text)
    parts = [part.strip() for part in (bracketed.groups() if bracketed else PART.split(text))]
    parts = [part for part in parts if part and not counts(part)]
    if not parts:
        return None
    if glued and is_name(glued["author"]):
        parts[:1] = [glued["author"], glued["rest"]]
    elif (barred := BARRED_ROLE.fullmatch(first)) and parts[1:] and are_titles(parts[1:]):
        return byline_of(barred["author"], [barred["rest"], *parts[1:]])
    author, titles = parts[0], [title for part in parts[1:] for title in split_degree(part)]
    if not is_name(author) or not are_titles(titles):
        return None
    if not (signed or glued or (titles and (opening or is_certain(text, titles)))):
        return None
    return byline_of(author, titles)


def is_certain(text: str, titles: Sequence[str]) -> bool:
    """Whether a bar or a rank makes it a byline in the middle of an answer too."""
    return bool(_BAR.search(text)) or any(is_ranked_role(title) for title in titles)


def counts(text: str) -> bool:
    """Whether the text tells when, how often or how well something was posted."""
    return _COUNTS.fullmatch(text.lower()) is not None
