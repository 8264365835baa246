"""What was asked and whether it was answered, for the operator who turned this on.

Kept are the day, the collection, the question with e-mail addresses and telephone numbers masked,
how it was decided, and how often: neither address nor key, nor anything to tell who asked.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import structlog

from groundedqa.errors import StorageError
from groundedqa.operate.answer_ids import kept
from groundedqa.operate.database import opened
from groundedqa.types import Answer

_log = structlog.get_logger()
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS questions (day TEXT, collection TEXT, question TEXT, "
    "decision TEXT, reason TEXT, answerable REAL, times INTEGER, "
    "PRIMARY KEY (day, collection, question, decision, reason)) WITHOUT ROWID"
)
_ADD = (
    "INSERT INTO questions VALUES (?, ?, ?, ?, ?, ?, 1) "
    "ON CONFLICT DO UPDATE SET times = times + 1, answerable = excluded.answerable"
)
_READ = (
    "SELECT day, collection, question, decision, NULLIF(reason, ''), answerable, times "
    "FROM questions WHERE day >= ? AND (? IS NULL OR collection = ?) "
    "ORDER BY day, collection, question, decision"
)
_WAITING = 2000  # questions; beyond that they are not logged
_AT_ONCE = 500
_GATHER = 0.2  # seconds: as many as come meanwhile are written at once
_PATIENCE = 5.0

_Row = tuple[str, str, str, str, str, float | None]


@dataclass(frozen=True, slots=True)
class LoggedQuestion:
    """How often a question was decided so that day; ``answerable`` is what it was last."""

    day: str
    collection: str
    question: str
    decision: str
    reason: str | None
    answerable: float | None
    times: int


class QuestionLog:
    """Keeps questions for so many days; a thread of its own writes them. Threads may share it.

    No answer waits for it, or fails with it: what can't be written is not logged, and that is told
    in the service's log, once until it can be again.
    """

    def __init__(self, database: Path, days: int) -> None:
        self._path = database
        self._days = days
        self._waiting: queue.Queue[_Row | None] = queue.Queue(_WAITING)
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None
        self._failing = False

    def add(self, collection: str, answer: Answer) -> None:
        """Hand a question over."""
        day = datetime.now(UTC).date().isoformat()
        decided = (answer.decision, answer.reason or "", answer.answerable)
        with self._lock:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="questions", daemon=True)
                self._writer.start()
        try:
            self._waiting.put_nowait((day, collection, answer.question, *decided))
        except queue.Full:
            self._failed("more questions came than can be written")

    def close(self) -> None:
        """Write what is waiting, and end."""
        with self._lock:
            writer = self._writer
        if writer is not None:
            with suppress(queue.Full):
                self._waiting.put(None, timeout=_PATIENCE)
            writer.join(_PATIENCE)

    def _write(self) -> None:
        ended = False
        while not ended:
            first = self._waiting.get()
            rows, ended = self._gathered(first)
            try:
                self._store(rows)
                self._failing = False
            except StorageError as error:
                self._failed(str(error))

    def _gathered(self, row: _Row | None) -> tuple[list[_Row], bool]:
        """This one and those that come soon; and whether no more will."""
        rows: list[_Row] = []
        end = time.monotonic() + _GATHER
        while row is not None:
            rows.append(row)
            left = end - time.monotonic()
            if len(rows) == _AT_ONCE or left <= 0:
                return rows, False
            try:
                row = self._waiting.get(timeout=left)
            except queue.Empty:
                return rows, False
        return rows, True

    def _store(self, rows: Sequence[_Row]) -> None:
        oldest = first_of(self._days)
        masked = [(day, name, kept(question), *rest) for day, name, question, *rest in rows]
        with opened(self._path, _SCHEMA) as connection:
            connection.execute("DELETE FROM questions WHERE day < ?", (oldest.isoformat(),))
            connection.executemany(_ADD, masked)

    def _failed(self, why: str) -> None:
        if not self._failing:
            self._failing = True
            _log.error("questions are not logged", error=why)


def first_of(days: int) -> date:
    """The first of the last so many days (UTC), today the last of them."""
    return datetime.now(UTC).date() - timedelta(days=days - 1)


def logged(
    database: Path, collection: str | None = None, since: date = date.min
) -> list[LoggedQuestion]:
    """What is kept, by day and question; of one collection, or of all.

    Raises:
        StorageError: the database can't be read.
    """
    if not database.exists():
        return []
    with opened(database, _SCHEMA) as connection:
        wanted = (since.isoformat(), collection, collection)
        return [LoggedQuestion(*row) for row in connection.execute(_READ, wanted)]


def forget(database: Path, collection: str | None = None, before: date = date.max) -> int:
    """Delete questions of days before this one; how many rows there were.

    Raises:
        StorageError: the database can't be written.
    """
    if not database.exists():
        return 0
    with opened(database, _SCHEMA) as connection:
        deleted = connection.execute(
            "DELETE FROM questions WHERE day < ? AND (? IS NULL OR collection = ?)",
            (before.isoformat(), collection, collection),
        )
        return deleted.rowcount
