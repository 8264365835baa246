"""A snapshot in the making: written aside, synced, described, and renamed into its place."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import groundedqa
from groundedqa.index import FlatWriter, SentenceWriter
from groundedqa.snapshot import manifest as files
from groundedqa.snapshot.derive import derive
from groundedqa.snapshot.files import disk_errors, sync_folder, sync_tree
from groundedqa.snapshot.layout import Collection
from groundedqa.snapshot.manifest import Manifest, file_digest, snapshot_id
from groundedqa.snapshot.parts import Parts
from groundedqa.snapshot.prune import hide
from groundedqa.snapshot.site import Site
from groundedqa.snapshot.tuning import Tuning, write_tuning


class SnapshotWriter:
    """``with SnapshotWriter(collection, dim) as writer``: what is not finished is deleted again.

    The caller holds the build lock. It fills the store at ``documents``, adds to ``vectors``,
    ``questions`` and ``sentences`` in the order of the rows, sets ``site``, then calls ``derive``
    and ``finish``.
    """

    def __init__(self, collection: Collection, dim: int) -> None:
        self._collection = collection
        self.vectors = FlatWriter(dim)
        self.questions = FlatWriter(dim)
        self.site = Site()
        self._dim = dim
        with disk_errors(str(collection.snapshots)):
            collection.snapshots.mkdir(parents=True, exist_ok=True)
            self.folder = Path(tempfile.mkdtemp(prefix=".building-", dir=collection.snapshots))
            self.folder.chmod(0o755)

    @property
    def documents(self) -> Path:
        """Where the store is to be written."""
        return self.folder / files.DOCUMENTS

    def sentences(self) -> SentenceWriter:
        """Where each passage's sentences are written."""
        return SentenceWriter(self.folder / files.SENTENCES, self._dim)

    def __enter__(self) -> SnapshotWriter:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing unfinished behind."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def derive(self, tell: Callable[[int], None] = lambda _: None) -> None:
        """Write the vectors and all that follows from them and the documents."""
        with disk_errors(str(self.folder)):
            self.vectors.write(self.folder / files.VECTORS)
            self.questions.write(self.folder / files.QUESTIONS)
            self.site.write(self.folder)
            derive(self.folder, tell)

    def open_parts(self) -> Parts:
        """The indexes that were written, to be tuned."""
        return Parts.open(self.folder, self.site.synonyms)

    def finish(
        self,
        inputs: Mapping[str, Any],
        encoder: Mapping[str, Any],
        report: Mapping[str, Any],
        tuning: Tuning,
    ) -> str:
        """Write the rest, sync it all, and move it into its place; the snapshot's id.

        A snapshot of the same id that stood there was found damaged by the caller, and is replaced.
        """
        with disk_errors(str(self.folder)):
            write_tuning(self.folder, tuning)
            text = json.dumps(report, indent=1, sort_keys=True, ensure_ascii=False)
            (self.folder / files.REPORT).write_text(text, encoding="utf-8")
            made = Manifest(
                snapshot=snapshot_id(inputs),
                inputs=inputs,
                encoder=encoder,
                counts=report["counts"],
                files={name: file_digest(self.folder / name) for name in files.FILES},
                made_by=f"groundedqa {groundedqa.__version__}",
            )
            made.write(self.folder)
            sync_tree(self.folder)
            target = self._collection.snapshot(made.snapshot)
            damaged = hide(target) if target.exists() else None
            self.folder.rename(target)
            sync_folder(target.parent)
            if damaged:
                shutil.rmtree(damaged)
        return made.snapshot
