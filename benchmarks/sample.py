"""The sample corpus's index and questions, as the benchmarks use them."""

from __future__ import annotations

import json
from pathlib import Path

from groundedqa.build import BuildSettings, build
from groundedqa.chunk import ChunkSettings, chunk, encoded_texts
from groundedqa.encode import DEFAULT
from groundedqa.encode.export import exported_encoder
from groundedqa.encode.onnx import OnnxEncoder
from groundedqa.read import load_profile, read_corpus
from groundedqa.snapshot import Collection
from groundedqa.types import Document

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
INDEX = ROOT / "index"


def collection() -> Collection:
    """The sample corpus, built and published."""
    chosen = Collection(INDEX)
    build(CORPUS, chosen, BuildSettings())
    return chosen


def encoder() -> OnnxEncoder:
    """The default encoder."""
    return exported_encoder(DEFAULT, Collection(INDEX).encoders)


def questions() -> list[str]:
    """Every question of the tuning and the test half."""
    files = sorted((ROOT / "benchmarks" / "questions").glob("*/queries.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").split("\n")]
    return [json.loads(line)["text"] for line in lines if line]


def documents() -> list[Document]:
    """The sample corpus's documents."""
    events = read_corpus(CORPUS, load_profile(CORPUS))
    return [event for event in events if isinstance(event, Document)]


def passages(model: OnnxEncoder) -> list[str]:
    """What is encoded for the sample corpus."""
    settings = ChunkSettings(window=model.window, target=200, special=model.special)
    texts: list[str] = []
    for document in documents():
        found = chunk(document, model.count_tokens, settings)
        texts.extend(encoded_texts(document, found, model.count_tokens, settings))
    return texts
