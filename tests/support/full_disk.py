"""A build whose disk is full after so many bytes of a file, and what must hold afterwards."""

from __future__ import annotations

import subprocess
from pathlib import Path

from groundedqa.snapshot import Collection, current, snapshots, verify
from tests.support.building import build_by_command, grow, snapshot_made
from tests.support.processes import PYTHON, command

_LIMITED = """
import resource, sys
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
from groundedqa.cli.main import app
app()
"""


def check_full_disk(corpus: Path, collection: Collection, model: Path, size: int) -> None:
    """Build a grown corpus where no file may outgrow ``size``; what was published stays so."""
    published = current(collection)
    assert published is not None
    grow(corpus)
    words = ["build", "--corpus", corpus, "--index", collection.index, "--model", model]
    ran = subprocess.run(
        [PYTHON, "-c", _LIMITED, str(size), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
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
    built = snapshot_made(build_by_command(corpus, collection, model))
    assert built == current(collection) != published
