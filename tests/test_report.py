"""The build report: what became of each source."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from groundedqa.cli.main import app
from groundedqa.snapshot import Collection, read_report, take_down
from tests.conftest import BuildTiny


def report(collection: Collection, *flags: str) -> str:
    found = CliRunner().invoke(app, ["report", "--index", str(collection.index), *flags])
    assert found.exit_code == 0, found.output
    return found.stdout


def test_a_source_has_its_reader_titles_words_passages_and_languages(
    collection: Collection, corpus: Path, build_tiny: BuildTiny
) -> None:
    (corpus / "empty.md").write_text("# Nothing\n")
    made = build_tiny()
    told = json.loads(report(collection, "--json"))
    assert told == {"snapshot": made.snapshot, **made.report}
    rows = {row["source"]: row for row in told["sources"]}
    assert rows["more.jsonl"] == {
        "source": "more.jsonl",
        "reader": "json lines",
        "chosen_by": "content",
        "documents": 2,
        "sections": 0,
        "words": 14,
        "passages": 2,
        "without_fragment": 0,
        "titles": ["Rain", "Snow"],
        "languages": {"": 1, "en": 1},
        "notices": 0,
    }
    assert rows["clouds.md"]["sections"] == 3
    assert told["formats"]["json lines"]["words"] == 14
    assert told["languages"] == {"en": 3, "": 1}
    assert told["problems"] == [
        {"source": "empty.md", "place": "", "reason": "there is no text under the headings"}
    ]


def test_documents_that_say_the_same_are_named(corpus: Path, build_tiny: BuildTiny) -> None:
    text = "Drops of water fall from a cloud once they are too heavy for the air that rises there."
    for name in ("a.md", "b.md"):
        (corpus / name).write_text(f"# Rain\n\n{text}\n")
    (pair,) = build_tiny().report["duplicates"]
    assert (pair["document"], pair["of"]) == ("b", "a")
    assert (pair["copied"], pair["passages"]) == (1, 1)


def test_the_page_shows_what_could_not_be_read_and_runs_nothing_of_it(
    collection: Collection, corpus: Path, build_tiny: BuildTiny, tmp_path: Path
) -> None:
    (corpus / "<script>alert(1)<.md").write_text("# Nothing\n")
    build_tiny()
    page = tmp_path / "report.html"
    said = report(collection, "--html", str(page))
    assert said.endswith(f"written to {page}\n")
    shown = page.read_text(encoding="utf-8")
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)&lt;.md" in shown
    assert "there is no text under the headings" in shown
    assert "Why are there two tides a day?" in shown


def test_what_was_taken_down_is_out_of_the_sums(
    collection: Collection, build_tiny: BuildTiny
) -> None:
    build_tiny()
    take_down(collection, ["rain"])
    _, told = read_report(collection, None)
    rows = {row["source"]: row for row in told["sources"]}
    assert rows["more.jsonl"]["titles"] == ["Snow"]
    assert told["removed"] == ["rain"]


def test_without_a_snapshot_the_command_that_makes_one_is_named(tmp_path: Path) -> None:
    found = CliRunner().invoke(app, ["report", "--index", str(tmp_path)])
    assert found.exit_code == 2
    assert "groundedqa build" in found.stderr
