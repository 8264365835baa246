"""Taking down where a snapshot can't be opened for a reason that is no damage."""

from __future__ import annotations

import os

import pytest

from groundedqa.errors import SnapshotFormatError, StorageError
from groundedqa.snapshot import Collection, current, manifest, snapshots, take_down
from tests.conftest import BuildTiny


def test_a_snapshot_of_another_format_is_not_deleted(
    collection: Collection, build_tiny: BuildTiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = build_tiny().snapshot
    monkeypatch.setattr(manifest, "FORMAT", 99)
    with pytest.raises(SnapshotFormatError, match="groundedqa build"):
        take_down(collection, ["rain"])
    assert [path.name for path in snapshots(collection)] == [made]
    assert current(collection) == made


def test_a_snapshot_that_the_disk_refuses_to_read_is_not_deleted(
    collection: Collection, build_tiny: BuildTiny
) -> None:
    made = build_tiny().snapshot
    path = collection.snapshot(made) / "manifest.json"
    path.unlink()
    path.mkdir()  # reading it is an OSError for root too
    with pytest.raises(StorageError, match="can't be read"):
        take_down(collection, ["rain"])
    assert [path.name for path in snapshots(collection)] == [made]
    assert current(collection) == made


def test_what_is_made_is_as_old_as_what_it_replaces(
    collection: Collection, build_tiny: BuildTiny
) -> None:
    made = build_tiny().snapshot
    os.utime(collection.snapshot(made), (1_000_000, 1_000_000))
    now = take_down(collection, ["rain"])
    assert now != made
    assert collection.snapshot(str(now)).stat().st_mtime == 1_000_000
