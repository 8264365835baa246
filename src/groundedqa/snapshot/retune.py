"""A snapshot like another one in all but what was fitted on it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from groundedqa.snapshot import manifest as files
from groundedqa.snapshot.files import disk_errors
from groundedqa.snapshot.layout import Collection
from groundedqa.snapshot.load import Snapshot
from groundedqa.snapshot.manifest import snapshot_id
from groundedqa.snapshot.tuning import Tuning
from groundedqa.snapshot.write import SnapshotWriter

_WRITTEN = (files.TUNING, files.REPORT)  # anew: a hard link that is written to changes both ends


def inputs_with(snapshot: Snapshot, tuning: str) -> dict[str, Any]:
    """The snapshot's inputs with another tuning: those of a build that tunes so.

    After a takedown they named the documents that the old weights were fitted on; now they don't.
    """
    before = {name: value for name, value in snapshot.manifest.inputs.items() if name != "tuned_on"}
    return {**before, "tuning": tuning}


def id_with(snapshot: Snapshot, tuning: str) -> str:
    """The id of the snapshot that ``write_tuned`` makes."""
    return snapshot_id(inputs_with(snapshot, tuning))


def write_tuned(collection: Collection, snapshot: Snapshot, tuning: str, fitted: Tuning) -> str:
    """Write a snapshot that differs from an open one in its tuning alone; its id.

    ``tuning`` is its part of the inputs. The other files are hard links where the disk has those,
    and copies elsewhere. The caller holds the build lock, and verifies what came.

    Raises:
        StorageError: the disk refuses; nothing unfinished is left.
    """
    report = json.loads((snapshot.folder / files.REPORT).read_text(encoding="utf-8"))
    with SnapshotWriter(collection, snapshot.parts.vectors.dim) as writer:
        with disk_errors(str(writer.folder)):
            for name in files.FILES:
                if name not in _WRITTEN:
                    _link(snapshot.folder / name, writer.folder / name)
        inputs = inputs_with(snapshot, tuning)
        return writer.finish(inputs, snapshot.manifest.encoder, report, fitted)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # no hard links here, or not one more of this file
        shutil.copyfile(source, target)
