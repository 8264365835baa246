"""Publish, roll back, prune: what is in use is never deleted, and every step can be undone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from groundedqa.errors import (
    BuildLockedError,
    SnapshotMissingError,
)
from groundedqa.snapshot import (
    Collection,
    before,
    build_lock,
    current,
    open_snapshot,
    prune,
    publish,
    rollback,
    snapshots,
)
from groundedqa.types import Filters
from tests.conftest import BuildTiny


@pytest.fixture
def four(build_tiny: BuildTiny, collection: Collection, corpus: Path) -> list[str]:
    """Four snapshots published one after another, oldest first."""
    made = []
    for number in range(4):
        (corpus / "extra.md").write_text(f"# Extra\n\nState {number} of this page.\n")
        made.append(build_tiny().snapshot)
    assert current(collection) == made[-1]
    return made


_HOLD = """
import sys
from pathlib import Path
from groundedqa.snapshot import Collection, open_snapshot
snapshot = open_snapshot(Collection(Path(sys.argv[1])), sys.argv[2])
print("open", flush=True)
sys.stdin.read()
"""


@contextmanager
def _held_open(collection: Collection, snapshot_id: str) -> Iterator[None]:
    """Another process that reads a snapshot."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(collection.index), snapshot_id],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield
        process.stdin.close()


def _left(collection: Collection) -> set[str]:
    return {path.name for path in snapshots(collection)}


@pytest.mark.parametrize(
    ("keep", "stay"),
    [(1, {2, 3}), (2, {2, 3}), (3, {1, 2, 3}), (4, {0, 1, 2, 3}), (9, {0, 1, 2, 3})],
)
def test_prune_keeps_the_newest_the_current_one_and_the_one_before(
    collection: Collection, four: list[str], keep: int, stay: set[int]
) -> None:
    deleted = prune(collection, keep)
    assert _left(collection) == {four[number] for number in stay}
    assert deleted == [name for number, name in enumerate(four) if number not in stay]
    assert not any(collection.verified(name).exists() for name in deleted)


def test_prune_keeps_an_old_snapshot_that_is_current_and_the_one_before_it(
    collection: Collection, four: list[str]
) -> None:
    publish(collection, four[1])
    publish(collection, four[0])
    assert prune(collection, 1) == [four[2]]
    assert rollback(collection) == four[1]


def test_prune_passes_over_a_snapshot_that_another_process_has_open(
    collection: Collection, four: list[str]
) -> None:
    with _held_open(collection, four[0]):
        assert prune(collection, 1) == [four[1]]
        assert _left(collection) == {four[0], four[2], four[3]}
    assert prune(collection, 1) == [four[0]]


def test_prune_clears_what_a_killed_build_left_and_is_no_error_without_snapshots(
    collection: Collection, build_tiny: BuildTiny
) -> None:
    made = build_tiny().snapshot
    (collection.snapshots / ".building-x").mkdir()
    (collection.snapshots / ".building-x" / "documents.sqlite").touch()
    assert prune(collection, 1) == []
    assert [path.name for path in collection.snapshots.iterdir()] == [made]
    assert prune(Collection(collection.index, "other"), 1) == []


def test_an_open_snapshot_can_be_read_on_after_it_was_deleted(
    collection: Collection, four: list[str]
) -> None:
    snapshot = open_snapshot(collection, four[0])
    shutil.rmtree(snapshot.folder)
    rows = snapshot.store.rows(Filters())
    assert len(snapshot.store.passages(rows.tolist())) == len(snapshot.vectors)
    snapshot.close()


def test_rollback_goes_back_one_publication_at_a_time(
    collection: Collection, four: list[str]
) -> None:
    assert before(collection) == four[2]
    assert [rollback(collection) for _ in range(3)] == [four[2], four[1], four[0]]
    assert current(collection) == four[0]
    with pytest.raises(SnapshotMissingError, match="nothing was published before"):
        rollback(collection)
    assert current(collection) == four[0]


def test_rollback_passes_over_what_was_pruned(collection: Collection, four: list[str]) -> None:
    shutil.rmtree(collection.snapshot(four[2]))
    assert rollback(collection) == four[1]


def test_publishing_by_id_can_be_rolled_back(collection: Collection, four: list[str]) -> None:
    publish(collection, four[0])
    publish(collection, four[0])  # the second time changes nothing
    assert current(collection) == four[0]
    assert rollback(collection) == four[3]
    assert rollback(collection) == four[2]


def test_killed_between_its_two_writes_a_publication_can_be_repeated_and_rolled_back(
    collection: Collection, four: list[str]
) -> None:
    collection.current.write_text(four[2] + "\n")  # the history was written, `current` was not
    collection.history.write_text("".join(f"{name}\n" for name in four[:3]))
    assert before(collection) == four[1]
    publish(collection, four[3])
    assert rollback(collection) == four[2]


def test_killed_between_its_two_writes_a_rollback_can_be_repeated(
    collection: Collection, four: list[str]
) -> None:
    collection.current.write_text(four[2] + "\n")  # `current` was written, the history was not
    assert before(collection) == four[1]
    assert rollback(collection) == four[1]


def test_a_second_build_is_told_the_first_ones_pid(collection: Collection) -> None:
    told = f"another build .pid {os.getpid()}. is writing to"
    with (
        build_lock(collection.build_lock),
        pytest.raises(BuildLockedError, match=told),
        build_lock(collection.build_lock),
    ):
        pass
    with build_lock(collection.build_lock):
        assert collection.build_lock.read_text() == str(os.getpid())
