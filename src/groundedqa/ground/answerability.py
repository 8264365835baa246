"""How likely it is that the corpus answers, by a logistic model over the question's scores.

The features are those of a sorted score vector and of term coverage, by which abstention was found
to be told best without another model (Gisserot-Boukhlef et al. 2024, arXiv 2402.12997; sufficient
context: arXiv 2411.06037). What was fitted is data: coefficients, an isotonic curve over their sum
where there was enough to fit one, and for a list of thresholds the share of wrong answers seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from groundedqa.errors import SnapshotCorruptError
from groundedqa.retrieve import Evidence

Features = NDArray[np.float64]

FEATURES = (
    *("cosine_1", "cosine_2", "cosine_5", "cosine_10", "cosine_gap", "cosine_above"),
    *("dense_1", "fused_1", "fused_2", "fused_5", "fused_10", "fused_gap", "fused_above"),
    *("fused_spread", "match_1", "match_gap", "match_above", "lexical_1"),
    *("coverage_1", "coverage_most", "coverage_3", "unknown", "first_cosine", "first_match"),
    *("both", "words", "agree", "mean", "deviation"),
)
_FIRST_TEN = np.arange(10)
_EDGE = 1e-6  # a probability is never 0 or 1


def features(evidence: Evidence) -> Features:
    """The features of a question, in the order of ``FEATURES``; all 0 where nothing was found."""
    if not len(evidence.fused):
        return np.zeros(len(FEATURES))
    cosines, matches = _ten(evidence.best_cosines), _ten(evidence.best_matches)
    fused, coverage = _ten(evidence.fused), _ten(evidence.coverage)
    mean, deviation = evidence.dense_spread
    values = (
        *(cosines[0], cosines[1], cosines[4], cosines[9]),
        *(cosines[0] - cosines[1], cosines[0] - cosines.mean()),
        (cosines[0] - mean) / deviation if deviation else 0.0,
        *(fused[0], fused[1], fused[4], fused[9], fused[0] - fused[1], fused[0] - fused.mean()),
        evidence.fused.std(),
        *(matches[0], matches[0] - matches[1], matches[0] - matches.mean()),
        evidence.lexical.max(),
        *(coverage[0], coverage[:5].max(), coverage[:3].mean(), evidence.unknown),
        *(evidence.cosines[0], evidence.matches[0]),
        float((evidence.coverage * evidence.dense).max()),
        *(log(max(evidence.words, 1)), float(evidence.agree), mean, deviation),
    )
    return np.asarray(values, dtype=np.float64)


def _ten(scores: Features) -> Features:
    """The first ten; a list that is shorter is continued by its last."""
    return scores[np.minimum(_FIRST_TEN, len(scores) - 1)]


@dataclass(frozen=True, slots=True)
class Calibrator:
    """A fitted model of answerability. ``encoder`` is the one whose scores it was fitted on.

    ``curve`` maps the logistic model's probability to the calibrated one, by steps of (from, to),
    linear between; empty where too little was there to fit it. ``risks`` lists thresholds on the
    calibrated probability, ascending, with the share of wrong answers to expect of those that
    reach them. ``calibrated`` says whether it was fitted on this corpus.
    """

    encoder: str
    calibrated: bool
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    coefficients: tuple[float, ...]
    intercept: float
    curve: tuple[tuple[float, float], ...]
    risks: tuple[tuple[float, float], ...]

    def probability(self, evidence: Evidence) -> float:
        """The probability that the corpus answers, strictly between 0 and 1."""
        if not len(evidence.fused):
            return _EDGE
        return float(self.probabilities(features(evidence)[None, :])[0])

    def sums(self, rows: Features) -> Features:
        """The logistic model's sum for rows of features (questions, features)."""
        scaled = (rows - np.asarray(self.centre)) / np.asarray(self.scale)
        found: Features = scaled @ np.asarray(self.coefficients) + self.intercept
        return found

    def probabilities(self, rows: Features) -> Features:
        """The probabilities for rows of features (questions, features)."""
        found = 1 / (1 + np.exp(-np.clip(self.sums(rows), -30, 30)))
        if self.curve:
            steps, values = np.asarray(self.curve).T
            found = np.interp(found, steps, values)
        clipped: Features = np.clip(found, _EDGE, 1 - _EDGE)
        return clipped

    def threshold(self, risk: float) -> float:
        """The lowest probability at which no more than this share of answers is wrong.

        Above 1, and so never reached, where none is that safe.
        """
        safe = [least for least, expected in self.risks if expected <= risk]
        return min(safe, default=2.0)

    def as_json(self) -> dict[str, Any]:
        """For a snapshot's tuning."""
        described: dict[str, Any] = _JSON.dump_python(self, mode="json")
        return {**described, "features": FEATURES}


_JSON = TypeAdapter(Calibrator)


def load_calibrator(described: Mapping[str, Any], encoder: str) -> Calibrator:
    """The calibrator that ``as_json`` described.

    Raises:
        SnapshotCorruptError: it is not one, knows other features, or was fitted on the scores of
            another encoder.
    """
    known: Sequence[str] = described.get("features", ())
    if tuple(known) != FEATURES:
        raise SnapshotCorruptError(
            "the calibrator knows other features than this version; run: groundedqa build"
        )
    try:
        found = _JSON.validate_python({n: v for n, v in described.items() if n != "features"})
    except ValidationError as error:
        raise SnapshotCorruptError(
            f"the calibrator can't be read: {error}; run: groundedqa build"
        ) from error
    if found.encoder != encoder:
        raise SnapshotCorruptError(
            f"the calibrator was fitted on {found.encoder}, not on {encoder}; run: groundedqa tune"
        )
    return found
