"""Text to what a person types for it: letter case, accents and punctuation put aside.

Terms here are for completing and comparing what is typed. They keep all of a word's letters, where
those of the lexical index are stems.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Scripts that put no space between words; in them a character is a term, so that a part of a run
# is found. Korean has spaces, but joins its particles to the words before them.
_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"  # CJK, kana
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"  # Hangul, more CJK
)
_TERM = re.compile(f"[{_UNSPACED}]|[^{_UNSPACED}]+")
_POINTS = range(10, 36)  # combining classes of Hebrew and Arabic vowel points
_ABOVE_OR_BELOW = 200  # and more: the classes of accents; voicing marks and vowel signs have less


def fold(text: str) -> str:
    """The text without letter case, accents, ligatures and outer or doubled white space."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(map(_without_accent, unicodedata.normalize("NFKD", text)))
    return " ".join(unicodedata.normalize("NFC", text).split())


def folded_words(text: str) -> list[str]:
    """The folded text's runs of letters, marks and digits. Of ``l'eau`` they are two."""
    return "".join(map(_without_sign, fold(text))).split()


def terms_of(word: str) -> list[str]:
    """The terms of a folded word: itself, or its characters in a script without spaces."""
    return _TERM.findall(word)


def folded_terms(text: str) -> list[str]:
    """The terms of all words of a text, in their order."""
    return [term for word in folded_words(text) for term in terms_of(word)]


@lru_cache(maxsize=4096)
def _without_accent(character: str) -> str:
    place = unicodedata.combining(character)
    return "" if place in _POINTS or place >= _ABOVE_OR_BELOW else character


@lru_cache(maxsize=4096)
def _without_sign(character: str) -> str:
    is_mark = unicodedata.category(character).startswith("M")
    return character if character.isalnum() or is_mark else " "
