"""TREC run files: written, read, and an earlier one compared with today's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

import numpy as np

from groundedqa.errors import ConfigurationError
from groundedqa.evaluate.intervals import Numbers, randomisation_p
from groundedqa.evaluate.measure import Evaluation, Run, measured

TAG = "groundedqa"
_FIELDS = "query-id Q0 id rank score tag"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A measure in an earlier run and now; ``p`` by a paired randomisation test.

    ``better`` and ``worse`` count the queries that differ.
    """

    measure: str
    before: float
    now: float
    difference: float
    p: float
    better: int
    worse: int


def write_run(run: Run, path: Path) -> None:
    """Write a run, a line for each unit: query-id, Q0, id, rank, score, tag.

    Fields are parted by blanks: one within an id is written as %20, and % as %25.
    """
    with path.open("w", encoding="utf-8") as file:
        for query_id, scores in run.items():
            for rank, (unit, score) in enumerate(scores.items(), 1):
                file.write(f"{_field(query_id)} Q0 {_field(unit)} {rank} {score!r} {TAG}\n")


def read_run(path: Path) -> Run:
    """Read a run by its scores, as every TREC tool does.

    Raises:
        ConfigurationError: the file is missing or not of the form; the message names the line.
    """
    run: Run = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} can't be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            query_id, _, unit, _, score, _ = line.split()
            value = float(score)
        except ValueError as error:
            raise ConfigurationError(f"{path}, line {number}: needs {_FIELDS}: {error}") from error
        if not math.isfinite(value):
            raise ConfigurationError(f"{path}, line {number}: the score must be a finite number")
        run.setdefault(unquote(query_id), {})[unquote(unit)] = value
    return run


def compare(found: Evaluation, earlier: Path) -> list[Comparison]:
    """Every measure of an earlier run, over the same queries, beside today's.

    Raises:
        ConfigurationError: the run can't be read, or holds none of the queries.
    """
    run = read_run(earlier)
    if not found.per_query.keys() & run.keys():
        raise ConfigurationError(f"{earlier} holds none of the queries that are evaluated")
    judged = {query_id: scores for query_id, scores in run.items() if query_id in found.judge.qrels}
    before = measured(found.judge.qrels, judged)
    return [
        _compared(
            name,
            np.array([before[query_id][name] for query_id in found.per_query]),
            np.array([values[name] for values in found.per_query.values()]),
        )
        for name in found.measures
    ]


def _compared(name: str, before: Numbers, now: Numbers) -> Comparison:
    return Comparison(
        measure=name,
        before=round(float(before.mean()), 4),
        now=round(float(now.mean()), 4),
        difference=round(float((now - before).mean()), 4),
        p=randomisation_p(before, now),
        better=int((now > before).sum()),
        worse=int((now < before).sum()),
    )


def _field(name: str) -> str:
    """Without white space; what else a name may hold is left as it is."""
    return "".join(quote(c) if c.isspace() or c == "%" else c for c in name)
