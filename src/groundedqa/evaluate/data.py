"""Evaluation files in BEIR's form, and gold spans beside them."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from groundedqa.errors import ConfigurationError
from groundedqa.read import url_safe

Qrels = dict[str, dict[str, int]]
Level = Literal["document", "section", "span"]
DEFAULT_KIND = "unanswerable"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a document holds the answer to a query."""

    query_id: str
    doc_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EvaluationData:
    """Queries by id, what answers them, and where; and queries that none answers, with their kind.

    ``qrels`` name documents, or sections at that ``level``. At span level ``spans`` are the gold,
    and ``qrels`` name their documents. ``section_titles``: see `SectionFinder`.
    """

    queries: dict[str, str]
    qrels: Qrels
    spans: tuple[Span, ...] = ()
    unanswerable: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    level: Level = "document"
    section_titles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EvaluationFiles:
    """Where the data is; at span level the qrels may be missing."""

    queries: Path
    qrels: Path | None
    spans: Path | None = None
    unanswerable: Path | None = None
    level: Level = "document"


def load_files(files: EvaluationFiles) -> EvaluationData:
    """Read the files; queries that nothing is judged for are left out.

    Raises:
        ConfigurationError: a file is missing or not of its form; the message names file and line.
    """
    spans = load_spans(files.spans) if files.spans else ()
    judged_in, qrels = _qrels(files, spans)
    lines = _lines(files.queries, ("_id", "text"))
    texts = {line["_id"]: line["text"] for line in lines}
    if len(texts) < len(lines):
        raise ConfigurationError(f"{files.queries} holds an _id twice: {_twice(lines)!r}")
    missing = [query_id for query_id in qrels if query_id not in texts]
    if missing:
        raise ConfigurationError(
            f"{judged_in} judges {missing[0]!r}, which is not in {files.queries}"
        )
    without = _lines(files.unanswerable, ("_id", "text")) if files.unanswerable else []
    unanswerable = {line["_id"]: line["text"] for line in without}
    both = [query_id for query_id in unanswerable if query_id in qrels]
    if both or len(unanswerable) < len(without):
        again = both[0] if both else _twice(without)
        raise ConfigurationError(f"{files.unanswerable}: the _id {again!r} was there already")
    return EvaluationData(
        queries={query_id: texts[query_id] for query_id in qrels},
        qrels=qrels,
        spans=spans,
        unanswerable=unanswerable,
        kinds={line["_id"]: str(line.get("kind") or DEFAULT_KIND) for line in without},
        level=files.level,
        section_titles=_section_titles(files),
    )


def load_data(
    queries: Path, qrels: Path, spans: Path | None = None, unanswerable: Path | None = None
) -> EvaluationData:
    """The same for qrels at document level."""
    return load_files(EvaluationFiles(queries, qrels, spans, unanswerable))


def load_qrels(path: Path, level: Level = "document") -> Qrels:
    """Relevance by query and document, or section: tab-separated, a header line first."""
    qrels: Qrels = {}
    name = str.strip if level == "section" else url_safe
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file, "excel-tab", quoting=csv.QUOTE_NONE) if row]
        for query_id, corpus_id, score in rows[1:]:
            qrels.setdefault(query_id, {})[name(corpus_id)] = int(score)
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
            if not 0 <= start < end:
                raise ConfigurationError(f"{path}: a span's start must be before its end: {span}")
            found.append(Span(line["query_id"], url_safe(line["doc_id"]), start, end))
    return tuple(found)


def _qrels(files: EvaluationFiles, spans: tuple[Span, ...]) -> tuple[Path, Qrels]:
    """The qrels and the file that they are from: the spans themselves at their level."""
    if files.level == "span":
        if files.spans is None or not spans:
            raise ConfigurationError("--level span needs gold spans: name them with --spans")
        judged: Qrels = {}
        for span in spans:
            judged.setdefault(span.query_id, {})[span.doc_id] = 1
        return files.spans, judged
    if files.qrels is None:
        raise ConfigurationError(f"--level {files.level} needs qrels: name them with --qrels")
    qrels = load_qrels(files.qrels, files.level)
    if not qrels:
        raise ConfigurationError(f"{files.qrels} judges nothing below its header")
    return files.qrels, qrels


def _section_titles(files: EvaluationFiles) -> dict[str, str]:
    """Titles by id, of the corpus.jsonl beside the qrels or in the folder above them."""
    if files.level != "section" or files.qrels is None:
        return {}
    folder = files.qrels.absolute().parent
    tables = [folder / "corpus.jsonl", folder.parent / "corpus.jsonl"]
    table = next((path for path in tables if path.exists()), None)
    lines = _lines(table, ("_id", "title")) if table else []
    return {line["_id"].strip(): line["title"] for line in lines}


def _twice(lines: list[dict[str, Any]]) -> str:
    times = Counter(str(line["_id"]) for line in lines)
    return times.most_common(1)[0][0]


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
