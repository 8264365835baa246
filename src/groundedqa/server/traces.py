"""OpenTelemetry: a span for each request, and one in it for each stage of a question.

It comes with ``groundedqa[traces]``; where spans are sent to is set by OpenTelemetry's own
variables, as ``OTEL_EXPORTER_OTLP_ENDPOINT``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING

import groundedqa
from groundedqa.errors import ConfigurationError
from groundedqa.stages import Stage

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

_NANO = 1_000_000_000


class Traces:
    """Makes spans and has them sent."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("groundedqa", groundedqa.__version__)

    def request(self, headers: Mapping[str, str], method: str) -> RequestSpan:
        """The span of a request, a child of the caller's if it says so by ``traceparent``."""
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        above = TraceContextTextMapPropagator().extract(dict(headers))
        span = self._tracer.start_span(method, context=above, kind=SpanKind.SERVER)
        span.set_attribute("http.request.method", method)
        return RequestSpan(self._tracer, span)

    def close(self) -> None:
        """Send what was not sent yet."""
        self._provider.shutdown()


class RequestSpan:
    """A request's span; a Listener, and a context manager that ends the span."""

    def __init__(self, tracer: Tracer, span: Span) -> None:
        self._tracer = tracer
        self._span = span

    def __enter__(self) -> RequestSpan:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._span.end()

    def took(self, stage: Stage, seconds: float) -> None:
        """A stage has ended: a span that is over when it is made."""
        from opentelemetry.trace import set_span_in_context

        now = time.time_ns()
        began = now - int(seconds * _NANO)
        inner = self._tracer.start_span(stage, set_span_in_context(self._span), start_time=began)
        inner.end(now)

    def decided(self, decision: str, reason: str | None) -> None:
        """What was decided; not what was asked."""
        self._span.set_attribute("groundedqa.decision", decision)
        if reason:
            self._span.set_attribute("groundedqa.reason", reason)

    def encoded(self, questions: int) -> None:
        """How many questions were encoded with this one."""
        self._span.set_attribute("groundedqa.encoded_at_once", questions)

    def ended(self, route: str, status: int) -> None:
        """What the request was; its address may hold the question, and is left out."""
        self._span.set_attribute("http.route", route)
        self._span.set_attribute("http.response.status_code", status)


def exported_traces() -> Traces:
    """Traces that are sent in batches by OTLP over HTTP.

    Raises:
        ConfigurationError: OpenTelemetry is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ConfigurationError(
            "--traces needs OpenTelemetry, which is not here; install it with: "
            "pip install 'groundedqa[traces]'"
        ) from error
    named = Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", "groundedqa")})
    provider = TracerProvider(resource=named)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(provider)
