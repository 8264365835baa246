"""The published snapshot, tuned anew: all of it as it was but weights and calibrator."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from groundedqa.encode import CachedEncoder, load_exported
from groundedqa.errors import ConfigurationError
from groundedqa.evaluate import EvaluationData
from groundedqa.index import holds
from groundedqa.snapshot import (
    Collection,
    Snapshot,
    Tuning,
    build_lock,
    clear_unfinished,
    disk_errors,
    is_sound,
    open_current,
    open_snapshot,
    publish,
    verify,
)
from groundedqa.snapshot import manifest as files
from groundedqa.snapshot.retune import id_with, write_tuned
from groundedqa.tune.fit import Subject, tune_on_labelled, tune_on_own_pages
from groundedqa.tune.labelled import forget_labelled, save_labelled, tuning_input


@dataclass(frozen=True, slots=True)
class Retuned:
    """The snapshot that was made, or found made already, and what was fitted for it.

    ``missing`` are the documents of the qrels that the corpus does not hold.
    """

    snapshot: str
    reused: bool
    published: bool
    tuning: Tuning
    risk: float
    missing: tuple[str, ...]


def retune(
    collection: Collection,
    data: EvaluationData | None,
    *,
    publishes: bool = True,
    threads: int | None = None,
    tell: Callable[[str, int, int], None] = lambda *_: None,
) -> Retuned:
    """Tune the published snapshot on labelled questions, or without any on its own pages.

    The builds to come are tuned alike. Killed at any moment, what is published stays published.

    Raises:
        SnapshotError: nothing is published, or it does not verify.
        ConfigurationError: no document of the qrels is in the corpus.
        BuildLockedError: a build is writing to the collection.
        EncoderError: the snapshot's encoder is not here.
        StorageError: the disk refuses.
    """
    with build_lock(collection.build_lock), disk_errors(str(collection.home)):
        clear_unfinished(collection)
        with closing(open_current(collection)) as snapshot:
            missing = _missing(snapshot, data)
            made = id_with(snapshot, tuning_input(data))
            reused = is_sound(collection, made)
            if not reused:
                tell("tuning", 0, 0)
                fitted = _fit(collection, snapshot, data, threads)
                write_tuned(collection, snapshot, tuning_input(data), fitted)
        verify(collection, made)
        _keep(collection, data)
        if publishes:
            publish(collection, made)
        with closing(open_snapshot(collection, made)) as tuned:
            return Retuned(made, reused, publishes, tuned.tuning, tuned.site.risk, missing)


def _fit(
    collection: Collection, snapshot: Snapshot, data: EvaluationData | None, threads: int | None
) -> Tuning:
    name = str(snapshot.manifest.encoder["name"])
    encoder = load_exported(collection.encoders, name, threads)
    with closing(CachedEncoder(encoder, collection.vectors)) as cached:
        subject = Subject(snapshot.parts, snapshot.folder / files.DOCUMENTS, cached)
        return tune_on_labelled(subject, data) if data else tune_on_own_pages(subject)


def _missing(snapshot: Snapshot, data: EvaluationData | None) -> tuple[str, ...]:
    """The documents that answer, by the qrels, and are not there.

    Raises:
        ConfigurationError: none of them is.
    """
    if data is None:
        return ()
    named = sorted(
        {doc_id for judged in data.qrels.values() for doc_id, gain in judged.items() if gain > 0}
    )
    held = holds(snapshot.folder / files.DOCUMENTS, named)
    if not held:
        first = f"the first is {named[0]!r}" if named else "they judge nothing as an answer"
        raise ConfigurationError(
            f"the corpus holds none of the {len(named)} documents of the qrels: {first}; name "
            "documents by the doc_id that an answer's citations show"
        )
    return tuple(doc_id for doc_id in named if doc_id not in held)


def _keep(collection: Collection, data: EvaluationData | None) -> None:
    if data is None:
        forget_labelled(collection)
    else:
        save_labelled(collection, data)
