"""Whether a system knows what its corpus does not answer.

Answerable queries are set against unanswerable ones, for each kind of these and for all together:

- AUROC of ``answerable``: the chance that it is higher for an answerable query; a tie is a half.
- Coverage at a risk: the greatest share of all queries that a threshold on ``answerable`` lets
  through while no more than that share of them is wrong. Wrong is an unanswerable query; and once
  more, with the qrels, also an answer without a relevant unit among its first five citations.
- Hallucination rate, unanswerable queries that were answered, and error rate, answerable ones that
  were not: NoMIRACL's terms (Thakur et al. 2024, arXiv 2312.11361).
- Expected calibration error: 15 bins of equal mass over ``answerable``; Brier: the mean square.

The shares depend on how many queries of each sort there are; AUROC and the two rates do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from groundedqa.evaluate.asked import Asked
from groundedqa.evaluate.intervals import Estimate, Numbers, Rows, of_two_samples

ALL_KINDS = "all"
BINS = 15
RISKS = (0.01, 0.05, 0.10)


@dataclass(frozen=True, slots=True)
class Curve:
    """Risk by coverage, threshold after threshold; ``unsupported`` counts what has no evidence."""

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    unsupported: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Queries of like ``answerable``: its mean, the share that the corpus answers, how many."""

    answerable: float
    answered_by_corpus: float
    queries: int


@dataclass(frozen=True, slots=True)
class Abstention:
    """The figures by kind, ``all`` first, how many unanswerable ones each has, and two curves."""

    kinds: dict[str, dict[str, Estimate]]
    queries: dict[str, int]
    curve: Curve
    reliability: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Queries as arrays: P(answerable), whether it answered, whether it should, whether rightly."""

    probability: Numbers
    answered: Numbers
    label: Numbers
    right: Numbers

    @classmethod
    def of(cls, asked: Sequence[Asked], label: bool) -> Judged:
        """From what came of queries that are all answerable, or all not."""
        return cls(
            probability=np.array([_probability(each) for each in asked], dtype=float),
            answered=np.array([each.decision == "answered" for each in asked], dtype=float),
            label=np.full(len(asked), float(label)),
            right=np.array([label and each.found for each in asked], dtype=float),
        )

    def __getitem__(self, rows: Rows) -> Judged:
        """Some of the queries."""
        return Judged(
            self.probability[rows], self.answered[rows], self.label[rows], self.right[rows]
        )

    def __add__(self, other: Judged) -> Judged:
        """The queries of both."""
        return Judged(
            np.concatenate((self.probability, other.probability)),
            np.concatenate((self.answered, other.answered)),
            np.concatenate((self.label, other.label)),
            np.concatenate((self.right, other.right)),
        )


def abstention(
    answerable: Sequence[Asked], unanswerable: Sequence[Asked], kinds: dict[str, str]
) -> Abstention | None:
    """The figures of a system that gives probabilities; None without them or without queries.

    ``kinds`` gives the kind of an unanswerable query by its id.
    """
    given = [each.answerable for each in (*answerable, *unanswerable)]
    if not answerable or not unanswerable or all(each is None for each in given):
        return None
    groups: dict[str, list[Asked]] = {ALL_KINDS: list(unanswerable)}
    for each in unanswerable:
        groups.setdefault(kinds[each.query_id], []).append(each)
    if len(groups) == 2:  # one kind is all of them
        del groups[ALL_KINDS]
    positive = Judged.of(answerable, label=True)
    together = positive + Judged.of(unanswerable, label=False)
    return Abstention(
        kinds={kind: _figures(positive, Judged.of(of, False)) for kind, of in groups.items()},
        queries={kind: len(of) for kind, of in groups.items()},
        curve=risk_coverage(together),
        reliability=tuple(bins(together)),
    )


def auroc(positive: Numbers, negative: Numbers) -> float:
    """The chance that a positive's score is above a negative's, ties counting a half."""
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left") + np.searchsorted(ordered, positive, "right")
    return float(below.sum()) / (2 * len(positive) * len(negative))


def risk_coverage(judged: Judged) -> Curve:
    """From the highest threshold down; queries of one probability pass together."""
    order = np.argsort(-judged.probability, kind="stable")
    probability = judged.probability[order]
    last = np.append(probability[1:] != probability[:-1], True)
    number = np.arange(1, len(order) + 1)
    risk = np.cumsum(1 - judged.label[order]) / number
    unsupported = np.cumsum(1 - judged.right[order]) / number
    coverage = number / len(order)
    return Curve(*(tuple(values[last].tolist()) for values in (coverage, risk, unsupported)))


def coverage_at(coverage: Sequence[float], risk: Sequence[float], target: float) -> float:
    """The greatest coverage whose risk is at most the target; 0 where none is."""
    return max((c for c, r in zip(coverage, risk, strict=True) if r <= target), default=0.0)


def bins(judged: Judged) -> list[Bin]:
    """15 bins of equal mass, fewer than that with fewer queries.

    Queries of one probability share their labels' mean, so that it does not matter which of them
    a bin's edge takes.
    """
    order = np.argsort(judged.probability, kind="stable")
    probability, label = judged.probability[order], judged.label[order]
    _, group = np.unique(probability, return_inverse=True)
    shared = (np.bincount(group, weights=label) / np.bincount(group))[group]
    parts = np.array_split(np.arange(len(order)), BINS)
    return [
        Bin(float(probability[part].mean()), float(shared[part].mean()), len(part))
        for part in parts
        if len(part)
    ]


def _figures(positive: Judged, negative: Judged) -> dict[str, Estimate]:
    def of(first: Rows, second: Rows) -> dict[str, float]:
        return _statistics(positive[first], negative[second])

    return of_two_samples(of, len(positive.label), len(negative.label))


def _statistics(positive: Judged, negative: Judged) -> dict[str, float]:
    both = positive + negative
    curve = risk_coverage(both)
    binned = bins(both)
    error = sum(b.queries * abs(b.answerable - b.answered_by_corpus) for b in binned)
    answered = float(both.answered.sum())
    return {
        "auroc": auroc(positive.probability, negative.probability),
        **{f"coverage@{r:.0%}": coverage_at(curve.coverage, curve.risk, r) for r in RISKS},
        **{
            f"coverage@{r:.0%} unsupported": coverage_at(curve.coverage, curve.unsupported, r)
            for r in RISKS
        },
        "coverage": answered / len(both.label),
        "risk": _share(both.answered * (1 - both.label), answered),
        "unsupported": _share(both.answered * (1 - both.right), answered),
        "hallucination_rate": float(negative.answered.mean()),
        "error_rate": float(1 - positive.answered.mean()),
        "ece": error / len(both.label),
        "brier": float(((both.probability - both.label) ** 2).mean()),
    }


def _share(part: Numbers, whole: float) -> float:
    return float(part.sum()) / whole if whole else 0.0


def _probability(asked: Asked) -> float:
    """As given; a decision that came before any probability (no word is known) is a sure one."""
    if asked.answerable is None:
        return 1.0 if asked.decision == "answered" else 0.0
    return asked.answerable
