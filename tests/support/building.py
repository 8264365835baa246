"""Builds as a user starts them, for the tests that need a process of their own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from groundedqa.snapshot import Collection
from tests.support.processes import command


def build_by_command(
    corpus: Path, collection: Collection, model: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``groundedqa build`` with the tiny model to its end."""
    flags = ("--corpus", corpus, "--index", collection.index, "--model", model)
    return command("build", *flags, "--passage-tokens", "48", "--no-tune", **environment)


def grow(corpus: Path, pages: int = 60) -> None:
    """Pages enough that every file of the snapshot outgrows those of the three pages."""
    for number in range(pages):
        sentences = " ".join(f"Page {number} holds the line {line}." for line in range(40))
        (corpus / f"page-{number}.md").write_text(f"# Page {number}\n\n{sentences}\n")


def snapshot_made(result: subprocess.CompletedProcess[str]) -> str:
    """The id that a build printed; it must have succeeded."""
    assert result.returncode == 0, result.stderr
    return result.stdout.split()[1]
