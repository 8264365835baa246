"""What students asked and nothing answers, by meaning: what the site should write next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from groundedqa.ask import Asker, Wanted
from groundedqa.encode import Vectors
from groundedqa.operate.feedback import same
from groundedqa.operate.meanings import ALIKE, by_meaning
from groundedqa.operate.question_log import LoggedQuestion

# A filter that left nothing, or a corpus without a page, is no gap in what is written.
_MISSING = ("not_covered", "unknown_words")
MOST_QUESTIONS = 20_000
_NEAREST = Wanted(k=10, near_misses=True)
_DOCUMENTS = 3

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A question as it was typed, and how often."""

    question: str
    times: int


@dataclass(frozen=True, slots=True)
class NearDocument:
    """A page of the corpus that comes near without answering."""

    title: str
    url: str | None
    doc_id: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions of one meaning that nothing answers.

    ``question`` is the most central of them, ``times`` how often all were asked from the day
    ``first`` to ``last``, ``answerable`` the highest probability that any had of being answered.
    """

    question: str
    times: int
    phrasings: tuple[Phrasing, ...]
    first: str
    last: str
    answerable: float
    nearest: tuple[NearDocument, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """Gaps, the most asked first; ``further`` counts those beyond the asked-for number.

    ``answered_now`` counts different questions that were not answered when they were asked, and are
    by what is published today; ``left_out`` those beyond the bound, the least asked.
    """

    gaps: tuple[Gap, ...]
    answered_now: int
    left_out: int
    further: int = 0


@dataclass(frozen=True, slots=True)
class _Question:
    """One question in all its spellings, over all days."""

    text: str
    phrasings: Counter[str]
    first: str
    last: str
    vector: Vectors
    answerable: float

    @property
    def times(self) -> int:
        return self.phrasings.total()


def find_gaps(
    asker: Asker,
    logged: Sequence[LoggedQuestion],
    *,
    top: int | None = None,
    alike: float = ALIKE,
    most: int = MOST_QUESTIONS,
    tell: Tell | None = None,
) -> Gaps:
    """The gaps that a collection's log shows; ``top`` limits them.

    Each question is asked again: one that is answered by now is no gap. The ``most`` different
    questions that were asked most often are looked at.

    Raises:
        SnapshotMissingError: nothing is published any more.
    """
    spelled = _spelled(logged)
    looked_at = sorted(spelled.items(), key=lambda item: (-_times(item[1]), item[0]))[:most]
    open_questions: list[_Question] = []
    for done, (_, rows) in enumerate(looked_at, 1):
        question = _asked_again(asker, rows)
        if question is not None:
            open_questions.append(question)
        if tell is not None:
            tell("asking", done, len(looked_at))
    found = sorted(_gathered(open_questions, alike), key=lambda one: (-one[1], one[0].text))
    shown = [_gap(asker, central, members) for central, _, members in found[:top]]
    return Gaps(
        gaps=tuple(shown),
        answered_now=len(looked_at) - len(open_questions),
        left_out=len(spelled) - len(looked_at),
        further=len(found) - len(shown),
    )


def _spelled(logged: Sequence[LoggedQuestion]) -> dict[str, list[LoggedQuestion]]:
    """The rows of each question: those that differ in case, blanks and last marks are one."""
    rows: dict[str, list[LoggedQuestion]] = {}
    for row in logged:
        if row.decision == "abstained" and row.reason in _MISSING:
            rows.setdefault(same(row.question), []).append(row)
    return rows


def _times(rows: Sequence[LoggedQuestion]) -> int:
    return sum(row.times for row in rows)


def _asked_again(asker: Asker, rows: Sequence[LoggedQuestion]) -> _Question | None:
    """The question with its vector; None where it is answered now."""
    phrasings: Counter[str] = Counter()
    for row in rows:
        phrasings[row.question] += row.times
    text = min(phrasings, key=lambda each: (-phrasings[each], each))
    answer = asker.ask(text, wanted=Wanted(k=1))
    if answer.decision == "answered":
        return None
    days = [row.day for row in rows]
    likely = max([answer.answerable or 0.0, *(row.answerable or 0.0 for row in rows)])
    return _Question(text, phrasings, min(days), max(days), asker.vector(text), likely)


def _gathered(
    questions: Sequence[_Question], alike: float
) -> Iterator[tuple[_Question, int, list[_Question]]]:
    """For each meaning its central question, how often it was asked, and all its questions."""
    if not questions:
        return
    labels = by_meaning(np.stack([question.vector for question in questions]), alike)
    meanings: dict[int, list[_Question]] = {}
    for label, question in zip(labels.tolist(), questions, strict=True):
        meanings.setdefault(label, []).append(question)
    for members in meanings.values():
        yield _central(members), sum(member.times for member in members), members


def _central(members: Sequence[_Question]) -> _Question:
    """The one nearest to the mean of all that were asked; of equals the most asked."""
    vectors = np.stack([member.vector for member in members])
    mean = np.array([member.times for member in members], dtype=np.float64) @ vectors
    nearness = np.round(vectors @ mean / np.linalg.norm(mean), 6)
    ranked = zip(members, nearness.tolist(), strict=True)
    return min(ranked, key=lambda one: (-one[1], -one[0].times, one[0].text))[0]


def _gap(asker: Asker, central: _Question, members: Sequence[_Question]) -> Gap:
    phrasings: Counter[str] = Counter()
    for member in members:
        phrasings.update(member.phrasings)
    answer = asker.ask(central.text, wanted=_NEAREST)
    documents = {each.document.doc_id: each.document for each in answer.near_misses}
    return Gap(
        question=central.text,
        times=phrasings.total(),
        phrasings=tuple(
            Phrasing(text, times)
            for text, times in sorted(phrasings.items(), key=lambda item: (-item[1], item[0]))
        ),
        first=min(member.first for member in members),
        last=max(member.last for member in members),
        answerable=max(member.answerable for member in members),
        nearest=tuple(
            NearDocument(each.title, each.url, each.doc_id)
            for each in list(documents.values())[:_DOCUMENTS]
        ),
    )
