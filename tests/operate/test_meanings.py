from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from groundedqa.ask import Encoders
from groundedqa.operate import meanings
from groundedqa.operate.meanings import ALIKE, Labels, Vectors, by_meaning
from groundedqa.snapshot import Collection, open_current
from tests.operate.gap_questions import MEANINGS


def unit(rows: int, seed: int, spread: float = 1.0) -> Vectors:
    """Unit rows, drawn around a few directions."""
    drawn = np.random.default_rng(seed)
    centres = drawn.normal(size=(4, 6))
    vectors = centres[drawn.integers(4, size=rows)] + spread * drawn.normal(size=(rows, 6))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def together(labels: Labels) -> set[tuple[int, int]]:
    """The pairs that share a label."""
    left, right = np.nonzero(labels[:, None] == labels[None, :])
    return {(int(a), int(b)) for a, b in zip(left, right, strict=True) if a < b}


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(2, 60), st.integers(0, 10_000), st.sampled_from([0.3, 0.65, 0.9]))
def test_it_is_average_linkage_of_all_pairs(rows: int, seed: int, alike: float) -> None:
    vectors = unit(rows, seed)
    pairs = np.triu_indices(rows, 1)
    away = (1 - vectors @ vectors.T)[pairs].clip(min=0).astype(np.float64)
    whole = fcluster(linkage(away, "average"), 1 - alike, "distance")
    labels = by_meaning(vectors, alike)
    assert together(labels) == together(whole)
    assert set(labels.tolist()) == set(range(int(labels.max()) + 1))


def test_a_set_too_large_to_compare_pair_by_pair_is_parted_where_likeness_is_closer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(meanings, "_TOGETHER", 20)
    monkeypatch.setattr(meanings, "_ROWS", 7)
    vectors = np.concatenate([unit(120, 1, 0.05), np.repeat(unit(1, 2), 50, axis=0)])
    labels = by_meaning(vectors, 0.5)
    assert len(labels) == 170
    assert max(np.bincount(labels)) <= 20
    for label in range(int(labels.max()) + 1):
        members = vectors[labels == label]
        assert (members @ members.T).mean() >= 0.5


@pytest.mark.model
def test_students_questions_are_told_apart_by_what_they_ask(sample: Collection) -> None:
    asked = [question for spelled in MEANINGS.values() for question in spelled]
    meant = np.repeat(np.arange(len(MEANINGS)), [len(each) for each in MEANINGS.values()])
    with closing(open_current(sample)) as snapshot:
        encoder = Encoders().of(sample, str(snapshot.manifest.encoder["name"]))
    found = together(by_meaning(encoder.encode_queries(asked), ALIKE))
    right = together(meant)
    assert len(found & right) / len(found) >= 0.99
    assert len(found & right) / len(right) >= 0.9
