"""What a corpus of some size takes: disk, memory, time to be ready, answers a second.

The table of docs/operations.md is made of this.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks import made_corpus, sample
from benchmarks.report import Line
from benchmarks.serving import NOTHING_KEPT, ask, throughput
from groundedqa.snapshot import Collection, current
from tests.support.processes import service

_PASSAGES = (10_000, 100_000, 300_000)
_WARM = 200  # questions
_CLIENTS = (1, 16)


def run() -> Iterator[Line]:
    """Made corpora of three sizes, each served by a process of its own."""
    for passages in _PASSAGES:
        with TemporaryDirectory() as folder:
            collection = made_corpus.made(Path(folder), passages)
            yield from _served(f"{passages:,} passages", collection, Path(folder) / "log")


def _served(name: str, collection: Collection, log: Path) -> Iterator[Line]:
    snapshot = current(collection)
    assert snapshot is not None
    files = collection.snapshot(snapshot).iterdir()
    yield Line(f"{name}: snapshot", sum(file.stat().st_size for file in files) / 1e6, "MB")
    questions = sample.questions()
    with service(collection.index, log, *NOTHING_KEPT) as running:
        running.wait_until_ready()
        ask(running, questions, _WARM)
        memory = psutil.Process(running.process.pid).memory_full_info()
        yield Line(f"{name}: memory of its own", memory.uss / 1e6, "MB")
        yield Line(f"{name}: resident with the mapped files", memory.rss / 1e6, "MB")
        for clients in _CLIENTS:
            for line in throughput(running, questions, clients):
                yield Line(f"{name}: {line.what}", line.value, line.unit)
