"""A disk that is full or refuses, and two builds at once: what is published goes on."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from groundedqa.build import BuildSettings, build
from groundedqa.errors import StorageError
from groundedqa.snapshot import Collection, verify
from tests.conftest import BuildTiny
from tests.support.building import grow
from tests.support.full_disk import check_full_disk
from tests.support.processes import PYTHON


# What the pid in build.lock outgrows, a file of the middle, and all but the largest one. Every
# threshold is tried by scripts/soak.
@pytest.mark.parametrize("size", [0, 12_000, 150_000])
def test_a_full_disk_is_a_clear_error_and_what_is_published_goes_on(
    corpus: Path, collection: Collection, tiny_model: Path, size: int, build_tiny: BuildTiny
) -> None:
    build_tiny()
    check_full_disk(corpus, collection, tiny_model, size)


def test_an_index_that_is_a_file_is_a_clear_error(
    corpus: Path, tmp_path: Path, tiny_model: Path
) -> None:
    (tmp_path / "file").touch()
    for index in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / ("x" * 300)):
        with pytest.raises(StorageError, match="can't be written: "):
            build(corpus, Collection(index), BuildSettings(str(tiny_model), tunes=False))


def test_two_builds_at_once_leave_one_sound_index(
    corpus: Path, collection: Collection, tiny_model: Path, build_tiny: BuildTiny
) -> None:
    grow(corpus)
    words = ["build", "--corpus", corpus, "--index", collection.index, "--model", tiny_model]
    both = [
        subprocess.Popen(
            [PYTHON, "-m", "groundedqa", *map(str, words), "--passage-tokens", "48", "--no-tune"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[1] for process in both]
    status = [process.returncode for process in both]
    assert 0 in status
    for code, stderr in zip(status, said, strict=True):
        assert code in (0, 2)
        assert (code == 2) == ("another build (pid " in stderr)
    found = build_tiny()
    assert (found.reused, verify(collection).snapshot) == (True, found.snapshot)
