"""Words to terms: what BM25 counts. A query and a document are analysed alike.

ICU finds the words, also where nothing stands between them (Chinese, Japanese, Thai). Letter case,
accents and compatibility forms are folded, then Snowball takes the ending off. Nothing is left out
as too frequent: BM25 weighs a frequent word lightly as it is.

A word whose writing varies has several terms, any of which finds it: ``O'Neill`` is ``oneill`` and
``neill``, ``e-mail`` is ``e``, ``mail`` and ``email``, ``x^2`` is ``x``, ``2`` and ``x2``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from threading import Lock
from typing import Any

import Stemmer
from icu4py.breakers import WordBreaker

VERSION = 2  # part of a snapshot's id: another analysis is another index

Word = tuple[str, ...]  # the terms of one word, the usual one first

_UNTAGGED = "und"  # BCP 47: undetermined

# Snowball's algorithms by the first part of a language tag (https://snowballstem.org).
_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# The last character of a script's main blocks, and the language that its words are taken for where
# no tag tells: Latin ones for English, as most study sites are. None: they stay as they are.
_SCRIPTS = (
    ("\u036f", "en"), ("\u03ff", "el"), ("\u052f", "ru"), ("\u058f", "hy"), ("\u05ff", None),
    ("\u06ff", "ar"), ("\u08ff", None), ("\u097f", "hi"), ("\u0b7f", None), ("\u0bff", "ta"),
    ("\u1dff", None), ("\u1eff", "en"), ("\u1fff", "el"),
)  # fmt: skip
_OWN_SCRIPTS: dict[str, tuple[str | None, ...]] = {
    "ar": ("ar",), "el": ("el",), "fa": ("ar",), "hi": ("hi",), "hy": ("hy",), "ne": ("hi",),
    "ru": ("ru",), "sr": ("ru", "en"), "ta": ("ta",), "yi": (None,),
}  # fmt: skip

# Accents of Latin, Greek and Cyrillic letters, vowel points of Hebrew and Arabic ones. The marks of
# other scripts (of Hindi, Thai, Japanese) tell words apart.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c7\u064b-\u065f\u0670]+")
_UNDECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i"})
_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "\u02bc": "'", "♯": "#", "_": "^", "\u2010": "-", "\u00ad": None}
)
_JOINTS = frozenset("-^")
_HALVES = re.compile("[\ud800-\udfff]")  # of a surrogate pair: no text, and ICU refuses them
_BRACED = re.compile(r"\^\{([^\W_]{1,8})\}")  # x^{2}
_PLUS_PLUS = re.compile(r"\b([^\W\d_]{1,2})(\+\+|#)")  # C++, C#, F#
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_CJK = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]{3,}")
_LEAST_TAIL = 3  # letters behind an apostrophe that are a word: in d'Alembert, not in don't
_KNOWN_WORDS = 1 << 16


def language_of(tag: str | None) -> str:
    """The language that a tag names: its first part; ``und`` where there is none."""
    return (tag or _UNTAGGED).replace("_", "-").split("-")[0].lower()


def terms(text: str, languages: Iterable[str]) -> list[str]:
    """The terms of a text, in the order of its words."""
    return [term for word in words(text, languages) for term in word]


def words(text: str, languages: Iterable[str]) -> list[Word]:
    """The words of a text, each as the terms that find it.

    A passage has one language. A question may be in any that the corpus has, and takes them all:
    a word has a term for each that gives it another stem. Words in a script that is not the
    language's own, and those of ``und``, get the stems that their script goes with; those of a
    language that Snowball doesn't know stay as they are.
    """
    chosen = tuple(languages)
    found: list[Word] = []
    parts: list[str] = []  # of the compound that is being read
    after_word = joined = False
    for piece in _pieces(text):
        forms = _forms(piece, chosen)
        if forms:
            if not joined:
                _close(parts, found, chosen)
            parts.append(piece)
            found.append(forms)
        joined = not forms and after_word and piece in _JOINTS
        after_word = bool(forms)
    _close(parts, found, chosen)
    return found


def _pieces(text: str) -> Iterator[str]:
    """Words and what stands between them, letter case and compatibility forms folded."""
    whole = _HALVES.sub(" ", text)
    folded = unicodedata.normalize("NFKC", whole).casefold().translate(_SIGNS)
    folded = _BRACED.sub(r"^\1", folded)
    folded = _PLUS_PLUS.sub(_spelled, folded)
    # The breaker's own offsets count UTF-16 units; its parts of the text can't be taken wrongly.
    return iter(WordBreaker(folded, "en"))


def _spelled(found: re.Match[str]) -> str:
    """``c++`` as ``c cplusplus``: ICU takes signs for no part of a word."""
    return f"{found[1]} {found[1]}{'sharp' if found[2] == '#' else 'plusplus'} "


def _close(parts: list[str], found: list[Word], languages: tuple[str, ...]) -> None:
    """Give a compound's last word the compound written as one word, too; not a range of years."""
    if len(parts) > 1 and not all(part.isdecimal() for part in parts):
        found[-1] = tuple(dict.fromkeys(found[-1] + _forms("".join(parts), languages)))
    parts.clear()


