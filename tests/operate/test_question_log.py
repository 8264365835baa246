from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from groundedqa.cli.main import app
from groundedqa.operate import Database
from groundedqa.operate.database import opened
from groundedqa.operate.question_log import LoggedQuestion, QuestionLog, forget, logged
from groundedqa.types import Answer

TODAY = datetime.now(UTC).date()
ABSTAINED = Answer("why?", "abstained", 0.25, (), "s1", 1.0, reason="not_covered")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "operator.sqlite"


def write(path: Path, *questions: str, days_ago: int = 0, collection: str = "default") -> None:
    """Log questions as on an earlier day."""
    log = QuestionLog(path, days=365)
    for question in questions:
        log.add(collection, replace(ABSTAINED, question=question))
    log.close()
    if days_ago:
        with opened(path, "SELECT 1") as connection:
            connection.execute(
                "UPDATE questions SET day = ? WHERE day = ?",
                ((TODAY - timedelta(days=days_ago)).isoformat(), TODAY.isoformat()),
            )


def test_the_same_question_of_a_day_is_counted_and_nothing_of_the_asker_is_kept(path: Path) -> None:
    log = QuestionLog(path, days=30)
    for _ in range(3):
        log.add("bio", replace(ABSTAINED, question="ask ann@example.org,\n or ring 555-123-4567"))
    log.add("bio", Answer("why?", "answered", None, (), "s1", 1.0))
    log.close()
    day = TODAY.isoformat()
    masked = "ask [e-mail], or ring [phone]"
    assert logged(path) == [
        LoggedQuestion(day, "bio", masked, "abstained", "not_covered", 0.25, 3),
        LoggedQuestion(day, "bio", "why?", "answered", None, None, 1),
    ]
    assert b"ann@example" not in path.read_bytes()


def test_what_is_older_than_so_many_days_goes_when_something_is_written(path: Path) -> None:
    write(path, "old", days_ago=7)
    write(path, "kept", days_ago=6)
    log = QuestionLog(path, days=7)
    log.add("default", ABSTAINED)
    log.close()
    assert [each.question for each in logged(path)] == ["kept", "why?"]
    assert b"old" not in path.read_bytes()


def test_no_answer_waits_for_a_database_that_is_locked(path: Path) -> None:
    write(path, "first")
    log = QuestionLog(path, days=9)
    with opened(path, "SELECT 1") as connection:
        connection.execute("BEGIN EXCLUSIVE")
        started = time.perf_counter()
        for _ in range(1000):
            log.add("default", ABSTAINED)
        assert time.perf_counter() - started < 1
    log.close()
    assert [each.times for each in logged(path)] == [1, 1000]


def test_what_can_not_be_written_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    log = QuestionLog(tmp_path / "file" / "operator.sqlite", days=9)
    with capture_logs() as told:
        for _ in range(3):
            log.add("default", ABSTAINED)
            time.sleep(0.3)
        log.close()
    (line,) = told
    assert (line["event"], line["log_level"]) == ("questions are not logged", "error")
    assert "operator.sqlite can't be made" in line["error"]


def test_threads_share_a_log_and_nothing_is_lost(path: Path) -> None:
    log = QuestionLog(path, days=9)

    def add() -> None:
        for number in range(200):
            log.add("default", replace(ABSTAINED, question=f"why {number}?"))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    assert [each.times for each in logged(path)] == [4] * 200


def test_the_command_lists_and_deletes(path: Path) -> None:
    def ran(*words: str) -> str:
        result = CliRunner().invoke(app, ["questions", *words, "--keys", str(path)])
        return result.output + (f" status {result.exit_code}" if result.exit_code else "")

    assert ran("list") + ran("delete", "--all") == "0 questions deleted\n"
    write(path, "a", "b", days_ago=3)
    write(path, "c", collection="bio")
    assert ran("list", "--collection", "bio") == (
        f"{TODAY}  bio  1x  abstained 0.25 (not_covered)  c\n"
    )
    assert [each["question"] for each in json.loads(ran("list", "--json"))] == ["a", "b", "c"]
    assert "--before DAY or both" in ran("delete")
    assert "status 2" in ran("delete", "--all", "--collection", "bio")
    assert "give a day as" in ran("delete", "--before", "yesterday")
    assert ran("delete", "--collection", "bio", "--before", str(TODAY)) == "0 questions deleted\n"
    assert ran("delete", "--before", str(TODAY)) == "2 questions deleted\n"
    assert ran("delete", "--all") == "1 question deleted\n"
    assert (logged(path), forget(path)) == ([], 0)
    assert Database(path).all_keys() == []
