"""groundedqa serve."""

from __future__ import annotations

import ipaddress
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from groundedqa.ask import Asker
from groundedqa.cli.options import (
    CollectionName,
    Index,
    KeyFile,
    Model,
    RerankerModel,
    RerankMs,
    collection_of,
    keys_of,
    ranking_of,
    reporting_errors,
)
from groundedqa.errors import ConfigurationError
from groundedqa.operate import Database, Keyring
from groundedqa.operate.question_log import QuestionLog
from groundedqa.operate.shown import Shown
from groundedqa.settings import Pages, Settings, load_settings

if TYPE_CHECKING:
    from groundedqa.server import Policy, Voices


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
    from groundedqa import server  # a command that does not serve need not load it

    with reporting_errors():
        settings = load_settings(
            index=index,
            collection=collection,
            host=host,
            port=port,
            keys=keys,
            open=open_to_all,
            pages=pages,
            forwarded_hops=forwarded_hops,
            question_log_days=question_log_days,
            metrics_host=metrics_host,
            metrics_port=metrics_port,
            traces=traces,
            model=model,
            reranker=reranker,
            rerank_ms=rerank_ms,
        )
        chosen = collection_of(settings)
        ranking = ranking_of(settings)
        policy = _policy(settings)
        listening = server.bind(settings.host, settings.port)
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        server.configure_logging()
        metrics = server.Metrics()
        app = server.create_app(
            lambda: Asker(chosen, model=settings.model, threads=settings.threads, ranking=ranking),
            policy=policy,
            metrics=metrics,
            traces=server.exported_traces() if settings.traces else None,
            voices=_voices(settings),
        )
        if settings.metrics_port is not None:
            taken = metrics.serve(settings.metrics_host, settings.metrics_port)
            print(f"metrics: http://{settings.metrics_host}:{taken}/metrics", file=sys.stderr)
        print(f"http://{shown}:{listening.getsockname()[1]}/", flush=True)
        server.run(app, listening)


def _voices(settings: Settings) -> Voices:
    """What keeps students' feedback, and their questions if that was turned on."""
    from groundedqa.server import Voices

    database, days = keys_of(settings), settings.question_log_days
    return Voices(database, settings.collection, QuestionLog(database, days) if days else None)


def _policy(settings: Settings) -> Policy:
    """Who is answered.

    Raises:
        ConfigurationError: everyone would be, without having been said.
    """
    from groundedqa.server import Policy

    keyring = Keyring(Database(keys_of(settings)))
    if not keyring.any() and not _is_loopback(settings.host):
        if not settings.open:
            raise ConfigurationError(
                f"there is no key, so the service answers on this machine only, not on "
                f"{settings.host}: make a key with: groundedqa keys create, or say --open, which "
                "lets everyone who reaches it ask and read every document"
            )
        print(
            "groundedqa: there is no key: everyone who reaches this address can ask and read every "
            "document in full (--open), until the first key is made",
            file=sys.stderr,
        )
    return Policy(
        keyring,
        settings.pages,
        settings.forwarded_hops,
        settings.collection,
        Shown(keys_of(settings)),
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
