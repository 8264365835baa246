"""What was fitted on a corpus, as a snapshot holds it: ``tuning.json``.

Its fields belong to whoever fits and reads them (``tune``, ``retrieve``, ``ground``); here it is
one JSON object that names the encoder whose scores it was fitted on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from groundedqa.errors import SnapshotCorruptError
from groundedqa.snapshot import manifest as files

Tuning = Mapping[str, Any]


def write_tuning(folder: Path, tuning: Tuning) -> None:
    """Write it into a snapshot's folder."""
    text = json.dumps(tuning, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / files.TUNING).write_text(text + "\n", encoding="utf-8")


def read_tuning(folder: Path) -> Tuning:
    """Read it back; empty where nothing was fitted.

    Raises:
        SnapshotCorruptError: it is no JSON object.
    """
    path = folder / files.TUNING
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SnapshotCorruptError(f"{path} can't be read: {error}") from error
    if not isinstance(found, dict):
        raise SnapshotCorruptError(f"{path} is no JSON object; make it with: groundedqa build")
    return found
