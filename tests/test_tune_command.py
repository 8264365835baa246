"""groundedqa tune: the published snapshot with another tuning, and what it says of wrong input."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from groundedqa.build import BuildResult, BuildSettings, build
from groundedqa.cli.main import app
from groundedqa.snapshot import Collection, current, open_current, verify
from groundedqa.snapshot import manifest as files

BuildTuned = Callable[[], BuildResult]


@pytest.fixture
def build_tuned(collection: Collection, corpus: Path, tiny_model: Path) -> BuildTuned:
    """Build the small corpus as a user does: with tuning."""
    return lambda: build(corpus, collection, BuildSettings(str(tiny_model), 48))


@pytest.fixture
def labelled(tmp_path: Path) -> list[str]:
    """Flags that name labelled questions: two that documents answer, and one that none does."""
    texts = {
        "queries.jsonl": [{"_id": "q1", "text": "heavy drops"}, {"_id": "q2", "text": "vapour"}],
        "unanswerable.jsonl": [{"_id": "u1", "text": "Tax law"}],
    }
    for name, lines in texts.items():
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\train\t1\nq2\tsnow\t1\nq2\tnowhere\t1\n", encoding="utf-8"
    )
    flags = {"queries": "queries.jsonl", "qrels": "qrels.tsv", "unanswerable": "unanswerable.jsonl"}
    return [word for flag, name in flags.items() for word in (f"--{flag}", str(tmp_path / name))]


def run(collection: Collection, *words: str) -> tuple[int, str, str]:
    flags = ["--index", str(collection.index)]
    result = CliRunner().invoke(app, ["tune", *flags, *words])
    return result.exit_code, result.stdout, result.stderr


def told(collection: Collection, *words: str) -> dict[str, Any]:
    status, out, error = run(collection, *words, "--json")
    assert (status, error) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_snapshot_tuned_on_labelled_questions_is_published_and_differs_in_that_alone(
    collection: Collection, build_tuned: BuildTuned, labelled: list[str]
) -> None:
    first = build_tuned().snapshot
    found = told(collection, *labelled)
    assert (found["reused"], found["published"], found["missing"]) == (False, True, ["nowhere"])
    assert found["tuning"]["evidence"]["by"] == "labelled questions"
    assert found["tuning"]["evidence"]["weights"]["questions"] == 2
    made = verify(collection)
    assert made.snapshot == found["snapshot"] != first
    before = verify(collection, first)
    assert {n for n in files.FILES if made.files[n] != before.files[n]} == {files.TUNING}
    assert {n for n, v in made.inputs.items() if v != before.inputs[n]} == {"tuning"}
    assert (made.counts, made.encoder) == (before.counts, before.encoder)


@pytest.mark.parametrize("links", [True, False], ids=["links", "copies"])
def test_the_other_files_are_links_or_copies_and_the_old_snapshot_stays_sound(
    collection: Collection,
    build_tuned: BuildTuned,
    labelled: list[str],
    links: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = collection.snapshot(build_tuned().snapshot)
    if not links:

        def refuse(*_: object) -> None:
            raise PermissionError("no links here")

        monkeypatch.setattr(os, "link", refuse)
    new = collection.snapshot(told(collection, *labelled)["snapshot"])
    shared = {name for name in files.FILES if (old / name).samefile(new / name)}
    assert shared == (set(files.FILES) - {files.TUNING, files.REPORT} if links else set())
    assert verify(collection, old.name).snapshot == old.name


def test_a_build_of_the_same_corpus_finds_the_tuned_snapshot_made(
    collection: Collection, build_tuned: BuildTuned, labelled: list[str]
) -> None:
    first = build_tuned().snapshot
    tuned = told(collection, *labelled)["snapshot"]
    again = build_tuned()
    assert (again.snapshot, again.reused) == (tuned, True)
    own = told(collection, "--own")
    assert (own["snapshot"], own["reused"]) == (first, True)
    assert build_tuned().snapshot == current(collection) == first


def test_a_build_tunes_on_the_questions_that_were_kept(
    collection: Collection, build_tuned: BuildTuned, labelled: list[str], corpus: Path
) -> None:
    build_tuned()
    told(collection, *labelled)
    (corpus / "wind.txt").write_text("Wind\n\nAir that moves.\n", encoding="utf-8")
    build_tuned()
    snapshot = open_current(collection)
    assert snapshot.tuning["evidence"]["by"] == "labelled questions"
    snapshot.close()
    assert told(collection)["reused"] is True


def test_an_untuned_snapshot_is_tuned_as_a_build_would_have(
    collection: Collection, build_tuned: BuildTuned, corpus: Path, tiny_model: Path
) -> None:
    settings = BuildSettings(str(tiny_model), 48, tunes=False)
    bare = build(corpus, collection, settings).snapshot
    snapshot = open_current(collection)
    assert snapshot.tuning["evidence"] == {"by": "defaults"}
    assert snapshot.tuning["calibrator"]["calibrated"] is False
    snapshot.close()
    tuned = told(collection)["snapshot"]
    assert tuned != bare
    assert (build_tuned().snapshot, build_tuned().reused) == (tuned, True)


def test_after_a_takedown_tuning_gives_what_a_build_without_the_document_gives(
    collection: Collection, build_tuned: BuildTuned, labelled: list[str]
) -> None:
    build_tuned()
    removed = CliRunner().invoke(app, ["remove", "snow", "--index", str(collection.index)])
    assert removed.exit_code == 0
    taken = current(collection)
    tuned = told(collection)["snapshot"]
    assert tuned != taken
    assert (build_tuned().snapshot, build_tuned().reused) == (tuned, True)
    found = told(collection, *labelled)
    assert found["missing"] == ["nowhere", "snow"]


def test_no_publish_leaves_what_is_published(
    collection: Collection, build_tuned: BuildTuned, labelled: list[str]
) -> None:
    first = build_tuned().snapshot
    found = told(collection, *labelled, "--no-publish")
    assert found["published"] is False
    assert current(collection) == first
    assert verify(collection, found["snapshot"]).snapshot == found["snapshot"]


def test_a_person_is_told_weights_evidence_threshold_and_what_is_missing(
    collection: Collection, build_tuned: BuildTuned, labelled: list[str]
) -> None:
    build_tuned()
    status, out, _ = run(collection, *labelled)
    lines = out.splitlines()
    assert status == 0
    assert lines[0] == f"snapshot {current(collection)} published"
    assert lines[1] == "tuned on labelled questions"
    assert lines[2] == (
        "weights: dense 0.7, section 0.6; chosen by 2 questions: default: fewer than 30 questions"
    )
    assert lines[3].startswith("calibrator: the built-in one; ")
    assert lines[3].endswith(" are too few, 40 of each are needed")
    assert lines[4].startswith("at a risk of 0.05: shown from 0.")
    assert lines[5:] == ["1 documents of the qrels are not in the corpus: nowhere"]


def test_with_nothing_published_the_mend_is_named(
    collection: Collection, labelled: list[str]
) -> None:
    status, out, error = run(collection, *labelled)
    assert (status, out) == (2, "")
    assert "no snapshot is published" in error
    assert error.endswith("make one with: groundedqa build\n")
    assert not collection.labelled.exists()


def test_qrels_that_name_no_document_of_the_corpus_change_nothing(
    collection: Collection, build_tuned: BuildTuned, labelled: list[str], tmp_path: Path
) -> None:
    first = build_tuned().snapshot
    (tmp_path / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\telsewhere\t1\nq2\tnowhere\t1\n", encoding="utf-8"
    )
    status, out, error = run(collection, *labelled)
    assert (status, out) == (2, "")
    assert "holds none of the 2 documents of the qrels: the first is 'elsewhere'" in error
    assert current(collection) == first
    assert not collection.labelled.exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--own", "--qrels", "x"], "--own tunes without labelled questions: leave out the files"),
        (["--queries", "x"], "name both --queries and --qrels, or neither"),
        (["--unanswerable", "x"], "name both --queries and --qrels, or neither"),
    ],
)
def test_flags_that_don_t_go_together_are_refused(
    collection: Collection, words: list[str], says: str
) -> None:
    assert run(collection, *words) == (2, "", f"groundedqa: {says}\n")


def test_empty_files_are_no_data(
    collection: Collection, build_tuned: BuildTuned, labelled: list[str], tmp_path: Path
) -> None:
    build_tuned()
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n", encoding="utf-8")
    status, _, error = run(collection, *labelled)
    assert status == 2
    assert error.endswith("qrels.tsv judges nothing below its header\n")
