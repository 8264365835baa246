"""Figures of abstention against what their definitions give by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.evaluate import Abstention, Asked, abstention
from groundedqa.evaluate.abstention import Judged, auroc, bins, coverage_at, risk_coverage
from groundedqa.evaluate.intervals import of_mean, of_two_samples, randomisation_p
from groundedqa.types import Decision


def asked(name: str, answerable: float | None, found: bool = True) -> Asked:
    decision: Decision = "answered" if (answerable or 0) >= 0.5 else "abstained"
    return Asked(name, name, {}, (), found, decision, answerable, 1.0)


def figures(positive: list[float], negative: list[float]) -> dict[str, float]:
    made = told(positive, negative)
    return {name: estimate.value for name, estimate in made.kinds["u"].items()}


def told(positive: list[float], negative: list[float]) -> Abstention:
    made = abstention(
        [asked(f"q{n}", p) for n, p in enumerate(positive)],
        [asked(f"u{n}", p, found=False) for n, p in enumerate(negative)],
        {f"u{n}": "u" for n in range(len(negative))},
    )
    assert made
    return made


def test_two_kinds_apart_give_full_figures() -> None:
    made = figures([1, 1, 1], [0, 0, 0])
    assert made["auroc"] == 1
    assert (made["coverage@1%"], made["coverage@10%"]) == (0.5, 0.5)
    assert (made["hallucination_rate"], made["error_rate"], made["risk"]) == (0, 0, 0)
    assert (made["ece"], made["brier"]) == (0, 0)


def test_rates_and_risk_are_the_shares_that_their_names_say() -> None:
    made = figures([0.9, 0.8, 0.7, 0.2], [0.6, 0.1])
    assert made["hallucination_rate"] == 0.5
    assert made["error_rate"] == 0.25
    assert made["coverage"] == round(4 / 6, 4)
    assert made["risk"] == 0.25
    assert made["auroc"] == round(7 / 8, 4)
    assert made["brier"] == round((0.01 + 0.04 + 0.09 + 0.64 + 0.36 + 0.01) / 6, 4)


def test_coverage_goes_as_far_as_the_risk_allows() -> None:
    judged = Judged.of([asked(str(n), 1 - n / 20) for n in range(10)], label=True)
    judged += Judged.of([asked("u", 0.3, found=False), asked("v", 0.2, found=False)], label=False)
    curve = risk_coverage(judged)
    assert coverage_at(curve.coverage, curve.risk, 0.05) == 10 / 12
    assert coverage_at(curve.coverage, curve.risk, 0.10) == 11 / 12
    assert coverage_at([0.5], [0.2], 0.1) == 0


def test_queries_of_one_probability_pass_together() -> None:
    both = Judged.of([asked("q", 0.5)], True) + Judged.of([asked("u", 0.5, found=False)], False)
    assert risk_coverage(both).coverage == (1.0,)
    assert risk_coverage(both).risk == (0.5,)


def test_an_answer_without_evidence_is_unsupported_and_no_risk() -> None:
    curve = risk_coverage(Judged.of([asked("q", 0.9, found=False)], label=True))
    assert (curve.risk, curve.unsupported) == ((0.0,), (1.0,))


def test_bins_hold_the_same_number_and_ties_share_their_labels() -> None:
    both = Judged.of([asked(str(n), 0.5) for n in range(15)], True)
    both += Judged.of([asked(str(n), 0.5, found=False) for n in range(15)], False)
    made = bins(both)
    assert {each.queries for each in made} == {2}
    assert {each.answered_by_corpus for each in made} == {0.5}


def test_each_kind_has_its_figures_and_all_come_first() -> None:
    made = abstention(
        [asked("q", 0.9), asked("r", 0.8)],
        [asked("u", 0.1, found=False), asked("v", 0.95, found=False)],
        {"u": "other", "v": "swapped"},
    )
    assert made
    aurocs = {kind: values["auroc"].value for kind, values in made.kinds.items()}
    assert aurocs == {"all": 0.5, "other": 1.0, "swapped": 0.0}
    assert made.queries == {"all": 2, "other": 1, "swapped": 1}


def test_a_system_without_probabilities_has_no_figures() -> None:
    assert abstention([asked("q", None)], [asked("u", None)], {"u": "u"}) is None
    assert abstention([asked("q", 0.9)], [], {}) is None


def test_a_decision_before_any_probability_is_a_sure_one() -> None:
    made = abstention([asked("q", 0.9)], [asked("u", None, found=False)], {"u": "u"})
    assert made
    assert made.kinds["u"]["brier"].value == round(0.01 / 2, 4)


def test_auroc_counts_a_tie_as_a_half() -> None:
    assert auroc(np.array([0.9, 0.5]), np.array([0.5, 0.1])) == 0.875
    assert auroc(np.array([0.0]), np.array([1.0])) == 0


_SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@settings(derandomize=True, deadline=None)
@given(_SHARES, _SHARES)
def test_auroc_is_that_of_all_pairs(positive: list[float], negative: list[float]) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert auroc(np.array(positive), np.array(negative)) == pytest.approx(sum(pairs) / len(pairs))


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=40))
def test_an_interval_holds_its_mean_and_comes_out_the_same_again(values: list[float]) -> None:
    estimate = of_mean(np.array(values))
    assert estimate == of_mean(np.array(values))
    assert estimate.low is not None
    assert estimate.high is not None
    assert min(values) - 1e-4 <= estimate.low <= estimate.high <= max(values) + 1e-4


def test_an_interval_is_that_of_the_normal_law_for_many_queries() -> None:
    values = np.tile([0.0, 1.0], 500)
    estimate = of_mean(values)
    assert (estimate.low, estimate.high) == pytest.approx((0.469, 0.531), abs=0.004)


def test_one_query_has_no_interval() -> None:
    assert (of_mean(np.array([0.5])).low, of_mean(np.array([0.5])).high) == (None, None)
    alone = of_two_samples(lambda _first, _second: {"x": 0.5}, 1, 5)["x"]
    assert (alone.value, alone.low, alone.high) == (0.5, None, None)


def test_the_p_value_is_that_of_all_sign_flips() -> None:
    before, now = np.zeros(5), np.ones(5)
    assert randomisation_p(before, now) == pytest.approx(2 / 2**5, abs=0.01)
    assert randomisation_p(now, before) == pytest.approx(2 / 2**5, abs=0.01)
    assert randomisation_p(now, now) == 1
    assert randomisation_p(np.array([0.0, 1]), np.array([1.0, 0])) == 1
