"""What `groundedqa evaluate` prints for a person, and its table of queries."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from groundedqa.evaluate import Comparison, Estimate, Evaluation

_FIGURES = {
    "auroc": "AUROC of answerable",
    "coverage@1%": "coverage at 1 % risk",
    "coverage@5%": "coverage at 5 % risk",
    "coverage@10%": "coverage at 10 % risk",
    "coverage@5% unsupported": "  counting missed evidence",
    "coverage": "share answered",
    "risk": "  of these unanswerable",
    "unsupported": "  of these without evidence",
    "hallucination_rate": "hallucination rate",
    "error_rate": "error rate",
    "ece": "calibration error (15 bins)",
    "brier": "Brier",
}
_NAME = 29


def table(found: Evaluation, compared: Sequence[Comparison] = ()) -> str:
    """Measures with their intervals; abstention by kind; an earlier run beside them."""
    return "\n".join([*_measures(found), *_abstention(found), *_compared(compared)])


def write_queries(found: Evaluation, path: Path) -> None:
    """A line for each query, parted by tabs: what it was measured at, decided and took."""
    names = list(found.measures)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, "excel-tab")
        rows.writerow(["query-id", *names, "decision", "answerable", "ms", "text"])
        for asked in (*found.answerable, *found.unanswerable):
            values = found.per_query.get(asked.query_id, {})
            given = "" if asked.answerable is None else f"{asked.answerable:.4f}"
            rows.writerow(
                [
                    asked.query_id,
                    *(f"{values[name]:.4f}" if values else "" for name in names),
                    asked.decision,
                    given,
                    f"{asked.took_ms:.1f}",
                    asked.text,
                ]
            )


def _measures(found: Evaluation) -> Iterator[str]:
    yield _line("queries", str(found.queries))
    for name, value in found.measures.items():
        yield _line(name, _estimate(Estimate(value, *found.intervals[name])))
    if found.spans_at_5 is not None:
        yield _line("spans in the first 5 quotes", f"{found.spans_at_5:.4f}")


def _abstention(found: Evaluation) -> Iterator[str]:
    if not found.abstention:
        return
    for kind, figures in found.abstention.kinds.items():
        yield f"\n{found.abstention.queries[kind]} unanswerable queries, {kind}"
        for name, label in _FIGURES.items():
            yield _line(label, _estimate(figures[name]))


def _compared(compared: Sequence[Comparison]) -> Iterator[str]:
    if not compared:
        return
    yield "\nagainst the earlier run (p: paired randomisation test)"
    for each in compared:
        change = f"{each.before:.4f} -> {each.now:.4f}  {each.difference:+.4f}  p {each.p:.4f}"
        yield _line(each.measure, f"{change}  {each.better} better, {each.worse} worse")


def _line(name: str, value: str) -> str:
    return f"{name:<{_NAME}} {value}"


def _estimate(estimate: Estimate) -> str:
    if estimate.low is None:
        return f"{estimate.value:.4f}"
    return f"{estimate.value:.4f}  {estimate.low:.4f} to {estimate.high:.4f}"
