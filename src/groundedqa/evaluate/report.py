"""One HTML file of an evaluation for people: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from groundedqa.errors import ConfigurationError
from groundedqa.evaluate.asked import Asked
from groundedqa.evaluate.measure import Evaluation
from groundedqa.evaluate.runs import Comparison

_WORST = 20
_BY = "nDCG@10"
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# What the figures are called on the page, in its order.
_FIGURES = {
    "auroc": "AUROC",
    "coverage@1%": "coverage at 1 % risk",
    "coverage@5%": "at 5 %",
    "coverage@10%": "at 10 %",
    "hallucination_rate": "hallucination rate",
    "error_rate": "error rate",
    "ece": "calibration error",
    "brier": "Brier",
}
_EVIDENCE = {
    "coverage": "share answered",
    "risk": "of these unanswerable",
    "unsupported": "without evidence",
    "coverage@1% unsupported": "coverage at 1 % without evidence",
    "coverage@5% unsupported": "at 5 %",
    "coverage@10% unsupported": "at 10 %",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit that should have come, and where it did; None if it is not in the ranking."""

    label: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A query with its measures, what came, and what should have."""

    asked: Asked
    measures: dict[str, float]
    wanted: tuple[Wanted, ...]

    @property
    def best(self) -> int | None:
        """The rank of the first unit that should have come."""
        return min((each.rank for each in self.wanted if each.rank), default=None)


def plots_module() -> ModuleType:
    """What draws, so that a long evaluation is not begun without it.

    Raises:
        ConfigurationError: matplotlib is not installed.
    """
    try:
        from groundedqa.evaluate import plots
    except ImportError as error:
        raise ConfigurationError(
            "--report draws with matplotlib, which is not here; install it with: "
            "pip install groundedqa[report]"
        ) from error
    return plots


def write_report(
    found: Evaluation, path: Path, subject: str, compared: Sequence[Comparison] = ()
) -> None:
    """Write the page; ``subject`` says in a few words what was evaluated.

    Raises:
        ConfigurationError: matplotlib is not installed.
    """
    plots = plots_module()
    rows = [_row(found, asked) for asked in found.answerable]
    took = [asked.took_ms for asked in (*found.answerable, *found.unanswerable)]
    drawings = {
        "measures": Markup(plots.measures(found.measures, found.intervals)),
        "latency": Markup(plots.latency(took)),
    }
    if found.abstention:
        drawings["risk"] = Markup(plots.risk_coverage(found.abstention.curve))
        drawings["reliability"] = Markup(plots.reliability(found.abstention.reliability))
    page = _TEMPLATES.get_template("report.html").render(
        found=found,
        subject=subject,
        compared=compared,
        drawings=drawings,
        latency={share: float(np.percentile(took, share)) for share in (50, 95, 99)},
        rows=rows,
        worst=worst(rows),
        answered_wrongly=_answered(found.unanswerable) if found.abstention else [],
        figures=_FIGURES,
        evidence=_EVIDENCE,
        by=_BY,
    )
    path.write_text(page, encoding="utf-8")


def worst(rows: Sequence[Row]) -> list[Row]:
    """The twenty lowest, where all that should have come is missing first; none that is perfect."""
    imperfect = [row for row in rows if row.measures[_BY] < 1]
    return sorted(imperfect, key=lambda row: (row.measures[_BY], -(row.best or 10**9)))[:_WORST]


def _row(found: Evaluation, asked: Asked) -> Row:
    ranks = {unit: rank for rank, unit in enumerate(asked.scores, 1)}
    judged = found.judge.qrels[asked.query_id]
    return Row(
        asked=asked,
        measures=found.per_query[asked.query_id],
        wanted=tuple(
            Wanted(found.judge.label(unit), ranks.get(unit))
            for unit, grade in judged.items()
            if grade > 0
        ),
    )


def _answered(unanswerable: Sequence[Asked]) -> list[Asked]:
    """Unanswerable queries that were answered, the surest first."""
    answered = [asked for asked in unanswerable if asked.decision == "answered"]
    return sorted(answered, key=lambda asked: -(asked.answerable or 0))[:_WORST]
