"""What the service counts, for Prometheus."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

import groundedqa
from groundedqa.errors import ConfigurationError, GroundedQAError
from groundedqa.stages import STAGES, Stage

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_AT_ONCE = (1, 2, 4, 8, 16, 32, 64)
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # the client's own: a folder that workers share


class Metrics:
    """Counters and histograms with a registry of their own; a Listener. Threads may share it.

    Where workers share a folder, the sums are those of all of them.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own = None if SHARED in os.environ else self.registry
        self._requests = Counter(
            "groundedqa_requests", "Requests answered.", ("route", "method", "status"), registry=own
        )
        self._took = Histogram(
            "groundedqa_request_seconds",
            "Time to the end of an answer.",
            ("route",),
            buckets=_SECONDS,
            registry=own,
        )
        self._under_way = Gauge(
            "groundedqa_requests_under_way",
            "Requests being answered now.",
            registry=own,
            multiprocess_mode="livesum",
        )
        stages = Histogram(
            "groundedqa_stage_seconds",
            "Time in a stage of a question.",
            ("stage",),
            buckets=_SECONDS,
            registry=own,
        )
        self._stages = {stage: stages.labels(stage) for stage in STAGES}
        self._decisions = Counter(
            "groundedqa_decisions",
            "Questions answered, or abstained from and why.",
            ("decision", "reason"),
            registry=own,
        )
        self._batches = Histogram(
            "groundedqa_encoded_at_once",
            "Questions encoded in one batch.",
            buckets=_AT_ONCE,
            registry=own,
        )
        self._cache = Counter(
            "groundedqa_cache", "Answers looked for in the cache.", ("found",), registry=own
        )
        if own is None:
            shared: Any = MultiProcessCollector  # it has no types
            shared(self.registry)

    def took(self, stage: Stage, seconds: float) -> None:
        """A stage has ended."""
        self._stages[stage].observe(seconds)

    def decided(self, decision: str, reason: str | None) -> None:
        """A question was answered or abstained from."""
        self._decisions.labels(decision, reason or "").inc()

    def encoded(self, questions: int) -> None:
        """So many questions were encoded at once."""
        self._batches.observe(questions)

    def cached(self, *, found: bool) -> None:
        """An answer was looked for in the cache."""
        self._cache.labels("yes" if found else "no").inc()

    def began(self) -> None:
        """A request has begun."""
        self._under_way.inc()

    def ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request has ended; ``route`` is its template, so that no id becomes a label."""
        self._under_way.dec()
        self._requests.labels(route, method, str(status)).inc()
        self._took.labels(route).observe(seconds)

    def tell_snapshot(self, published: Callable[[], tuple[str, float | None]]) -> None:
        """Tell with the rest which snapshot answers and how long ago it was published.

        ``published`` gives its id and when that was (seconds since the epoch), or raises.
        """
        self.registry.register(_SnapshotTold(published))

    def text(self) -> bytes:
        """All of it in Prometheus' text form."""
        return generate_latest(self.registry)

    def serve(self, host: str, port: int) -> int:
        """Answer ``/metrics`` on a port of its own, in a thread; the port (0 takes a free one).

        Raises:
            ConfigurationError: the port can't be had.
        """
        try:
            server, _ = start_http_server(port, host, self.registry)
        except OSError as error:
            raise ConfigurationError(
                f"can't listen on {host}:{port} for metrics: {error.strerror}; name another with "
                "--metrics-port"
            ) from error
        return int(server.server_port)


class _SnapshotTold(Collector):
    """Read when it is asked for: there is nothing to keep right meanwhile."""

    def __init__(self, published: Callable[[], tuple[str, float | None]]) -> None:
        self._published = published

    def collect(self) -> Iterator[Metric]:
        """The version, and once there is a snapshot its id and age."""
        version = GaugeMetricFamily("groundedqa_version", "The version.", labels=["version"])
        version.add_metric([groundedqa.__version__], 1)
        yield version
        try:
            snapshot, published = self._published()
        except GroundedQAError:
            return
        answering = GaugeMetricFamily(
            "groundedqa_snapshot", "The snapshot that answers.", labels=["snapshot"]
        )
        answering.add_metric([snapshot], 1)
        yield answering
        if published is not None:
            yield GaugeMetricFamily(
                "groundedqa_snapshot_age_seconds",
                "Seconds since it was published.",
                value=max(0.0, time.time() - published),
            )
