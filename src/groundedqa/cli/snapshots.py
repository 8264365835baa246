"""groundedqa publish, rollback, verify, prune, remove, allow."""

from __future__ import annotations

from typing import Annotated

import typer

from groundedqa import snapshot as snapshots
from groundedqa.cli.options import CollectionName, Index, collection_of, reporting_errors
from groundedqa.errors import SnapshotMissingError
from groundedqa.settings import load_settings
from groundedqa.snapshot import Collection

DocIds = Annotated[
    list[str], typer.Argument(metavar="DOC_ID", help="As in a citation's document.id.")
]
SnapshotId = Annotated[
    str | None, typer.Argument(metavar="SNAPSHOT", help="Its id.", show_default=False)
]


def _collection(index: Index, collection: CollectionName) -> Collection:
    return collection_of(load_settings(index=index, collection=collection))


def publish_command(
    snapshot: SnapshotId = None, index: Index = None, collection: CollectionName = None
) -> None:
    """Make a snapshot current: the one that is named, else the newest.

    It is verified first. A running server changes to it by itself.
    """
    with reporting_errors():
        chosen = _collection(index, collection)
        found = snapshots.snapshots(chosen)
        if snapshot is None and not found:
            raise SnapshotMissingError(
                f"there is no snapshot in {chosen.snapshots}; make one with: groundedqa build"
            )
        snapshot_id = snapshot or found[-1].name
        snapshots.make_current(chosen, snapshot_id)
        print(f"snapshot {snapshot_id} published")


def rollback_command(index: Index = None, collection: CollectionName = None) -> None:
    """Make the snapshot that was published before current again."""
    with reporting_errors():
        chosen = _collection(index, collection)
        print(f"snapshot {snapshots.roll_back(chosen)} published")


def verify_command(
    snapshot: SnapshotId = None,
    index: Index = None,
    collection: CollectionName = None,
    all_snapshots: Annotated[bool, typer.Option("--all", help="Every snapshot there is.")] = False,
) -> None:
    """Check every byte of the published snapshot, or of the one that is named.

    Prints what is sound; a file that was changed is named, with exit status 2.
    """
    with reporting_errors():
        chosen = _collection(index, collection)
        names: list[str | None] = [snapshot]
        if all_snapshots:
            names = [path.name for path in sorted(snapshots.snapshots(chosen))]
        for name in names:
            manifest = snapshots.verify(chosen, name)
            mark = " (current)" if manifest.snapshot == snapshots.current(chosen) else ""
            print(
                f"snapshot {manifest.snapshot} is sound{mark}: {manifest.counts['documents']} "
                f"documents, {manifest.counts['passages']} passages, {manifest.encoder['name']}"
            )


def prune_command(
    keep: Annotated[
        int,
        typer.Option(
            "--keep", min=1, metavar="N", envvar="GROUNDEDQA_KEEP", help="How many stay at least."
        ),
    ] = 3,
    index: Index = None,
    collection: CollectionName = None,
) -> None:
    """Delete all but the newest snapshots.

    The current one, the one before it and those that a server has open always stay.
    """
    with reporting_errors():
        chosen = _collection(index, collection)
        with snapshots.build_lock(chosen.build_lock):
            deleted = snapshots.prune(chosen, keep)
        print(f"{len(deleted)} snapshots deleted{': ' if deleted else ''}{', '.join(deleted)}")


def remove_command(doc_ids: DocIds, index: Index = None, collection: CollectionName = None) -> None:
    """Take documents down, now: from the published snapshot, older ones and the vector cache.

    They stay out of later builds until they are allowed again.
    """
    with reporting_errors():
        chosen = _collection(index, collection)
        with snapshots.build_lock(chosen.build_lock):
            current = snapshots.take_down(chosen, doc_ids)
        served = f"snapshot {current} is current" if current else "nothing is published"
        print(f"removed {', '.join(doc_ids)}; {served}")


def allow_command(doc_ids: DocIds, index: Index = None, collection: CollectionName = None) -> None:
    """Let removed documents into the next build again."""
    with reporting_errors():
        chosen = _collection(index, collection)
        with snapshots.build_lock(chosen.build_lock):
            snapshots.allow(chosen, doc_ids)
        print(f"allowed {', '.join(doc_ids)}; the next build takes them in")
