"""Copies as SQL over the tables of a store: ``passages.copy_of`` is the lowest row of the group."""

from __future__ import annotations

from collections.abc import Sequence

from groundedqa.index.filter_sql import Run, documents_query
from groundedqa.types import Filters, Passage

COPY_INDEX = "CREATE INDEX passages_copy ON passages (copy_of)"
_AT_ONCE = 500


def groups(run: Run, passage_ids: Sequence[str]) -> list[int]:
    """The copy group of each of these passages, which the store holds."""
    found: dict[str, int] = {}
    for start in range(0, len(passage_ids), _AT_ONCE):
        part = passage_ids[start : start + _AT_ONCE]
        marks = ",".join("?" * len(part))
        query = f"SELECT passage_id, copy_of FROM passages WHERE passage_id IN ({marks})"
        found.update(run(query, part))
    return [found[passage_id] for passage_id in passage_ids]


def rows_of(run: Run, passage_ids: Sequence[str]) -> dict[str, int]:
    """The rows of those of these passages that the store holds."""
    found: dict[str, int] = {}
    for start in range(0, len(passage_ids), _AT_ONCE):
        part = passage_ids[start : start + _AT_ONCE]
        marks = ",".join("?" * len(part))
        found.update(
            run(f"SELECT passage_id, row FROM passages WHERE passage_id IN ({marks})", part)
        )
    return found


def members(
    run: Run, chosen: Sequence[int], filters: Filters, most: int
) -> dict[int, list[Passage]]:
    """The passages of each group that the filters leave, by row, and at most so many of each.

    A group of one is left out: it is no copy of anything, and most are such.
    """
    marks = ",".join("?" * len(chosen))
    copied = run(
        f"SELECT copy_of FROM passages WHERE copy_of IN ({marks})"
        " GROUP BY copy_of HAVING count(*) > 1",
        chosen,
    )
    if not copied:
        return {}
    allowed, values = ("", list[object]())
    if filters:
        query, values = documents_query(run, filters)
        allowed = f" AND doc_id IN ({query})"
    return {
        group: [
            Passage(*row)
            for row in run(
                "SELECT passage_id, doc_id, start, end, substr(text, start + 1, end - start)"
                " FROM passages JOIN documents USING (doc_id)"
                f" WHERE copy_of = ?{allowed} ORDER BY row LIMIT ?",
                [group, *values, most],
            )
        ]
        for (group,) in copied
    }
