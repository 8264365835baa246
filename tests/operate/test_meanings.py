from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from groundedqa.operate.meanings import Labels, Vectors, by_meaning


def unit(rows: int, seed: int) -> Vectors:
    """Unit rows, drawn around four directions."""
    drawn = np.random.default_rng(seed)
    centres = drawn.normal(size=(4, 6))
    vectors = centres[drawn.integers(4, size=rows)] + drawn.normal(size=(rows, 6))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def together(labels: Labels) -> set[tuple[int, int]]:
    """The pairs that share a label."""
    left, right = np.nonzero(labels[:, None] == labels[None, :])
    return {(int(a), int(b)) for a, b in zip(left, right, strict=True) if a < b}


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(2, 60), st.integers(0, 10_000), st.sampled_from([0.3, 0.65, 0.9]))
def test_sets_taken_by_themselves_give_what_average_linkage_of_all_pairs_does(
    rows: int, seed: int, alike: float
) -> None:
    vectors = unit(rows, seed)
    pairs = np.triu_indices(rows, 1)
    away = (1 - vectors @ vectors.T)[pairs].clip(min=0).astype(np.float64)
    whole = fcluster(linkage(away, "average"), 1 - alike, "distance")
    assert together(by_meaning(vectors, alike)) == together(whole)
