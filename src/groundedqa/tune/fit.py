"""A corpus to its weights and its calibrator, from questions of its own or from labelled ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from groundedqa.encode import Encoder
from groundedqa.evaluate import EvaluationData
from groundedqa.ground import FEATURES, Calibrator, features
from groundedqa.index import walk
from groundedqa.retrieve import Level, Weights, levels_of
from groundedqa.snapshot import Parts, Tuning
from groundedqa.tune.calibrate import Examples, builtin, fit_calibrator
from groundedqa.tune.negatives import other_subjects, salad, swapped
from groundedqa.tune.scoring import Asked, Scorer
from groundedqa.tune.trials import own_trials
from groundedqa.tune.weights import fit_weights

_TRIALS = 150  # of each kind
_FIRST = 5  # what a student sees
_FEW = 3  # one made-up question to so many real ones
# What is taken for the shares of what is asked, where nobody labelled it: that the corpus answers,
# that is near to it and not in it, that is of another subject, and that asks nothing at all.
_ANSWERED, _NEAR, _FAR, _MADE_UP = 0.7, 0.14, 0.15, 0.01

Groups = tuple[tuple[Sequence[Asked], float], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is tuned: the indexes of a snapshot, its documents, and its encoder."""

    parts: Parts
    documents: Path
    encoder: Encoder


def untuned(name: str) -> Tuning:
    """The defaults, for a corpus that is not tuned."""
    weights, _ = fit_weights([])
    return _tuning(weights, builtin(name), {"by": "defaults"})


def tune_on_own_pages(subject: Subject) -> Tuning:
    """Weights and calibrator from questions that the corpus asks itself.

    Weights by all of them; the calibrator by the questions of question pages alone, for a sentence
    is asked for in words that no student has.
    """
    trials = own_trials(walk(subject.documents), _TRIALS)
    level = levels_of(subject.parts).passages
    scorer = Scorer(level, subject.encoder)
    asked = scorer.trials(trials)
    weights, for_weights = fit_weights(asked)
    pages = [each for each, trial in zip(asked, trials, strict=True) if trial.of_page]
    questions = [each.question for each in pages]
    near = [each.without_answer() for each in pages]
    made_up = scorer.questions(_made_up(questions))
    far = scorer.questions(other_subjects(subject.encoder, subject.parts.background.mean))
    groups = ((pages, _ANSWERED), (near, _NEAR), (made_up, _MADE_UP), (far, _FAR))
    calibrator, for_calibrator = fit_calibrator(
        _examples(level, weights.dense, groups), subject.encoder.name, labelled=False
    )
    evidence = {"by": "the corpus's own pages", "weights": for_weights}
    return _tuning(weights, calibrator, {**evidence, "calibrator": for_calibrator})


def tune_on_labelled(subject: Subject, data: EvaluationData) -> Tuning:
    """Weights and calibrator from questions that people labelled.

    Documents that answer are known by the qrels; the order of the questions changes nothing. Where
    unanswerable questions were labelled too, all of them together are taken for what is asked; else
    each question is tried without its documents as well, and beside those of other subjects.
    """
    level = levels_of(subject.parts).passages
    scorer = Scorer(level, subject.encoder)
    rows = _rows_of_documents(subject.documents)
    asked = []
    for query_id, question in sorted(data.queries.items()):
        judged = data.qrels[query_id].items()
        right = [row for doc_id, gain in judged if gain > 0 for row in rows.get(doc_id, ())]
        if right:
            asked.append(scorer.labelled(question, np.asarray(sorted(right), dtype=np.int64)))
    weights, for_weights = fit_weights(asked)
    wrong = scorer.questions([text for _, text in sorted(data.unanswerable.items())])
    groups: Groups = ((asked, len(asked)), (wrong, len(wrong)))
    if not wrong:
        near = [each.without_answer() for each in asked]
        far = scorer.questions(other_subjects(subject.encoder, subject.parts.background.mean))
        groups = ((asked, _ANSWERED), (near, _NEAR), (far, _FAR))
    calibrator, for_calibrator = fit_calibrator(
        _examples(level, weights.dense, groups), subject.encoder.name, labelled=True
    )
    evidence = {"by": "labelled questions", "weights": for_weights}
    return _tuning(weights, calibrator, {**evidence, "calibrator": for_calibrator})


def _examples(level: Level, dense_weight: float, groups: Groups) -> Examples:
    """Groups of questions, each with its share of what is asked."""
    rows, right, shares = [], [], []
    for asked, share in groups:
        rows += [features(each.evidence(level, dense_weight)) for each in asked]
        right += [_is_found(each, dense_weight) for each in asked]
        shares += [share / max(len(asked), 1)] * len(asked)
    return Examples(
        np.asarray(rows).reshape(len(rows), len(FEATURES)),
        np.asarray(right, dtype=np.bool_),
        np.asarray(shares),
    )


def _tuning(weights: Weights, calibrator: Calibrator, evidence: dict[str, Any]) -> Tuning:
    return {
        "weights": asdict(weights),
        "calibrator": calibrator.as_json(),
        "evidence": evidence,
    }


def _is_found(each: Asked, dense_weight: float) -> bool:
    """Whether an answer is among what a student sees."""
    rank = each.rank(dense_weight)
    return rank is not None and rank <= _FIRST


def _made_up(questions: Sequence[str]) -> list[str]:
    count = len(questions) // _FEW
    return [*swapped(questions)[:count], *salad(questions, count)]


def _rows_of_documents(documents: Path) -> dict[str, range]:
    rows: dict[str, range] = {}
    first = 0
    for document, passages in walk(documents):
        rows[document.doc_id] = range(first, first + len(passages))
        first += len(passages)
    return rows
