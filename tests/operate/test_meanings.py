from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from groundedqa.ask import Asker
from groundedqa.encode import Vectors
from groundedqa.operate import meanings
from groundedqa.operate.meanings import Labels, by_meaning
from groundedqa.snapshot import Collection
from tests.operate.gap_questions import MEANINGS


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


@pytest.mark.model
def test_questions_of_one_meaning_are_put_together_and_no_others(sample: Collection) -> None:
    texts = [(meaning, text) for meaning, said in MEANINGS.items() for text in said]
    asker = Asker(sample)
    labels = by_meaning(np.stack([asker.vector(text) for _, text in texts]))
    asker.close()
    pairs = list(combinations(range(len(texts)), 2))
    together = [labels[left] == labels[right] for left, right in pairs]
    belong = [texts[left][0] == texts[right][0] for left, right in pairs]
    right = sum(a and b for a, b in zip(together, belong, strict=True))
    assert right == sum(together)  # no pair is put together wrongly
    assert right / sum(belong) >= 0.9


@given(st.lists(st.integers(0, 359), min_size=1, max_size=30))
@settings(derandomize=True, deadline=None)
def test_labels_count_up_from_0_and_equal_questions_share_one(angles: list[int]) -> None:
    turned = np.radians(np.array(angles))
    vectors = np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)
    labels = by_meaning(vectors)
    assert set(labels.tolist()) == set(range(int(labels.max()) + 1))
    for left, right in combinations(range(len(angles)), 2):
        if angles[left] == angles[right]:
            assert labels[left] == labels[right]


def test_a_set_too_large_to_compare_is_parted_by_a_stricter_likeness(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(meanings, "_TOGETHER", 5)
    near = np.radians(np.array([0, 1, 2, 40, 41, 42, 80, 81, 82, 83]))
    vectors = np.stack([np.cos(near), np.sin(near)], axis=1).astype(np.float32)
    labels = by_meaning(vectors)
    assert len({*labels[:3].tolist()}) == len({*labels[3:6].tolist()}) == 1
    assert len({*labels[6:].tolist()}) == 1
    same = np.ones((12, 1), dtype=np.float32)
    assert max(np.bincount(by_meaning(same))) <= 5
