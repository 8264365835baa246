"""groundedqa evaluate: a folder in BEIR's form, files by name, and what it says of wrong ones."""

from __future__ import annotations

import json
import sys
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
    assert found["unanswerable"] == 1
    assert [row["query_id"] for row in found["per_query"]] == ["q1", "q2", "u1"]
    assert found["per_query"][1]["measures"]["nDCG@10"] == 0


def test_measures_are_kept_with_the_snapshot_that_is_published(
    folder: Path, collection: Collection, build_tiny: BuildTiny
) -> None:
    snapshot = build_tiny().snapshot
    status, out, _ = run("--data", folder, "--index", collection.index, "--keep", "--json")
    assert status == 0
    kept = json.loads(collection.evaluation(snapshot).read_text(encoding="utf-8"))
    assert kept["measures"] == json.loads(out)["measures"]
    assert "per_query" not in kept
    page = collection.evaluation(snapshot).with_suffix(".html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    status, _, error = run("--data", folder, "--url", "http://127.0.0.1:9", "--keep")
    assert status == 2
    assert error == (
        "groundedqa: --keep is for a published snapshot: name it with --index, and neither --url "
        "nor a corpus to build\n"
    )


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
    status, out, _ = run("--data", folder, "--model", tiny_model, "--json")
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


def test_sections_of_a_folder_of_pages_are_judged_by_their_headings(
    folder: Path, tiny_model: Path, corpus: Path
) -> None:
    (folder / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\tclouds#At night\t1\nq2\ttides#Expert Answers\t1\n",
        encoding="utf-8",
    )
    flags = ("--corpus", corpus, "--model", tiny_model, "--level", "section", "--json")
    status, out, _ = run("--data", folder, *flags)
    found = json.loads(out)
    assert (status, found["level"], found["measures"]["R@10"]) == (0, "section", 1)


def test_a_section_that_is_nowhere_is_named(
    folder: Path, collection: Collection, build_tiny: BuildTiny
) -> None:
    build_tiny()
    status, _, error = run("--data", folder, "--index", collection.index, "--level", "section")
    assert status == 2
    assert "section 'rain' of the qrels is not in the corpus" in error


def test_a_run_is_written_and_compared_with_and_queries_are_listed(
    folder: Path, collection: Collection, build_tiny: BuildTiny, tmp_path: Path
) -> None:
    build_tiny()
    asked = ("--data", folder, "--index", collection.index)
    files = ("--run", tmp_path / "a.run", "--per-query", tmp_path / "queries.tsv")
    assert run(*asked, *files)[0] == 0
    first = (tmp_path / "a.run").read_text("utf-8").splitlines()[0].split()
    assert (first[0], first[1], first[3], first[5]) == ("q1", "Q0", "1", "groundedqa")
    rows = (tmp_path / "queries.tsv").read_text("utf-8").splitlines()
    assert [row.split("\t")[0] for row in rows] == ["query-id", "q1", "q2", "u1"]
    status, out, _ = run(*asked, "--compare", tmp_path / "a.run", "--json")
    compared = json.loads(out)["comparison"]
    assert status == 0
    assert {(each["difference"], each["p"]) for each in compared} == {(0, 1)}


def test_two_things_to_evaluate_are_refused(folder: Path, corpus: Path) -> None:
    status, _, error = run("--data", folder, "--index", "x", "--corpus", corpus)
    assert status == 2
    assert error == "groundedqa: name one to evaluate: --index, --url, or --corpus to build\n"


def test_a_report_without_what_draws_names_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "groundedqa.evaluate.plots", None)
    monkeypatch.delattr("groundedqa.evaluate.plots", raising=False)
    status, _, error = run("--data", folder, "--report", folder / "out.html")
    assert status == 2
    assert "pip install groundedqa[report]" in error
