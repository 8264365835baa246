"""Questions of many threads are encoded together, and none waits without need."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest

from groundedqa.encode import CoalescedEncoder, SentenceRows, Vectors
from groundedqa.encode.protocol import Span

_PATIENCE = 10  # seconds


class _Slow:
    """An Encoder of lengths that can be held up, and that keeps what it was asked for."""

    name, dim, window, special = "slow", 2, 8, 2

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.begun = threading.Semaphore(0)
        self.may_go_on = threading.Event()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(list(texts))
        self.begun.release()
        assert self.may_go_on.wait(_PATIENCE)
        if "bad" in texts:
            raise ValueError("bad")
        return np.array([[len(text), 1] for text in texts], dtype=np.float32).reshape(-1, 2)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return -np.ones((len(texts), 2), dtype=np.float32)

    def encode_with_sentences(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[SentenceRows]]:
        rows = [np.ones((len(own), 2), dtype=np.int8) for own in spans]
        return self.encode_passages(texts), rows


def _asked(pool: ThreadPoolExecutor, encoder: CoalescedEncoder, *texts: str) -> Future[Vectors]:
    return pool.submit(encoder.encode_queries, texts)


def _gathered(encoder: CoalescedEncoder, count: int) -> None:
    """Wait until so many texts are in the next batch."""
    for _ in range(1000):
        if len(encoder._gathering.texts) == count:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{len(encoder._gathering.texts)} texts wait, not {count}")


def test_a_question_that_comes_alone_is_encoded_at_once() -> None:
    inner = _Slow()
    inner.may_go_on.set()
    encoder = CoalescedEncoder(inner)
    assert encoder.encode_queries(["abc"]).tolist() == [[3, 1]]
    assert encoder.encode_queries(["ab", "a"]).tolist() == [[2, 1], [1, 1]]
    assert inner.calls == [["abc"], ["ab", "a"]]


def test_what_comes_during_a_batch_is_the_next_batch_and_each_gets_its_own_rows() -> None:
    inner = _Slow()
    encoder = CoalescedEncoder(inner)
    with ThreadPoolExecutor(8) as pool:
        first = _asked(pool, encoder, "a")
        assert inner.begun.acquire(timeout=_PATIENCE)
        others = [_asked(pool, encoder, *("x" * n for n in range(size))) for size in range(5)]
        _gathered(encoder, 10)
        inner.may_go_on.set()
        assert first.result(_PATIENCE).tolist() == [[1, 1]]
        for size, other in enumerate(others):
            assert other.result(_PATIENCE).tolist() == [[n, 1] for n in range(size)]
    assert [len(call) for call in inner.calls] == [1, 10]


def test_a_batch_that_fails_fails_for_those_in_it_and_the_next_is_served() -> None:
    inner = _Slow()
    encoder = CoalescedEncoder(inner)
    with ThreadPoolExecutor(4) as pool:
        first = _asked(pool, encoder, "bad")
        assert inner.begun.acquire(timeout=_PATIENCE)
        second = _asked(pool, encoder, "good")
        _gathered(encoder, 1)
        inner.may_go_on.set()
        with pytest.raises(ValueError, match="bad"):
            first.result(_PATIENCE)
        assert second.result(_PATIENCE).tolist() == [[4, 1]]
    assert encoder.encode_queries(["later"]).tolist() == [[5, 1]]


def test_many_threads_get_what_they_asked_for() -> None:
    inner = _Slow()
    inner.may_go_on.set()
    encoder = CoalescedEncoder(inner)
    with ThreadPoolExecutor(16) as pool:
        asked = [_asked(pool, encoder, "x" * (number % 97)) for number in range(500)]
        assert [int(each.result(_PATIENCE)[0, 0]) for each in asked] == [n % 97 for n in range(500)]


def test_all_else_is_the_wrapped_encoder_s() -> None:
    encoder = CoalescedEncoder(_Slow())
    assert (encoder.name, encoder.dim, encoder.window, encoder.special) == ("slow", 2, 8, 2)
    assert encoder.count_tokens(["abc"]) == [3]
    assert encoder.encode_passages(["a"]).tolist() == [[-1, -1]]
    vectors, rows = encoder.encode_with_sentences(["a"], [[(0, 1)]])
    assert (vectors.tolist(), rows[0].tolist()) == ([[-1, -1]], [[1, 1]])
