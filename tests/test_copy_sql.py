"""Copies looked up in a store: their groups, and the members that filters leave."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from groundedqa.index import StoreWriter
from groundedqa.index.copy_sql import COPY_INDEX, groups, members
from groundedqa.types import Filters, Passage
from tests.test_store import _BASE


def test_groups_and_members_in_the_order_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "documents.sqlite"
    passages = [Passage(f"p{n}", f"d{n}", 0, 4, "Some") for n in range(5)]
    with StoreWriter(path) as writer:
        for n in range(5):
            writer.add_document(replace(_BASE, doc_id=f"d{n}", kind="ab"[n % 2]))
        writer.add_passages((row, p, None, b"key") for row, p in enumerate(passages))
    with closing(sqlite3.connect(path)) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(passages)")]
        if "copy_of" not in columns:
            db.execute("ALTER TABLE passages ADD COLUMN copy_of INTEGER NOT NULL DEFAULT 0")
            db.execute(COPY_INDEX)
        db.execute("UPDATE passages SET copy_of = 1 WHERE row = 1 OR row = 4")
        db.execute("UPDATE passages SET copy_of = 0 WHERE row IN (0, 2, 3)")

        def run(query: str, values: Sequence[Any]) -> list[Any]:
            return db.execute(query, values).fetchall()

        assert groups(run, ["p4", "p0", "p1"]) == [1, 0, 1]
        assert members(run, [1, 0], Filters(), 2) == {
            1: [passages[1], passages[4]],
            0: [passages[0], passages[2]],
        }
        filtered = Filters(kind=("a",), language=("en",))
        assert members(run, [1, 0], filtered, 9) == {
            1: [passages[4]],
            0: [passages[0], passages[2]],
        }
