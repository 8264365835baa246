"""groundedqa serve."""

from __future__ import annotations

from typing import Annotated

import typer

from groundedqa.cli.options import (
    CollectionName,
    Index,
    KeyFile,
    Model,
    RerankerModel,
    RerankMs,
    reporting_errors,
)
from groundedqa.settings import Pages, load_settings


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
    keys: KeyFile = None,
    open_to_all: Annotated[
        bool | None,
        typer.Option(
            "--open",
            envvar="GROUNDEDQA_OPEN",
            help="Without any key, answer everyone who reaches the address, not this machine only.",
            show_default="off",
        ),
    ] = None,
    pages: Annotated[
        Pages | None,
        typer.Option(
            "--pages",
            metavar="ACCESS",
            envvar="GROUNDEDQA_PAGES",
            help="What the service's own pages show: off, preview or full.",
            show_default="full without keys, off with any",
        ),
    ] = None,
    forwarded_hops: Annotated[
        int | None,
        typer.Option(
            "--forwarded-hops",
            metavar="N",
            envvar="GROUNDEDQA_FORWARDED_HOPS",
            help="How many trusted proxies stand before it, each adding to X-Forwarded-For.",
            show_default="0",
        ),
    ] = None,
    address_rate: Annotated[
        int | None,
        typer.Option(
            "--address-rate",
            metavar="N",
            envvar="GROUNDEDQA_ADDRESS_RATE",
            help="Requests a minute from one address, 0 for any number.",
            show_default="600, and any number on loopback",
        ),
    ] = None,
    permits: Annotated[
        int | None,
        typer.Option(
            "--permits",
            metavar="N",
            envvar="GROUNDEDQA_PERMITS",
            help="How many requests are answered at once; more are refused with 503.",
            show_default="32",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            envvar="GROUNDEDQA_WORKERS",
            help="Processes that answer; more than one need --limits-url.",
            show_default="1",
        ),
    ] = None,
    limits_url: Annotated[
        str | None,
        typer.Option(
            "--limits-url",
            metavar="URL",
            envvar="GROUNDEDQA_LIMITS_URL",
            help="The Redis that workers count requests in together: redis://127.0.0.1:6379/0.",
            show_default="none",
        ),
    ] = None,
    open_megabytes: Annotated[
        int | None,
        typer.Option(
            "--open-megabytes",
            metavar="MB",
            envvar="GROUNDEDQA_OPEN_MEGABYTES",
            help="Beyond so much of open files, collections that nobody asks are closed.",
            show_default="4096",
        ),
    ] = None,
    cache_megabytes: Annotated[
        int | None,
        typer.Option(
            "--cache-megabytes",
            metavar="MB",
            envvar="GROUNDEDQA_CACHE_MEGABYTES",
            help="How much of answers is kept for whoever asks the same again; 0 keeps none.",
            show_default="64",
        ),
    ] = None,
    question_log_days: Annotated[
        int | None,
        typer.Option(
            "--question-log-days",
            metavar="N",
            envvar="GROUNDEDQA_QUESTION_LOG_DAYS",
            help="Keep questions for N days, without who asked: see groundedqa gaps.",
            show_default="0: none is kept",
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
    from groundedqa.cli import serving  # a command that does not serve need not load the server

    with reporting_errors():
        serving.serve(
            load_settings(
                index=index,
                collection=collection,
                host=host,
                port=port,
                keys=keys,
                open=open_to_all,
                pages=pages,
                forwarded_hops=forwarded_hops,
                address_rate=address_rate,
                permits=permits,
                workers=workers,
                limits_url=limits_url,
                open_megabytes=open_megabytes,
                cache_megabytes=cache_megabytes,
                question_log_days=question_log_days,
                metrics_host=metrics_host,
                metrics_port=metrics_port,
                traces=traces,
                model=model,
                reranker=reranker,
                rerank_ms=rerank_ms,
            )
        )
