"""Every query asked once, and what the measures need of it kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from groundedqa.evaluate.data import EvaluationData
from groundedqa.evaluate.judge import Judge, ranking
from groundedqa.evaluate.system import Ranked, System
from groundedqa.types import Decision

QUOTES = 5  # citations that a student is shown
_SHOWN = 400  # characters of a quote that are kept for the report

Tell = Callable[[int, int], None]  # (queries asked, of how many)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a query: ``scores`` by unit, best first, and the first five passages.

    ``found`` says whether one of these five is relevant; never for an unanswerable query. Their
    texts are cut.
    """

    query_id: str
    text: str
    scores: dict[str, float]
    first: tuple[Ranked, ...]
    found: bool
    decision: Decision
    answerable: float | None
    took_ms: float


def ask_all(
    system: System, data: EvaluationData, judge: Judge, tell: Tell | None = None
) -> tuple[list[Asked], list[Asked]]:
    """The answerable queries, then the unanswerable ones, in the data's order."""
    total = len(data.queries) + len(data.unanswerable)

    def ask(queries: Iterable[tuple[str, str]], before: int) -> list[Asked]:
        asked = []
        for number, (query_id, text) in enumerate(queries, before + 1):
            asked.append(_ask(system, judge, query_id, text))
            if tell:
                tell(number, total)
        return asked

    return ask(data.queries.items(), 0), ask(data.unanswerable.items(), len(data.queries))


def _ask(system: System, judge: Judge, query_id: str, text: str) -> Asked:
    outcome = system.ask(query_id, text)
    first = outcome.ranked[:QUOTES]
    relevant = {unit for unit, grade in judge.qrels.get(query_id, {}).items() if grade > 0}
    return Asked(
        query_id=query_id,
        text=text,
        scores=ranking(judge, query_id, outcome.ranked),
        first=tuple(replace(ranked, text=ranked.text[:_SHOWN]) for ranked in first),
        found=bool(relevant & ranking(judge, query_id, first).keys()),
        decision=outcome.decision,
        answerable=outcome.answerable,
        took_ms=outcome.took_ms,
    )
