"""Authors' names as lists of sources have them: the family name first."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What belongs to the family name that follows it, in lower case ("van Gogh", "de Beauvoir").
_PARTICLES = frozenset(
    {
        *("af", "al", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos"),
        *("du", "el", "la", "le", "ten", "ter", "van", "von", "zu", "zum", "zur"),
    }
)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV")
_TITLES = re.compile(r"(?i)(?:(?:dr|prof|professor|mr|mrs|ms|mx|sir|rev)\.?\s+)+(?=\S+\s+\S)")
_DEGREES = re.compile(r"(?:,\s*(?:ph\.?\s?d|m\.?d|m\.?a|m\.?sc|b\.?a|b\.?sc|ed\.?d)\.?)+$", re.I)
# A group, or a name that is no person's: it stands as it is.
_NO_PERSON = re.compile(
    r"(?i)\b(?:editors?|staff|team|group|university|college|school|institute|department|council|"
    r"society|association|foundation|committee|organi[sz]ation|library|press|authors|project|"
    r"contributors|inc|ltd|and|the|of)\b|[&@\d_/]|\bet al\b"
)
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Name:
    """A name for a list of sources: whole, and with first names as initials.

    ``is_turned`` says whether the family name was put first: not that of a group or a user.
    """

    inverted: str
    initials: str
    is_turned: bool


def name_of(author: str | None) -> Name | None:
    """The name of one author: "Ada Lovelace" is "Lovelace, Ada" and "Lovelace, A."."""
    if not author or not author.strip():
        return None
    plain = _DEGREES.sub("", _TITLES.sub("", author.strip()))
    family, comma, given = plain.partition(", ")
    if comma and not _NO_PERSON.search(plain) and not _SUFFIX.fullmatch(given):
        return _turned(family, given, None)
    words = plain.replace(",", " ").split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else None
    if not 2 <= len(words) <= _MOST_WORDS or _NO_PERSON.search(plain) or not _are_names(words):
        return Name(author.strip(), author.strip(), False)
    first = next((i for i, word in enumerate(words[1:], 1) if word in _PARTICLES), len(words) - 1)
    if first == len(words) - 1 and words[-1] in _PARTICLES:
        return Name(author.strip(), author.strip(), False)
    return _turned(" ".join(words[first:]), " ".join(words[:first]), suffix)


def _are_names(words: list[str]) -> bool:
    """Whether each word begins as a name does, in a script that has capitals."""
    return all(word[0].isupper() or word in _PARTICLES for word in words) and words[0][0].isupper()


def _turned(family: str, given: str, suffix: str | None) -> Name:
    after = f", {suffix}" if suffix else ""
    short = " ".join(_initial(word) for word in given.split())
    return Name(f"{family}, {given}{after}", f"{family}, {short}{after}", True)


def _initial(word: str) -> str:
    """``Ada`` is ``A.``, ``Jean-Paul`` is ``J.-P.``."""
    return "-".join(f"{part[0].upper()}." for part in word.split("-") if part)
