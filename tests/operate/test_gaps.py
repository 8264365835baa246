"""Gaps: questions that nothing answers, by meaning; and the command that prints them."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from groundedqa.ask import Asker
from groundedqa.cli.main import app
from groundedqa.ground import Calibrator
from groundedqa.operate.database import opened
from groundedqa.operate.gaps import Phrasing, find_gaps
from groundedqa.operate.question_log import LoggedQuestion, logged
from groundedqa.snapshot import Collection

TODAY = datetime.now(UTC).date()


@pytest.fixture
def unanswered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is likely enough to be answered; to the tiny model all questions are much alike."""
    monkeypatch.setattr(Calibrator, "threshold", lambda *_: 2.0)
    assert find_gaps.__kwdefaults__ is not None
    monkeypatch.setitem(find_gaps.__kwdefaults__, "alike", 0.9999)


def row(question: str, times: int = 1, days_ago: int = 0, **given: str) -> LoggedQuestion:
    decided = {"decision": "abstained", "reason": "not_covered", **given}
    day = (TODAY - timedelta(days=days_ago)).isoformat()
    decision, reason = decided["decision"], decided["reason"]
    return LoggedQuestion(day, "default", question, decision, reason, 0.25, times)


ROWS = [
    row("when do volcanoes erupt", 3, days_ago=5),
    row("When do volcanoes erupt?", 2),
    row("=1+1 is what"),
    row("what is a comet", 4, decision="answered", reason=""),
    row("which poem rhymes", 9, reason="filtered_out"),
]


@pytest.fixture
def index(untouched: Collection, tmp_path: Path) -> list[str]:
    """The flags that name the small index, and a log of these rows."""
    database = tmp_path / "operator.sqlite"
    logged(database)
    with opened(database, "SELECT 1") as connection:
        connection.execute(
            "CREATE TABLE questions (day TEXT, collection TEXT, question TEXT, decision TEXT, "
            "reason TEXT, answerable REAL, times INTEGER)"
        )
        for each in ROWS:
            values = (each.day, each.collection, each.question, each.decision, each.reason)
            connection.execute(
                "INSERT INTO questions VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*values, each.answerable, each.times),
            )
    return ["--index", str(untouched.index), "--keys", str(database)]


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["gaps", *words])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.usefixtures("unanswered")
def test_spellings_of_a_question_are_one_gap_with_the_days_and_the_nearest_pages(
    untouched: Collection,
) -> None:
    asker = Asker(untouched)
    found = find_gaps(asker, ROWS)
    asker.close()
    volcanoes, formula = found.gaps
    assert (volcanoes.question, volcanoes.times) == ("when do volcanoes erupt", 5)
    assert volcanoes.phrasings == (
        Phrasing("when do volcanoes erupt", 3),
        Phrasing("When do volcanoes erupt?", 2),
    )
    assert (volcanoes.first, volcanoes.last) == (ROWS[0].day, ROWS[1].day)
    assert len({each.doc_id for each in volcanoes.nearest}) == 3
    assert (formula.question, formula.times) == ("=1+1 is what", 1)
    assert (found.answered_now, found.left_out, found.further) == (0, 0, 0)


def test_what_the_corpus_answers_by_now_is_counted_and_no_gap(
    untouched: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Calibrator, "threshold", lambda *_: 0.0)
    asker = Asker(untouched)
    found = find_gaps(asker, ROWS)
    asker.close()
    assert (found.gaps, found.answered_now) == ((), 2)


@pytest.mark.usefixtures("unanswered")
def test_those_asked_most_are_looked_at_and_shown_and_the_others_counted(
    untouched: Collection,
) -> None:
    asker = Asker(untouched)
    least = find_gaps(asker, ROWS, most=1)
    first = find_gaps(asker, ROWS, top=1)
    asker.close()
    assert [gap.times for gap in least.gaps] == [5]
    assert least.left_out == 1
    assert [gap.times for gap in first.gaps] == [5]
    assert first.further == 1


@pytest.mark.usefixtures("unanswered")
def test_the_command_prints_text_json_and_csv_that_no_spreadsheet_runs(
    index: list[str], tmp_path: Path
) -> None:
    status, out, _ = run(*index)
    assert status == 0
    first, also, *near = out.split("\n\n")[0].splitlines()
    assert first == f"when do volcanoes erupt  (5x, {ROWS[0].day} to {ROWS[1].day})"
    assert also == "   also: When do volcanoes erupt?"
    assert [line[:9] for line in near] == ["   near: "] * 3
    _, out, _ = run(*index, "--json")
    assert [gap["times"] for gap in json.loads(out)["gaps"]] == [5, 1]
    file = tmp_path / "gaps.csv"
    _, out, _ = run(*index, "--csv", "--out", str(file))
    assert out == f"2 gaps written to {file}\n"
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [each["question"] for each in rows] == ["when do volcanoes erupt", "'=1+1 is what"]
    assert rows[0]["phrasings"] == "when do volcanoes erupt (3); When do volcanoes erupt? (2)"


@pytest.mark.usefixtures("unanswered")
def test_only_the_days_asked_for_count_and_an_empty_log_names_the_mend(
    index: list[str], tmp_path: Path
) -> None:
    _, out, _ = run(*index, "--days", "3", "--json")
    assert json.loads(out)["gaps"][0]["times"] == 2
    status, _, error = run(*index[:2], "--keys", str(tmp_path / "none.sqlite"))
    assert status == 2
    assert error == (
        "groundedqa: no question of the collection 'default' is logged; questions are logged by: "
        "groundedqa serve --question-log-days 90\n"
    )
    assert run(*index, "--csv", "--json")[0] == 2
