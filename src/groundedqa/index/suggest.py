"""What could be meant by what is typed: the corpus's own questions and headings, from one file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from groundedqa.errors import SnapshotCorruptError
from groundedqa.index.fold import folded_terms, folded_words, terms_of
from groundedqa.index.near_words import NearWords
from groundedqa.index.store import unchanging

Kind = Literal["question", "heading"]

_LONGEST = 300  # characters; whoever typed more is past completing
_FEW = 3  # completions; with fewer, what was typed may be mistyped
_JUDGED = 200  # texts that hold all words; the first of them, by weight and length, are compared
_STARTS, _IN_ORDER, _ANYWHERE = 1.0, 0.8, 0.6
_PER_EDIT = 0.5  # so that no corrected text stands before one that needs no correction
_FOUND = """
SELECT text, doc_id, kind FROM suggestions WHERE rank IN
    (SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rowid LIMIT ?)
ORDER BY rank
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question or heading of the corpus that completes or corrects what was typed.

    ``score``, in (0, 1], is of the match alone: 1 where the text starts as typed, 0.8 where it
    holds the words in that order, 0.6 in any order; half of that for each edit.
    """

    text: str
    doc_id: str
    kind: Kind
    score: float


@dataclass(frozen=True, slots=True)
class _Word:
    """A typed word: its terms, and other words that it may have meant, with their edits."""

    terms: tuple[str, ...]
    begun: bool
    meant: dict[str, int] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The word in the language of FTS5. Terms hold letters and digits alone: no operators."""
        typed = _phrase(self.terms, self.begun)
        return f"({' OR '.join([typed, *(_phrase([word]) for word in self.meant)])})"

    def slots(self) -> Iterable[_Slot]:
        """The word term by term."""
        for number, term in enumerate(self.terms, 1):
            yield _Slot(term, self.begun and number == len(self.terms), self.meant)


@dataclass(frozen=True, slots=True)
class _Slot:
    """One term that a text must hold."""

    term: str
    begun: bool
    meant: dict[str, int]

    def edits(self, term: str) -> int | None:
        """How many edits make this term of a text the one typed; None where none do."""
        if term == self.term or (self.begun and term.startswith(self.term)):
            return 0
        return self.meant.get(term)


class SuggestIndex:
    """Suggestions in one file that nobody changes any more; one connection serves all threads.

    Raises:
        SnapshotCorruptError: the file is missing, or holds no suggestions.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            self._db = sqlite3.connect(unchanging(path), uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise SnapshotCorruptError(f"{path} can't be read: {error}; build anew") from error
        try:
            (packed,) = self._all("SELECT words, letters, lengths, texts FROM words")
            self._words = NearWords.unpack(*packed)
            self._all(_FOUND, ('"a"', 1))
        except (sqlite3.Error, ValueError) as error:
            self._db.close()
            raise SnapshotCorruptError(f"{path} can't be read: {error}; build anew") from error

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._db.close()

    def suggest(self, prefix: str, k: int) -> list[Suggestion]:
        """At most k texts that hold every word typed, the last one begun, best first.

        Letter case, accents and punctuation are put aside. A text that starts as typed comes first,
        then one that holds the words in that order; of equals the heavier, then the shorter one.
        Where fewer than three do, texts with words that may have been meant follow: one edit away
        for a word of four letters, two from eight.
        """
        words = _typed(prefix)
        if not words or k < 1:
            return []
        found = self._completions(words, k)
        if len(found) < min(_FEW, k):
            seen = {suggestion.text for suggestion in found}
            found += [other for other in self._corrections(words, k) if other.text not in seen]
        return found[:k]

    def _completions(self, words: list[_Word], k: int) -> list[Suggestion]:
        terms = [term for word in words for term in word.terms]
        found = self._judged(words, f"^ {_phrase(terms, begun=True)}", k)
        return found if len(found) == k else self._holding(words)

    def _corrections(self, words: list[_Word], k: int) -> list[Suggestion]:
        """With other words for those the corpus lacks; if that gives nothing new, for all."""
        unknown = [self._corrected(word) if not self._is_known(word) else word for word in words]
        found = self._holding(unknown) if unknown != words else []
        return found[:k] or self._holding([self._corrected(word) for word in words])

    def _corrected(self, word: _Word) -> _Word:
        if len(word.terms) > 1:
            return word
        near = self._words.near(word.terms[0], begun=word.begun)
        return _Word(word.terms, word.begun, near)

    def _is_known(self, word: _Word) -> bool:
        return bool(self._all(_FOUND, (word.query, 1)))

    def _holding(self, words: list[_Word]) -> list[Suggestion]:
        """The texts that hold every word."""
        return self._judged(words, " AND ".join(word.query for word in words), _JUDGED)

    def _judged(self, words: list[_Word], query: str, limit: int) -> list[Suggestion]:
        slots = [slot for word in words for slot in word.slots()]
        found = [
            Suggestion(text, doc_id, kind, _score(slots, text))
            for text, doc_id, kind in self._all(_FOUND, (query, limit))
        ]
        # They come by weight and length, and sorting keeps that order among equals.
        return sorted(found, key=lambda suggestion: -suggestion.score)

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            return self._db.execute(query, values).fetchall()


def _typed(prefix: str) -> list[_Word]:
    """The words typed; none where it is longer than anything that could be completed."""
    if len(prefix) > _LONGEST:
        return []
    words = folded_words(prefix)
    return [
        _Word(tuple(terms_of(word)), begun=number == len(words))
        for number, word in enumerate(words, 1)
    ]


def _phrase(terms: Sequence[str], begun: bool = False) -> str:
    """Terms side by side, the last of them in full or begun."""
    return f'"{" ".join(terms)}"{" *" if begun else ""}'


def _score(slots: list[_Slot], text: str) -> float:
    terms = folded_terms(text)
    mistyped = [slot for slot in slots if slot.meant]
    edits = sum(min(_known(map(slot.edits, terms)), default=0) for slot in mistyped)
    return _place(slots, terms) * _PER_EDIT**edits


def _place(slots: list[_Slot], terms: list[str]) -> float:
    pairs = zip(slots, terms, strict=False)
    if len(slots) <= len(terms) and all(slot.edits(term) is not None for slot, term in pairs):
        return _STARTS
    rest = iter(terms)  # each term is consumed once, so what is found stands in order
    in_order = all(any(slot.edits(term) is not None for term in rest) for slot in slots)
    return _IN_ORDER if in_order else _ANYWHERE


def _known(edits: Iterable[int | None]) -> list[int]:
    return [count for count in edits if count is not None]
