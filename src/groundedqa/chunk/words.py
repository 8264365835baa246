"""Where words and characters end, as ICU and so a browser has it, in code points."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from icu4py.breakers import CharacterBreaker, WordBreaker

_LOCALE = "en"

# The breakers' own offsets count UTF-16 units; their parts of the text can't be taken wrongly.


def word_ends(text: str) -> Iterator[int]:
    """The end of each word and of each run of signs between words."""
    return accumulate(map(len, WordBreaker(text, _LOCALE)))


def character_ends(text: str) -> Iterator[int]:
    """The end of each character as a reader sees it, its accents and joined parts included."""
    return accumulate(map(len, CharacterBreaker(text, _LOCALE)))


def words(text: str) -> Iterator[tuple[int, int]]:
    """The words as half-open spans; signs and white space between them are left out."""
    start = 0
    for end in word_ends(text):
        if any(character.isalnum() for character in text[start:end]):
            yield start, end
        start = end
