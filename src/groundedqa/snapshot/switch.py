"""Making another snapshot current: no build meanwhile, and every byte of it verified first."""

from __future__ import annotations

from groundedqa.snapshot.files import build_lock
from groundedqa.snapshot.layout import Collection
from groundedqa.snapshot.load import verify
from groundedqa.snapshot.publish import before, publish, rollback


def make_current(collection: Collection, snapshot_id: str) -> None:
    """Verify a snapshot and publish it.

    Raises:
        SnapshotError: it is not there, or not what was written.
        BuildLockedError: a build holds the index.
    """
    with build_lock(collection.build_lock):
        verify(collection, snapshot_id)
        publish(collection, snapshot_id)


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
