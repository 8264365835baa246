"""How fast passages are encoded: against bare ONNX Runtime, and sentence-transformers on torch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from sentence_transformers import SentenceTransformer

from benchmarks import sample
from benchmarks.report import Line
from groundedqa.encode import DEFAULT, find_weights

_PASSAGES = 192
_ROUNDS = 3


def run() -> Iterator[Line]:
    """Passages a second of the three ways, best of three rounds taken in turns."""
    encoder = sample.encoder()
    reference = SentenceTransformer(str(find_weights(DEFAULT).folder), device="cpu")
    texts = sample.passages(encoder)[:_PASSAGES]
    feeds = [feed for _, feed in encoder.token_batches(texts)]
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: encoder.encode_passages(texts),
        "bare": lambda: [encoder.run(feed) for feed in feeds],
        # sentence-transformers with its own defaults: batches of 32, its own order.
        "torch": lambda: reference.encode(texts, show_progress_bar=False),
    }
    fastest = dict.fromkeys(ways, float("inf"))
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            fastest[name] = min(fastest[name], time.perf_counter() - started)
    rates = {name: len(texts) / seconds for name, seconds in fastest.items()}
    yield Line("passages encoded", rates["ours"], "a second")
    yield Line("the same token batches on bare ONNX Runtime", rates["bare"], "a second")
    yield Line("sentence-transformers on torch, its defaults", rates["torch"], "a second")
    yield Line("ours to bare ONNX Runtime", rates["ours"] / rates["bare"], "times", least=0.9)
    yield Line("ours to sentence-transformers", rates["ours"] / rates["torch"], "times", least=1.8)
