"""The words of a vocabulary that a mistyped one may have meant.

An edit puts a letter in, leaves one out, changes one, or swaps two that stand side by side
(optimal string alignment). Words are first narrowed by their letters: one edit takes at most one
letter away, so that a word which lacks more of the typed letters than there are edits is out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from groundedqa.index.fold import terms_of

_Costs = NDArray[np.uint8]
_LETTERS, _LENGTHS, _TEXTS = "<u8", "u1", "<u4"
_NO_ROWS = np.empty(0, dtype=np.int64)
_SHORTEST, _LONGEST = 3, 255  # letters; what four typed ones can have meant; what a byte counts
_ONE_EDIT, _TWO_EDITS = 4, 8  # letters from which a word may have so many
_HALF = 32
_MOST = 8  # a word that could have meant more than these is no word yet


def edits_allowed(word: str) -> int:
    """How many edits a typed word may be away from the one that was meant."""
    if not can_be_mistyped(word):
        return 0
    return (len(word) >= _ONE_EDIT) + (len(word) >= _TWO_EDITS)


def can_be_mistyped(word: str) -> bool:
    """Whether a word is long enough, and of letters alone: a year typed is the year meant."""
    is_number = any(character.isdigit() for character in word)
    return _SHORTEST <= len(word) <= _LONGEST and not is_number and len(terms_of(word)) == 1


def letters_of(word: str) -> int:
    """The letters of a word as 64 bits: 32 for those that occur, 32 for those that do so twice."""
    once = twice = 0
    for character in word:
        bit = 1 << ord(character) % _HALF
        twice |= once & bit
        once |= bit
    return once | twice << _HALF


@dataclass(frozen=True, slots=True)
class NearWords:
    """A vocabulary, searched: some 30 bytes of memory a word.

    ``words`` are all of them without anything between; by word are the letters, the length and the
    number of texts that hold it.
    """

    words: str
    letters: NDArray[np.uint64]
    lengths: NDArray[np.uint8]
    texts: NDArray[np.uint32]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, counted: Sequence[tuple[str, int]]) -> NearWords:
        """Words that can be mistyped, each with the number of texts that hold it."""
        return cls.unpack(
            "".join(word for word, _ in counted),
            np.array([letters_of(word) for word, _ in counted], dtype=_LETTERS).tobytes(),
            np.array([len(word) for word, _ in counted], dtype=_LENGTHS).tobytes(),
            np.array([texts for _, texts in counted], dtype=_TEXTS).tobytes(),
        )

    @classmethod
    def unpack(cls, words: str, letters: bytes, lengths: bytes, texts: bytes) -> NearWords:
        """What ``pack`` gave."""
        sizes = np.frombuffer(lengths, dtype=_LENGTHS)
        ends = np.cumsum(sizes, dtype=np.int64)
        return cls(
            words,
            np.frombuffer(letters, dtype=_LETTERS),
            sizes,
            np.frombuffer(texts, dtype=_TEXTS),
            ends,
        )

    def pack(self) -> tuple[str, bytes, bytes, bytes]:
        """The vocabulary as it is stored, the same bytes on every machine."""
        return (
            self.words,
            self.letters.tobytes(),
            self.lengths.tobytes(),
            self.texts.tobytes(),
        )

    def near(self, word: str, *, begun: bool) -> dict[str, int]:
        """The words meant most likely, each with its number of edits.

        ``begun``: only the beginning of the word was typed, and the edits lie in that.
        """
        edits = edits_allowed(word)
        rows = self._possible(word, edits, begun) if edits else _NO_ROWS
        if not len(rows):
            return {}
        spans = np.stack([self.ends[rows] - self.lengths[rows], self.ends[rows]], axis=1)
        others = [self.words[start:end] for start, end in spans.tolist()]
        costs = _to_beginnings(word, others, edits) if begun else _costs(word, others, edits)
        # The first letter is seldom wrong; of equals, what the corpus speaks of most is meant.
        best = sorted(
            (int(costs[at]), others[at][0] != word[0], -int(self.texts[rows[at]]), others[at])
            for at in np.flatnonzero(costs <= edits)
        )
        return {other: cost for cost, _, _, other in best[:_MOST]}

    def _possible(self, word: str, edits: int, begun: bool) -> NDArray[np.int64]:
        typed = np.uint64(letters_of(word))
        possible = self.lengths >= len(word) - edits
        possible &= np.bitwise_count(typed & ~self.letters) <= edits
        if not begun:
            possible &= self.lengths <= len(word) + edits
            possible &= np.bitwise_count(self.letters & ~typed) <= edits
        return np.flatnonzero(possible)


def _to_beginnings(typed: str, words: list[str], edits: int) -> _Costs:
    """The edits from one to the nearest beginning of each word; any more than ``edits``.

    A beginning with so many edits is at most that much longer or shorter, so that the one as long
    as what was typed has twice as many at most.
    """
    costs = _costs(typed, [word[: len(typed)] for word in words], 2 * edits)
    near = np.flatnonzero(costs <= 2 * edits)
    for end in range(len(typed) - edits, len(typed) + edits + 1):
        others = _costs(typed, [words[at][:end] for at in near], edits)
        costs[near] = np.minimum(costs[near], others)
    return costs


def _costs(typed: str, words: list[str], edits: int) -> _Costs:
    """The edits from one to each; any number above ``edits`` where they are more."""
    measured = cdist([typed], words, scorer=OSA.distance, score_cutoff=edits, dtype=np.uint8)
    return np.asarray(measured[0], dtype=np.uint8)
