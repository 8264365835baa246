"""How well a retriever finds what answers: the field's measures, made by ir_measures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import ir_measures
from ir_measures import RR, R, Success, nDCG

from groundedqa.evaluate.data import EvaluationData, Span
from groundedqa.retrieve import Retriever
from groundedqa.types import Filters, Hit

_DEPTH = 100  # passages retrieved, so that ten documents are among them
_QUOTES = 5
_MEASURES = (nDCG @ 10, R @ 10, RR @ 10, Success @ 1, Success @ 5)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The measures over all queries; a query without an answer counts 0.

    ``spans_at_5`` is the share of gold spans that stand wholly in the first five quotes, ``auroc``
    how often an answerable query's best score is above an unanswerable one's; None without data.
    """

    queries: int
    measures: dict[str, float]
    spans_at_5: float | None
    auroc: float | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def evaluate(
    retriever: Retriever, data: EvaluationData, tell: Callable[[int, int], None] | None = None
) -> Evaluation:
    """Ask every query and measure what comes; documents are ranked by their best passage."""
    found: dict[str, list[Hit]] = {}
    total = len(data.queries) + len(data.unanswerable)
    for number, (query_id, text) in enumerate(data.queries.items(), 1):
        found[query_id] = retriever.retrieve(text, _DEPTH, Filters())
        if tell:
            tell(number, total)
    run = {query_id: document_scores(hits) for query_id, hits in found.items()}
    values = ir_measures.calc_aggregate(_MEASURES, data.qrels, run)
    unanswerable = [retriever.retrieve(q, 1, Filters()) for q in data.unanswerable.values()]
    return Evaluation(
        queries=len(data.queries),
        measures={str(measure): round(float(values[measure]), 4) for measure in _MEASURES},
        spans_at_5=_spans_covered(data.spans, found),
        auroc=auroc(_best_scores(found.values()), _best_scores(unanswerable)),
    )


def document_scores(hits: Sequence[Hit]) -> dict[str, float]:
    """A run's scores by document: its best passage's; the order of equal ones is kept."""
    scores: dict[str, float] = {}
    for rank, hit in enumerate(hits):
        # Measures break ties by name: a step far below any real difference keeps the rank's order.
        scores.setdefault(hit.passage.doc_id, hit.score - rank * 1e-9)
    return scores


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """The chance that a positive's score is above a negative's, ties counting a half."""
    if not positive or not negative:
        return None
    above = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    return round(above / (len(positive) * len(negative)), 4)


def _best_scores(found: Any) -> list[float]:
    return [hits[0].score if hits else -1.0 for hits in found]


def _spans_covered(spans: Sequence[Span], found: dict[str, list[Hit]]) -> float | None:
    if not spans:
        return None
    covered = sum(_is_covered(span, found.get(span.query_id, [])[:_QUOTES]) for span in spans)
    return round(covered / len(spans), 4)


def _is_covered(span: Span, hits: Sequence[Hit]) -> bool:
    """Whether the quotes together hold the span: two neighbours may hold it between them."""
    position, reach = span.start, span.start
    slices = sorted(
        (hit.passage.start, hit.passage.end) for hit in hits if hit.passage.doc_id == span.doc_id
    )
    for start, end in slices:
        if start <= reach and end > position:
            # White space between two passages belongs to neither.
            position, reach = end, end + 2
    return position >= span.end
