"""Many requests from many threads while snapshots come and go: none fails, and nothing leaks."""

from __future__ import annotations

import threading
from pathlib import Path

import psutil

from groundedqa.build import BuildSettings, build
from groundedqa.snapshot import Collection, publish
from tests.support.processes import Service, service

REQUESTS = 20_000
THREADS = 16
CHANGES = 200
BAD = [{"question": ""}, {"question": "x", "k": 0}, {"question": "x" * 70_000}, ["x"]]


def test_a_long_load_with_bad_requests_and_new_snapshots_leaves_the_service_as_it_was(
    collection: Collection, corpus: Path, tiny_model: Path, tmp_path: Path
) -> None:
    settings = BuildSettings(model=str(tiny_model), passage_tokens=48)
    made = []
    for number in range(3):
        (corpus / "wind.txt").write_text(f"Wind\n\nAir that moves {number} times.\n")
        made.append(build(corpus, collection, settings).snapshot)
    with service(collection.index, tmp_path / "log") as running:
        running.wait_until_ready()
        process = psutil.Process(running.process.pid)
        load(running, REQUESTS // 10, made, collection)  # until everything was used once
        memory, files = process.memory_info().rss, process.num_fds()
        load(running, REQUESTS, made, collection)
        assert process.memory_info().rss < 1.2 * memory + 20_000_000
        assert process.num_fds() <= files + THREADS


def ask(running: Service, number: int, made: list[str]) -> str | None:
    """What is wrong with the answer to one request."""
    bad = number % 10 == 0
    body: object = BAD[number // 10 % len(BAD)] if bad else {"question": f"wind {number}"}
    try:
        status, answer = running.post("/v1/ask", body)
    except OSError as error:
        return repr(error)
    if bad:
        return None if status in (413, 422) else f"{status}: {answer}"
    return None if status == 200 and answer["snapshot"] in made else f"{status}: {answer}"


def load(running: Service, requests: int, made: list[str], collection: Collection) -> None:
    """Ask from all threads, one request in ten a bad one, and publish meanwhile."""
    wrong: list[str] = []
    lock = threading.Lock()
    left = iter(range(requests))

    def keep_asking() -> None:
        while True:
            with lock:
                number = next(left, None)
            if number is None:
                return
            problem = ask(running, number, made)
            if problem:
                wrong.append(problem)

    threads = [threading.Thread(target=keep_asking) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    pause = threading.Event()
    changes = 0
    while any(thread.is_alive() for thread in threads):
        if changes < CHANGES:
            publish(collection, made[changes % len(made)])
            changes += 1
        pause.wait(0.3)
    assert wrong == []
