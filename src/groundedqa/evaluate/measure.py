"""How well a system finds what answers: the field's measures, made by ir_measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG

from groundedqa.evaluate.abstention import Abstention, abstention
from groundedqa.evaluate.asked import Asked, Tell, ask_all
from groundedqa.evaluate.data import EvaluationData, Level, Qrels, Span
from groundedqa.evaluate.intervals import of_mean
from groundedqa.evaluate.judge import Judge, judge_of
from groundedqa.evaluate.local import RetrieverSystem
from groundedqa.evaluate.system import Ranked, System
from groundedqa.retrieve import Retriever

_MEASURES = (nDCG @ 10, R @ 10, RR @ 10, Success @ 1, Success @ 5)

Run = dict[str, dict[str, float]]
PerQuery = dict[str, dict[str, float]]  # by query, then by measure


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The measures over all queries; a query without an answer counts 0.

    ``intervals`` are of 95 %, over the queries. ``spans_at_5`` is the share of gold spans that
    stand wholly in the first five quotes; None without spans. ``run`` is all that came by query,
    and ``per_query`` the measures of each.
    """

    level: Level
    queries: int
    measures: dict[str, float]
    intervals: dict[str, tuple[float | None, float | None]]
    spans_at_5: float | None
    abstention: Abstention | None
    per_query: PerQuery = field(repr=False)
    answerable: tuple[Asked, ...] = field(repr=False)
    unanswerable: tuple[Asked, ...] = field(repr=False)
    judge: Judge = field(repr=False)

    @property
    def run(self) -> Run:
        """The scores by query and unit."""
        return {asked.query_id: asked.scores for asked in self.answerable}

    def as_dict(self) -> dict[str, Any]:
        """For JSON: everything but the ranking below the first five; a run file has that."""
        return {
            "level": self.level,
            "queries": self.queries,
            "unanswerable": len(self.unanswerable),
            "measures": self.measures,
            "intervals": self.intervals,
            "spans_at_5": self.spans_at_5,
            "abstention": asdict(self.abstention) if self.abstention else None,
            "per_query": [
                {**_row(asked), "measures": self.per_query.get(asked.query_id)}
                for asked in (*self.answerable, *self.unanswerable)
            ],
        }


def evaluate(retriever: Retriever, data: EvaluationData, tell: Tell | None = None) -> Evaluation:
    """Measure a bare retriever at document or span level; it has no probabilities."""
    return evaluate_system(RetrieverSystem(retriever), data, judge_of(data), tell)


def evaluate_system(
    system: System, data: EvaluationData, judge: Judge, tell: Tell | None = None
) -> Evaluation:
    """Ask every query once and measure what comes."""
    answerable, unanswerable = ask_all(system, data, judge, tell)
    per_query = measured(judge.qrels, {asked.query_id: asked.scores for asked in answerable})
    names = [str(measure) for measure in _MEASURES]
    estimates = {
        name: of_mean(np.array([values[name] for values in per_query.values()])) for name in names
    }
    return Evaluation(
        level=data.level,
        queries=len(data.queries),
        measures={name: estimate.value for name, estimate in estimates.items()},
        intervals={name: (estimate.low, estimate.high) for name, estimate in estimates.items()},
        spans_at_5=_spans_covered(data.spans, answerable),
        abstention=abstention(answerable, unanswerable, data.kinds),
        per_query=per_query,
        answerable=tuple(answerable),
        unanswerable=tuple(unanswerable),
        judge=judge,
    )


def measured(qrels: Qrels, run: Run) -> PerQuery:
    """The measures of each judged query; 0 for one that is not in the run."""
    values = {query_id: dict.fromkeys(map(str, _MEASURES), 0.0) for query_id in qrels}
    for metric in ir_measures.iter_calc(_MEASURES, qrels, run):
        values[metric.query_id][str(metric.measure)] = float(metric.value)
    return values


def _row(asked: Asked) -> dict[str, Any]:
    return {
        "query_id": asked.query_id,
        "text": asked.text,
        "decision": asked.decision,
        "answerable": asked.answerable,
        "took_ms": round(asked.took_ms, 3),
        "first": [
            {"doc_id": r.doc_id, "section": r.section, "start": r.start, "end": r.end}
            for r in asked.first
        ],
    }


def _spans_covered(spans: Sequence[Span], answerable: Sequence[Asked]) -> float | None:
    if not spans:
        return None
    first = {asked.query_id: asked.first for asked in answerable}
    covered = sum(_is_covered(span, first.get(span.query_id, ())) for span in spans)
    return round(covered / len(spans), 4)


def _is_covered(span: Span, quotes: Sequence[Ranked]) -> bool:
    """Whether the quotes together hold the span: two neighbours may hold it between them."""
    position, reach = span.start, span.start
    slices = sorted((quote.start, quote.end) for quote in quotes if quote.doc_id == span.doc_id)
    for start, end in slices:
        if start <= reach and end > position:
            # White space between two passages belongs to neither.
            position, reach = end, end + 2
    return position >= span.end
