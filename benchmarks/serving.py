"""The service as a user has it: from start to ready, its memory, and a question over HTTP."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psutil

from benchmarks import sample
from benchmarks.report import Line, percentile
from groundedqa.ask import Asker
from tests.support.processes import Service, service

_QUESTIONS = 300
_CLIENTS = (1, 4, 16)
# Each question is answered as if it were asked for the first time.
NOTHING_KEPT = ("--cache-megabytes", "0")


def run() -> Iterator[Line]:
    """Start, memory, latency and throughput."""
    collection = sample.collection()
    questions = sample.questions()
    with TemporaryDirectory() as folder:
        yield Line("from start to ready, best of 3", _start_to_ready(folder), "seconds", most=2)
        with service(sample.INDEX, Path(folder) / "log", *NOTHING_KEPT) as running:
            running.wait_until_ready()
            resident = psutil.Process(running.process.pid).memory_info().rss / 1e6
            yield Line("resident when ready", resident, "MB")
            ask(running, questions, 50)
            asker = Asker(collection)
            yield from _latency(running, asker, questions)
            asker.close()
            for clients in _CLIENTS:
                yield from throughput(running, questions, clients)
            resident = psutil.Process(running.process.pid).memory_info().rss / 1e6
            yield Line("resident after all of it", resident, "MB", most=450)


def _start_to_ready(folder: str) -> float:
    """Seconds from starting the process to the first 200 of /readyz."""
    fastest = float("inf")
    for number in range(3):
        started = time.perf_counter()
        with service(sample.INDEX, Path(folder) / f"log{number}") as running:
            running.wait_until_ready()
            fastest = min(fastest, time.perf_counter() - started)
    return fastest


def _latency(running: Service, asker: Asker, questions: list[str]) -> Iterator[Line]:
    """The same questions in turns over HTTP and in this process."""
    over_http, inside = [], []
    connection = _connect(running)
    for _, question in zip(range(_QUESTIONS), cycle(questions), strict=False):
        over_http.append(_post(connection, question))
        started = time.perf_counter()
        asker.ask(question)
        inside.append((time.perf_counter() - started) * 1000)
    connection.close()
    yield Line("one question in process, p50", percentile(inside, 0.5), "ms")
    yield Line("one question over HTTP, p50", percentile(over_http, 0.5), "ms")
    between = percentile(over_http, 0.5) - percentile(inside, 0.5)
    yield Line("HTTP above the process, at the median", between, "ms", most=2.5)


def throughput(running: Service, questions: list[str], clients: int) -> Iterator[Line]:
    """Distinct questions from several clients, each on a connection of its own."""
    times: list[float] = []
    started = time.perf_counter()
    share = _QUESTIONS // clients
    threads = [
        threading.Thread(
            target=lambda n=n: times.extend(ask(running, questions[n:] + questions[:n], share))
        )
        for n in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    for share_below in (0.5, 0.95, 0.99):
        name = f"{clients} clients, p{share_below * 100:.0f}"
        yield Line(name, percentile(times, share_below), "ms")
    yield Line(f"{clients} clients", len(times) / elapsed, "requests a second")


def ask(running: Service, questions: list[str], count: int) -> list[float]:
    """The milliseconds of so many questions, one after the other on one connection."""
    connection = _connect(running)
    times = [_post(connection, q) for _, q in zip(range(count), cycle(questions), strict=False)]
    connection.close()
    return times


def _connect(running: Service) -> http.client.HTTPConnection:
    address = urlsplit(running.url)
    return http.client.HTTPConnection(str(address.hostname), address.port or 80, timeout=60)


def _post(connection: http.client.HTTPConnection, question: str) -> float:
    """Milliseconds until the whole answer is here."""
    body = json.dumps({"question": question})
    started = time.perf_counter()
    connection.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = response.read()
    elapsed = (time.perf_counter() - started) * 1000
    if response.status != 200:
        raise RuntimeError(f"{response.status}: {answer[:200]!r}")
    return elapsed
