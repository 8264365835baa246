"""Which answers belong to which question, of a dump that does not fit into memory.

What is kept of a post are a few numbers; its words are read again when its question is written.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from groundedqa.read.raw import Broken
from groundedqa.read.stack_rows import Row, rows_of

_QUESTION, _ANSWER = "1", "2"

Numbers = npt.NDArray[np.int64]


def _numbers() -> array[int]:
    return array("q")


@dataclass(slots=True)
class _Columns:
    """Posts of one kind: what is known of the one at a place stands at that place of each."""

    ids: array[int] = field(default_factory=_numbers)
    belongs: array[int] = field(default_factory=_numbers)  # the accepted answer, or the question
    scores: array[int] = field(default_factory=_numbers)
    places: array[int] = field(default_factory=_numbers)

    def add(self, row: Row, belongs: str) -> None:
        self.ids.append(row.number("Id"))
        self.belongs.append(row.number(belongs))
        self.scores.append(row.number("Score"))
        self.places.append(row.at)


@dataclass(frozen=True, slots=True)
class Thread:
    """A question with answers: where their rows begin, the best answer first."""

    question: int
    answers: tuple[int, ...]
    accepted: bool  # the first answer is


class Posts:
    """The posts of a dump, as `read` has found them."""

    def __init__(self) -> None:
        self._questions = _Columns()
        self._answers = _Columns()

    def read(self, file: BinaryIO) -> Iterator[Broken]:
        """Take in a ``Posts.xml``; what of it can't be read comes out.

        Raises:
            SourceError: the file declares entities.
        """
        for row in rows_of(file):
            if isinstance(row, Broken):
                yield row
                continue
            kind = row.fields.get("PostTypeId")
            if kind in (_QUESTION, _ANSWER) and row.number("Id") <= 0:
                yield Broken(f"line {row.line}", "a post without an Id")
            elif kind == _QUESTION:
                self._questions.add(row, "AcceptedAnswerId")
            elif kind == _ANSWER:
                self._answers.add(row, "ParentId")

    @property
    def unanswered(self) -> int:
        """How many questions have no answer."""
        return _strangers(self._questions.ids, self._answers.belongs)

    @property
    def orphans(self) -> int:
        """How many answers are to a question that is not in the file."""
        return _strangers(self._answers.belongs, self._questions.ids)

    def threads(self) -> Iterator[Thread]:
        """The questions that have an answer, in the order of the file."""
        asked, answers = self._questions, self._answers
        parents = _array(answers.belongs)
        # By question; within one the best first, those that are equal in the order of the file.
        order = np.lexsort((-_array(answers.scores), parents))
        sorted_parents = parents[order]
        firsts = np.searchsorted(sorted_parents, _array(asked.ids), "left")
        lasts = np.searchsorted(sorted_parents, _array(asked.ids), "right")
        for at, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
            found = [int(place) for place in order[first:last]]
            best = [place for place in found if answers.ids[place] == asked.belongs[at]]
            ranked = [*best, *(place for place in found if place not in best)]
            if ranked:
                places = tuple(answers.places[place] for place in ranked)
                yield Thread(asked.places[at], places, bool(best))


def _array(numbers: array[int]) -> Numbers:
    return np.array(numbers, dtype=np.int64)


def _strangers(these: array[int], those: array[int]) -> int:
    """How many of these are not among those."""
    return int(np.count_nonzero(~np.isin(_array(these), _array(those))))
