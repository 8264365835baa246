"""Documents and passages in SQLite, opened read-only: no text is held in the process's memory."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from groundedqa.errors import DocumentNotFoundError, SnapshotCorruptError
from groundedqa.index import copy_sql, filter_sql
from groundedqa.index.protocol import Rows
from groundedqa.types import Document, FacetValue, Filters, Page, Passage, Section

_COLUMNS = (
    "doc_id, title, text, kind, url, licence, published, language, tags, sections, pages, source, "
    "source_sha256, publisher"
)
_AT_ONCE = 500


class SqliteStore:
    """A DocumentStore in one file that nobody changes any more.

    One connection serves all threads, a call at a time: a call takes microseconds, and a file that
    was taken down can still be read by a process that had it open.

    Raises:
        SnapshotCorruptError: the file is missing, or is no store.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            self._db = open_read_only(path)
        except sqlite3.Error as error:
            raise SnapshotCorruptError(f"{path} can't be read: {error}") from error

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._db.close()

    def document(self, doc_id: str) -> Document:
        """The document of this id."""
        found = self._all(f"SELECT {_COLUMNS} FROM documents WHERE doc_id = ?", (doc_id,))
        if not found:
            raise DocumentNotFoundError(f"no document {doc_id!r} is in the corpus")
        return _document(found[0])

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of these rows, in the order asked for."""
        found: dict[int, Passage] = {}
        for start in range(0, len(rows), _AT_ONCE):
            part = [int(row) for row in rows[start : start + _AT_ONCE]]
            marks = ",".join("?" * len(part))
            for row, passage_id, doc_id, first, last, text in self._all(
                "SELECT row, passage_id, doc_id, start, end, substr(text, start + 1, end - start)"
                f" FROM passages JOIN documents USING (doc_id) WHERE row IN ({marks})",
                part,
            ):
                found[row] = Passage(passage_id, doc_id, first, last, text)
        return [found[int(row)] for row in rows]

    def rows(self, filters: Filters) -> Rows:
        """The rows of all passages that the filters leave, ascending."""
        query, values = filter_sql.rows_query(self._all, filters)
        found = self._all(query, values)
        return np.fromiter((row for (row,) in found), dtype=np.int64, count=len(found))

    def facets(self, filters: Filters, fields: Sequence[str]) -> dict[str, tuple[FacetValue, ...]]:
        """For each field its values with the number of documents that the filters leave."""
        return filter_sql.facets(self._all, filters, fields)

    def groups(self, passage_ids: Sequence[str]) -> list[int]:
        """The copy group of each of these passages."""
        return copy_sql.groups(self._all, passage_ids)

    def members(
        self, groups: Sequence[int], filters: Filters, most: int
    ) -> dict[int, list[Passage]]:
        """The passages of each group that the filters leave, by row, and at most so many."""
        return copy_sql.members(self._all, groups, filters, most)

    def rows_of(self, passage_ids: Sequence[str]) -> dict[str, int]:
        """The rows of those of these passages that are here."""
        return copy_sql.rows_of(self._all, passage_ids)

    def questions(self, rows: Sequence[int]) -> list[tuple[str, str, str | None]]:
        """Question, doc_id and URL of these question pages, in the order asked for."""
        marks = ",".join("?" * len(rows))
        found = {
            row: (title, doc_id, url)
            for row, title, doc_id, url in self._all(
                "SELECT row, title, doc_id, url FROM questions JOIN documents USING (doc_id)"
                f" WHERE row IN ({marks})",
                [int(row) for row in rows],
            )
        }
        return [found[int(row)] for row in rows]

    def fragment(self, passage_id: str) -> str | None:
        """The text directive that names the passage's words in a link."""
        found = self._all("SELECT fragment FROM passages WHERE passage_id = ?", (passage_id,))
        return found[0][0] if found else None

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            return self._db.execute(query, values).fetchall()


def unchanging(path: Path) -> str:
    """The address of a database that nobody changes: SQLite locks nothing, and writes nothing."""
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection to a store that nobody changes; the file is opened and its schema read here."""
    db = sqlite3.connect(unchanging(path), uri=True, check_same_thread=False)
    try:
        db.execute("SELECT 1 FROM passages JOIN documents USING (doc_id) LIMIT 1").fetchall()
    except BaseException:
        db.close()
        raise
    return db


def _document(row: Sequence[Any]) -> Document:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    values["published"] = date.fromisoformat(values["published"]) if values["published"] else None
    values["tags"] = tuple(json.loads(values["tags"]))
    # A document may have thousands: as lists of values they are read several times faster.
    values["sections"] = tuple(Section(*section) for section in json.loads(values["sections"]))
    values["pages"] = tuple(Page(*page) for page in json.loads(values["pages"]))
    return Document(**values)
