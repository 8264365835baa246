"""groundedqa serve."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from groundedqa.ask import Asker
from groundedqa.cli.options import (
    CollectionName,
    Index,
    Model,
    RerankerModel,
    RerankMs,
    collection_of,
    ranking_of,
    reporting_errors,
)
from groundedqa.settings import load_settings


def serve_command(
    index: Index = None,
    collection: CollectionName = None,
    host: Annotated[
        str | None,
        typer.Option(
            metavar="H",
            envvar="GROUNDEDQA_HOST",
            help="The address to listen on.",
            show_default="127.0.0.1",
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            metavar="P",
            envvar="GROUNDEDQA_PORT",
            help="The port; 0 takes a free one.",
            show_default="8000",
        ),
    ] = None,
    metrics_host: Annotated[
        str | None,
        typer.Option(
            metavar="H",
            envvar="GROUNDEDQA_METRICS_HOST",
            help="The address of the metrics.",
            show_default="127.0.0.1",
        ),
    ] = None,
    metrics_port: Annotated[
        int | None,
        typer.Option(
            metavar="P",
            envvar="GROUNDEDQA_METRICS_PORT",
            help="Answer /metrics for Prometheus on this port; 0 takes a free one.",
            show_default="none",
        ),
    ] = None,
    traces: Annotated[
        bool | None,
        typer.Option(
            "--traces", envvar="GROUNDEDQA_TRACES", help="Send OpenTelemetry traces by OTLP."
        ),
    ] = None,
    model: Model = None,
    reranker: RerankerModel = None,
    rerank_ms: RerankMs = None,
) -> None:
    """Answer questions over HTTP, with a page to ask at; prints the page's address.

    It may be started before anything is published, and follows every publish and rollback.
    """
    from groundedqa import server  # a command that does not serve need not load it

    with reporting_errors():
        settings = load_settings(
            index=index,
            collection=collection,
            host=host,
            port=port,
            metrics_host=metrics_host,
            metrics_port=metrics_port,
            traces=traces,
            model=model,
            reranker=reranker,
            rerank_ms=rerank_ms,
        )
        chosen = collection_of(settings)
        ranking = ranking_of(settings)
        listening = server.bind(settings.host, settings.port)
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        server.configure_logging()
        metrics = server.Metrics()
        app = server.create_app(
            lambda: Asker(chosen, model=settings.model, threads=settings.threads, ranking=ranking),
            metrics=metrics,
            traces=server.exported_traces() if settings.traces else None,
        )
        if settings.metrics_port is not None:
            taken = metrics.serve(settings.metrics_host, settings.metrics_port)
            print(f"metrics: http://{settings.metrics_host}:{taken}/metrics", file=sys.stderr)
        print(f"http://{shown}:{listening.getsockname()[1]}/", flush=True)
        server.run(app, listening)
