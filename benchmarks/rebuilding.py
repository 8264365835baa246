"""A rebuild with one page changed, against the first build, over 5,000 documents."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import sample
from benchmarks.report import Line
from groundedqa.build import BuildSettings, build
from groundedqa.chunk import sentences
from groundedqa.snapshot import Collection

_DOCUMENTS = 5000
_SENTENCES = 5


def run() -> Iterator[Line]:
    """Seconds of both builds, and their ratio."""
    sample.encoder()  # exported before anything is timed
    with TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        collection = Collection(Path(folder) / "index")
        collection.index.mkdir()
        collection.encoders.symlink_to(Collection(sample.INDEX).encoders)
        pages = _pages()
        _write(corpus, pages)
        first = _seconds(corpus, collection)
        pages[0]["text"] += " One sentence more."
        _write(corpus, pages)
        second = _seconds(corpus, collection)
    yield Line(f"first build of {_DOCUMENTS} documents", first, "seconds")
    yield Line("rebuild with one page changed", second, "seconds")
    yield Line("rebuild to first build", second / first, "times", most=0.1)


def _pages() -> list[dict[str, str]]:
    """Pages of sentences drawn from the sample corpus: real words, no two pages alike."""
    pool = [d.text[start:end] for d in sample.documents() for start, end in sentences(d.text)]
    draw = random.Random(5)
    return [
        {"_id": f"page-{n}", "title": f"Page {n}", "text": " ".join(draw.sample(pool, _SENTENCES))}
        for n in range(_DOCUMENTS)
    ]


def _write(corpus: Path, pages: list[dict[str, str]]) -> None:
    lines = (json.dumps(page) + "\n" for page in pages)
    (corpus / "pages.jsonl").write_text("".join(lines), encoding="utf-8")


def _seconds(corpus: Path, collection: Collection) -> float:
    started = time.perf_counter()
    build(corpus, collection, BuildSettings())
    return time.perf_counter() - started
