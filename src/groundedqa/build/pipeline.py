"""The pipeline, top to bottom: corpus to snapshot."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

from groundedqa import chunk, clean, index, read, tune
from groundedqa.build.encoding import encode_into
from groundedqa.build.prepared import PreparedVectors
from groundedqa.build.reading import Progress, Reading, read_into
from groundedqa.encode import DEFAULT, CachedEncoder, OnnxEncoder
from groundedqa.encode.export import exported_encoder
from groundedqa.evaluate import EvaluationData
from groundedqa.index import StoreWriter
from groundedqa.index.pins import resolve_pins
from groundedqa.read import PROFILE_NAME, SiteProfile, synonym_rules
from groundedqa.snapshot import (
    DOCUMENTS,
    FORMAT,
    Collection,
    Site,
    SnapshotWriter,
    Tuning,
    build_lock,
    clear_unfinished,
    complete,
    disk_errors,
    is_sound,
    publish,
    removed,
    snapshot_id,
    verify,
)


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """What a build depends on besides the corpus and its site profile."""

    model: str = DEFAULT
    passage_tokens: int = 200  # where a passage is closed, title and headings counted in
    threads: int | None = None
    tunes: bool = True  # whether weights and calibrator are fitted on this corpus
    vectors: Path | None = None  # a file of the passages' vectors: see PreparedVectors
    readers: int = 0  # processes that read under bounds; 0 reads in this one, and without any


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The snapshot that a build made, or found made already, and its report."""

    snapshot: str
    reused: bool
    published: bool
    report: dict[str, Any]


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
        ConfigurationError: the prepared vectors are none, or are those of another corpus.
        BuildLockedError: another build is writing to the collection.
        StorageError: the disk is full. Whatever was published stays published.
    """
    with (
        build_lock(collection.build_lock),
        disk_errors(str(collection.home)),
        read.opened_corpus(corpus) as (folder, not_unpacked),
    ):
        profile = read.load_profile(folder)
        clear_unfinished(collection)
        job = _Job.of(collection, profile, settings, progress or (lambda *_: None))
        with SnapshotWriter(collection, job.encoder.dim) as writer:
            with StoreWriter(writer.documents) as store:
                events = read.read_corpus(folder, profile, settings.readers, job.tell_read)
                reading = read_into(store, chain(not_unpacked, events), removed(collection))
                reading.check(corpus, strict=strict)
                inputs = job.inputs(store)
                made = snapshot_id(inputs)
                reused = is_sound(collection, made)
                if not reused:
                    counts = job.fill(writer, store, reading)
            if not reused:
                tuning = job.tune(writer)
                report = complete(reading.report(counts), writer.documents)
                writer.finish(inputs, job.encoder.described(), report, tuning)
        manifest = verify(collection, made)
        if reused:  # its sources may have changed, though its documents are the same
            store_path = collection.snapshot(made) / DOCUMENTS
            report = complete(reading.report(dict(manifest.counts)), store_path)
        if publishes:
            publish(collection, made)
    return BuildResult(made, reused, publishes, report)


@dataclass(frozen=True, slots=True)
class _Job:
    """One build: what it is for, what it depends on, and whom it tells how far it is."""

    collection: Collection
    profile: SiteProfile
    settings: BuildSettings
    encoder: OnnxEncoder
    labelled: EvaluationData | None
    prepared: PreparedVectors | None
    tell: Progress

    @classmethod
    def of(
        cls, collection: Collection, profile: SiteProfile, settings: BuildSettings, tell: Progress
    ) -> _Job:
        tell("loading the encoder", 0, 0)
        encoder = exported_encoder(settings.model, collection.encoders, settings.threads)
        labelled = tune.labelled(collection) if settings.tunes else None
        prepared = PreparedVectors(settings.vectors, encoder.dim) if settings.vectors else None
        return cls(collection, profile, settings, encoder, labelled, prepared, tell)

    def tell_read(self, begun: int, of: int) -> None:
        """How many sources were begun."""
        self.tell("reading", begun, of)

    def inputs(self, store: StoreWriter) -> dict[str, Any]:
        """Everything that the snapshot's content depends on; its digest is the snapshot's id."""
        _, documents = store.documents_digest()
        described = self.profile.model_dump_json()
        tuning = tune.tuning_input(self.labelled) if self.settings.tunes else "defaults"
        prepared = {"vectors": self.prepared.digest} if self.prepared else {}
        return {
            **prepared,
            "documents": documents,
            "profile": hashlib.sha256(described.encode()).hexdigest(),
            "settings": {"passage_tokens": self.settings.passage_tokens},
            "tuning": tuning,
            "encoder": self.encoder.name,
            "versions": {
                "read": read.VERSION,
                "clean": clean.VERSION,
                "chunk": f"{chunk.VERSION}, sentencex {version('sentencex')}",
                "index": index.VERSION,
                "format": FORMAT,
            },
        }

    def fill(self, writer: SnapshotWriter, store: StoreWriter, reading: Reading) -> dict[str, int]:
        """Passages, vectors and copies; the counts of what was made."""
        with closing(CachedEncoder(self.encoder, self.collection.vectors)) as cached:
            tokens = self.settings.passage_tokens
            counts = encode_into(writer, store, cached, tokens, self.prepared, self.tell)
        self.tell("comparing", 0, 0)
        store.group_copies()
        pins = resolve_pins(self.profile.pins, store.passages_of)
        for problem in pins.problems:
            reading.problems.append({"source": PROFILE_NAME, "place": "pins", "reason": problem})
        writer.site = Site(synonym_rules(self.profile.synonyms), pins.pins, self.profile.risk)
        return counts

    def tune(self, writer: SnapshotWriter) -> Tuning:
        """Derive what follows from the documents, and fit weights and calibrator on it."""
        writer.derive(lambda done: self.tell("indexing", done, 0))
        if not self.settings.tunes:
            return tune.untuned(self.encoder.name)
        self.tell("tuning", 0, 0)
        with (
            closing(CachedEncoder(self.encoder, self.collection.vectors)) as cached,
            closing(writer.open_parts()) as parts,
        ):
            subject = tune.Subject(parts, writer.documents, cached)
            if self.labelled:
                return tune.tune_on_labelled(subject, self.labelled)
            return tune.tune_on_own_pages(subject)
