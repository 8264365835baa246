"""What hybrid retrieval with grounding costs above dense retrieval alone, and suggestions.

Both answer the same questions in turns within one process: `Asker.ask` as it is served, and five
passages by meaning with a checked citation each, as it was before there was anything else. Near
misses are asked for, so that what abstains cites five passages too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks import made_corpus, sample
from benchmarks.report import Line, percentile
from groundedqa.ask import Asker, Wanted
from groundedqa.encode import load_exported
from groundedqa.ground import cite
from groundedqa.index import SuggestIndex, SuggestWriter
from groundedqa.retrieve import DenseRetriever
from groundedqa.snapshot import Snapshot, open_current
from groundedqa.types import Citation, Filters

SMALL, LARGE = 10_000, 300_000
_MOST = {SMALL: 3.0, LARGE: 8.0}  # milliseconds above dense retrieval alone
_ASKED = 400
_WANTED = Wanted(near_misses=True)
_SUGGESTED = 100_000


def run() -> Iterator[Line]:
    """10,000 passages, and suggestions."""
    yield from _above_dense(SMALL)
    yield from _suggestions()


def run_large() -> Iterator[Line]:
    """300,000 passages: the corpus takes minutes to make."""
    yield from _above_dense(LARGE)


def _above_dense(passages: int) -> Iterator[Line]:
    name = f"{passages:,} passages"
    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        collection = made_corpus.made(Path(folder), passages)
        yield Line(f"{name}: made and built", time.perf_counter() - started, "s")
        started = time.perf_counter()
        asker = Asker(collection)
        yield Line(f"{name}: opened, answered once", time.perf_counter() - started, "s", most=2)
        snapshot = open_current(collection)
        encoder = load_exported(collection.encoders, str(snapshot.manifest.encoder["name"]))
        dense = DenseRetriever(encoder, snapshot.parts.vectors, snapshot.store)
        with closing(asker), closing(snapshot):
            yield from _compared(name, asker, partial(_cited, dense, snapshot), _MOST[passages])


def _compared(
    name: str, asker: Asker, dense: Callable[[str], object], most: float
) -> Iterator[Line]:
    """Each question of both, now one first and now the other: a page read warms it for both."""
    questions = list(islice(cycle(sample.questions()), _ASKED))
    sides: tuple[Callable[[str], object], ...] = (dense, partial(asker.ask, wanted=_WANTED))
    taken: tuple[list[float], list[float]] = ([], [])
    for number, question in enumerate(questions):
        for side in (0, 1) if number % 2 else (1, 0):
            taken[side].append(_milliseconds(sides[side], question))
    alone, fused = (percentile(times, 0.5) for times in taken)
    yield Line(f"{name}: dense alone, p50", alone, "ms")
    yield Line(f"{name}: fused and grounded, p50", fused, "ms")
    yield Line(f"{name}: fused and grounded, p95", percentile(taken[1], 0.95), "ms")
    yield Line(f"{name}: above dense alone, at the median", fused - alone, "ms", most=most)


def _cited(dense: DenseRetriever, snapshot: Snapshot, question: str) -> list[Citation]:
    hits = dense.retrieve(question, _WANTED.k, Filters())
    documents = {
        doc_id: snapshot.store.document(doc_id)
        for doc_id in dict.fromkeys(hit.passage.doc_id for hit in hits)
    }
    return [
        cite(
            rank,
            hit,
            documents[hit.passage.doc_id],
            snapshot.store.fragment(hit.passage.passage_id),
        )
        for rank, hit in enumerate(hits, 1)
    ]


def _suggestions() -> Iterator[Line]:
    """Questions typed letter by letter, every second with its last two letters swapped."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "suggestions"
        texts = list(made_corpus.questions(_SUGGESTED))
        with SuggestWriter(path) as writer:
            for number, text in enumerate(texts):
                writer.add(text, str(number), "question")
        with closing(SuggestIndex(path)) as index:
            typed = list(_typed(texts))
            taken = [_milliseconds(lambda text: index.suggest(text, 8), text) for text in typed]
    name = f"suggestions over {_SUGGESTED:,} questions"
    yield Line(f"{name}, p50", percentile(taken, 0.5), "ms")
    yield Line(f"{name}, p95", percentile(taken, 0.95), "ms", most=10)


def _typed(texts: list[str]) -> Iterator[str]:
    random = np.random.default_rng(9)
    for number in random.integers(0, len(texts), _ASKED).tolist():
        text = texts[number]
        end = int(random.integers(1, len(text) + 1))
        typed = text[:end]
        yield typed[:-2] + typed[-2:][::-1] if number % 2 else typed


def _milliseconds(ask: Callable[[str], object], question: str) -> float:
    started = time.perf_counter()
    ask(question)
    return (time.perf_counter() - started) * 1000
