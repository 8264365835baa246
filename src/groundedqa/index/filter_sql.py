"""Filters and facets as SQL over the tables of a store.

The rarest condition is found first and walked through by its index; the others are looked up for
each document that it leaves. SQLite alone has no way to know that one tag is on a hundred
documents and another on all, and would as soon walk through all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from groundedqa.errors import QuestionError
from groundedqa.types import FacetValue, Filters

# Indexes beside the tables of write_store.py. Those of ``documents`` hold doc_id too, for it has
# no other key: a filter or a count reads them alone.
INDEXES = """
CREATE INDEX passages_doc ON passages (doc_id);
CREATE INDEX documents_kind ON documents (kind);
CREATE INDEX documents_language ON documents (language);
CREATE INDEX documents_licence ON documents (licence);
CREATE INDEX documents_published ON documents (published);
CREATE INDEX tags_doc ON tags (doc_id, tag);
CREATE INDEX authors_doc ON authors (doc_id, author);
"""
# What a question without filters is told, counted once for all.
ALL_FACETS = """
CREATE TABLE facets (field TEXT, value TEXT, documents INTEGER NOT NULL);
"""

FACET_FIELDS = ("tags", "kind", "author", "language", "licence", "published")
_MOST_VALUES = 100
_ENOUGH = 2000  # documents; conditions that leave more are all called frequent

Run = Callable[[str, Sequence[Any]], list[Any]]

_TABLES = {"tags": ("tags", "tag"), "author": ("authors", "author")}


@dataclass(frozen=True, slots=True)
class _Condition:
    """One field's condition: as a walk through its own index, and as a check of document ``d``."""

    walk: str
    check: str
    values: tuple[Any, ...]


def rows_query(run: Run, filters: Filters) -> tuple[str, list[Any]]:
    """The query for the rows of all passages that the filters leave, ascending, and its values.

    ``run`` asks the store; it is used to find the rarest condition.
    """
    if not filters:
        return "SELECT row FROM passages ORDER BY row", []
    chosen, values = documents_query(run, filters)
    return f"SELECT row FROM passages WHERE doc_id IN ({chosen}) ORDER BY row", values


def facets(run: Run, filters: Filters, fields: Sequence[str]) -> dict[str, tuple[FacetValue, ...]]:
    """For each field its values with the number of documents that the filters leave.

    Most frequent first, then by value; at most 100 values a field. Of ``published`` it is the year.
    A document without a value counts for none; one with two tags counts for both.

    Raises:
        QuestionError: a field is none of FACET_FIELDS.
    """
    unknown = [field for field in fields if field not in FACET_FIELDS]
    if unknown:
        raise QuestionError(f"no facet {unknown[0]!r}; ask for some of: {', '.join(FACET_FIELDS)}")
    if not fields:
        return {}
    found: dict[str, list[FacetValue]] = {field: [] for field in fields}
    if filters:
        chosen, values = documents_query(run, filters)
        parts = (f"SELECT * FROM ({_count(field, 'chosen')})" for field in found)
        # A document is looked up once, and not once for each of its fields.
        few = (
            "SELECT doc_id, kind, language, licence, published"
            f" FROM ({chosen}) CROSS JOIN documents USING (doc_id)"
        )
        query = f"WITH chosen AS MATERIALIZED ({few}) " + " UNION ALL ".join(parts)
    else:
        marks, values = ",".join("?" * len(found)), list(found)
        query = f"SELECT * FROM facets WHERE field IN ({marks}) ORDER BY documents DESC, value"
    for field, value, count in run(query, values):
        found[field].append(FacetValue(value, count))
    return {field: tuple(values) for field, values in found.items()}


def count_all_facets() -> list[str]:
    """The statements that fill the table of what a question without filters is told."""
    return [f"INSERT INTO facets {_count(field, None)}" for field in FACET_FIELDS]


def _count(field: str, among: str | None) -> str:
    """Count a field's values among the documents of a table, or among all."""
    table, column = _TABLES.get(field, ("documents", field))
    value = f"substr({column}, 1, 4)" if field == "published" else column
    if among and field in _TABLES:
        # CROSS JOIN is SQLite's way to fix the order: what the filters leave is the smaller side.
        source = f"{among} CROSS JOIN {table} USING (doc_id)"
    else:
        source = among or table
    return (
        f"SELECT '{field}', {value} AS value, count(*) AS documents FROM {source}"
        f" WHERE {column} IS NOT NULL GROUP BY value"
        f" ORDER BY documents DESC, value LIMIT {_MOST_VALUES}"
    )


def documents_query(run: Run, filters: Filters) -> tuple[str, list[Any]]:
    """The query for the ids of the documents that the filters leave, each once, and its values."""
    conditions = _conditions(filters)
    if len(conditions) == 1:
        return f"SELECT DISTINCT doc_id FROM {conditions[0].walk}", list(conditions[0].values)
    frequencies = [_frequency(run, condition) for condition in conditions]
    least = frequencies.index(min(frequencies))
    if frequencies[least] == _ENOUGH:  # none is rare: one walk through all documents is faster
        source, others = "documents AS d", conditions
        values: list[Any] = []
    else:
        rarest = conditions.pop(least)
        others, values = conditions, list(rarest.values)
        few = f"(SELECT DISTINCT doc_id FROM {rarest.walk})"
        source = f"{few} AS few CROSS JOIN documents AS d ON d.doc_id = few.doc_id"
    checks = " AND ".join(condition.check for condition in others)
    values += [value for condition in others for value in condition.values]
    return f"SELECT d.doc_id FROM {source} WHERE {checks}", values


def _frequency(run: Run, condition: _Condition) -> int:
    """How many documents the condition leaves, counted up to a bound."""
    query = f"SELECT count(*) FROM (SELECT 1 FROM {condition.walk} LIMIT {_ENOUGH})"
    return int(run(query, condition.values)[0][0])


def _conditions(filters: Filters) -> list[_Condition]:
    """One condition a field: its values are alternatives, the fields add up."""
    found = []
    for field in ("tags", "author", "kind", "language", "licence"):
        accepted: tuple[str, ...] = getattr(filters, field)
        if accepted:
            found.append(_one_of(field, accepted))
    days = {">=": filters.published_from, "<=": filters.published_to}
    bounds = {sign: day.isoformat() for sign, day in days.items() if day}
    if bounds:
        walk = " AND ".join(f"published {sign} ?" for sign in bounds)
        check = " AND ".join(f"+d.published {sign} ?" for sign in bounds)
        found.append(_Condition(f"documents WHERE {walk}", check, tuple(bounds.values())))
    return found


def _one_of(field: str, accepted: tuple[str, ...]) -> _Condition:
    """A condition on a field's value; the ``+`` keeps SQLite from the value's index in a check."""
    marks = ",".join("?" * len(accepted))
    table, column = _TABLES.get(field, ("documents", field))
    check = f"+d.{column} IN ({marks})"
    if field in _TABLES:
        check = (
            f"EXISTS (SELECT 1 FROM {table} AS t WHERE t.doc_id = d.doc_id"
            f" AND +t.{column} IN ({marks}))"
        )
    return _Condition(f"{table} WHERE {column} IN ({marks})", check, accepted)
