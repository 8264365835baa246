"""The scores that a trial's question gets in an index that holds its answer, and in one without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from groundedqa.encode import Encoder
from groundedqa.index import Rows, Scores
from groundedqa.index.protocol import Vectors
from groundedqa.retrieve import Evidence, Level, Scored, evidence_of, fuse
from groundedqa.tune.trials import Trial

_CANDIDATES = 100  # of each side
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's candidates with their coverage; the first ``right`` of them answer it."""

    question: str
    scored: Scored
    coverage: Scores
    right: int

    def without_answer(self) -> Asked:
        """The same question where nothing answers it."""
        kept = slice(self.right, None)
        scored = replace(
            self.scored,
            rows=self.scored.rows[kept],
            dense=self.scored.dense[kept],
            lexical=self.scored.lexical[kept],
        )
        return Asked(self.question, scored, self.coverage[kept], 0)

    def rank(self, dense_weight: float) -> int | None:
        """The rank of the best passage that answers, from 1; None where none does."""
        if not self.right:
            return None
        fused = fuse(self.scored, dense_weight)
        return 1 + int((fused[self.right :] > fused[: self.right].max()).sum())

    def evidence(self, level: Level, dense_weight: float) -> Evidence:
        """What the calibrator sees of it."""
        fused = fuse(self.scored, dense_weight)
        return evidence_of(
            self.scored, fused, self.coverage, list(level.words.terms(self.question))
        )


class Scorer:
    """Asks questions of a level of passages."""

    def __init__(self, level: Level, encoder: Encoder) -> None:
        self._level = level
        self._encoder = encoder

    def trials(self, trials: Sequence[Trial]) -> list[Asked]:
        """Each trial's candidates, those that answer first."""
        found = []
        for start in range(0, len(trials), _AT_ONCE):
            part = trials[start : start + _AT_ONCE]
            queries = self._encoder.encode_queries([trial.question for trial in part])
            texts = [text for trial in part for text in trial.texts]
            passages = iter(self._encoder.encode_passages(texts))
            for trial, query in zip(part, queries, strict=True):
                own = np.stack([next(passages) for _ in trial.texts])
                found.append(self._asked(trial, query, own))
        return found

    def questions(self, questions: Sequence[str]) -> list[Asked]:
        """The candidates of questions that nothing is known to answer."""
        found = []
        for start in range(0, len(questions), _AT_ONCE):
            part = questions[start : start + _AT_ONCE]
            for question, query in zip(part, self._encoder.encode_queries(part), strict=True):
                scored, coverage = self._candidates(question, query, ())
                found.append(Asked(question, scored, coverage, 0))
        return found

    def labelled(self, question: str, right: Rows) -> Asked:
        """The candidates of a question that these passages of the index answer."""
        query = self._encoder.encode_queries([question])[0]
        others, coverage = self._candidates(question, query, right.tolist())
        own = self._level.score(query, question, right)
        return _joined(question, own, self._level.words.coverage(question, right), others, coverage)

    def _asked(self, trial: Trial, query: Vectors, own: Vectors) -> Asked:
        words = self._level.words
        others, coverage = self._candidates(trial.question, query, (*trial.rows, *trial.beside))
        answering = replace(
            others,
            rows=np.asarray(trial.rows, dtype=np.int64),
            dense=(own.astype(np.float64) @ query.astype(np.float64)).astype(np.float32),
            lexical=words.scores_of(trial.question, trial.texts, trial.language),
        )
        covered = words.coverage_of(trial.question, trial.texts, trial.language)
        return _joined(trial.question, answering, covered, others, coverage)

    def _candidates(
        self, question: str, query: Vectors, without: Sequence[int]
    ) -> tuple[Scored, Scores]:
        depth = _CANDIDATES + len(without)
        by_meaning, _ = self._level.vectors.search(query[None, :], depth)[0]
        by_word, _ = self._level.words.search(question, depth)
        rows = np.setdiff1d(np.union1d(by_meaning, by_word), np.asarray(without, dtype=np.int64))
        scored = self._level.score(query, question, rows)
        return scored, self._level.words.coverage(question, rows)


def _joined(
    question: str, answering: Scored, covered: Scores, others: Scored, coverage: Scores
) -> Asked:
    scored = replace(
        others,
        rows=np.concatenate([answering.rows, others.rows]),
        dense=np.concatenate([answering.dense, others.dense]),
        lexical=np.concatenate([answering.lexical, others.lexical]),
    )
    return Asked(question, scored, np.concatenate([covered, coverage]), len(answering.rows))
