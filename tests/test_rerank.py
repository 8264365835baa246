"""Reranking: the exported model's scores are the reference's, and time may run out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from groundedqa.encode.cross import OnnxCrossEncoder
from groundedqa.encode.export_cross import exported_cross_encoder
from groundedqa.errors import EncoderError, EncoderMissingError
from groundedqa.retrieve.reranked import RerankedRetriever
from groundedqa.types import Filters, Hit, Passage
from tests.support.tiny_cross import exported_cross, tiny_cross

_TEXTS = ["tides", "The Moon pulls the sea. " * 9, "", "Ünïcödé 3.5", "why? " * 70]
_HITS = [
    Hit(Passage(str(n), "d", n, n + 1, chr(97 + n)), score=-float(n), dense=0.5, lexical=2.0)
    for n in range(6)
]


@pytest.mark.parametrize("activation", ["Sigmoid", "Identity"])
@pytest.mark.parametrize("question", ["why are there tides?", "a long question " * 20])
def test_scores_are_those_of_sentence_transformers(activation: str, question: str) -> None:
    from sentence_transformers import CrossEncoder

    folder = tiny_cross(activation=activation)
    ours = exported_cross_encoder(str(folder), exported_cross(folder)).score(question, _TEXTS)
    reference = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    theirs = reference.predict([(question, text) for text in _TEXTS], show_progress_bar=False)
    assert np.allclose(ours, theirs, atol=1e-4)
    assert np.ptp(ours) > 1e-3


def test_an_export_is_used_again_and_a_changed_file_is_refused(tmp_path: Path) -> None:
    folder = str(tiny_cross())
    name = exported_cross_encoder(folder, tmp_path / "home").name
    exported = tmp_path / "home" / name
    before = (exported / "model.onnx").stat().st_mtime_ns
    assert exported_cross_encoder(folder, tmp_path / "home").name == name
    assert (exported / "model.onnx").stat().st_mtime_ns == before
    (exported / "tokenizer.json").write_text("{}")
    with pytest.raises(EncoderError, match=r"tokenizer\.json is not what was exported; remove it"):
        OnnxCrossEncoder(exported)


def test_what_is_no_cross_encoder_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissingError, match="hf download no/such-model"):
        exported_cross_encoder("no/such-model", tmp_path)
    with pytest.raises(EncoderMissingError, match=r"no config\.json"):
        exported_cross_encoder(str(tmp_path), tmp_path / "home")
    three = tiny_cross(labels=3)
    with pytest.raises(EncoderError, match="one label"):
        exported_cross_encoder(str(three), tmp_path / "home")


class _Inner:
    def retrieve(self, question: str, k: int, filters: Filters) -> list[Hit]:
        assert (question, filters) == ("why?", Filters(kind=("qa",)))
        return _HITS[:k]


class _ByLetter:
    """Scores later letters higher, and two of them alike."""

    name = "by letter"

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        assert question == "why?"
        return np.array([min(ord(text), ord("e")) for text in passages], dtype=np.float32)


def _order(times: Sequence[float], k: int, depth: int = 20) -> list[tuple[str, float]]:
    ticks: Iterator[float] = iter(times)
    retriever = RerankedRetriever(
        _Inner(), _ByLetter(), depth=depth, budget_ms=100, clock=lambda: next(ticks)
    )
    hits = retriever.retrieve("why?", k, Filters(kind=("qa",)))
    assert all((hit.dense, hit.lexical) == (0.5, 2.0) for hit in hits)
    return [(hit.passage.text, hit.score) for hit in hits]


def test_hits_stand_in_the_order_of_the_model_and_equal_ones_in_that_before() -> None:
    assert _order([0, 0, 0, 0], 3) == [("e", 101), ("f", 101), ("d", 100)]


def test_only_the_first_hits_are_read_again() -> None:
    assert _order([0, 0, 0], 2, depth=3) == [("c", 99), ("b", 98)]


def test_where_more_hits_are_asked_for_than_the_depth_all_of_them_are_read_again() -> None:
    assert "".join(text for text, _ in _order([0, 0, 0, 0], 5, depth=3)) == "edcba"


@pytest.mark.parametrize("times", [[0, 0.2], [0, 0, 0.2], [0, 0, 0, 0.2]])
def test_when_time_runs_out_the_order_and_scores_before_stand(times: list[float]) -> None:
    assert _order(times, 3) == [("a", 0), ("b", -1), ("c", -2)]
