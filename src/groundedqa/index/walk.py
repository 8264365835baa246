"""A store read from end to end: each document with its passages, in the order of the rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from groundedqa.index.store import _COLUMNS, _document, open_read_only
from groundedqa.types import Document, Passage


def walk(path: Path) -> Iterator[tuple[Document, list[Passage]]]:
    """Every document with its passages; the passages' rows count on from 0 through all of them."""
    with closing(open_read_only(path)) as db:
        for row in db.execute(f"SELECT {_COLUMNS} FROM documents ORDER BY doc_id"):
            document = _document(row)
            bounds = db.execute(
                "SELECT passage_id, start, end FROM passages WHERE doc_id = ? ORDER BY row",
                (document.doc_id,),
            )
            yield (
                document,
                [
                    Passage(name, document.doc_id, start, end, document.text[start:end])
                    for name, start, end in bounds
                ],
            )
