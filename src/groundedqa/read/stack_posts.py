"""Which answers belong to which question, of a dump that does not fit into memory.

What is kept of a post are six numbers; its words are read again when its question is written.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from groundedqa.read.raw import Broken
from groundedqa.read.stack_rows import Row, rows

_QUESTION, _ANSWER = "1", "2"


def _numbers() -> array[int]:
    return array("q")


@dataclass(slots=True)
class _Columns:
    """Posts of one kind: what is known of the one at a place stands at that place of each."""

    ids: array[int] = field(default_factory=_numbers)
    belongs: array[int] = field(default_factory=_numbers)  # the accepted answer, or the question
    scores: array[int] = field(default_factory=_numbers)
    owners: array[int] = field(default_factory=_numbers)
    places: array[int] = field(default_factory=_numbers)

    def add(self, row: Row, belongs: str) -> None:
        self.ids.append(row.number("Id"))
        self.belongs.append(row.number(belongs))
        self.scores.append(row.number("Score"))
        self.owners.append(row.number("OwnerUserId"))
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
        self.orphans = 0  # answers whose question is not in the file

    def read(self, path: Path) -> Iterator[Broken]:
        """Take in a ``Posts.xml``; what of it can't be read comes out.

        Raises:
            SourceError: the file declares entities.
        """
        for row in rows(path):
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

    def owners(self) -> set[int]:
        """The users who wrote something."""
        return {*self._questions.owners, *self._answers.owners} - {0}

    def threads(self) -> Iterator[Thread]:
        """The questions that have an answer, in the order of the file."""
        answers = self._answers
        parents = np.frombuffer(answers.belongs or array("q", [0]), dtype=np.int64)
        order = np.argsort(parents, kind="stable") if answers.ids else np.empty(0, np.int64)
        parents = parents[order]
        asked = zip(
            *(self._questions.ids, self._questions.belongs, self._questions.places), strict=True
        )
        taken = 0
        for number, accepted, place in asked:
            first, last = np.searchsorted(parents, (number, number + 1))
            found = [int(at) for at in order[first:last]]
            taken += len(found)
            if found:
                found.sort(key=lambda at: self._rank(at, accepted))  # noqa: B023
                best = answers.ids[found[0]] == accepted
                yield Thread(place, tuple(answers.places[at] for at in found), best)
        self.orphans = len(answers.ids) - taken
