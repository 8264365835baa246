"""How fast words are searched at 300,000 passages, on one thread.

The passages are made of words sampled by Zipf's law, so that frequent words are as frequent as in
English; a question takes 8 to 12 words of one passage, "stop words" with them.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.report import Line, percentile
from groundedqa.index.bm25 import Bm25Index
from groundedqa.index.write_bm25 import Bm25Writer

_PASSAGES = 300_000
_WORDS = 150  # of a passage
_VOCABULARY = 400_000
_QUESTIONS = 500
_LETTERS = "etaoinshrdlu"

_FIRST_QUESTION = """
import sys, time
from pathlib import Path
started = time.perf_counter()
from groundedqa.index.bm25 import Bm25Index
index = Bm25Index(Path(sys.argv[1]))
index.search(sys.argv[2], 10)
seconds = time.perf_counter() - started
status = Path("/proc/self/status").read_text(encoding="utf-8")
resident = int(status.split("VmHWM:")[1].split()[0]) / 1024
print(seconds, resident)
"""


def passages(count: int) -> Iterator[str]:
    """Texts of words by Zipf's law, the same every time."""
    random = np.random.default_rng(7)
    spelled = np.array([_spelling(rank) for rank in range(_VOCABULARY)], dtype=object)
    shares = np.cumsum(1 / (np.arange(_VOCABULARY) + 2.7))
    for _ in range(count):
        drawn = np.searchsorted(shares, random.random(_WORDS) * shares[-1])
        yield " ".join(spelled[drawn])


def questions(texts: list[str]) -> list[str]:
    """A question for each text: 8 to 12 of its words."""
    random = np.random.default_rng(8)
    return [" ".join(random.choice(text.split(), random.integers(8, 13))) for text in texts]


def run() -> Iterator[Line]:
    """Build, open in a new process, and ask."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "words.bm25"
        kept: list[str] = []
        writer = Bm25Writer()
        started = time.perf_counter()
        for row, text in enumerate(passages(_PASSAGES)):
            writer.add(text, "en")
            if row % (_PASSAGES // _QUESTIONS) == 0:
                kept.append(text)
        writer.write(path)
        yield Line(
            f"{_PASSAGES:,} passages made, counted, written", time.perf_counter() - started, "s"
        )
        del writer
        yield Line("file", path.stat().st_size / 1e6, "MB")
        yield from _measured(path, questions(kept))


def _measured(path: Path, asked: list[str]) -> Iterator[Line]:
    command = [sys.executable, "-c", _FIRST_QUESTION, str(path), asked[0]]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, resident = map(float, output.split())
    yield Line("new process: imports, opening and the first question", seconds, "s", most=2)
    yield Line("new process: resident at most", resident, "MB", most=450)
    index = Bm25Index(path)
    few = np.arange(0, _PASSAGES, 1000, dtype=np.int64)
    hundred = np.arange(100, dtype=np.int64)
    fresh: dict[str, Callable[[str], object]] = {
        "search": lambda question: index.search(question, 10),
        "search, k 100": lambda question: index.search(question, 100),
        "search, one row in a thousand allowed": lambda question: index.search(question, 10, few),
        "search, scores, background, coverage": lambda question: (
            index.search(question, 100),
            index.scores(question, hundred),
            index.background(question),
            index.coverage(question, hundred),
        ),
    }
    for name, ask in fresh.items():
        taken = [_milliseconds(ask, question) for question in asked]
        bounds = (3, 6) if name == "search" else (None, None)
        yield Line(f"{name}: p50", percentile(taken, 0.5), "ms", most=bounds[0])
        yield Line(f"{name}: p95", percentile(taken, 0.95), "ms", most=bounds[1])
    index.close()


def _milliseconds(ask: Callable[[str], object], question: str) -> float:
    started = time.perf_counter()
    ask(question)
    return 1000 * (time.perf_counter() - started)


def _spelling(rank: int) -> str:
    """A word of its own for each rank; frequent words are short."""
    letters = ""
    while rank or not letters:
        rank, letter = divmod(rank, len(_LETTERS))
        letters += _LETTERS[letter]
    return letters + "k"


if __name__ == "__main__":
    for line in run():
        print(line, flush=True)
