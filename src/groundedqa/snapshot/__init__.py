"""Immutable builds: written aside, verified, published in one rename, rolled back in one."""

from __future__ import annotations

from groundedqa.snapshot.files import build_lock, disk_errors
from groundedqa.snapshot.layout import Collection
from groundedqa.snapshot.load import Snapshot, is_sound, open_current, open_snapshot, verify
from groundedqa.snapshot.manifest import FORMAT, Manifest, snapshot_id
from groundedqa.snapshot.prune import clear_unfinished, prune, snapshots
from groundedqa.snapshot.publish import before, current, publish, rollback
from groundedqa.snapshot.takedown import allow, removed, take_down
from groundedqa.snapshot.write import SnapshotWriter

__all__ = [
    "FORMAT",
    "Collection",
    "Manifest",
    "Snapshot",
    "SnapshotWriter",
    "allow",
    "before",
    "build_lock",
    "clear_unfinished",
    "current",
    "disk_errors",
    "is_sound",
    "open_current",
    "open_snapshot",
    "prune",
    "publish",
    "removed",
    "rollback",
    "snapshot_id",
    "snapshots",
    "take_down",
    "verify",
]
