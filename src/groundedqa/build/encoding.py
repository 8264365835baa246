"""Documents of a store to passages and vectors, numbered in the order of the documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from groundedqa import chunk
from groundedqa.build.prepared import PreparedVectors
from groundedqa.build.reading import Progress
from groundedqa.chunk import ChunkSettings, encoded_texts, sentences
from groundedqa.encode import CachedEncoder, Encoder, SentenceRows, Vectors, cache_key
from groundedqa.errors import SnapshotError
from groundedqa.ground import TextDirectives
from groundedqa.index import SentenceWriter, StoreWriter
from groundedqa.snapshot import SnapshotWriter
from groundedqa.types import Document, Passage

_PASSAGES_AT_ONCE = 128  # encoded together; an interrupted build loses no more than these
_Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage with the text to encode, its sentences there, and its link's directive."""

    passage: Passage
    text: str
    spans: _Spans
    directive: str | None


def encode_into(
    writer: SnapshotWriter,
    store: StoreWriter,
    encoder: CachedEncoder,
    passage_tokens: int,
    prepared: PreparedVectors | None,
    tell: Progress,
) -> dict[str, int]:
    """Chunk and encode the stored documents; how many passages there are.

    Passages go into the store, vectors and sentences beside it. Questions of question pages have
    vectors of their own, in the order of the documents. Where vectors were ``prepared``, nothing
    is known of the sentences: their rows are zeros.

    Raises:
        ConfigurationError: vectors were prepared for another number of passages.
    """
    total, _ = store.documents_digest()
    counts = {"passages": 0, "without_fragment": 0}
    tell("encoding", 0, total)
    with writer.sentences() as kept:
        for done, block in _blocks(store, encoder, passage_tokens):
            if prepared:
                vectors, rows = _prepared(prepared, counts["passages"], block, encoder.dim)
            else:
                texts, spans = [each.text for each in block], [each.spans for each in block]
                vectors, rows = encoder.encode_with_sentences(texts, spans)
            writer.vectors.add(vectors)
            _keep_sentences(kept, block, rows)
            store.add_passages(
                (
                    counts["passages"] + number,
                    each.passage,
                    each.directive,
                    cache_key(encoder.name, each.text, each.spans),
                )
                for number, each in enumerate(block)
            )
            counts["passages"] += len(block)
            counts["without_fragment"] += sum(each.directive is None for each in block)
            tell("encoding", done, total)
    if prepared:
        prepared.check_count(counts["passages"])
    for titles in _question_blocks(store):
        writer.questions.add(encoder.encode_passages(titles))
    return counts


def _prepared(
    prepared: PreparedVectors, first: int, block: list[_Passage], dim: int
) -> tuple[Vectors, list[SentenceRows]]:
    unknown = [np.zeros((len(each.spans), dim), dtype=np.int8) for each in block]
    return prepared.rows(first, first + len(block)), unknown


def _keep_sentences(kept: SentenceWriter, block: list[_Passage], rows: list[SentenceRows]) -> None:
    for each, sentence_rows in zip(block, rows, strict=True):
        # From places in the text that was encoded to places in the document's.
        moved = each.passage.end - len(each.text)
        kept.add([(start + moved, end + moved) for start, end in each.spans], sentence_rows)


def _blocks(
    store: StoreWriter, encoder: Encoder, passage_tokens: int
) -> Iterator[tuple[int, list[_Passage]]]:
    """Passages in blocks that are encoded together, with how many documents are done by then."""
    held: list[_Passage] = []
    done = 0
    for done, document in enumerate(store.documents(), 1):
        held.extend(_prepare(document, encoder, passage_tokens))
        while len(held) >= _PASSAGES_AT_ONCE:
            yield done, held[:_PASSAGES_AT_ONCE]
            held = held[_PASSAGES_AT_ONCE:]
    if held:
        yield done, held


def _prepare(document: Document, encoder: Encoder, passage_tokens: int) -> list[_Passage]:
    target = min(passage_tokens, encoder.window)
    chunking = ChunkSettings(window=encoder.window, target=target, special=encoder.special)
    directives = TextDirectives(document)
    prepared = []
    passages = chunk.chunk(document, encoder.count_tokens, chunking)
    texts = encoded_texts(document, passages, encoder.count_tokens, chunking)
    for passage, text in zip(passages, texts, strict=True):
        if document.text[passage.start : passage.end] != passage.text:
            raise SnapshotError(f"passage {passage.passage_id} is no slice of its document")
        before = len(text) - len(passage.text)
        spans = [
            (before + start, before + end)
            for start, end in sentences(passage.text, document.language)
        ]
        directive = directives.directive(passage.start, passage.end)
        prepared.append(_Passage(passage, text, spans, directive))
    return prepared


def _question_blocks(store: StoreWriter) -> Iterator[list[str]]:
    held: list[str] = []
    for title in store.questions():
        held.append(title)
        if len(held) == _PASSAGES_AT_ONCE:
            yield held
            held = []
    if held:
        yield held
