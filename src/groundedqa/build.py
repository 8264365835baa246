"""The pipeline, top to bottom: corpus to snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from groundedqa import chunk, clean, read
from groundedqa.chunk import ChunkSettings
from groundedqa.encode import DEFAULT, CachedEncoder, Encoder, cache_key
from groundedqa.encode.export import exported_encoder
from groundedqa.encode.protocol import Vectors
from groundedqa.errors import CorpusError, SnapshotError
from groundedqa.ground import TextDirectives
from groundedqa.index import StoreWriter
from groundedqa.read import Opened, Problem, SiteProfile
from groundedqa.snapshot import (
    FORMAT,
    Collection,
    SnapshotWriter,
    build_lock,
    clear_unfinished,
    disk_errors,
    is_sound,
    publish,
    removed,
    snapshot_id,
    verify,
)
from groundedqa.types import Document, Passage

INDEX_VERSION = 1
_PASSAGES_AT_ONCE = 128  # encoded together; an interrupted build loses no more than these

# (what is being done, how much of it is done, of how much); the total is 0 where it is not known.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """What a build depends on besides the corpus and its site profile."""

    model: str = DEFAULT
    passage_tokens: int = 200  # where a passage is closed, title and headings counted in
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The snapshot that a build made, or found made already, and its report."""

    snapshot: str
    reused: bool
    published: bool
    report: dict[str, Any]


@dataclass
class _Reading:
    """What the build report says of the sources."""

    sources: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        documents = sum(source["documents"] for source in self.sources)
        return {
            "sources": len(self.sources),
            "documents": documents,
            "problems": len(self.problems),
            "removed": len(self.left_out),
        }


def build(
    corpus: Path,
    collection: Collection,
    settings: BuildSettings,
    *,
    publishes: bool = True,
    strict: bool = False,
    progress: Progress | None = None,
) -> BuildResult:
    """Make a snapshot of a corpus, or find it made, verify it, and publish it.

    Raises:
        CorpusError: nothing can be read; with ``strict``, anything that can't.
        BuildLockedError: another build is writing to the collection.
        StorageError: the disk is full. Whatever was published stays published.
    """
    tell = progress or (lambda *_: None)
    profile = read.load_profile(corpus)
    with build_lock(collection.build_lock), disk_errors(str(collection.home)):
        clear_unfinished(collection)
        tell("loading the encoder", 0, 0)
        encoder = exported_encoder(settings.model, collection.encoders, settings.threads)
        with SnapshotWriter(collection) as writer:
            with StoreWriter(writer.documents) as store:
                reading = _read(corpus, profile, removed(collection), store, tell)
                if strict and reading.problems:
                    raise CorpusError(_strictly(reading.problems))
                if not reading.counts()["documents"] and not reading.left_out:
                    raise CorpusError(_nothing(corpus, reading.problems))
                inputs = _inputs(store, profile, settings, encoder)
                made = snapshot_id(inputs)
                reused = is_sound(collection, made, full=True)
                if not reused:
                    vectors, counts = _encode(store, collection, encoder, settings, tell)
            if not reused:
                report = _report(reading, counts)
                writer.finish(inputs, encoder.described(), report, vectors)
        manifest = verify(collection, made)
        if publishes:
            publish(collection, made)
    return BuildResult(made, reused, publishes, _report(reading, dict(manifest.counts)))


def _read(
    corpus: Path,
    profile: SiteProfile,
    left_out: tuple[str, ...],
    store: StoreWriter,
    tell: Progress,
) -> _Reading:
    """Every document of the corpus into the store, and what there is to say of the sources."""
    reading = _Reading()
    documents = 0
    for event in read.read_corpus(corpus, profile):
        if isinstance(event, Opened):
            opened = {"source": event.source, "reader": event.reader, "chosen_by": event.chosen_by}
            reading.sources.append({**opened, "documents": 0})
        elif isinstance(event, Problem):
            problem = {"source": event.source, "place": event.place, "reason": event.reason}
            reading.problems.append(problem)
        elif event.doc_id in left_out:
            reading.left_out.append(event.doc_id)
        else:
            store.add_document(event)
            reading.sources[-1]["documents"] += 1
            documents += 1
            tell("reading", documents, 0)
    return reading


