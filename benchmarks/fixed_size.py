"""Passages at sentence ends against windows of the same length: gold spans within quotes.

``python -m benchmarks.fixed_size DIR``: a folder in BEIR's form with ``spans.jsonl``. It is built
twice, once as groundedqa cuts passages and once in windows of so many characters as those passages
have at the mean, whatever stands there. Exit status 1 if windows find more.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from unittest.mock import patch

from groundedqa import chunk
from groundedqa.ask import Asker
from groundedqa.build import BuildSettings, build
from groundedqa.chunk import ChunkSettings, CountTokens
from groundedqa.evaluate import AskerSystem, EvaluationData, evaluate_system, judge_of, load_data
from groundedqa.snapshot import Collection
from groundedqa.types import Document, Passage

Cut = Callable[[Document, CountTokens, ChunkSettings], list[Passage]]


@dataclass
class Windows:
    """Cuts every ``size`` characters."""

    size: int

    def __call__(
        self, document: Document, count_tokens: CountTokens, settings: ChunkSettings
    ) -> list[Passage]:
        """The windows of a document, in the order of the text."""
        del count_tokens, settings
        return [
            _passage(document, at, min(at + self.size, len(document.text)))
            for at in range(0, len(document.text), self.size)
        ]


def _passage(document: Document, start: int, end: int) -> Passage:
    name = f"{document.doc_id}.{start}-{end}"
    return Passage(name, document.doc_id, start, end, document.text[start:end])


@dataclass
class Counted:
    """Cuts as groundedqa does, and keeps the lengths."""

    cut: Cut
    lengths: list[int]

    def __call__(
        self, document: Document, count_tokens: CountTokens, settings: ChunkSettings
    ) -> list[Passage]:
        """The passages of a document."""
        found = self.cut(document, count_tokens, settings)
        self.lengths.extend(len(passage.text) for passage in found)
        return found


def main() -> int:
    """Build and ask twice; a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    questions = load_data(data / "queries.jsonl", data / "qrels.tsv", data / "spans.jsonl")
    counted = Counted(chunk.chunk, [])
    ours = _found(counted, data, questions)
    size = round(mean(counted.lengths))
    windows = _found(Windows(size), data, questions)
    print(f"spans in the first 5 quotes: cut at sentence ends {ours:.4f}")
    print(f"spans in the first 5 quotes: windows of {size} characters {windows:.4f}")
    return 0 if ours > windows else 1


def _found(cut: Cut, data: Path, questions: EvaluationData) -> float:
    with TemporaryDirectory() as folder, patch.object(chunk, "chunk", cut):
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        (corpus / "corpus.jsonl").symlink_to((data / "corpus.jsonl").resolve())
        collection = Collection(Path(folder) / "index")
        build(corpus, collection, BuildSettings())
        with closing(Asker(collection)) as asker:
            return (
                evaluate_system(AskerSystem(asker), questions, judge_of(questions)).spans_at_5
                or 0.0
            )


if __name__ == "__main__":
    sys.exit(main())
