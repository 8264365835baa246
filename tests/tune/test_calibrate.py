"""The calibrator: what it promises of risk holds on fresh questions, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.errors import SnapshotCorruptError
from groundedqa.ground import FEATURES, Calibrator, load_calibrator
from groundedqa.tune import LEAST, builtin, fit_calibrator
from groundedqa.tune.calibrate import Array, Examples

ENCODER = "tiny@0+0"


def drawn(count: int, apart: float, seed: int, share: float = 0.5) -> Examples:
    """Questions whose features lie about those of the built-in calibrator, right ones higher.

    Each stands for as much of what is asked as any other.
    """
    chance = np.random.default_rng(seed)
    base = builtin(ENCODER)
    right = chance.random(count) < share
    towards = np.sign(base.coefficients)
    noise = chance.normal(size=(count, len(FEATURES)))
    moved = noise + apart * (right[:, None] - 0.5) * towards / len(FEATURES) ** 0.5
    rows = np.asarray(base.centre) + np.asarray(base.scale) * moved
    return Examples(rows, right, np.full(count, 1 / count))


@cache
def fitted(count: int, apart: float, seed: int, *, labelled: bool = False) -> Calibrator:
    return fit_calibrator(drawn(count, apart, seed), ENCODER, labelled=labelled)[0]


def risk_seen(calibrator: Calibrator, target: float, apart: float, seed: int) -> float:
    """The share of wrong answers among those shown, over fresh questions; 0 if none is shown."""
    fresh = drawn(20_000, apart, 1000 + seed)
    shown = calibrator.probabilities(fresh.rows) >= calibrator.threshold(target)
    return float((~fresh.right[shown]).mean()) if shown.any() else 0.0


@pytest.mark.parametrize("labelled", [False, True], ids=["own pages", "labelled"])
@pytest.mark.parametrize("apart", [2.5, 4.0])
@pytest.mark.parametrize("target", [0.01, 0.05, 0.1])
def test_on_fresh_questions_the_risk_is_at_most_the_target_and_two_points(
    target: float, apart: float, labelled: bool
) -> None:
    seen = [
        risk_seen(fitted(600, apart, seed, labelled=labelled), target, apart, seed)
        for seed in range(5)
    ]
    assert max(seen) <= target + 0.02
    assert np.mean(seen) <= target + 0.005


def test_at_a_risk_of_five_points_most_of_what_is_answered_is_shown() -> None:
    fresh = drawn(20_000, 4.0, 99)
    calibrator = fitted(600, 4.0, 0)
    shown = calibrator.probabilities(fresh.rows) >= calibrator.threshold(0.05)
    assert shown[fresh.right].mean() > 0.85


def test_probabilities_are_what_they_say() -> None:
    fresh = drawn(20_000, 2.5, 98)
    found = fitted(600, 2.5, 1).probabilities(fresh.rows)
    for low, high in ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0)):
        among = (found >= low) & (found < high)
        assert fresh.right[among].mean() == pytest.approx(found[among].mean(), abs=0.1)


def test_a_command_that_fits_nothing_imports_no_scikit_learn() -> None:
    code = "import sys, groundedqa.cli.main; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


_CASES = st.tuples(st.sampled_from([80, 120, 240]), st.sampled_from([0.0, 1.0, 6.0, 20.0]))


@settings(derandomize=True, deadline=None, max_examples=12)
@given(_CASES, st.integers(0, 2), st.booleans())
def test_probabilities_lie_within_0_and_1_and_no_curve_ever_falls(
    case: tuple[int, float], seed: int, labelled: bool
) -> None:
    examples = drawn(*case, seed)
    calibrator = fitted(*case, seed, labelled=labelled)
    far: Array = np.concatenate([examples.rows, examples.rows * 1e6, -examples.rows * 1e6])
    found = calibrator.probabilities(far)
    assert 0 < found.min() <= found.max() < 1
    order = np.argsort(calibrator.sums(far), kind="stable")
    assert (np.diff(found[order]) >= 0).all()
    if calibrator.risks:
        thresholds, risks = np.asarray(calibrator.risks).T
        assert (np.diff(thresholds) > 0).all()
        assert (np.diff(risks) <= 0).all()
        assert 0 < risks.min() <= risks.max() <= 1
    targets = [0.0, 0.01, 0.05, 0.1, 0.3, 1.0]
    asked = [calibrator.threshold(target) for target in targets]
    assert asked == sorted(asked, reverse=True)
    assert asked[0] > 1  # no answer is surely right


def test_the_same_questions_give_the_same_calibrator() -> None:
    again, evidence = fit_calibrator(drawn(240, 2.5, 5), ENCODER, labelled=False)
    assert again == fitted(240, 2.5, 5)
    assert evidence["right"] + evidence["wrong"] == 240
    assert evidence["curve"] is True
    assert 0 < evidence["brier"] < 0.25


def test_a_few_questions_give_no_curve() -> None:
    calibrator, evidence = fit_calibrator(drawn(120, 2.5, 5), ENCODER, labelled=False)
    assert (calibrator.curve, calibrator.calibrated, evidence["curve"]) == ((), True, False)


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_with_too_little_to_fit_on_the_builtin_serves_and_says_so(share: float) -> None:
    examples = drawn(LEAST * 2, 3.0, 7, share)
    calibrator, evidence = fit_calibrator(examples, ENCODER, labelled=True)
    assert calibrator == builtin(ENCODER)
    assert (calibrator.calibrated, calibrator.encoder) == (False, ENCODER)
    assert evidence["right"] == int(examples.right.sum())
    assert evidence["fitted"] == "not at all: the built-in one serves"


def test_no_question_at_all_is_too_little() -> None:
    nothing = Examples(np.zeros((0, len(FEATURES))), np.zeros(0, dtype=np.bool_), np.zeros(0))
    assert fit_calibrator(nothing, ENCODER, labelled=False)[0] == builtin(ENCODER)


@pytest.mark.parametrize("count", [0, 240])
def test_a_calibrator_comes_back_from_json_to_the_last_digit(count: int) -> None:
    calibrator = fitted(count, 2.5, 3) if count else builtin(ENCODER)
    described = json.loads(json.dumps(calibrator.as_json()))
    assert load_calibrator(described, ENCODER) == calibrator


def test_a_calibrator_of_another_encoder_is_refused_by_both_names() -> None:
    described = fitted(240, 2.5, 3).as_json()
    with pytest.raises(SnapshotCorruptError) as caught:
        load_calibrator(described, "other@1+1")
    assert "fitted on tiny@0+0, not on other@1+1; run: groundedqa tune" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"features": FEATURES[:-1]}, "knows other features than this version"),
        ({"coefficients": "many"}, "the calibrator can't be read"),
        ({"intercept": None}, "the calibrator can't be read"),
    ],
)
def test_what_is_no_calibrator_of_this_version_is_refused(
    change: dict[str, object], says: str
) -> None:
    with pytest.raises(SnapshotCorruptError, match=says):
        load_calibrator({**builtin(ENCODER).as_json(), **change}, ENCODER)
    with pytest.raises(SnapshotCorruptError, match="knows other features"):
        load_calibrator({}, ENCODER)
