from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from groundedqa.cli.main import app
from groundedqa.snapshot import Collection, build_lock, current
from tests.conftest import BuildTiny


def run(index: Path, *words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["collections", *words, "--index", str(index)])
    return done.exit_code, done.stdout, done.stderr


def test_collections_are_listed_and_one_is_removed_whole(
    build_tiny: BuildTiny, collection: Collection
) -> None:
    index = collection.index
    assert run(index, "list") == (0, "", "")
    build_tiny()
    (index / "drafts").mkdir()  # nothing is published of it
    status, out, _ = run(index, "list")
    assert (status, out.split("\t")[:4]) == (
        0,
        ["default", str(current(collection)), "4 documents", "8 passages"],
    )
    (listed,) = json.loads(run(index, "list", "--json")[1])
    assert (listed["collection"], listed["snapshot"]) == ("default", current(collection))
    with build_lock(collection.build_lock):
        assert run(index, "remove", "default")[0] == 2
    assert run(index, "remove", "default") == (0, "collection default removed\n", "")
    assert sorted(path.name for path in index.iterdir()) == ["drafts", "encoders"]
    status, _, told = run(index, "remove", "default")
    assert (status, told.split(";")[0]) == (2, "groundedqa: there is no collection 'default'")
    assert run(index, "remove", "../index")[0] == 2


def test_a_damaged_collection_does_not_hide_the_others(
    build_tiny: BuildTiny, collection: Collection
) -> None:
    build_tiny()
    damaged = Collection(collection.index, "damaged")
    damaged.home.mkdir()
    damaged.current.write_text("0123456789abcdef\n")
    lines = run(collection.index, "list")[1].splitlines()
    assert lines[0].startswith("damaged\t")
    assert "manifest.json" in lines[0]
    assert lines[1].startswith("default\t")
