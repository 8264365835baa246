"""The contract of VectorIndex: every index gives the rows and the scores of plain arithmetic."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.index import ExactIndex, FlatIndex, Rows, Scores, VectorIndex, flat, write_flat
from groundedqa.index.protocol import Vectors

Make = Callable[[Vectors], VectorIndex]
_EXAMPLES = settings(derandomize=True, deadline=None, max_examples=150)


def _flat(vectors: Vectors) -> FlatIndex:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.faiss"
        half = len(vectors) // 2
        write_flat(path, vectors.shape[1], [vectors[:half], vectors[half:]])
        return FlatIndex(path)  # the mapping outlives the file's name


@pytest.fixture(params=[ExactIndex, _flat], ids=["exact", "flat"])
def make(request: pytest.FixtureRequest) -> Make:
    found: Make = request.param
    return found


def _unit(values: Any) -> Vectors:
    vectors = np.asarray(values, dtype=np.float64)
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def _expected(vectors: Vectors, query: Vectors, k: int, allowed: Rows | None) -> list[Any]:
    """(row, score) by sorting Python numbers: scores summed exactly, rounded once to float32."""
    from math import fsum

    rows = range(len(vectors)) if allowed is None else sorted(set(allowed.tolist()))
    products = {
        row: float(
            np.float32(
                fsum(a * b for a, b in zip(query.tolist(), vectors[row].tolist(), strict=True))
            )
        )
        for row in rows
    }
    return sorted(products.items(), key=lambda item: (-item[1], item[0]))[:k]


def _pairs(found: tuple[Rows, Scores]) -> list[Any]:
    assert found[0].dtype == np.int64
    assert found[1].dtype == np.float32
    return list(zip(found[0].tolist(), found[1].tolist(), strict=True))


# Few different vectors in many rows: nearly every cut goes through a tie.
_CROWDED = st.lists(
    st.sampled_from([(1, 0, 0, 0), (0, 1, 0, 0), (1, 1, 0, 0), (1, 2, 3, 4), (-1, 0, 0, 0)]),
    max_size=120,
)
_SPREAD = st.lists(st.tuples(*[st.integers(-9, 9)] * 4), max_size=60)


@_EXAMPLES
@given(st.one_of(_CROWDED, _SPREAD), st.integers(1, 140), st.data())
@pytest.mark.parametrize("few", [20_000, 0], ids=["one by one", "through a selector"])
def test_rows_and_scores_equal_plain_arithmetic(
    few: int, values: list[tuple[int, ...]], k: int, data: st.DataObject
) -> None:
    vectors = _unit(np.array(values, dtype=np.float64).reshape(-1, 4))
    queries = _unit([[1, 2, 0, 0], [0, 0, 0, 1], data.draw(st.sampled_from(values or [(1,) * 4]))])
    chosen = data.draw(
        st.none() | st.lists(st.integers(0, len(values) - 1), max_size=90)
        if values
        else st.sampled_from([None, []])
    )
    allowed = None if chosen is None else np.array(chosen, dtype=np.int64)
    expected = [_expected(vectors, query, k, allowed) for query in queries]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flat, "_FEW", few)
        for index in (ExactIndex(vectors), _flat(vectors)):
            assert len(index) == len(vectors)
            found = [_pairs(pair) for pair in index.search(queries, k, allowed)]
            assert found == expected


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.booleans())
@pytest.mark.parametrize("few", [20_000, 0], ids=["one by one", "through a selector"])
def test_vectors_that_float32_sums_confuse_are_told_apart(
    few: int, seed: int, k: int, restricted: bool
) -> None:
    """Hundreds of rows within a few units of the last place, many of them equal."""
    random = np.random.default_rng(seed)
    centre = random.standard_normal(384)
    near = centre + 1e-7 * random.standard_normal((40, 384))
    vectors = _unit(near)[random.integers(0, 40, 700)]
    queries = _unit(centre + 0.01 * random.standard_normal((3, 384)))
    allowed = np.flatnonzero(random.random(700) < 0.7) if restricted else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flat, "_FEW", few)
        found = [_pairs(pair) for pair in _flat(vectors).search(queries, k, allowed)]
    oracle = [_pairs(pair) for pair in ExactIndex(vectors).search(queries, k, allowed)]
    assert found == oracle
    assert found == [_expected(vectors, query, k, allowed) for query in queries]


def test_a_thousand_equal_vectors_come_in_the_order_of_their_rows(make: Make) -> None:
    index = make(_unit(np.ones((1000, 4))))
    [(rows, scores)] = index.search(_unit(np.ones((1, 4))), 50)
    assert rows.tolist() == list(range(50))
    assert scores.tolist() == [1.0] * 50


def test_more_allowed_rows_than_are_scored_one_by_one(make: Make) -> None:
    random = np.random.default_rng(7)
    vectors = _unit(random.standard_normal((30_000, 16)))
    allowed = np.arange(0, 30_000, 1, dtype=np.int64)[::-1]  # in any order, and
    allowed = np.concatenate([allowed, allowed[:500]])  # named twice
    queries = _unit(random.standard_normal((4, 16)))
    found = make(vectors).search(queries, 20, allowed[allowed % 5 != 0])
    oracle = ExactIndex(vectors).search(queries, 20, np.flatnonzero(np.arange(30_000) % 5))
    assert [_pairs(pair) for pair in found] == [_pairs(pair) for pair in oracle]
    assert all((rows % 5 != 0).all() for rows, _ in found)


def test_no_allowed_row_gives_nothing_and_one_gives_that_one(make: Make) -> None:
    vectors = _unit(np.eye(6))
    index = make(vectors)
    query = vectors[:1]
    assert _pairs(index.search(query, 3, np.array([], dtype=np.int64))[0]) == []
    assert _pairs(index.search(query, 3, np.array([4]))[0]) == [(4, 0.0)]
    assert _pairs(index.search(query, 3, np.array([4, 0, 4]))[0]) == [(0, 1.0), (4, 0.0)]


def test_an_empty_index_answers_with_nothing(make: Make) -> None:
    index = make(np.empty((0, 8), dtype=np.float32))
    query = _unit(np.ones((1, 8)))
    assert len(index) == 0
    assert _pairs(index.search(query, 5)[0]) == []
    assert _pairs(index.search(query, 5, np.array([], dtype=np.int64))[0]) == []
    assert index.scores(query, np.array([], dtype=np.int64)).shape == (1, 0)


def test_k_of_zero_is_an_empty_answer_and_one_beyond_all_rows_is_all_of_them(make: Make) -> None:
    vectors = _unit(np.eye(3))
    assert _pairs(make(vectors).search(vectors[:1], 0)[0]) == []
    assert _pairs(make(vectors).search(vectors[:1], 10**6)[0]) == [(0, 1.0), (1, 0.0), (2, 0.0)]


def test_scores_stand_in_the_order_of_the_rows_asked_for(make: Make) -> None:
    random = np.random.default_rng(3)
    vectors = _unit(random.standard_normal((20_000, 12)))
    queries = _unit(random.standard_normal((3, 12)))
    rows = random.integers(0, 20_000, 9000)
    exact = np.array([vectors[rows].astype(np.float64) @ q.astype(np.float64) for q in queries])
    assert np.array_equal(make(vectors).scores(queries, rows), exact.astype(np.float32))


def test_no_query_gives_no_answer(make: Make) -> None:
    assert make(_unit(np.eye(3))).search(np.empty((0, 3), dtype=np.float32), 2) == []


def test_the_vectors_can_be_read_after_the_index_that_mapped_them_is_gone() -> None:
    vectors = _unit(np.random.default_rng(1).standard_normal((50_000, 64)))
    view = _flat(vectors).vectors
    assert np.array_equal(view[::-1], vectors[::-1])
    with pytest.raises(ValueError, match="read-only"):
        view[0, 0] = 1


_MEASURE = """
import sys
from pathlib import Path
import psutil
from groundedqa.index import FlatIndex
process = psutil.Process()
before = process.memory_info().rss
index = FlatIndex(Path(sys.argv[1]))
print(len(index), process.memory_info().rss - before)
"""


def test_loading_100_mb_of_vectors_adds_nothing_to_resident_memory(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    write_flat(path, 384, [np.ones((70_000, 384), dtype=np.float32)])
    assert path.stat().st_size > 100_000_000
    ran = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    count, grown = map(int, ran.stdout.split())
    assert count == 70_000
    assert grown < 10_000_000
