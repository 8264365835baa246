"""Questions that come at once are encoded together; one that comes alone never waits.

While one batch is encoded the questions that come gather, and the next batch is all of them: so the
batches grow with the load and there is no delay to choose. How much the model reads at once is
bounded by the encoder below, by tokens.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field

from groundedqa.encode.protocol import Encoder, SentenceRows, Span, Vectors
from groundedqa.stages import listener


@dataclass
class _Batch:
    """The texts of all calls that came since the last batch was begun, and their vectors to be."""

    texts: list[str] = field(default_factory=list)
    vectors: Future[Vectors] | None = None


class CoalescedEncoder:
    """An Encoder that wraps one for many threads; what it gives is the wrapped one's.

    A text's vector may differ in its last digits with what is encoded beside it.
    """

    def __init__(self, inner: Encoder) -> None:
        self._inner = inner
        self._lock = threading.Lock()
        self._gathering = _Batch()
        self._turns = ThreadPoolExecutor(1, "encode")

    @property
    def name(self) -> str:
        """The wrapped encoder's."""
        return self._inner.name

    @property
    def dim(self) -> int:
        """The wrapped encoder's."""
        return self._inner.dim

    @property
    def window(self) -> int:
        """The wrapped encoder's."""
        return self._inner.window

    @property
    def special(self) -> int:
        """The wrapped encoder's."""
        return self._inner.special

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Not gathered: it takes no time."""
        return self._inner.count_tokens(texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows; encoded together with what other threads ask for meanwhile."""
        with self._lock:
            batch = self._gathering
            first = len(batch.texts)
            batch.texts.extend(texts)
            if batch.vectors is None:
                batch.vectors = self._turns.submit(copy_context().run, self._encode_gathered)
        return batch.vectors.result()[first : first + len(texts)]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Not gathered: a build encodes many at once by itself."""
        return self._inner.encode_passages(texts)

    def encode_with_sentences(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[SentenceRows]]:
        """Not gathered either."""
        return self._inner.encode_with_sentences(texts, spans)

    def _encode_gathered(self) -> Vectors:
        with self._lock:
            batch, self._gathering = self._gathering, _Batch()
        heard = listener()  # of whoever came first
        if heard is not None:
            heard.encoded(len(batch.texts))
        return self._inner.encode_queries(batch.texts)
