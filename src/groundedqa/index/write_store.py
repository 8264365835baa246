"""How a store is written: documents in the order of their ids, then passages by row."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, astuple, replace
from pathlib import Path
from typing import Any

import numpy as np

from groundedqa.index import copy_sql, filter_sql
from groundedqa.index.copies import copy_groups
from groundedqa.index.protocol import Rows
from groundedqa.index.store import _COLUMNS, _document, open_read_only, unchanging
from groundedqa.types import Document, Passage

_SCHEMA = """
-- What filters read stands first: behind the text, each test would walk through all its pages.
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY, kind TEXT NOT NULL, licence TEXT, language TEXT, published TEXT,
    digest TEXT NOT NULL, title TEXT NOT NULL, url TEXT, source TEXT NOT NULL,
    source_sha256 TEXT NOT NULL, tags TEXT NOT NULL, text TEXT NOT NULL,
    sections TEXT NOT NULL, pages TEXT NOT NULL, publisher TEXT, beside TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, passage_id TEXT NOT NULL UNIQUE, doc_id TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, fragment TEXT, cache_key BLOB NOT NULL,
    copy_of INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tags (tag TEXT, doc_id TEXT, PRIMARY KEY (tag, doc_id)) WITHOUT ROWID;
CREATE TABLE questions (row INTEGER PRIMARY KEY, doc_id TEXT NOT NULL);
CREATE TABLE authors (author TEXT, doc_id TEXT, PRIMARY KEY (author, doc_id)) WITHOUT ROWID;
"""


class StoreWriter:
    """A store in the making: ``with StoreWriter(path) as store``; left by an error, it is useless.

    Documents may come in any order and are read back in the order of their ids.
    """

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path.resolve().as_uri(), isolation_level=None, uri=True)
        self._db.execute("PRAGMA journal_mode = OFF")  # an unfinished store is thrown away
        self._db.execute("PRAGMA synchronous = OFF")  # the writer of the snapshot syncs at the end
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def __enter__(self) -> StoreWriter:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Keep what was written, unless an error left it unfinished."""
        try:
            if kind is None:
                self._index()
                self._db.execute("COMMIT")
        finally:
            self._db.close()

    def _index(self) -> None:
        """Make what only questions need: made last, indexes are made faster and lie together."""
        for statement in (
            "INSERT INTO questions SELECT row_number() OVER (ORDER BY doc_id) - 1, doc_id"
            " FROM documents WHERE kind = 'qa'",
            *filter_sql.INDEXES.split(";"),
            copy_sql.COPY_INDEX,
            filter_sql.ALL_FACETS,
            *filter_sql.count_all_facets(),
        ):
            self._db.execute(statement)

    def add_document(self, document: Document) -> None:
        """Store a document whose id is new."""
        values = {name: getattr(document, name) for name in _COLUMNS.split(", ")}
        published = document.published
        values["published"] = published.isoformat() if published else None
        values["tags"] = json.dumps(document.tags, ensure_ascii=False)
        for name in ("sections", "pages"):
            listed = [astuple(each) for each in values[name]]
            values[name] = json.dumps(listed, ensure_ascii=False)
        row = list(values.values())
        marks = ",".join("?" * (len(row) + 2))
        self._db.execute(
            f"INSERT INTO documents ({_COLUMNS}, digest, beside) VALUES ({marks})",
            [*row, document_digest(document), document.beside],
        )
        self._db.executemany(
            "INSERT INTO tags VALUES (?, ?)", [(tag, document.doc_id) for tag in document.tags]
        )
        authors = dict.fromkeys(s.author for s in document.sections if s.author)
        self._db.executemany(
            "INSERT INTO authors VALUES (?, ?)", [(author, document.doc_id) for author in authors]
        )

    def documents(self) -> Iterator[Document]:
        """What was stored, in the order of the ids."""
        found = self._db.execute(f"SELECT {_COLUMNS}, beside FROM documents ORDER BY doc_id")
        for *row, beside in found:
            yield replace(_document(row), beside=beside)

    def questions(self) -> Iterator[str]:
        """The questions of the question pages, in the order of the documents."""
        for (title,) in self._db.execute(
            "SELECT title FROM documents WHERE kind = 'qa' ORDER BY doc_id"
        ):
            yield title

    def passages_of(self, doc_id: str) -> list[Passage]:
        """The passages of a document that were stored, in order; none of an unknown one."""
        return [
            Passage(*row)
            for row in self._db.execute(
                "SELECT passage_id, doc_id, start, end, substr(text, start + 1, end - start)"
                " FROM passages JOIN documents USING (doc_id) WHERE doc_id = ? ORDER BY row",
                (doc_id,),
            )
        ]

    def rows_of(self, passage_ids: Iterable[str]) -> dict[str, int]:
        """The rows of those of these passages that were stored."""
        return copy_sql.rows_of(self._all, list(passage_ids))

    def group_copies(self) -> None:
        """Find which passages say the same, once all are stored."""
        texts = self._db.execute(
            "SELECT substr(text, start + 1, end - start)"
            " FROM passages JOIN documents USING (doc_id) ORDER BY row"
        )
        groups = copy_groups(text for (text,) in texts)
        alone = np.arange(len(groups))
        self._db.execute("UPDATE passages SET copy_of = row")
        self._db.executemany(
            "UPDATE passages SET copy_of = ? WHERE row = ?",
            ((int(groups[row]), int(row)) for row in alone[groups != alone]),
        )

    def documents_digest(self) -> tuple[int, str]:
        """How many documents there are, and one digest of all in the order of their ids."""
        whole = hashlib.sha256()
        count = 0
        for (digest,) in self._db.execute("SELECT digest FROM documents ORDER BY doc_id"):
            whole.update(digest.encode())
            count += 1
        return count, whole.hexdigest()

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._db.execute(query, values).fetchall()

    def without_fragment(self) -> int:
        """How many passages no words of a link can name."""
        found = self._db.execute("SELECT count(*) FROM passages WHERE fragment IS NULL")
        return int(found.fetchone()[0])

    def copy_from(self, other: Path, without: Sequence[str]) -> tuple[Rows, Rows]:
        """Copy another store but for some documents.

        Its rows of passages and of questions that were kept come back, ascending; the copy's count
        from 0 in the same order.
        """
        self._db.execute("COMMIT")
        self._db.execute("ATTACH ? AS other", (unchanging(other),))
        self._db.execute("CREATE TEMP TABLE gone (doc_id TEXT PRIMARY KEY)")
        self._db.executemany("INSERT OR IGNORE INTO gone VALUES (?)", [(d,) for d in without])
        self._db.execute("BEGIN")
        kept = "doc_id NOT IN (SELECT doc_id FROM gone)"
        for table in ("documents", "tags", "authors"):
            self._db.execute(f"INSERT INTO {table} SELECT * FROM other.{table} WHERE {kept}")
        self._db.execute(
            "INSERT INTO passages SELECT row_number() OVER (ORDER BY row) - 1, passage_id, doc_id, "
            f"start, end, fragment, cache_key, 0 FROM other.passages WHERE {kept}"
        )
        rows = self._db.execute(f"SELECT row FROM other.passages WHERE {kept} ORDER BY row")
        questions = self._db.execute(f"SELECT row FROM other.questions WHERE {kept} ORDER BY row")
        return _numbers(rows), _numbers(questions)

    def add_passages(self, rows: Iterable[tuple[int, Passage, str | None, bytes]]) -> None:
        """Store passages by row, each with its link's text directive and its vector's key."""
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            (
                (row, p.passage_id, p.doc_id, p.start, p.end, fragment, key)
                for row, p, fragment, key in rows
            ),
        )


def _numbers(rows: sqlite3.Cursor) -> Rows:
    return np.fromiter((row for (row,) in rows.fetchall()), dtype=np.int64)


def holds(path: Path, doc_ids: Sequence[str]) -> set[str]:
    """Which of the documents the store in this file holds."""
    with closing(open_read_only(path)) as db:
        return {
            doc_id
            for doc_id in doc_ids
            if db.execute("SELECT 1 FROM documents WHERE doc_id = ?", (doc_id,)).fetchone()
        }


def cache_keys(path: Path) -> Iterator[bytes]:
    """The keys in the vector cache of all that the store in this file holds."""
    with closing(open_read_only(path)) as db:
        for (key,) in db.execute("SELECT cache_key FROM passages"):
            yield key


def document_digest(document: Document) -> str:
    """The digest of everything in a document, the same on every machine."""
    canonical: Any = json.dumps(asdict(document), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
