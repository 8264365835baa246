"""A snapshot that is open: verified, locked against pruning, memory-mapped."""

from __future__ import annotations

import fcntl
import json
import re
import socket
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, BinaryIO

from groundedqa.errors import (
    GroundedQAError,
    SnapshotCorruptError,
    SnapshotError,
    SnapshotMissingError,
)
from groundedqa.index import DocumentStore, SqliteStore, VectorIndex
from groundedqa.snapshot import manifest as files
from groundedqa.snapshot.layout import Collection
from groundedqa.snapshot.manifest import Manifest, verify_files
from groundedqa.snapshot.parts import Parts
from groundedqa.snapshot.publish import current
from groundedqa.snapshot.site import Site
from groundedqa.snapshot.tuning import read_tuning

_ID = re.compile(r"[0-9a-f]{16}")
_TRIES = 3  # a snapshot may be pruned between reading `current` and locking it


class Snapshot:
    """An open snapshot. Close it when the last question that reads it is answered."""

    def __init__(self, folder: Path, manifest: Manifest, lock: BinaryIO) -> None:
        self.id = manifest.snapshot
        self.manifest = manifest
        self.folder = folder
        with ExitStack() as opened:
            self.site = Site.read(folder)
            self.tuning = read_tuning(folder)
            self._store = SqliteStore(folder / files.DOCUMENTS)
            opened.callback(self._store.close)
            self.parts = Parts.open(folder, self.site.synonyms)
            opened.callback(self.parts.close)
            self._opened = opened.pop_all()
        self._lock = lock

    @property
    def store(self) -> DocumentStore:
        """Documents and passages."""
        return self._store

    @property
    def vectors(self) -> VectorIndex:
        """The passages' vectors by row."""
        return self.parts.vectors

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(path.stat().st_size for path in self.folder.iterdir())

    def close(self) -> None:
        """Give files and lock back."""
        self._opened.close()
        self._lock.close()


def open_current(collection: Collection, *, full: bool = False) -> Snapshot:
    """The published snapshot, verified.

    Raises:
        SnapshotMissingError: nothing is published.
        SnapshotCorruptError: a file is missing or was changed; it is named.
    """
    for _ in range(_TRIES):
        snapshot_id = current(collection)
        if snapshot_id is None:
            raise SnapshotMissingError(
                f"no snapshot is published in {collection.home}; make one with: groundedqa build"
            )
        try:
            return open_snapshot(collection, snapshot_id, full=full)
        except GroundedQAError:
            if current(collection) == snapshot_id:
                raise
    raise SnapshotMissingError(f"{collection.current} changes too fast to be followed")


def open_snapshot(collection: Collection, snapshot_id: str, *, full: bool = False) -> Snapshot:
    """One snapshot by id, verified: every file's sha256, once per machine unless ``full``.

    Raises:
        SnapshotMissingError: there is none of this id.
        SnapshotCorruptError: a file is missing or was changed; it is named.
        SnapshotFormatError: another version wrote it.
    """
    folder = collection.snapshot(snapshot_id)
    if not _ID.fullmatch(snapshot_id) or not folder.is_dir():
        raise SnapshotMissingError(
            f"there is no snapshot {snapshot_id!r} in {collection.snapshots}; see those that are "
            "there with: groundedqa verify --all, or make one with: groundedqa build"
        )
    manifest = Manifest.read(folder)
    lock = _open_manifest(folder)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
        _verify_once(collection, folder, manifest, full=full)
        snapshot = Snapshot(folder, manifest, lock)
        _compare_counts(snapshot)
    except BaseException:
        lock.close()
        raise
    return snapshot


def is_sound(collection: Collection, snapshot_id: str, *, full: bool = False) -> bool:
    """Whether the snapshot exists and can be opened."""
    try:
        open_snapshot(collection, snapshot_id, full=full).close()
    except SnapshotError:
        return False
    return True


def _open_manifest(folder: Path) -> BinaryIO:
    try:
        return (folder / files.NAME).open("rb")
    except OSError as error:  # pruned since it was read
        raise SnapshotMissingError(f"{folder / files.NAME} is gone: {error.strerror}") from error


def verify(collection: Collection, snapshot_id: str | None = None) -> Manifest:
    """Check every byte of a snapshot, of the published one unless named; its manifest.

    What was checked before counts for nothing here.

    Raises:
        SnapshotError: as for opening it.
    """
    if snapshot_id is None:
        snapshot = open_current(collection, full=True)
    else:
        snapshot = open_snapshot(collection, snapshot_id, full=True)
    snapshot.close()
    return snapshot.manifest


def _verify_once(collection: Collection, folder: Path, manifest: Manifest, *, full: bool) -> None:
    """Verify, unless this machine did and no file was touched since.

    Workers that start together wait for the first one's result. Where no stamp can be written
    (a read-only disk), every process verifies for itself.
    """
    stamp = collection.verified(manifest.snapshot)
    try:
        stamp.parent.mkdir(exist_ok=True)
        file = stamp.open("a+b", buffering=0)
    except OSError:
        verify_files(folder, manifest)
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        seen = file.read()
        now = _fingerprint(folder)
        if full or seen != now:
            verify_files(folder, manifest)
            with suppress(OSError):  # a full disk costs the next process a check, and no more
                file.truncate(0)
                file.write(now)


def _fingerprint(folder: Path) -> bytes:
    """What changes when a file is touched: the change time of an inode can't be set back."""
    state: dict[str, Any] = {"machine": socket.gethostname()}
    for name in files.FILES:
        try:
            stat = (folder / name).stat()
        except OSError as error:
            raise SnapshotCorruptError(f"{folder / name} is missing: {error.strerror}") from error
        state[name] = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev]
    return json.dumps(state, sort_keys=True).encode()


def _compare_counts(snapshot: Snapshot) -> None:
    expected = snapshot.manifest.counts["passages"]
    if len(snapshot.vectors) != expected:
        snapshot.close()
        raise SnapshotCorruptError(
            f"{snapshot.folder / files.VECTORS} holds {len(snapshot.vectors)} vectors for "
            f"{expected} passages; make it again with: groundedqa build"
        )
