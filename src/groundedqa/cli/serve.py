"""groundedqa serve."""

from __future__ import annotations

import ipaddress
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from groundedqa.ask import Asker, Encoders
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
from groundedqa.operate.shown import Shown
from groundedqa.settings import Pages, Settings, load_settings
from groundedqa.snapshot import Collection

if TYPE_CHECKING:
    from groundedqa.server import Collections, Policy


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
            open_megabytes=open_megabytes,
            metrics_host=metrics_host,
            metrics_port=metrics_port,
            traces=traces,
            model=model,
            reranker=reranker,
            rerank_ms=rerank_ms,
        )
        policy = _policy(settings)
        served = _collections(settings)
        listening = server.bind(settings.host, settings.port)
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        server.configure_logging()
        metrics = server.Metrics()
        app = server.create_app(
            served,
            policy=policy,
            metrics=metrics,
            traces=server.exported_traces() if settings.traces else None,
            voices=server.Voices(keys_of(settings)),
        )
        if settings.metrics_port is not None:
            taken = metrics.serve(settings.metrics_host, settings.metrics_port)
            print(f"metrics: http://{settings.metrics_host}:{taken}/metrics", file=sys.stderr)
        print(f"http://{shown}:{listening.getsockname()[1]}/", flush=True)
        server.run(app, listening)


def _collections(settings: Settings) -> Collections:
    """The collections of the index, which share their encoders."""
    from groundedqa.server import Collections

    encoders = Encoders(settings.threads)
    ranking = ranking_of(settings)

    def opened(collection: Collection) -> Asker:
        # A model that is named is the default collection's: others may have been made by another.
        model = settings.model if collection.name == default else None
        return Asker(collection, model=model, encoders=encoders, ranking=ranking)

    default = collection_of(settings).name
    megabytes = settings.open_megabytes
    return Collections.of_index(settings.index, opened, default=default, megabytes=megabytes)


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
