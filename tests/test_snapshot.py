"""Snapshots: whatever was changed is refused by name, and what is in use is never deleted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from groundedqa.errors import (
    SnapshotCorruptError,
    SnapshotFormatError,
    SnapshotMissingError,
)
from groundedqa.snapshot import (
    Collection,
    current,
    open_current,
    open_snapshot,
    verify,
)

FILES = ("documents.sqlite", "vectors.faiss", "report.json")


@pytest.fixture
def built(untouched: Collection, tmp_path: Path) -> Collection:
    """A collection of one's own with one published snapshot."""
    return Collection(Path(shutil.copytree(untouched.index, tmp_path / "index")))


def _published(collection: Collection) -> Path:
    found = current(collection)
    assert found is not None
    return collection.snapshot(found)


def _change(path: Path, place: int, *, restore_time: bool = False, bit: int = 0x01) -> None:
    stat = path.stat()
    with path.open("r+b") as file:
        file.seek(place)
        [byte] = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ bit]))
    if restore_time:
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


@pytest.mark.parametrize("restore_time", [False, True], ids=["", "with the time set back"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.25, 0.5, 0.75, 0.999, 1.0])
@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_is_refused_by_name(
    built: Collection, name: str, share: float, restore_time: bool
) -> None:
    open_current(built).close()  # it was verified before, on this machine
    path = _published(built) / name
    _change(path, int(share * (path.stat().st_size - 1)), restore_time=restore_time)
    for opened in (open_current, verify):
        with pytest.raises(SnapshotCorruptError, match=rf"{name} is damaged.*groundedqa build"):
            opened(built)


@pytest.mark.unmeasured
def test_a_change_of_any_byte_of_the_manifest_is_refused_by_name(built: Collection) -> None:
    path = _published(built) / "manifest.json"
    content = path.read_bytes()
    for place in range(len(content)):
        # A low bit, the sign bit, and what makes "\r" of "\n".
        for bits in (0x01, 0x80, 0x07):
            changed = bytearray(content)
            changed[place] ^= bits
            path.write_bytes(changed)
            with pytest.raises(
                (SnapshotCorruptError, SnapshotFormatError), match=r"manifest\.json"
            ):
                open_current(built)
    path.write_bytes(content)
    open_current(built).close()


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_a_missing_a_longer_and_a_shorter_file_are_refused_by_name(
    built: Collection, name: str
) -> None:
    path = _published(built) / name
    content = path.read_bytes()
    for other in (content + b"\n", content[:-1], b""):
        path.write_bytes(other)
        with pytest.raises(SnapshotCorruptError, match=name):
            open_current(built)
    path.unlink()
    with pytest.raises(SnapshotCorruptError, match=rf"{name}.* missing"):
        open_current(built)


@pytest.mark.parametrize("number", [0, 99])
def test_another_format_is_refused_with_the_command_that_rebuilds(
    built: Collection, number: int
) -> None:
    path = _published(built) / "manifest.json"
    described = json.loads(path.read_text())
    path.write_text(json.dumps({**described, "format": number}))
    with pytest.raises(SnapshotFormatError, match=rf"format {number}.*rebuild.*groundedqa build"):
        open_current(built)


def test_a_snapshot_under_another_ones_name_is_refused(built: Collection) -> None:
    other = built.snapshot("0" * 16)
    shutil.copytree(_published(built), other)
    with pytest.raises(SnapshotCorruptError, match=r"manifest\.json is damaged: it describes"):
        open_snapshot(built, other.name)


@pytest.mark.parametrize("name", ["", ".", "..", "../..", "/etc", "0" * 16, "x" * 300, "a\0b", "ä"])
def test_what_is_no_snapshot_id_is_missing(built: Collection, name: str) -> None:
    with pytest.raises(SnapshotMissingError, match=r"there is no snapshot .*groundedqa build"):
        open_snapshot(built, name)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"../../etc\n", b"x" * 5000, b"f" * 16])
def test_a_damaged_current_file_is_an_error_with_a_mend(built: Collection, content: bytes) -> None:
    built.current.write_bytes(content)
    with pytest.raises(SnapshotMissingError, match="groundedqa build"):
        open_current(built)


def test_nothing_published_names_the_command(collection: Collection) -> None:
    for content in (None, "", "\n\n"):
        if content is not None:
            collection.home.mkdir(exist_ok=True)
            collection.current.write_text(content)
        with pytest.raises(SnapshotMissingError, match="make one with: groundedqa build"):
            open_current(collection)


def _reads(collection: Collection) -> int:
    """How many bytes of the snapshot's files opening it reads, as this process counts them."""

    def count() -> int:
        return int(Path("/proc/self/io").read_text(encoding="ascii").split("rchar: ")[1].split()[0])

    before_it = count()
    open_current(collection).close()
    return count() - before_it


def test_files_are_verified_once_per_machine_and_again_when_touched(built: Collection) -> None:
    folder = _published(built)
    size = sum((folder / name).stat().st_size for name in FILES)
    built.verified(folder.name).unlink()
    assert _reads(built) > size
    assert _reads(built) < size
    (folder / FILES[0]).touch()
    assert _reads(built) > size
    assert _reads(built) < size
    stamp = built.verified(folder.name)
    stamp.write_text(stamp.read_text().replace('"machine": "', '"machine": "not '))
    assert _reads(built) > size


def test_a_full_check_reads_everything_whatever_the_stamp_says(built: Collection) -> None:
    folder = _published(built)
    open_current(built).close()
    _change(folder / FILES[1], -1 + (folder / FILES[1]).stat().st_size)
    # A stamp that was forged for the changed file: the worst that a machine can believe.
    from groundedqa.snapshot import load

    built.verified(folder.name).write_bytes(load._fingerprint(folder))
    open_current(built).close()
    with pytest.raises(SnapshotCorruptError, match=FILES[1]):
        verify(built)


_AS_NOBODY = """
import os, sys
from pathlib import Path
from groundedqa.snapshot import Collection, build_lock, open_current
from groundedqa.errors import StorageError
if os.getuid() == 0:
    os.setgid(65534), os.setuid(65534)
collection = Collection(Path(sys.argv[1]))
snapshot = open_current(collection)
print(snapshot.id, len(snapshot.vectors))
snapshot.close()
try:
    with build_lock(collection.build_lock):
        pass
except StorageError as error:
    print(error)
"""


def test_an_index_that_can_not_be_written_to_still_loads(built: Collection, tmp_path: Path) -> None:
    expected = open_current(built)
    count = len(expected.vectors)
    expected.close()
    shutil.rmtree(built.home / "verified")
    folders = [path for path in (built.index, *built.index.rglob("*")) if path.is_dir()]
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    for folder in folders:
        folder.chmod(0o555)
    built.build_lock.chmod(0o444)
    try:
        ran = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, str(built.index)],
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        for folder in folders:
            folder.chmod(0o755)
    first, second = ran.stdout.splitlines()
    assert first == f"{expected.id} {count}"
    assert "build.lock can't be written: Permission denied" in second
