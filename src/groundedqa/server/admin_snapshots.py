"""The snapshots of a collection as its operator sees them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from groundedqa.errors import GroundedQAError, SnapshotMissingError
from groundedqa.index.changes import Changes, changes
from groundedqa.snapshot import DOCUMENTS, Collection, Manifest, current, snapshots

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
    is_current: bool = False
    measures: Mapping[str, float] = field(default_factory=dict)
    problem: str | None = None


def rows(collection: Collection) -> list[Row]:
    """Every snapshot there is, the newest first."""
    return [row(collection, folder.name) for folder in reversed(snapshots(collection))]


def published(collection: Collection) -> Row | None:
    """The current one, if there is any."""
    names = (folder.name for folder in snapshots(collection))
    return next((row(collection, name) for name in names if name == current(collection)), None)


def row(collection: Collection, snapshot: str) -> Row:
    """One of them.

    Raises:
        SnapshotMissingError: there is none of this id.
    """
    folder = folder_of(collection, snapshot)
    made = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    is_current = snapshot == current(collection)
    try:
        manifest = Manifest.read(folder)
    except GroundedQAError as error:
        return Row(snapshot, made, is_current=is_current, problem=str(error))
    return Row(
        snapshot,
        made,
        manifest.made_by,
        manifest.counts["documents"],
        manifest.counts["passages"],
        is_current,
        measures_of(collection, snapshot),
    )


def folder_of(collection: Collection, snapshot: str) -> Path:
    """Where a snapshot stands; its name comes from an address, and is looked for among all.

    Raises:
        SnapshotMissingError: there is none of this id.
    """
    for folder in snapshots(collection):
        if folder.name == snapshot:
            return folder
    raise SnapshotMissingError(f"there is no snapshot {snapshot[:40]!r} in {collection.name}")


def changed(collection: Collection, earlier: str, later: str) -> Changes:
    """What the later of two snapshots has otherwise.

    Raises:
        SnapshotMissingError: one of them is not there.
    """
    before, after = (folder_of(collection, each) / DOCUMENTS for each in (earlier, later))
    return changes(before, after, _LISTED)


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
