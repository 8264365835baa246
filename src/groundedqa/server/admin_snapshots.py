"""The snapshots of a collection as its operator sees and publishes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from groundedqa.errors import GroundedQAError, SnapshotMissingError
from groundedqa.index.changes import Changes, changes
from groundedqa.snapshot import (
    DOCUMENTS,
    Collection,
    Manifest,
    before,
    build_lock,
    current,
    publish,
    rollback,
    snapshots,
    verify,
)

_LISTED = 200  # documents of each kind of change
_SHOWN = ("nDCG@10", "R@10", "Success@1", "Success@5")


@dataclass(frozen=True, slots=True)
class Row:
    """A snapshot; one that can't be read has its ``problem`` in the place of counts."""

    id: str
    made: datetime
    made_by: str = ""
    documents: int = 0
    passages: int = 0
    encoder: str = ""
    is_current: bool = False
    is_before: bool = False
    measures: Mapping[str, float] = field(default_factory=dict)
    problem: str | None = None


def rows(collection: Collection) -> list[Row]:
    """Every snapshot there is, the newest first."""
    now, earlier = current(collection), before(collection)
    folders = sorted(snapshots(collection), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [_row(collection, folder.name, now, earlier) for folder in folders]


def row(collection: Collection, snapshot: str) -> Row:
    """One of them.

    Raises:
        SnapshotMissingError: there is none of this id.
    """
    for each in rows(collection):
        if each.id == snapshot:
            return each
    raise SnapshotMissingError(f"there is no snapshot {snapshot[:40]!r} in {collection.name}")


def changed(collection: Collection, earlier: str, later: str) -> Changes:
    """What the later of two snapshots has otherwise.

    Raises:
        SnapshotMissingError: one of them is not there.
    """
    first, second = (row(collection, each).id for each in (earlier, later))
    folder = collection.snapshot
    return changes(folder(first) / DOCUMENTS, folder(second) / DOCUMENTS, _LISTED)


def make_current(collection: Collection, snapshot: str) -> None:
    """Verify a snapshot and publish it.

    Raises:
        SnapshotError: it is not there, or not what was written.
        BuildLockedError: a build holds the index.
    """
    chosen = row(collection, snapshot).id
    with build_lock(collection.build_lock):
        verify(collection, chosen)
        publish(collection, chosen)


def roll_back(collection: Collection) -> str:
    """Verify what was published before and publish it again; its id.

    Raises:
        SnapshotError: there is none, or it is not what was written.
        BuildLockedError: a build holds the index.
    """
    with build_lock(collection.build_lock):
        earlier = before(collection)
        if earlier is not None:
            verify(collection, earlier)
        return rollback(collection)


def measures_of(collection: Collection, snapshot: str) -> dict[str, float]:
    """The measures that ``evaluate --keep`` kept of a snapshot; none where nothing was."""
    try:
        kept = json.loads(collection.evaluation(snapshot).read_text(encoding="utf-8"))
        found = kept["measures"].items()
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    return {name: float(value) for name, value in found if isinstance(value, int | float)}


def measured(collection: Collection, ids: Sequence[str]) -> dict[str, list[float | None]]:
    """Each measure that is kept of any of the snapshots, in their order."""
    found = [measures_of(collection, each) for each in ids]
    return {
        name: [values.get(name) for values in found]
        for name in _SHOWN
        if any(name in values for values in found)
    }


def _row(collection: Collection, snapshot: str, now: str | None, earlier: str | None) -> Row:
    folder = collection.snapshot(snapshot)
    made = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    try:
        manifest = Manifest.read(folder)
    except GroundedQAError as error:
        return Row(snapshot, made, is_current=snapshot == now, problem=str(error))
    return Row(
        snapshot,
        made,
        manifest.made_by,
        manifest.counts["documents"],
        manifest.counts["passages"],
        str(manifest.encoder["name"]),
        snapshot == now,
        snapshot == earlier,
        measures_of(collection, snapshot),
    )
