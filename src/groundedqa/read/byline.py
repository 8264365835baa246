"""Bylines: who wrote an answer, as sites say it.

A byline is taken apart at its bars, commas, dashes and dots. It is one when every part has a
meaning: a name first, then a role, a degree, a credential, a date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from groundedqa.clean import clean_line
from groundedqa.read import patterns
from groundedqa.read.chrome import Sort, sort_of
from groundedqa.read.lines import Line, ends_sentence
from groundedqa.read.profile import SiteProfile

_ANSWERED_BY = re.compile(
    r"(?i)(?:(?:expert|verified|best|top|accepted) )?(?:answer(?:ed)?|solution|solved|response|reply|replied|"
    r"submitted|provided|contributed)(?: (?:provided|written|submitted|given))? ?(?:by:?|:) ?(?=\S)"
)
_BY = re.compile(
    r"(?i)(?:(?:written |posted |explained )?by:? |(?:tutor|author|expert|educator|teacher|writer|user): ?)(?=\S)"
)
_AFTER_NAME = re.compile(
    r"(?i)\b(?:has )?(?:answered|replied|responded)(?: this(?: question)?)?[\s:·•,|]{0,5}"
    rf"(?:(?:on|at|in) )?(?P<when>\(?{patterns.WHEN}\)?)?\W*"
)
_ANSWERED_WHEN = re.compile(rf"(?i)\W*(?:answered|replied|posted)(?: on| at|:)? {patterns.WHEN}\W*")
_PART = re.compile(r"\s*[|·•∙]\s*|,\s+|\s+[–—-]+\s+")
_IN_BRACKETS = re.compile(r"([^|,·•()]+)\(([^()]+)\)")
_BAR = re.compile(r"[|·•∙]")
_ROLE = re.compile(rf"(?i).*\b{patterns.ROLE_WORD}\b.*")
_ROLE_LAST = re.compile(
    rf"(?i)(?:\S+ ){{0,6}}?{patterns.ROLE_WORD}(?: (?:(?:emeritus|with|of|in|at|for|since)\b|\().*)?"
)
_RANK = re.compile(rf"(?i)(?:{patterns.RANK}\b|\(level).*")
_DEGREE = re.compile(
    rf"(?i){patterns.DEGREE}(?:\.|\b)(?!['’])(?:,? ?(?:in|of|from|degree)?\b.*|\)?)?"
)
_COUNTS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns.COUNTS)
_SITE_ROLE = re.compile(
    rf"(?P<author>\S+(?: \S+){{0,3}}?),? (?P<rest>(?:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|\w+\.(?:com|org)) "
    rf"(?i:{patterns.ROLE_WORD})|(?i:{patterns.RANK} )(?:\S+ ){{0,3}}?(?i:{patterns.ROLE_WORD})(?i: emeritus)?)"
)
_TOKEN = re.compile(r"[^\W_][\w.'’@-]*|_\w+")
_HANDLE = re.compile(
    r"(?=\w*[^\W\d]{3})(?:\w*_\w*|[^\W\d]{3,}\w*\d+|[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w+)"
)
_NOT_NAMES = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "was",
        "are",
        "were",
        "be",
        "been",
        "he",
        "she",
        "his",
        "her",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "become",
        "becoming",
        "any",
        "every",
        "some",
        "our",
        "your",
        "my",
        "their",
        "to",
        "of",
        "for",
        "with",
        "from",
        "as",
        "at",
        "on",
        "in",
        "by",
        "and",
        "or",
        "not",
        "how",
        "what",
        "why",
        "when",
        "where",
        "who",
        "which",
        "yes",
        "no",
        "true",
        "false",
        "see",
        "note",
        "both",
        "if",
        "then",
        "but",
        "so",
        "all",
        "one",
        "two",
        "three",
        "answer",
        "hire",
        "find",
        "ask",
        "meet",
        "given",
        "step",
        "part",
        "example",
        "question",
        "being",
        "about",
    ]
)
_VERB = re.compile(r"(?i)\b(?:has )?(?:answered|replied|responded)\b")
_BYLINE_ABOVE = re.compile(r"(?i)\b(?:answers?|add yours)\b")
_BESIDE_NAME = re.compile(r"(?i)\W{1,3}|follow|info|star|profile")
_LONGEST = 150
_MOST_WORDS = 18


@dataclass(slots=True)
class Byline:
    """An answer's author, with role and credential where the page names them."""

    author: str | None = None
    role: str | None = None
    credential: str | None = None


