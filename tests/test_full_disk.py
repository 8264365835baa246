"""A disk that is full or refuses, and two builds at once: what is published goes on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from groundedqa.build import BuildSettings, build
from groundedqa.errors import StorageError
from groundedqa.snapshot import Collection, current, snapshots, verify
from tests.conftest import BuildTiny
from tests.support.building import build_by_command, grow, snapshot_made
from tests.support.processes import PYTHON, command

# What coverage writes would outgrow the limit too, and be complained of.
_UNMEASURED = {name: v for name, v in os.environ.items() if not name.startswith("COVERAGE_")}
_LIMITED = """
import resource, sys
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
from groundedqa.cli.main import app
app()
"""


# From the pid in build.lock to all but the largest file: each stops at another one.
@pytest.mark.parametrize("size", [0, 3, 2_000, 12_000, 40_000, 90_000, 150_000])
def test_a_full_disk_is_a_clear_error_and_what_is_published_goes_on(
    corpus: Path, collection: Collection, tiny_model: Path, size: int, build_tiny: BuildTiny
) -> None:
    published = build_tiny().snapshot
    grow(corpus)
    words = ["build", "--corpus", corpus, "--index", collection.index, "--model", tiny_model]
    ran = subprocess.run(
        [PYTHON, "-c", _LIMITED, str(size), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=_UNMEASURED,
    )
    assert ran.returncode == 2, ran.stderr
    [line] = ran.stderr.splitlines()
    assert line.startswith("groundedqa: no space to write ")
    assert line.endswith("free some and run the command again. What is published goes on answering")
    assert verify(collection).snapshot == published
    assert [path.name for path in snapshots(collection)] == [published]
    answer = command("ask", "--index", collection.index, "what are clouds")
    assert answer.returncode == 0
    assert answer.stdout.startswith("1. ")
    assert (
        snapshot_made(build_by_command(corpus, collection, tiny_model))
        == current(collection)
        != published
    )


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
