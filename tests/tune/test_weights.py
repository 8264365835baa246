"""The weight of dense against lexical scores: found where it matters, the default elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.retrieve import Scored, Weights, fuse
from groundedqa.tune import fit_weights
from groundedqa.tune.scoring import Asked

_OTHERS = 40


def asked(dense: list[float], lexical: list[float], right: int = 1) -> Asked:
    """A question's candidates: scores in standard deviations, all its words matched."""
    scored = Scored(
        np.arange(len(dense)),
        np.asarray(dense, dtype=np.float32),
        np.asarray(lexical, dtype=np.float32),
        dense_spread=(0.0, 1.0),
        lexical_spread=(0.0, 1.0),
        attainable=max([*lexical, 1e-9]),
    )
    return Asked("?", scored, np.ones(len(dense), dtype=np.float32), right)


def clear(chance: np.random.Generator, apart: float = 0.5) -> list[float]:
    """Scores that put the first row a little above all others."""
    others = chance.uniform(0.0, 3.0, _OTHERS)
    return [float(others.max()) + apart, *others.tolist()]


def noise(chance: np.random.Generator) -> list[float]:
    """Scores that say nothing of the first row."""
    scores: list[float] = chance.uniform(0.0, 30.0, _OTHERS + 1).tolist()
    return scores


def test_a_side_that_is_noise_gets_no_weight() -> None:
    chance = np.random.default_rng(3)
    dense_noise = [asked(noise(chance), clear(chance)) for _ in range(80)]
    lexical_noise = [asked(clear(chance), noise(chance)) for _ in range(80)]
    assert fit_weights(dense_noise)[0] == Weights(dense=0.0, section=Weights().section)
    assert fit_weights(lexical_noise)[0] == Weights(dense=1.0, section=Weights().section)


def test_sides_that_say_the_same_keep_the_default_with_the_evidence() -> None:
    chance = np.random.default_rng(4)
    both = [clear(chance) for _ in range(50)]
    weights, evidence = fit_weights([asked(scores, scores) for scores in both])
    assert weights == Weights()
    assert evidence["questions"] == 50
    assert evidence["ndcg_10"] == [1.0] * 21
    assert evidence["weights"][:3] == [0.0, 0.05, 0.1]


@pytest.mark.parametrize("count", [0, 1, 29])
def test_fewer_than_30_questions_keep_the_default_and_say_so(count: int) -> None:
    chance = np.random.default_rng(5)
    weights, evidence = fit_weights([asked(noise(chance), clear(chance)) for _ in range(count)])
    assert weights == Weights()
    assert (evidence["questions"], evidence["chosen_by"]) == (
        count,
        "default: fewer than 30 questions",
    )


def test_a_gain_is_that_of_the_rank_to_the_tenth() -> None:
    below = [float(number) for number in range(12)]
    at_rank_3 = asked([9.5, *below], [9.5, *below])
    at_rank_12 = asked([0.5, *below], [0.5, *below])
    _, evidence = fit_weights([at_rank_3] * 30 + [at_rank_12] * 30)
    assert evidence["ndcg_10"] == [0.25] * 21


_SCORES = st.lists(st.integers(0, 4).map(float), min_size=1, max_size=12)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(_SCORES, st.data())
def test_the_rank_is_that_of_sorting_with_a_tie_for_what_answers(
    dense: list[float], data: st.DataObject
) -> None:
    count = len(dense)
    lexical = data.draw(st.lists(st.integers(0, 4).map(float), min_size=count, max_size=count))
    right = data.draw(st.integers(0, count))
    weight = data.draw(st.sampled_from([0.0, 0.3, 0.7, 1.0]))
    each = asked(dense, lexical, right)
    fused = fuse(each.scored, weight).tolist()
    order = sorted(range(count), key=lambda row: (-fused[row], row))
    expected = min((order.index(row) + 1 for row in range(right)), default=None)
    assert each.rank(weight) == expected


def test_without_its_answer_a_question_has_all_the_others() -> None:
    each = asked([3.0, 2.0, 1.0, 0.5], [1.0, 2.0, 3.0, 4.0], right=2).without_answer()
    assert each.scored.rows.tolist() == [2, 3]
    assert each.scored.dense.tolist() == [1.0, 0.5]
    assert each.scored.lexical.tolist() == [3.0, 4.0]
    assert (each.right, each.rank(0.5)) == (0, None)
