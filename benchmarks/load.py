"""The service under load: a process of its own, asked by wrk, which takes little of the machine."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import sample
from benchmarks.report import Line
from benchmarks.serving import NOTHING_KEPT
from tests.support.processes import Service, service

_SCRIPT = Path(__file__).with_name("ask.lua")
_SECONDS = 8
_WARM_UP = 2
_MANY = 16
_PERMITS = 32


@dataclass(frozen=True, slots=True)
class Load:
    """What came of one load; times are milliseconds of the answers alone."""

    answered: int
    refused: int
    failed: int
    seconds: float
    p50: float
    p99: float
    fastest: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds


def run() -> Iterator[Line]:
    """Distinct questions, more than it can carry, and questions whose answers are kept."""
    sample.collection()
    with TemporaryDirectory() as folder:
        asked = Path(folder) / "asked.jsonl"
        asked.write_text(
            "".join(json.dumps({"question": q}) + "\n" for q in sample.questions()), "utf-8"
        )
        log = Path(folder) / "log"
        flags = (*NOTHING_KEPT, "--permits", str(_PERMITS))
        with service(sample.INDEX, log, *flags) as running:
            running.wait_until_ready()
            ask(running, asked, _MANY, _WARM_UP)
            yield from _distinct(running, asked)
            yield from _overload(running, asked)
        with service(sample.INDEX, log) as running:
            running.wait_until_ready()
            yield from _kept(running, asked)


def _distinct(running: Service, asked: Path) -> Iterator[Line]:
    one = ask(running, asked, 1)
    many = ask(running, asked, _MANY)
    yield Line("distinct, 1 client", one.rate, "answers a second")
    yield Line(f"distinct, {_MANY} clients", many.rate, "answers a second")
    yield Line(f"distinct, {_MANY} clients against 1", many.rate / one.rate, "times", least=1.3)
    yield Line(f"distinct, {_MANY} clients, p50", many.p50, "ms")
    yield Line(f"distinct, {_MANY} clients, p99 against p50", many.p99 / many.p50, "times", most=4)
    yield Line("distinct, failed", one.failed + many.failed, "requests", most=0)


def _overload(running: Service, asked: Path) -> Iterator[Line]:
    """As many clients as permits, then twice as many."""
    full = ask(running, asked, _PERMITS)
    twice = ask(running, asked, 2 * _PERMITS)
    yield Line(f"{_PERMITS} permits, as many clients, p99", full.p99, "ms")
    yield Line(f"{_PERMITS} permits, as many clients, refused", full.refused, "requests")
    share = twice.refused / (twice.answered + twice.refused)
    yield Line("twice as many clients, refused", 100 * share, "% of requests")
    yield Line("twice as many clients, fastest refusal", twice.fastest, "ms")
    yield Line("twice as many clients, answers", twice.rate / full.rate, "times as many")
    yield Line("twice as many clients, p99 of answers", twice.p99 / full.p99, "times", most=3)
    yield Line("twice as many clients, failed", full.failed + twice.failed, "requests", most=0)


def _kept(running: Service, asked: Path) -> Iterator[Line]:
    """Answers that were given before."""
    ask(running, asked, _MANY, _WARM_UP)
    one = ask(running, asked, 1)
    many = ask(running, asked, _MANY)
    yield Line("kept answers, 1 client, p50", one.p50, "ms", most=2)
    yield Line(f"kept answers, {_MANY} clients", many.rate, "answers a second", least=1500)
    yield Line(f"kept answers, {_MANY} clients, p99", many.p99, "ms")
    yield Line("kept answers, failed", one.failed + many.failed, "requests", most=0)


def ask(running: Service, asked: Path, clients: int, seconds: int = _SECONDS) -> Load:
    """So many clients, each asking anew once it is answered, on a connection of its own."""
    if shutil.which("wrk") is None:
        raise RuntimeError("the load comes from wrk, which is not here: apt-get install wrk")
    words = ["wrk", "--threads", "1", "--connections", str(clients), "--timeout", "30s"]
    words += ["--duration", f"{seconds}s", "--script", str(_SCRIPT)]
    words += [running.url + "v1/ask", "--", str(asked)]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return Load(**json.loads(told.strip().splitlines()[-1]))
