"""What the service has counted since it began, as tables and charts for its operator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prometheus_client.core import Metric, Sample

from groundedqa.server.metrics import Metrics

_SHARES = (0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Timed:
    """How long one thing took: how often, and the milliseconds that half and 95 % stay below."""

    name: str
    count: int
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something happened, and the share of all."""

    name: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Activity:
    """Stages of a question, routes, decisions, and whether answers were kept."""

    stages: Sequence[Timed]
    routes: Sequence[Timed]
    decisions: Sequence[Counted]
    cache: Sequence[Counted]


def activity(metrics: Metrics) -> Activity:
    """The sums of all workers."""
    found = {metric.name: metric for metric in metrics.registry.collect()}
    return Activity(
        stages=_timed(found.get("groundedqa_stage_seconds"), "stage"),
        routes=_timed(found.get("groundedqa_request_seconds"), "route"),
        decisions=_counted(found.get("groundedqa_decisions"), "decision", "reason"),
        cache=_counted(found.get("groundedqa_cache"), "found"),
    )


def drawn(found: Activity) -> Mapping[str, str]:
    """The charts, as SVG that takes its colours from the page; none without matplotlib."""
    try:
        from groundedqa.evaluate import plots  # takes long, and comes with an extra
    except ImportError:
        return {}
    charts = {}
    stages = {each.name: {"median": each.p50, "p95": each.p95} for each in found.stages}
    if stages:
        charts["stages"] = plots.bars(stages, "milliseconds", "stages")
    decisions = {each.name: {"questions": float(each.count)} for each in found.decisions}
    if decisions:
        charts["decisions"] = plots.bars(decisions, "questions", "decisions")
    return charts


def _timed(metric: Metric | None, label: str) -> list[Timed]:
    """Of a histogram: within a bucket, times are taken to be spread evenly."""
    buckets: dict[str, list[tuple[float, float]]] = {}
    for sample in metric.samples if metric else ():
        if sample.name.endswith("_bucket"):
            at = (float(sample.labels["le"]), sample.value)
            buckets.setdefault(sample.labels[label], []).append(at)
    found = []
    for name, steps in buckets.items():
        steps.sort()
        count = steps[-1][1]
        if count:
            p50, p95 = (round(1000 * _below(steps, share * count), 2) for share in _SHARES)
            found.append(Timed(name, int(count), p50, p95))
    return found


def _below(steps: Sequence[tuple[float, float]], wanted: float) -> float:
    """The seconds that so many stay below."""
    lower, seen = 0.0, 0.0
    for upper, count in steps:
        if count >= wanted:
            if upper == float("inf"):
                return lower
            return lower + (upper - lower) * (wanted - seen) / (count - seen)
        lower, seen = upper, count
    return lower


def _counted(metric: Metric | None, *labels: str) -> list[Counted]:
    totals: dict[str, float] = {}
    for sample in metric.samples if metric else ():
        if sample.name.endswith("_total"):
            name = _name(sample, labels)
            totals[name] = totals.get(name, 0) + sample.value
    whole = sum(totals.values()) or 1.0
    ordered = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return [Counted(name, int(count), count / whole) for name, count in ordered if count]


def _name(sample: Sample, labels: Sequence[str]) -> str:
    first, *rest = (sample.labels[label].replace("_", " ") for label in labels)
    said = ", ".join(each for each in rest if each)
    return f"{first} ({said})" if said else first
