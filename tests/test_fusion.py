"""Scores of both sides to one: each weight's end is one side, and what no word matches counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.index import ExactBm25, ExactIndex, VectorBackground
from groundedqa.index.protocol import Vectors
from groundedqa.retrieve import Level, Method, Scored, fuse
from groundedqa.retrieve.level import standardised

_EXAMPLES = settings(derandomize=True, deadline=None, max_examples=150)
_METHODS: list[Method] = ["standard", "reciprocal-rank", "min-max"]


def scored(
    dense: list[float],
    lexical: list[float],
    dense_spread: tuple[float, float] = (0.1, 0.2),
    lexical_spread: tuple[float, float] = (0.5, 2.0),
    attainable: float = 4.0,
) -> Scored:
    return Scored(
        np.arange(len(dense)),
        np.asarray(dense, dtype=np.float32),
        np.asarray(lexical, dtype=np.float32),
        dense_spread,
        lexical_spread,
        attainable,
    )


_PAIRS = st.lists(st.tuples(st.integers(-8, 8), st.integers(0, 8)), max_size=12)


def order(scores: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[int]:
    found: list[int] = np.argsort(-scores, kind="stable").tolist()
    return found


@pytest.mark.parametrize("method", _METHODS)
@_EXAMPLES
@given(_PAIRS)
def test_weight_1_orders_as_the_dense_side_and_0_as_the_lexical(
    method: Method, pairs: list[tuple[int, int]]
) -> None:
    dense, lexical = [a / 8 for a, _ in pairs], [float(b) for _, b in pairs]
    found = scored(dense, lexical)
    assert order(fuse(found, 1, method)) == order(np.asarray(dense))
    assert order(fuse(found, 0, method)) == order(np.asarray(lexical))


@_EXAMPLES
@given(_PAIRS.filter(len), st.floats(0, 1))
def test_a_better_score_on_either_side_never_lowers_a_row_s_fused_one(
    pairs: list[tuple[int, int]], weight: float
) -> None:
    dense, lexical = [a / 8 for a, _ in pairs], [float(b) for _, b in pairs]
    before = fuse(scored(dense, lexical), weight)
    after = fuse(scored([dense[0] + 1, *dense[1:]], lexical), weight)
    assert after[0] >= before[0]
    assert after[1:].tolist() == before[1:].tolist()


def test_a_score_is_its_distance_from_the_mean_in_deviations_as_far_as_words_are_matched() -> None:
    found = scored([0.5, 0.1], [2.0, 0.5])
    assert found.matched() == 0.5
    # (0.5 - 0.1) / 0.2 and (2 - 0.5) / 2, the latter as far as the words are matched: by half.
    expected = [0.6 * 2.0 + 0.4 * 0.75 * 0.5, 0.0]
    assert fuse(found, 0.6).tolist() == pytest.approx(expected, abs=1e-6)


def test_where_a_side_tells_none_apart_it_says_nothing() -> None:
    assert standardised(np.array([1.0, 2.0]), (1.0, 0.0)).tolist() == [0.0, 0.0]
    found = scored([0.5, 0.1], [0.0, 0.0], lexical_spread=(0.0, 0.0), attainable=0.0)
    assert found.matched() == 0.0
    assert fuse(found, 0.0).tolist() == [0.0, 0.0]
    assert order(fuse(found, 0.5)) == [0, 1]


def test_ranks_and_scaled_scores_are_those_of_the_papers() -> None:
    found = scored([0.5, 0.1, 0.3], [0.0, 3.0, 1.0])
    ranked = [0.5 / 61, 0.5 / 63 + 0.5 / 61, 0.5 / 62 + 0.5 / 62]
    assert fuse(found, 0.5, "reciprocal-rank").tolist() == pytest.approx(ranked)
    assert fuse(found, 0.5, "min-max").tolist() == pytest.approx([0.5, 0.5, 0.25 + 1 / 6])
    assert fuse(scored([1.0, 1.0], [2.0, 2.0]), 0.5, "min-max").tolist() == [0.0, 0.0]


@pytest.mark.parametrize("method", _METHODS)
def test_no_candidates_have_no_scores(method: Method) -> None:
    assert fuse(scored([], []), 0.5, method).tolist() == []


def unit(rows: Vectors) -> Vectors:
    lengths: Vectors = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / lengths).astype(np.float32)


def test_a_row_without_any_of_the_words_gets_its_true_lexical_score_0() -> None:
    texts = ["green leaf", "root", "leaf in light", "stone"]
    vectors = unit(np.random.default_rng(0).normal(size=(4, 8)).astype(np.float32))
    words = ExactBm25([(text, "en") for text in texts])
    level = Level(ExactIndex(vectors), words, VectorBackground.of(vectors))
    found = level.score(vectors[1], "leaf", np.array([0, 1, 3]))
    assert len(level) == 4
    assert found.lexical.tolist() == [words.scores("leaf", np.array([0]))[0], 0.0, 0.0]
    assert found.dense.tolist() == pytest.approx((vectors[[0, 1, 3]] @ vectors[1]).tolist())
    assert found.lexical_spread == words.background("leaf")
    assert found.attainable == words.attainable("leaf")
    products = (vectors.astype(np.float64) @ vectors[1].astype(np.float64)).tolist()
    assert found.dense_spread == pytest.approx((np.mean(products), np.std(products)))
    fused = fuse(found, 0.0)
    below = -found.lexical_spread[0] / found.lexical_spread[1] * found.matched()
    assert fused.tolist()[1:] == pytest.approx([below, below])
