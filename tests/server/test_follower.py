from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from groundedqa.ask import Asker
from groundedqa.errors import GroundedQAError, SnapshotCorruptError, SnapshotMissingError
from groundedqa.server.reload import Follower
from groundedqa.snapshot import Collection, rollback
from tests.conftest import BuildTiny

Edit = Callable[[], str]


@pytest.fixture
def edit(build_tiny: BuildTiny, corpus: Path) -> Edit:
    """Publish the corpus with one more page; the snapshot's id."""
    numbers = iter(range(100))

    def publish() -> str:
        (corpus / f"page{next(numbers)}.txt").write_text("A page\n\nOf one more sentence.\n")
        return build_tiny().snapshot

    return publish


def damage(collection: Collection, snapshot: str) -> Path:
    path = collection.snapshot(snapshot) / "documents.sqlite"
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    return path


def problem_of(follower: Follower) -> str | None:
    return follower.problem


def test_before_anything_is_published_it_says_so(collection: Collection) -> None:
    follower = Follower(lambda: Asker(collection))
    with pytest.raises(SnapshotMissingError, match="is starting"):
        _ = follower.asker
    follower.look()
    with pytest.raises(SnapshotMissingError, match="make one with: groundedqa build"):
        _ = follower.asker
    assert "groundedqa build" in (follower.problem or "")


def test_it_follows_what_is_published_and_rolled_back(collection: Collection, edit: Edit) -> None:
    follower = Follower(lambda: Asker(collection))
    seen = []
    first, second = edit(), None
    for _ in range(2):
        follower.look()
        seen.append(follower.asker.snapshot_id)
        second = second or edit()
    rollback(collection)
    follower.look()
    seen.append(follower.asker.snapshot_id)
    assert seen == [first, second, first]
    assert follower.problem is None
    follower.asker.close()


def test_a_damaged_snapshot_leaves_the_old_one_and_is_said_once(
    collection: Collection, edit: Edit
) -> None:
    first = edit()
    follower = Follower(lambda: Asker(collection))
    follower.look()
    path = damage(collection, edit())
    with capture_logs() as log:
        for _ in range(3):
            follower.look()
    assert follower.asker.snapshot_id == first
    assert str(path) in (follower.problem or "")
    assert [entry["event"] for entry in log] == ["snapshot refused"]
    assert str(path) in log[0]["error"]
    assert follower.asker.ask("water").snapshot == first
    third = edit()
    follower.look()
    assert follower.asker.snapshot_id == third
    assert problem_of(follower) is None
    follower.asker.close()


def test_rolling_back_from_a_damaged_snapshot_clears_the_problem(
    collection: Collection, edit: Edit
) -> None:
    first = edit()
    follower = Follower(lambda: Asker(collection))
    follower.look()
    damage(collection, edit())
    follower.look()
    assert problem_of(follower) is not None
    rollback(collection)
    follower.look()
    assert follower.asker.snapshot_id == first
    assert problem_of(follower) is None
    follower.asker.close()


def test_a_current_file_that_is_no_text_is_named_and_survived(
    collection: Collection, edit: Edit
) -> None:
    first = edit()
    follower = Follower(lambda: Asker(collection))
    follower.look()
    collection.current.write_bytes(b"\xff\xfe\x00")
    with capture_logs() as log:
        for _ in range(3):
            follower.look()
    assert follower.asker.snapshot_id == first
    assert problem_of(follower) is not None
    assert len(log) == 1
    collection.current.write_text(first + "\n")
    follower.look()
    assert problem_of(follower) is None
    follower.asker.close()


def test_it_looks_again_and_again_until_it_can_open() -> None:
    tries = threading.Semaphore(0)

    def fail() -> Asker:
        tries.release()
        raise SnapshotCorruptError("damaged")

    follower = Follower(fail, every=0.001)
    follower.start()
    assert all(tries.acquire(timeout=10) for _ in range(3))
    follower.stop()
    with pytest.raises(GroundedQAError, match="damaged"):
        _ = follower.asker


def test_stopping_does_not_wait_for_a_verification_without_end() -> None:
    begun, over = threading.Event(), threading.Event()

    def open_slowly() -> Asker:
        begun.set()
        over.wait(30)
        raise SnapshotMissingError("too late")

    follower = Follower(open_slowly, every=0.001)
    follower.start()
    assert begun.wait(10)
    follower.stop()
    assert not over.is_set()
    over.set()
