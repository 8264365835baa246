"""100,000 requests by a load generator: the service has as much memory after them as before."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import psutil
import pytest

from benchmarks import load
from benchmarks.serving import NOTHING_KEPT
from groundedqa.build import BuildSettings, build
from groundedqa.snapshot import Collection
from tests.support.processes import Service, service

REQUESTS = 100_000
CLIENTS = 16
SECONDS = 20


def asked(running: Service, questions: Path, requests: int) -> None:
    """Ask until so many were answered."""
    answered = 0
    while answered < requests:
        came = load.ask(running, questions, CLIENTS, SECONDS)
        assert (came.failed, came.refused) == (0, 0)
        answered += came.answered


@pytest.mark.parametrize("flags", [(), NOTHING_KEPT], ids=["kept", "answered anew"])
def test_memory_stays_within_five_percent_over_a_hundred_thousand_requests(
    collection: Collection, corpus: Path, tiny_model: Path, tmp_path: Path, flags: tuple[str, ...]
) -> None:
    build(corpus, collection, BuildSettings(model=str(tiny_model), passage_tokens=48))
    questions = tmp_path / "questions.jsonl"
    lines = (json.dumps({"question": f"why does rain fall {n}"}) for n in range(2_000))
    questions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with service(collection.index, tmp_path / "log", *flags) as running:
        running.wait_until_ready()
        process = psutil.Process(running.process.pid)
        asked(running, questions, REQUESTS // 5)  # until everything was used, and the cache is full
        before = process.memory_full_info().uss
        asked(running, questions, REQUESTS)
        after = process.memory_full_info().uss
    logging.info("%.1f MB before, %.1f MB after", before / 1e6, after / 1e6)
    assert after <= 1.05 * before
