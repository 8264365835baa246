"""Sentences and their vectors come back as they were written, and a copy is a copy."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.errors import EncoderError, SnapshotCorruptError
from groundedqa.index.sentences import SentenceIndex, SentenceRows, SentenceWriter, Span

DIM = 4
Written = tuple[list[Span], SentenceRows]


def _passage(count: int, seed: int) -> Written:
    """A passage of so many sentences."""
    random = np.random.default_rng(seed)
    bounds = [(10 * number, 10 * number + 9) for number in range(count)]
    return bounds, random.integers(-127, 128, (count, DIM), dtype=np.int8)


def _write(path: Path, passages: list[Written]) -> SentenceIndex:
    with SentenceWriter(path, DIM) as writer:
        for bounds, rows in passages:
            writer.add(bounds, rows)
    return SentenceIndex(path)


_PASSAGES = st.lists(st.builds(_passage, st.integers(0, 4), st.integers(0, 99)), max_size=6)


@settings(derandomize=True, deadline=None, max_examples=80)
@given(_PASSAGES)
def test_each_passage_has_its_bounds_and_its_rows(passages: list[Written]) -> None:
    with TemporaryDirectory() as folder:
        index = _write(Path(folder) / "sentences", passages)
        assert len(index) == len(passages)
        for row, (bounds, rows) in enumerate(passages):
            found = index.of(row)
            assert list(found.bounds) == bounds
            assert found.rows.dtype == np.int8
            assert found.rows.tolist() == rows.tolist()


@settings(derandomize=True, deadline=None, max_examples=60)
@given(_PASSAGES, st.data())
def test_a_copy_of_some_rows_has_the_bytes_of_a_file_of_those_alone(
    passages: list[Written], data: st.DataObject
) -> None:
    kept = [row for row in range(len(passages)) if data.draw(st.booleans())]
    with TemporaryDirectory() as folder:
        whole = _write(Path(folder) / "whole", passages)
        _write(Path(folder) / "alone", [passages[row] for row in kept])
        with SentenceWriter(Path(folder) / "copy", DIM) as writer:
            writer.copy(whole, np.array(kept, dtype=np.int64))
        copied = (Path(folder) / "copy").read_bytes()
        assert copied == (Path(folder) / "alone").read_bytes()


@pytest.mark.parametrize("row", [-1, 2])
def test_a_row_that_is_not_there_is_refused(tmp_path: Path, row: int) -> None:
    index = _write(tmp_path / "s", [_passage(1, 0), _passage(2, 1)])
    with pytest.raises(IndexError, match="among 2"):
        index.of(row)


@pytest.mark.parametrize(
    "rows",
    [
        np.ones((1, DIM + 1), np.int8),
        np.ones((2, DIM), np.int8),
        np.ones((0, DIM), np.int8),
        np.ones(DIM, np.int8),
        np.ones((1, DIM), np.float32),
    ],
    ids=["another length", "too many", "too few", "no rows", "no int8"],
)
def test_rows_that_do_not_fit_the_sentences_are_refused(tmp_path: Path, rows: SentenceRows) -> None:
    with SentenceWriter(tmp_path / "s", DIM) as writer:
        writer.add(*_passage(2, 0))
        with pytest.raises(EncoderError, match="1 sentences need int8 rows of 4 numbers"):
            writer.add([(0, 1)], rows)
    assert len(SentenceIndex(tmp_path / "s")) == 1


@pytest.mark.parametrize("cut", [0, 7, -1])
def test_a_shortened_file_is_refused_by_name(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "sentences"
    _write(path, [_passage(2, 0)])
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(SnapshotCorruptError, match="sentences is not what was written"):
        SentenceIndex(path)


def test_a_write_that_an_error_ended_is_refused(tmp_path: Path) -> None:
    bounds, rows = _passage(1, 0)
    with pytest.raises(KeyError), SentenceWriter(tmp_path / "s", DIM) as writer:
        writer.add(bounds, rows)
        raise KeyError
    with pytest.raises(SnapshotCorruptError):
        SentenceIndex(tmp_path / "s")