@lru_cache(_KNOWN_WORDS)
def _forms(piece: str, languages: tuple[str, ...]) -> Word:
    """The terms of a piece of text; none for one without a letter or figure."""
    if not any(character.isalnum() for character in piece):
        return ()
    stems = (
        stem
        for shape in _shapes(piece)
        for language in languages
        for stem in _stems(shape, _algorithm(shape, language))
    )
    return tuple(dict.fromkeys(stems))


def _shapes(word: str) -> list[str]:
    """The ways in which a word may be written elsewhere, or what it is made of."""
    if _THOUSANDS.fullmatch(word):
        return [word.replace(",", "")]
    word = word.removesuffix("'s")
    if "'" in word:
        tail = word.rsplit("'", 1)[1]
        return [word.replace("'", ""), *([tail] if len(tail) >= _LEAST_TAIL else [])]
    if "." in word and not any(character.isdigit() for character in word):
        parts = [part for part in word.split(".") if part]
        # "u.s" is an abbreviation; "end.start" lacks the space after a sentence.
        return ["".join(parts)] if all(len(part) == 1 for part in parts) else parts
    if _CJK.fullmatch(word):
        # How far a word reaches depends on what stands around it; its pairs don't.
        return [word, *map("".join, pairwise(word))]
    return [word]


def _algorithm(word: str, language: str) -> str | None:
    """Snowball's algorithm for a word of a text in this language."""
    letter = next((character for character in word if character.isalpha()), None)
    if letter is None or (language != _UNTAGGED and language not in _ALGORITHMS):
        return None
    by_script = next((name for last, name in _SCRIPTS if letter <= last), None)
    own = language != _UNTAGGED and by_script in _OWN_SCRIPTS.get(language, ("en",))
    chosen = language if own else by_script
    return _ALGORITHMS[chosen] if chosen else None


def _stems(word: str, algorithm: str | None) -> tuple[str, ...]:
    """The word's stem without accents, and the stem that it has if it is typed without them."""
    plain = unaccented(word)
    if algorithm is None:
        return (plain,)
    if algorithm == "english":  # its rules know no accents
        return (_stem(plain, algorithm),)
    return unaccented(_stem(word, algorithm)), unaccented(_stem(plain, algorithm))


_stemming = Lock()  # a stemmer is no two threads' at a time


@cache
def _stemmer(algorithm: str) -> Any:
    return Stemmer.Stemmer(algorithm, 0)  # it need not remember words: _forms does


def _stem(word: str, algorithm: str) -> str:
    with _stemming:
        stem: str = _stemmer(algorithm).stemWord(word)
    return stem or word


def unaccented(word: str) -> str:
    """A word without its accents; ``ø`` is ``o``, ``æ`` is ``ae``."""
    if word.isascii():
        return word
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", word)).translate(_UNDECOMPOSED)
    return unicodedata.normalize("NFC", bare) or word
