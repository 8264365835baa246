"""What changed between two finished stores: documents added, changed and removed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from groundedqa.errors import SnapshotCorruptError
from groundedqa.index.store import open_read_only, unchanging

_ADDED = "FROM main.documents a LEFT JOIN before.documents b USING (doc_id) WHERE b.doc_id IS NULL"
_REMOVED = (
    "FROM before.documents a LEFT JOIN main.documents b USING (doc_id) WHERE b.doc_id IS NULL"
)
_CHANGED = "FROM main.documents a JOIN before.documents b USING (doc_id) WHERE a.digest <> b.digest"


@dataclass(frozen=True, slots=True)
class Named:
    """A document as it is listed."""

    doc_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Group:
    """How many documents, and the first of them by their ids."""

    count: int
    first: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a later store has that an earlier one had not, and the other way."""

    added: Group
    changed: Group
    removed: Group


def changes(before: Path, after: Path, listed: int) -> Changes:
    """The difference of two stores, with at most so many documents ``listed`` of each kind.

    A document is changed if anything of it is: its text, title, sections, address, author, tags.

    Raises:
        SnapshotCorruptError: one of them can't be read.
    """
    try:
        with closing(open_read_only(after)) as db:
            db.execute("ATTACH ? AS before", (unchanging(before),))
            return Changes(*(_group(db, each, listed) for each in (_ADDED, _CHANGED, _REMOVED)))
    except sqlite3.Error as error:
        raise SnapshotCorruptError(
            f"{before} or {after} can't be read: {error}; see which with: groundedqa verify --all"
        ) from error


def _group(db: sqlite3.Connection, found: str, listed: int) -> Group:
    (count,) = db.execute(f"SELECT count(*) {found}").fetchone()
    rows = db.execute(f"SELECT a.doc_id, a.title {found} ORDER BY a.doc_id LIMIT ?", (listed,))
    return Group(count, tuple(Named(*row) for row in rows))