def _inputs(
    store: StoreWriter, profile: SiteProfile, settings: BuildSettings, encoder: Encoder
) -> dict[str, Any]:
    """Everything that the snapshot's content depends on; its digest is the snapshot's id."""
    _, documents = store.documents_digest()
    described = profile.model_dump_json()
    return {
        "documents": documents,
        "profile": hashlib.sha256(described.encode()).hexdigest(),
        "settings": {"passage_tokens": settings.passage_tokens},
        "encoder": encoder.name,
        "versions": {
            "read": read.VERSION,
            "clean": clean.VERSION,
            "chunk": f"{chunk.VERSION}, sentencex {version('sentencex')}",
            "index": INDEX_VERSION,
            "format": FORMAT,
        },
    }


def _encode(
    store: StoreWriter,
    collection: Collection,
    encoder: Encoder,
    settings: BuildSettings,
    tell: Progress,
) -> tuple[list[Vectors], dict[str, int]]:
    """Chunk and encode the stored documents, passages numbered in the order of the documents."""
    cached = CachedEncoder(encoder, collection.vectors)
    total, _ = store.documents_digest()
    blocks: list[Vectors] = []
    counts = {"passages": 0, "without_fragment": 0}
    try:
        tell("encoding", 0, total)
        for done, block in _blocks(store, encoder, settings):
            texts = [text for _, text, _ in block]
            blocks.append(cached.encode_passages(texts))
            first = counts["passages"]
            store.add_passages(
                (first + number, passage, fragment, cache_key(encoder.name, text))
                for number, (passage, text, fragment) in enumerate(block)
            )
            counts["passages"] += len(block)
            counts["without_fragment"] += sum(fragment is None for *_, fragment in block)
            tell("encoding", done, total)
    finally:
        cached.close()
    return blocks, counts


_Prepared = tuple[Passage, str, str | None]  # with the text to encode and the link's directive


def _blocks(
    store: StoreWriter, encoder: Encoder, settings: BuildSettings
) -> Iterator[tuple[int, list[_Prepared]]]:
    """Passages in blocks that are encoded together, with how many documents are done by then."""
    held: list[_Prepared] = []
    done = 0
    for done, document in enumerate(store.documents(), 1):
        held.extend(_prepare(document, encoder, settings))
        while len(held) >= _PASSAGES_AT_ONCE:
            yield done, held[:_PASSAGES_AT_ONCE]
            held = held[_PASSAGES_AT_ONCE:]
    if held:
        yield done, held


def _prepare(document: Document, encoder: Encoder, settings: BuildSettings) -> list[_Prepared]:
    target = min(settings.passage_tokens, encoder.window)
    chunking = ChunkSettings(window=encoder.window, target=target, special=encoder.special)
    directives = TextDirectives(document)
    prepared = []
    passages = chunk.chunk(document, encoder.count_tokens, chunking)
    texts = chunk.encoded_texts(document, passages, encoder.count_tokens, chunking)
    for passage, text in zip(passages, texts, strict=True):
        if document.text[passage.start : passage.end] != passage.text:
            raise SnapshotError(f"passage {passage.passage_id} is no slice of its document")
        prepared.append((passage, text, directives.directive(passage.start, passage.end)))
    return prepared


def _report(reading: _Reading, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "counts": {**counts, **reading.counts()},
        "sources": reading.sources,
        "problems": reading.problems,
        "removed": sorted(reading.left_out),
    }


def _strictly(problems: list[dict[str, str]]) -> str:
    listed = "\n".join(f"  {p['source']} {p['place']}: {p['reason']}" for p in problems[:50])
    return f"{len(problems)} sources can't be read, and --strict was said:\n{listed}"


def _nothing(corpus: Path, problems: list[dict[str, str]]) -> str:
    first = f"; the first of {len(problems)} problems: {problems[0]}" if problems else ""
    return f"no document could be read in {corpus}{first}"
