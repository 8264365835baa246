"""Which snapshot is current: one small file, replaced by rename."""

from __future__ import annotations

from groundedqa.errors import SnapshotMissingError
from groundedqa.snapshot.files import disk_errors, read_lines, replace_text
from groundedqa.snapshot.layout import Collection


def current(collection: Collection) -> str | None:
    """The id of the published snapshot, or None."""
    lines = read_lines(collection.current)
    return lines[0].strip() if lines else None


def before(collection: Collection) -> str | None:
    """The id that a rollback would make current, or None."""
    earlier = _earlier(collection)
    return earlier[-1] if earlier else None


def publish(collection: Collection, snapshot_id: str) -> None:
    """Make a snapshot current. The caller has verified it.

    The history is written first, and readers of the history pass over the current id: killed
    between the two, what was published stays published and can still be rolled back.
    """
    now = current(collection)
    if now == snapshot_id:
        return
    with disk_errors(str(collection.current)):
        if now is not None:
            replace_text(collection.history, "\n".join([*_earlier(collection), now]) + "\n")
        replace_text(collection.current, snapshot_id + "\n")


def rollback(collection: Collection) -> str:
    """Make the snapshot that was published before current again; its id.

    Raises:
        SnapshotMissingError: there is none.
    """
    earlier = _earlier(collection)
    if not earlier:
        raise SnapshotMissingError(
            f"nothing was published before in {collection.home}; see its snapshots with: "
            "groundedqa verify --all"
        )
    with disk_errors(str(collection.current)):
        replace_text(collection.current, earlier[-1] + "\n")
        replace_text(collection.history, "".join(line + "\n" for line in earlier[:-1]))
    return earlier[-1]


def _earlier(collection: Collection) -> list[str]:
    """What was published before and still exists, oldest first, the current one left out."""
    now = current(collection)
    return [
        line
        for line in read_lines(collection.history)
        if line != now and collection.snapshot(line).is_dir()
    ]
