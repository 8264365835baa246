"""Rows of a table to documents: what CSV files and spreadsheets have in common.

A row is a document. Rows that follow each other with the same id, or without ids the same question,
are the answers to it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice

from groundedqa.errors import SourceError
from groundedqa.read.assemble import id_of_path
from groundedqa.read.fields import DocumentFields, parse_fields
from groundedqa.read.html_blocks import nested, sections_of_markup
from groundedqa.read.profile_tables import Tables
from groundedqa.read.raw import Broken, RawDocument, RawSection
from groundedqa.read.sheet_columns import columns_of, is_enough, missing, no_text

_MOST_ABOVE = 10  # rows in which the names of the columns are looked for
_LONGEST_TITLE = 300
_WORDS_OF_A_TITLE = 12
_TAGS = re.compile(r"[,;|]")
_MARKUP = re.compile(r"(?i)</(?:p|div|li|ul|ol|table|h[1-6]|pre|strong|em|b|i|a)>|<(?:br|p)\s*/?>")
_NO_DAY = "must be a day"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands in its source, its cells as text, or why it has none."""

    place: str
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the name of their source, and the columns that ``site.toml`` names.

    ``even``: every row must have as many cells as there are columns. In a spreadsheet it need not.
    """

    source: str
    rows: Iterable[Row]
    own: Tables
    even: bool


def documents_of(table: Table) -> Iterator[RawDocument | Broken]:
    """The documents of a table; a row that can't be read costs itself alone.

    Raises:
        SourceError: no column holds text, or nothing stands below their names.
    """
    rows = iter(table.rows)
    columns, width, warnings, after = _opening(rows, table.own)
    found = False
    below = (
        _whole(row, width, even=table.even)
        for row in chain(after, rows)
        if any(row.cells) or row.fault
    )
    for _, group in groupby(below, key=lambda row: _asked(row, columns)):
        found = True
        for raw in _together(list(group), columns, table.source):
            if warnings and isinstance(raw, RawDocument):
                raw, warnings = replace(raw, warnings=(*raw.warnings, *warnings)), ()
            yield raw
    if not found:
        raise SourceError("no row stands below the names of the columns")


def _opening(
    rows: Iterator[Row], own: Tables
) -> tuple[dict[str, int], int, tuple[str, ...], list[Row]]:
    """Columns, their number, warnings, and the rows read already that stand below the names."""
    head = [row for row in islice(rows, _MOST_ABOVE) if any(row.cells) or row.fault]
    for at, row in enumerate(head):
        columns = columns_of(row.cells, own)
        if is_enough(columns):
            return columns, len(row.cells), missing(row.cells, own), head[at + 1 :]
    if not head:
        raise SourceError("the table is empty")
    if head[0].fault:
        raise SourceError(f"{head[0].place}: {head[0].fault}")
    raise no_text(head[0].cells)


def _whole(row: Row, width: int, *, even: bool) -> Row:
    """The row with as many cells as there are columns; a fault where it should have had them."""
    if row.fault or len(row.cells) == width:
        return row
    if not even or (len(row.cells) > width and not any(row.cells[width:])):
        return replace(row, cells=(*row.cells, *[""] * (width - len(row.cells)))[:width])
    number = "1 cell" if len(row.cells) == 1 else f"{len(row.cells)} cells"
    fault = f"{number} where there are {width} columns; is something not in quotation marks?"
    return replace(row, fault=fault)


def _asked(row: Row, columns: Mapping[str, int]) -> tuple[str, ...]:
    """What rows that belong together have in common; a row's own place where nothing can be."""
    value = _values(row, columns)
    question = value.get("id") or value.get("question") or value.get("title")
    if row.fault or not question or not value.get("answer"):
        return ("place", row.place)
    return ("asked", question)


def _values(row: Row, columns: Mapping[str, int]) -> dict[str, str]:
    if row.fault:
        return {}
    return {field: text for field, at in columns.items() if (text := row.cells[at].strip())}


def _together(
    rows: list[Row], columns: Mapping[str, int], source: str
) -> Iterator[RawDocument | Broken]:
    """The one document of rows that belong together, after those of them that are broken."""
    values: list[dict[str, str]] = []
    fields: list[DocumentFields] = []
    notes: list[str] = []
    for row in rows:
        try:
            if row.fault:
                raise SourceError(row.fault)
            value = _values(row, columns)
            if not (value.get("text") or value.get("answer")):
                raise SourceError("the document holds no text")
            fields.append(_fields(value, notes))
            values.append(value)
        except SourceError as error:
            yield Broken(row.place, str(error))
    if values:
        yield _document(values, fields, source, rows[0].place, notes)


def _fields(value: Mapping[str, str], notes: list[str]) -> DocumentFields:
    """What the row says of itself; a day in a form that could be another's is passed over."""
    given: dict[str, object] = {k: v for k, v in value.items() if k not in _PROSE}
    given["tags"] = [tag.strip() for tag in _TAGS.split(value.get("tags", "")) if tag.strip()]
    try:
        return parse_fields(given, "wrong cell")
    except SourceError as error:
        if _NO_DAY not in str(error):
            raise
        day = given.pop("published")
        notes.append(f'"{day}" is passed over: a day is written as 2026-11-24')
        return parse_fields(given, "wrong cell")


_PROSE = frozenset({"title", "question", "text", "answer", "tags"})


def _document(
    values: list[dict[str, str]],
    fields: list[DocumentFields],
    source: str,
    place: str,
    notes: list[str],
) -> RawDocument:
    first, own = values[0], fields[0]
    title = _title(first)
    sections = [*_opening_sections(first, own, title)]
    for value, said in zip(values, fields, strict=True):
        if answer := value.get("answer"):
            by = RawSection("", "Expert Answers", 1, said.author, said.role, said.credential)
            sections.extend(nested(_sections(answer), by))
    kind = "qa" if first.get("answer") else "article"
    raw = own.document(title=title, sections=tuple(sections), default_kind=kind)
    key = own.id or f"{id_of_path(source)}--{_digest(first.get('question') or title)[:12]}"
    digest = _digest(json.dumps(values, sort_keys=True))
    return replace(raw, own_id=key, place=place, sha256=digest, warnings=tuple(notes))


def _opening_sections(
    value: Mapping[str, str], own: DocumentFields, title: str
) -> Iterator[RawSection]:
    """The question, where it says more than the title, and the text."""
    question = value.get("question", "")
    if question and _one_line(question) != title:
        yield from nested(_sections(question), RawSection("", "Question", 1))
    if text := value.get("text"):
        author = (own.author, own.role, own.credential)
        by = RawSection("", "", 0, *(author if not value.get("answer") else ()))
        yield from nested(_sections(text), by)


def _title(value: Mapping[str, str]) -> str:
    """The title, else the question where that can be one, else the first words of the text."""
    if title := value.get("title"):
        return _one_line(title)
    question = _one_line(value.get("question", ""))
    if question and len(question) <= _LONGEST_TITLE:
        return question
    text = question or _one_line(value.get("text") or value["answer"])
    return " ".join(text.split()[:_WORDS_OF_A_TITLE])


def _one_line(text: str) -> str:
    return " ".join(" ".join(f"{s.heading} {s.text}" for s in _sections(text)).split())


def _sections(text: str) -> tuple[RawSection, ...]:
    """A cell's text, which may be HTML, as exports of web sites have it."""
    if _MARKUP.search(text):
        return sections_of_markup(text)
    return (RawSection(text),)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
