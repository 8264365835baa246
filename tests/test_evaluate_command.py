"""groundedqa evaluate: a folder in BEIR's form, files by name, and what it says of wrong ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from groundedqa.cli.main import app
from groundedqa.snapshot import Collection
from tests.conftest import BuildTiny


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two queries that a page's own words answer, and one that nothing does."""
    made = tmp_path / "data"
    made.mkdir()
    queries = {"q1": "Drops fall once they are heavy enough.", "q2": "Snow is ice from vapour."}
    lines = [json.dumps({"_id": name, "text": text}) for name, text in queries.items()]
    (made / "queries.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (made / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\train\t1\nq2\tnowhere\t1\n", encoding="utf-8"
    )
    (made / "unanswerable.jsonl").write_text('{"_id": "u1", "text": "Tax law"}\n', encoding="utf-8")
    return made


def run(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["evaluate", *map(str, words)])
    return result.exit_code, result.stdout, result.stderr


def test_a_published_snapshot_is_measured_on_a_folder(
    folder: Path, collection: Collection, build_tiny: BuildTiny
) -> None:
    build_tiny()
    status, out, _ = run("--data", folder, "--index", collection.index, "--json")
    found = json.loads(out)
    assert status == 0
    assert found["queries"] == 2
    # The second query's document is not in the corpus: it counts 0, and the mean is a half at most.
    assert found["measures"]["R@10"] == 0.5
    assert 0 <= found["auroc"] <= 1


def test_a_table_is_printed_for_a_person(
    folder: Path, collection: Collection, build_tiny: BuildTiny
) -> None:
    build_tiny()
    files = ("--queries", folder / "queries.jsonl", "--qrels", folder / "qrels.tsv")
    status, out, _ = run(*files, "--index", collection.index)
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()][:2] == ["queries", "nDCG@10"]


def test_a_corpus_in_the_folder_is_built_for_the_run_alone(
    folder: Path, collection: Collection, tiny_model: Path, corpus: Path
) -> None:
    (folder / "corpus.jsonl").write_bytes((corpus / "more.jsonl").read_bytes())
    flags = ("--index", collection.index, "--model", tiny_model, "--json")
    status, out, _ = run("--data", folder, *flags)
    assert status == 0
    assert json.loads(out)["measures"]["R@10"] == 0.5
    assert not collection.current.exists()


def test_missing_files_are_named_with_the_mend(tmp_path: Path) -> None:
    status, _, error = run("--data", tmp_path)
    assert status == 2
    assert error == (
        "groundedqa: name --queries and --qrels, or with --data a folder that holds queries.jsonl "
        "and qrels.tsv\n"
    )
