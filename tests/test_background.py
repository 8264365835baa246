"""The background of dense scores: its closed form equals computing every inner product."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.errors import SnapshotCorruptError
from groundedqa.index import background
from groundedqa.index.background import VectorBackground

_EXAMPLES = settings(derandomize=True, deadline=None, max_examples=100)


@_EXAMPLES
@given(st.integers(1, 90), st.integers(1, 12), st.integers(0, 2**32 - 1), st.sampled_from([7, 512]))
def test_mean_and_deviation_equal_those_of_all_inner_products(
    rows: int, dim: int, seed: int, block: int
) -> None:
    random = np.random.default_rng(seed)
    vectors = (random.normal(size=(rows, dim)) + 3).astype(np.float32)
    query = random.normal(size=dim).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(background, "_BLOCK", block)
        found = VectorBackground.of(vectors).spread(query)
    products = vectors.astype(np.float64) @ query.astype(np.float64)
    assert found == pytest.approx((products.mean(), products.std()), rel=1e-6, abs=1e-7)


def test_equal_rows_have_no_deviation() -> None:
    vectors = np.tile(np.array([[0.6, 0.8]], dtype=np.float32), (50, 1))
    mean, deviation = VectorBackground.of(vectors).spread(np.array([1, 0], dtype=np.float32))
    assert mean == pytest.approx(0.6)
    assert deviation == pytest.approx(0, abs=1e-9)


def test_no_vectors_have_a_background_of_zeros() -> None:
    empty = VectorBackground.of(np.empty((0, 3), dtype=np.float32))
    assert empty.spread(np.ones(3, dtype=np.float32)) == (0.0, 0.0)


def test_bytes_come_back_as_they_were() -> None:
    vectors = np.random.default_rng(1).normal(size=(20, 4)).astype(np.float32)
    whole = VectorBackground.of(vectors)
    data = whole.to_bytes()
    again = VectorBackground.from_bytes(data)
    query = np.arange(4, dtype=np.float32)
    assert data == VectorBackground.of(vectors).to_bytes() == again.to_bytes()
    assert again.spread(query) == whole.spread(query)


def test_the_vectors_are_left_as_they_were() -> None:
    vectors = np.ones((3, 2), dtype=np.float32)
    VectorBackground.of(vectors)
    assert vectors.tolist() == [[1, 1], [1, 1], [1, 1]]


@pytest.mark.parametrize("cut", [0, 3, 8, -1])
def test_bytes_that_are_not_whole_are_refused(cut: int) -> None:
    data = VectorBackground.of(np.eye(2, dtype=np.float32)).to_bytes()
    with pytest.raises(SnapshotCorruptError, match="build again"):
        VectorBackground.from_bytes(data[:cut])