def byline_at(
    lines: Sequence[Line], at: int, opening: bool, profile: SiteProfile
) -> tuple[Byline, int] | None:
    """The byline that begins at a line, with the number of lines it takes.

    ``opening`` says that nothing of an answer stands above: then forms count that elsewhere could
    be an answer's own words.
    """
    text = lines[at].text.strip()
    if len(text) > _LONGEST:
        return None
    found = _own_form(text, profile)
    if not found and profile.defaults and not _in_table(lines, at):
        found = _of_one_line(text, opening or _stands_between(lines, at))
        if not found:
            return _of_lines(lines, at, opening, profile)
    if not found:
        return None
    return found, 1 + (_add_below(lines, at + 1, found) if profile.defaults else 0)


def _own_form(text: str, profile: SiteProfile) -> Byline | None:
    """A form that the site profile gives, or a default one that is certain."""
    matches = (pattern.fullmatch(text) for pattern in profile.byline_patterns)
    groups = next((match.groupdict() for match in matches if match), None)
    if not groups:
        return None
    values = {name: clean_line(value) for name, value in groups.items() if value}
    return Byline(values["author"], values.get("role"), values.get("credential"))


def _in_table(lines: Sequence[Line], at: int) -> bool:
    """Whether lines beside it have bars too: rows of a table."""
    if "|" not in lines[at].text:
        return False
    bars = lines[at].text.strip().count("|")
    above = at > 0 and not lines[at].opens and lines[at - 1].text.strip("| ").count("|") == bars
    below = at + 1 < len(lines) and not lines[at + 1].opens
    below = below and lines[at + 1].text.strip("| ").count("|") == bars
    return below or (above and not _BYLINE_ABOVE.search(lines[at - 1].text))


def _stands_between(lines: Sequence[Line], at: int) -> bool:
    """Whether the line parts two runs of prose: a sentence closed above, prose below."""
    if at == 0 or at + 1 >= len(lines) or not lines[at].opens:
        return False
    above, below = lines[at - 1].text, lines[at + 1].text
    return above.rstrip("\"”’')").endswith((".", "!", "?")) and len(below.split()) >= 6


def _of_one_line(text: str, opening: bool) -> Byline | None:
    """A line that holds the whole byline, or at least a name with a sign that it is one."""
    if len(text.split()) > _MOST_WORDS or text.endswith(("?", "!")):
        return None
    prefix = _ANSWERED_BY.match(text) or (_BY.match(text) if opening else None)
    rest = text[prefix.end() :] if prefix else text
    signed = bool(prefix)
    verb = _VERB.search(rest)
    tail = _AFTER_NAME.fullmatch(rest, verb.start()) if verb else None
    if verb and tail:
        signed = signed or opening or bool(tail["when"])
        rest = rest[: verb.start()].rstrip(" ,·•|–—-")
    if not rest or rest.endswith(":"):
        return None
    return _of_parts(rest.strip(), signed, opening)


def _of_parts(text: str, signed: bool, opening: bool) -> Byline | None:
    glued = _SITE_ROLE.fullmatch(_PART.split(text)[0])
    bracketed = _IN_BRACKETS.fullmatch(text)
    parts = [part.strip() for part in (bracketed.groups() if bracketed else _PART.split(text))]
    parts = [part for part in parts if part and not _counts(part)]
    if not parts:
        return None
    if glued and _is_name(glued["author"]):
        parts[:1] = [glued["author"], glued["rest"]]
    author, titles = parts[0], parts[1:]
    if not _is_name(author) or not _are_titles(titles):
        return None
    if not (signed or glued or (titles and (opening or _certain(text, titles)))):
        return None
    return _filled(author, titles)


