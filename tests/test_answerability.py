"""The features of a question's scores, and the model over them."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest

from groundedqa.ground import FEATURES, Calibrator, features
from groundedqa.retrieve import Evidence

_EMPTY = np.zeros(0)
EVIDENCE = Evidence(
    dense=np.array([3.0, 1.0]),
    lexical=np.array([1.0, 5.0]),
    fused=np.array([4.0, 2.0]),
    cosines=np.array([0.7, 0.4]),
    matches=np.array([0.5, 0.6]),
    coverage=np.array([0.5, 1.0]),
    best_cosines=np.array([0.7, 0.4]),
    best_matches=np.array([0.6, 0.5]),
    dense_spread=(0.1, 0.2),
    unknown=0.25,
    words=3,
    agree=True,
)
NOTHING = replace(
    EVIDENCE,
    dense=_EMPTY,
    lexical=_EMPTY,
    fused=_EMPTY,
    cosines=_EMPTY,
    matches=_EMPTY,
    coverage=_EMPTY,
    best_cosines=_EMPTY,
    best_matches=_EMPTY,
)


def calibrator(**changes: object) -> Calibrator:
    """One that looks at the best cosine alone: two times it, less one."""
    weights = tuple(2.0 if name == "cosine_1" else 0.0 for name in FEATURES)
    made = Calibrator(
        encoder="e",
        calibrated=True,
        centre=(0.0,) * len(FEATURES),
        scale=(1.0,) * len(FEATURES),
        coefficients=weights,
        intercept=-1.0,
        curve=(),
        risks=((0.2, 0.4), (0.5, 0.1), (0.8, 0.04)),
    )
    return replace(made, **changes)  # type: ignore[arg-type] # fields by name


def test_features_are_those_of_their_names() -> None:
    found = dict(zip(FEATURES, features(EVIDENCE).tolist(), strict=True))
    # The first ten of a side; two alone are continued by the second.
    assert found == pytest.approx(
        {
            "cosine_1": 0.7,
            "cosine_2": 0.4,
            "cosine_5": 0.4,
            "cosine_10": 0.4,
            "cosine_gap": 0.3,
            "cosine_above": 0.7 - 0.43,
            "dense_1": (0.7 - 0.1) / 0.2,
            "fused_1": 4.0,
            "fused_2": 2.0,
            "fused_5": 2.0,
            "fused_10": 2.0,
            "fused_gap": 2.0,
            "fused_above": 4.0 - 2.2,
            "fused_spread": 1.0,
            "match_1": 0.6,
            "match_gap": 0.1,
            "match_above": 0.6 - 0.51,
            "lexical_1": 5.0,
            "coverage_1": 0.5,
            "coverage_most": 1.0,
            "coverage_3": 2.5 / 3,
            "unknown": 0.25,
            "first_cosine": 0.7,
            "first_match": 0.5,
            "both": 1.5,
            "words": log(3),
            "agree": 1.0,
            "mean": 0.1,
            "deviation": 0.2,
        }
    )


def test_where_nothing_was_found_features_are_0_and_the_probability_is_the_least() -> None:
    assert features(NOTHING).tolist() == [0.0] * len(FEATURES)
    assert 0 < calibrator().probability(NOTHING) <= 1e-6


def test_a_corpus_whose_scores_are_all_the_same_is_no_error() -> None:
    same = replace(EVIDENCE, dense_spread=(0.7, 0.0))
    assert np.isfinite(features(same)).all()


def test_a_probability_is_the_logistic_of_the_sum_over_scaled_features() -> None:
    expected = 1 / (1 + exp(-(2 * 0.7 - 1)))
    assert calibrator().probability(EVIDENCE) == pytest.approx(expected)
    half = (0.5,) * len(FEATURES)
    moved = calibrator(centre=half, scale=half)
    assert moved.probability(EVIDENCE) == pytest.approx(1 / (1 + exp(-(2 * 0.4 - 1))))


def test_a_curve_maps_the_probability_linearly_between_its_steps() -> None:
    curved = calibrator(curve=((0.0, 0.1), (0.5, 0.2), (1.0, 0.8)))
    before = calibrator().probability(EVIDENCE)
    expected = 0.2 + (before - 0.5) / 0.5 * 0.6
    assert curved.probability(EVIDENCE) == pytest.approx(expected)


@pytest.mark.parametrize("sums", [1e9, -1e9])
def test_no_probability_is_0_or_1(sums: float) -> None:
    assert 0 < calibrator(intercept=sums).probability(EVIDENCE) < 1


@pytest.mark.parametrize(
    ("risk", "threshold"), [(0.5, 0.2), (0.4, 0.2), (0.1, 0.5), (0.05, 0.8), (0.04, 0.8)]
)
def test_the_threshold_is_the_lowest_that_is_safe_enough(risk: float, threshold: float) -> None:
    assert calibrator().threshold(risk) == threshold


@pytest.mark.parametrize("risks", [((0.2, 0.4),), ()])
def test_where_none_is_safe_enough_nothing_is_shown(
    risks: tuple[tuple[float, float], ...],
) -> None:
    assert calibrator(risks=risks).threshold(0.05) > 1
