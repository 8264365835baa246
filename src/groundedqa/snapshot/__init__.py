"""Immutable builds: written aside, verified, published in one rename, rolled back in one."""

from __future__ import annotations

from groundedqa.snapshot.collections import (
    Served,
    collections,
    not_found,
    remove_collection,
    served,
)
from groundedqa.snapshot.files import build_lock, disk_errors, replace_text
from groundedqa.snapshot.layout import Collection
from groundedqa.snapshot.load import Snapshot, is_sound, open_current, open_snapshot, verify
from groundedqa.snapshot.manifest import DOCUMENTS, FORMAT, Manifest, snapshot_id
from groundedqa.snapshot.parts import Parts
from groundedqa.snapshot.prune import clear_unfinished, prune, snapshots
from groundedqa.snapshot.publish import before, current, publish, rollback
from groundedqa.snapshot.report import complete, read_report
from groundedqa.snapshot.site import Site
from groundedqa.snapshot.switch import make_current, roll_back
from groundedqa.snapshot.takedown import allow, removed, take_down
from groundedqa.snapshot.tuning import Tuning
from groundedqa.snapshot.write import SnapshotWriter

__all__ = [
    "DOCUMENTS",
    "FORMAT",
    "Collection",
    "Manifest",
    "Parts",
    "Served",
    "Site",
    "Snapshot",
    "SnapshotWriter",
    "Tuning",
    "allow",
    "before",
    "build_lock",
    "clear_unfinished",
    "collections",
    "complete",
    "current",
    "disk_errors",
    "is_sound",
    "make_current",
    "not_found",
    "open_current",
    "open_snapshot",
    "prune",
    "publish",
    "read_report",
    "remove_collection",
    "removed",
    "replace_text",
    "roll_back",
    "rollback",
    "served",
    "snapshot_id",
    "snapshots",
    "take_down",
    "verify",
]