def _certain(text: str, titles: Sequence[str]) -> bool:
    """Whether a bar or a rank makes it a byline in the middle of an answer too."""
    return bool(_BAR.search(text)) or any(
        _RANK.fullmatch(title) and _ROLE.fullmatch(title) for title in titles
    )


def _filled(author: str, titles: Sequence[str]) -> Byline:
    """Titles to role and credential: the first of several plain ones is the role."""
    byline = Byline(clean_line(author))
    plain = [title for title in titles if not _DEGREE.fullmatch(title)]
    if plain and (_is_site_role(plain[0]) or (len(plain) > 1 and _ROLE.fullmatch(plain[0]))):
        byline.role = clean_line(plain[0])
        titles = [title for title in titles if title != plain[0]]
    byline.credential = clean_line(", ".join(titles)) or None
    return byline


def _is_site_role(title: str) -> bool:
    return (
        re.fullmatch(
            r"(?:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|\w+\.(?:com|org)) \w+|[Ss]tudent", title
        )
        is not None
    )


def _are_titles(titles: Sequence[str]) -> bool:
    """Whether all are roles, degrees or credentials; a degree may be followed by its field."""
    after_degree = False
    for title in titles:
        degree = _DEGREE.fullmatch(title) is not None
        if not degree and not _is_title(title) and not (after_degree and len(title.split()) <= 6):
            return False
        after_degree = after_degree or degree
    return True


def _is_title(text: str) -> bool:
    words = text.lower().split()
    return (
        len(words) <= 10
        and words[0] not in _NOT_NAMES
        and not text.endswith((".", ":", "?", "!", ","))
        and (_ROLE_LAST.fullmatch(text) or (_RANK.fullmatch(text) and _ROLE.fullmatch(text)))
        is not None
    )


def _is_name(text: str) -> bool:
    """A username, or one to four capitalised words."""
    tokens = text.split()
    if not 1 <= len(tokens) <= 4 or len(text) > 60 or tokens[0].lower() in _NOT_NAMES:
        return False
    if not all(_TOKEN.fullmatch(token) for token in tokens) or not re.search(r"[^\W\d_]{2}", text):
        return False
    return len(tokens) == 1 or all(
        token[0].isupper() or token in ("de", "van", "von") for token in tokens
    )


def _counts(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in _COUNTS)


def _of_lines(
    lines: Sequence[Line], at: int, opening: bool, profile: SiteProfile
) -> tuple[Byline, int] | None:
    """A name alone on its line, with what makes it a byline on the lines below or above."""
    text = lines[at].text.strip()
    if _ANSWERED_WHEN.fullmatch(text) and at + 1 < len(lines) and not lines[at + 1].opens:
        name = lines[at + 1].text.strip()
        return (Byline(name), 2) if _is_name(name) else None
    if sort_of(text, profile) not in (Sort.SHORT, Sort.CONTENT):
        return None
    name, _, degrees = text.partition(", ")
    if not _is_name(name) or (degrees and not _DEGREE.fullmatch(degrees)):
        return None
    byline = Byline(name, None, degrees or None)
    taken = _add_below(lines, at + 1, byline, strangers=opening)
    told = byline.role or (byline.credential or "") != degrees
    if told or (opening and (taken or _is_handle_above_text(lines, at))):
        return byline, 1 + taken
    return None


def _is_handle_above_text(lines: Sequence[Line], at: int) -> bool:
    text = lines[at].text.strip()
    return (
        bool(_HANDLE.fullmatch(text))
        and at + 1 < len(lines)
        and len(lines[at + 1].text.split()) > 1
    )


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
        if titles and _are_titles(titles) and not (byline.credential and byline.role):
            if line.opens and not (_certain(text, titles) and titles):
                break
            _add(byline, titles)
            taken = number
        elif _counts(text) and not line.opens:
            taken = number
        elif not (_BESIDE_NAME.fullmatch(text) or (strangers and _is_stranger(text))):
            break
    return taken


def _is_stranger(text: str) -> bool:
    return len(text.split()) <= 3 and not ends_sentence(text)


def _add(byline: Byline, titles: Sequence[str]) -> None:
    more = _filled("", titles)
    byline.role = byline.role or more.role
    byline.credential = ", ".join(filter(None, (byline.credential, more.credential))) or None
