"""Taking documents down: out of the published snapshot, the older ones, and the vector cache."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from groundedqa.encode import keep_only
from groundedqa.errors import DocumentNotFoundError, SnapshotCorruptError
from groundedqa.index import Rows, StoreWriter, cache_keys, holds
from groundedqa.index.pins import pinned_ids
from groundedqa.snapshot import manifest as files
from groundedqa.snapshot.files import disk_errors, read_lines, replace_text
from groundedqa.snapshot.layout import Collection
from groundedqa.snapshot.load import Snapshot, is_sound, open_snapshot
from groundedqa.snapshot.manifest import Manifest, snapshot_id, verify_files
from groundedqa.snapshot.prune import clear_unfinished, discard, snapshots
from groundedqa.snapshot.publish import current
from groundedqa.snapshot.report import complete, without
from groundedqa.snapshot.write import SnapshotWriter

_ROWS_AT_ONCE = 65_536


def removed(collection: Collection) -> tuple[str, ...]:
    """The ids of the documents that stay out of every build."""
    return tuple(read_lines(collection.removed))


def take_down(collection: Collection, doc_ids: Sequence[str]) -> str | None:
    """Take documents out of everything that can still be served; the new current snapshot's id.

    The list of what is removed is written first: killed at any moment, no later build holds the
    documents, and running this again finishes the work. A process that reads an old snapshot
    keeps its files until it has changed to the new one. A snapshot that does not verify goes too,
    for it may hold the documents and can't be served. The caller holds the build lock.

    Raises:
        DocumentNotFoundError: no snapshot holds one of them, and it is not removed already.
        SnapshotFormatError: another version wrote a snapshot; nothing is deleted.
        StorageError: the disk refuses; run it again.
    """
    clear_unfinished(collection)
    with disk_errors(str(collection.home)):
        affected = _holding(collection, doc_ids)
        known = set(removed(collection)).union(*affected.values())
        for doc_id in doc_ids:
            if doc_id not in known:
                raise DocumentNotFoundError(f"no snapshot holds a document {doc_id!r}")
        _write_list(collection, [*removed(collection), *doc_ids])
        renamed = {
            name: _without(collection, name, doc_ids) if found else None
            for name, found in affected.items()
        }
        _point_to(collection, renamed)
        for name in affected:
            discard(collection.snapshot(name))
            collection.verified(name).unlink(missing_ok=True)
        # Not the documents' own keys alone: the cache may hold earlier states of their text.
        stores = (folder / files.DOCUMENTS for folder in snapshots(collection))
        keep_only(collection.vectors, (key for store in stores for key in cache_keys(store)))
    return current(collection)


def allow(collection: Collection, doc_ids: Iterable[str]) -> None:
    """Let documents back into the builds to come.

    Raises:
        DocumentNotFoundError: one of them was not removed.
    """
    listed = removed(collection)
    unknown = [doc_id for doc_id in doc_ids if doc_id not in listed]
    if unknown:
        raise DocumentNotFoundError(
            f"{unknown[0]!r} is not removed; {collection.removed} lists all"
        )
    with disk_errors(str(collection.removed)):
        _write_list(collection, [doc_id for doc_id in listed if doc_id not in set(doc_ids)])


def _write_list(collection: Collection, doc_ids: Iterable[str]) -> None:
    replace_text(collection.removed, "".join(f"{doc_id}\n" for doc_id in dict.fromkeys(doc_ids)))


def _holding(collection: Collection, doc_ids: Sequence[str]) -> dict[str, set[str]]:
    """Which of the documents each snapshot holds that holds any, or does not verify."""
    affected = {}
    for folder in snapshots(collection):
        damaged = _is_damaged(collection, folder)
        found = set[str]() if damaged else holds(folder / files.DOCUMENTS, doc_ids)
        if found or damaged:
            affected[folder.name] = found
    return affected


def _is_damaged(collection: Collection, folder: Path) -> bool:
    """Whether a file is missing or is not what was written.

    Any other reason why it can't be opened (its format, what the disk or the system refuses) says
    nothing against it, and is raised: what may be sound is not deleted.
    """
    try:
        open_snapshot(collection, folder.name).close()
    except SnapshotCorruptError:
        try:
            verify_files(folder, Manifest.read(folder))
        except SnapshotCorruptError:
            return True
        raise
    return False


def _without(collection: Collection, name: str, doc_ids: Sequence[str]) -> str:
    """The id of the same snapshot without the documents.

    Weights and calibrator stay as they were fitted: they are numbers alone, and to fit them anew
    would take the encoder.
    """
    snapshot = open_snapshot(collection, name)
    try:
        with SnapshotWriter(collection, snapshot.parts.vectors.dim) as writer:
            with StoreWriter(writer.documents) as store:
                kept, questions = store.copy_from(snapshot.folder / files.DOCUMENTS, doc_ids)
                store.group_copies()
                count, digest = store.documents_digest()
                unnamed = store.without_fragment()
                pinned = store.rows_of(pinned_ids(snapshot.site.pins))
            inputs = _inputs_without(snapshot.manifest.inputs, digest)
            made = snapshot_id(inputs)
            if is_sound(collection, made):  # it may be the one that is published
                return made
            _copy_rows(snapshot, writer, kept, questions)
            writer.site = snapshot.site.without(pinned)
            writer.derive()
            counts = {"documents": count, "passages": len(kept), "without_fragment": unnamed}
            report = _report(snapshot.folder, writer.documents, doc_ids, counts)
            made = writer.finish(inputs, snapshot.manifest.encoder, report, snapshot.tuning)
            # As old as what it replaces: prune and publish go by the age of the folders.
            stat = snapshot.folder.stat()
            os.utime(collection.snapshot(made), ns=(stat.st_atime_ns, stat.st_mtime_ns))
            return made
    finally:
        snapshot.close()


def _inputs_without(before: Mapping[str, Any], documents: str) -> dict[str, Any]:
    """The inputs with other documents; what was tuned on the ones before says so."""
    inputs = {**before, "documents": documents}
    if before["tuning"] != "defaults":
        inputs["tuned_on"] = before.get("tuned_on", before["documents"])
    return inputs


def _copy_rows(snapshot: Snapshot, writer: SnapshotWriter, kept: Rows, questions: Rows) -> None:
    for start in range(0, len(kept), _ROWS_AT_ONCE):
        writer.vectors.add(snapshot.parts.vectors.vectors[kept[start : start + _ROWS_AT_ONCE]])
    writer.questions.add(snapshot.parts.questions.vectors[questions])
    with writer.sentences() as sentences:
        sentences.copy(snapshot.parts.sentences, kept)


def _report(
    folder: Path, store: Path, doc_ids: Sequence[str], counts: dict[str, int]
) -> dict[str, Any]:
    before = json.loads((folder / files.REPORT).read_text(encoding="utf-8"))
    report = complete(without(before, doc_ids), store)
    report["counts"].update(counts, removed=len(report["removed"]))
    return report


def _point_to(collection: Collection, renamed: dict[str, str | None]) -> None:
    """Put the new ids in the place of the old ones in `current`, then in the history.

    Where the current snapshot did not verify, the newest of the history that is left is published.
    """
    now = current(collection)
    if not renamed or now is None:
        return
    history = [
        line
        for old in read_lines(collection.history)
        if (line := renamed.get(old, old)) and collection.snapshot(line).is_dir()
    ]
    replacement = renamed.get(now, now) or (history.pop() if history else None)
    if replacement:
        replace_text(collection.current, replacement + "\n")
    else:
        collection.current.unlink()
    replace_text(collection.history, "".join(f"{line}\n" for line in history))
