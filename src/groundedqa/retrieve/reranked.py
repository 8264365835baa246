"""The best hits of another retriever, read again together with the question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic
from typing import Protocol

from numpy import float32
from numpy.typing import NDArray

from groundedqa.retrieve.protocol import Retriever
from groundedqa.types import Filters, Hit

_AT_ONCE = 4  # pairs between two looks at the clock


class CrossEncoder(Protocol):
    """What scores a question with passages; encode.OnnxCrossEncoder is one."""

    @property
    def name(self) -> str:
        """Its weights' name."""
        ...

    def score(self, question: str, passages: Sequence[str]) -> NDArray[float32]:
        """A score for each passage, higher is better."""
        ...


class RerankedRetriever:
    """A Retriever that wraps one and orders its first ``depth`` hits by a cross-encoder.

    All or nothing: when ``budget_ms`` is over before all of them are scored, the wrapped order and
    its scores stand for the whole answer, for the two kinds of score can't be compared. Where k is
    more than ``depth``, k hits are scored. The budget is looked at between batches of four pairs.
    Raw scores stay as they are; equal scores keep the wrapped order.
    """

    def __init__(
        self,
        inner: Retriever,
        model: CrossEncoder,
        *,
        depth: int = 20,
        budget_ms: float = 300,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._inner = inner
        self._model = model
        self._depth = depth
        self._budget_ms = budget_ms
        self._clock = clock

    def retrieve(self, question: str, k: int, filters: Filters) -> list[Hit]:
        """The k best of the first ``depth`` hits, best first; fewer where there are no more."""
        found = self._inner.retrieve(question, max(k, self._depth), filters)
        scores = self._scores(question, found)
        if scores is None:
            return found[:k]
        rescored = [replace(hit, score=score) for hit, score in zip(found, scores, strict=True)]
        return sorted(rescored, key=lambda hit: -hit.score)[:k]

    def _scores(self, question: str, found: Sequence[Hit]) -> list[float] | None:
        """All hits' scores; None when time ran out."""
        end = self._clock() + self._budget_ms / 1000
        scores: list[float] = []
        for start in range(0, len(found), _AT_ONCE):
            if self._clock() >= end:
                return None
            texts = [hit.passage.text for hit in found[start : start + _AT_ONCE]]
            scores.extend(self._model.score(question, texts).tolist())
        return scores if self._clock() <= end else None
