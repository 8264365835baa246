"""Evaluation files in BEIR's form, and gold spans beside them."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from groundedqa.errors import ConfigurationError
from groundedqa.read import url_safe

Qrels = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Span:
    """Where a document holds the answer to a query."""

    query_id: str
    doc_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EvaluationData:
    """Queries by id, which documents answer them, and where; and queries that none answers."""

    queries: dict[str, str]
    qrels: Qrels
    spans: tuple[Span, ...] = ()
    unanswerable: dict[str, str] = field(default_factory=dict)


def load_data(
    queries: Path, qrels: Path, spans: Path | None = None, unanswerable: Path | None = None
) -> EvaluationData:
    """Read the files; queries without a line in the qrels are left out.

    Raises:
        ConfigurationError: a file is missing or not of its form; the message names file and line.
    """
    judged = load_qrels(qrels)
    texts = {line["_id"]: line["text"] for line in _lines(queries, ("_id", "text"))}
    missing = [query_id for query_id in judged if query_id not in texts]
    if missing:
        raise ConfigurationError(f"{qrels} judges {missing[0]!r}, which is not in {queries}")
    without = _lines(unanswerable, ("_id", "text")) if unanswerable else []
    return EvaluationData(
        queries={query_id: texts[query_id] for query_id in judged},
        qrels=judged,
        spans=load_spans(spans) if spans else (),
        unanswerable={line["_id"]: line["text"] for line in without},
    )


def load_qrels(path: Path) -> Qrels:
    """Relevance by query and document: tab-separated, a header line first."""
    qrels: Qrels = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file, "excel-tab", quoting=csv.QUOTE_NONE) if row]
        for query_id, doc_id, score in rows[1:]:
            qrels.setdefault(query_id, {})[url_safe(doc_id)] = int(score)
        if rows and rows[0][-1].strip().lstrip("-").isdigit():
            raise ValueError("the first line must be a header")
    except (OSError, ValueError, csv.Error) as error:
        raise ConfigurationError(
            f"{path} is no qrels file (query-id, corpus-id, score, parted by tabs): {error}"
        ) from error
    return qrels


def load_spans(path: Path) -> tuple[Span, ...]:
    """Gold spans: a line for each, or a line for each query with a list ``spans``."""
    found = []
    for line in _lines(path, ("query_id", "doc_id")):
        for span in line.get("spans", [line]):
            try:
                start, end = int(span["start"]), int(span["end"])
            except (KeyError, TypeError, ValueError) as error:
                raise ConfigurationError(f"{path}: a span needs start and end: {span}") from error
            found.append(Span(line["query_id"], url_safe(line["doc_id"]), start, end))
    return tuple(found)


def _lines(path: Path, needed: tuple[str, ...]) -> list[dict[str, Any]]:
    try:
        texts = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} can't be read: {error}") from error
    return [
        _line(text, needed, f"{path}, line {n}") for n, text in enumerate(texts, 1) if text.strip()
    ]


def _line(text: str, needed: tuple[str, ...], place: str) -> dict[str, Any]:
    try:
        line = json.loads(text)
        return {**line, **{name: str(line[name]) for name in needed}}
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{place}: needs {', '.join(needed)}: {error!r}") from error
