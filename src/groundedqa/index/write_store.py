"""How a store is written: documents in the order of their ids, then passages by row."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from groundedqa.index.protocol import Rows
from groundedqa.index.store import _COLUMNS, _document, open_read_only
from groundedqa.types import Document, Passage

_SCHEMA = """
-- What filters read stands first: behind the text, each test would walk through all its pages.
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY, kind TEXT NOT NULL, licence TEXT, language TEXT, published TEXT,
    digest TEXT NOT NULL, title TEXT NOT NULL, url TEXT, source TEXT NOT NULL,
    source_sha256 TEXT NOT NULL, tags TEXT NOT NULL, text TEXT NOT NULL,
    sections TEXT NOT NULL, pages TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, passage_id TEXT NOT NULL UNIQUE, doc_id TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, fragment TEXT, cache_key BLOB NOT NULL
);
CREATE TABLE tags (tag TEXT, doc_id TEXT, PRIMARY KEY (tag, doc_id)) WITHOUT ROWID;
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
                self._db.execute("CREATE INDEX passages_doc ON passages (doc_id)")
                self._db.execute("COMMIT")
        finally:
            self._db.close()

    def add_document(self, document: Document) -> None:
        """Store a document whose id is new."""
        values = asdict(document)
        published = document.published
        values["published"] = published.isoformat() if published else None
        for name in ("tags", "sections", "pages"):
            values[name] = json.dumps(values[name], ensure_ascii=False)
        row = [values[name] for name in _COLUMNS.split(", ")]
        marks = ",".join("?" * (len(row) + 1))
        self._db.execute(
            f"INSERT INTO documents ({_COLUMNS}, digest) VALUES ({marks})",
            [*row, document_digest(document)],
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
        for row in self._db.execute(f"SELECT {_COLUMNS} FROM documents ORDER BY doc_id"):
            yield _document(row)

    def documents_digest(self) -> tuple[int, str]:
        """How many documents there are, and one digest of all in the order of their ids."""
        whole = hashlib.sha256()
        count = 0
        for (digest,) in self._db.execute("SELECT digest FROM documents ORDER BY doc_id"):
            whole.update(digest.encode())
            count += 1
        return count, whole.hexdigest()

    def without_fragment(self) -> int:
        """How many passages no words of a link can name."""
        found = self._db.execute("SELECT count(*) FROM passages WHERE fragment IS NULL")
        return int(found.fetchone()[0])

    def copy_from(self, other: Path, without: Sequence[str]) -> Rows:
        """Copy another store but for some documents; the rows of it that were kept, ascending.

        The copy's rows count from 0 in the same order.
        """
        self._db.execute("COMMIT")
        self._db.execute("ATTACH ? AS other", (f"{other.resolve().as_uri()}?mode=ro&immutable=1",))
        self._db.execute("CREATE TEMP TABLE gone (doc_id TEXT PRIMARY KEY)")
        self._db.executemany("INSERT OR IGNORE INTO gone VALUES (?)", [(d,) for d in without])
        self._db.execute("BEGIN")
        kept = "doc_id NOT IN (SELECT doc_id FROM gone)"
        for table in ("documents", "tags", "authors"):
            self._db.execute(f"INSERT INTO {table} SELECT * FROM other.{table} WHERE {kept}")
        self._db.execute(
            "INSERT INTO passages SELECT row_number() OVER (ORDER BY row) - 1, passage_id, doc_id, "
            f"start, end, fragment, cache_key FROM other.passages WHERE {kept}"
        )
        rows = self._db.execute(f"SELECT row FROM other.passages WHERE {kept} ORDER BY row")
        return np.fromiter((row for (row,) in rows.fetchall()), dtype=np.int64)

    def add_passages(self, rows: Iterable[tuple[int, Passage, str | None, bytes]]) -> None:
        """Store passages by row, each with its link's text directive and its vector's key."""
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (row, p.passage_id, p.doc_id, p.start, p.end, fragment, key)
                for row, p, fragment, key in rows
            ),
        )


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
