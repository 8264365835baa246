"""Old snapshots make room: all but the newest, those in use, the current one and the one before."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

from groundedqa.snapshot import manifest as files
from groundedqa.snapshot.layout import Collection
from groundedqa.snapshot.publish import before, current


def prune(collection: Collection, keep: int) -> list[str]:
    """Delete all but the ``keep`` newest snapshots; the ids deleted, oldest first.

    Never deleted: the current snapshot, the one before it, and any that a process has open. What
    a killed build left behind is cleared away; the caller holds the build lock.
    """
    clear_unfinished(collection)
    found = snapshots(collection)
    kept = {current(collection), before(collection)}
    deleted = []
    for folder in found[: max(len(found) - keep, 0)]:
        if folder.name not in kept and _delete_unless_open(folder):
            kept_aside = collection.evaluation(folder.name)
            for file in (
                collection.verified(folder.name),
                kept_aside,
                kept_aside.with_suffix(".html"),
            ):
                file.unlink(missing_ok=True)
            deleted.append(folder.name)
    return deleted


def snapshots(collection: Collection) -> list[Path]:
    """The folders of all finished snapshots, the oldest first."""
    if not collection.snapshots.is_dir():
        return []
    found = [p for p in collection.snapshots.iterdir() if p.is_dir() and p.name[0] != "."]
    return sorted(found, key=lambda path: path.stat().st_mtime_ns)


def clear_unfinished(collection: Collection) -> None:
    """Delete what builds that were killed left behind; the caller holds the build lock."""
    if collection.snapshots.is_dir():
        for path in collection.snapshots.glob(".*"):
            shutil.rmtree(path, ignore_errors=True)


def _delete_unless_open(folder: Path) -> bool:
    """Delete a snapshot that nobody reads, in one rename first: no half of it is ever seen."""
    try:
        lock = (folder / files.NAME).open(encoding="utf-8")
    except FileNotFoundError:
        discard(folder)
        return True
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        discard(folder)
    return True


def discard(folder: Path) -> None:
    """Take a snapshot out of sight in one rename, then delete it."""
    shutil.rmtree(hide(folder))


def hide(folder: Path) -> Path:
    """Take a snapshot out of sight in one rename; where it is now."""
    aside = folder.with_name(f".deleted-{folder.name}")
    shutil.rmtree(aside, ignore_errors=True)
    return folder.rename(aside)
