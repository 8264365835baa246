"""groundedqa serve."""

from __future__ import annotations

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
            model=model,
            reranker=reranker,
            rerank_ms=rerank_ms,
        )
        chosen = collection_of(settings)
        ranking = ranking_of(settings)
        listening = server.bind(settings.host, settings.port)
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        server.configure_logging()
        app = server.create_app(
            lambda: Asker(chosen, model=settings.model, threads=settings.threads, ranking=ranking)
        )
        print(f"http://{shown}:{listening.getsockname()[1]}/", flush=True)
        server.run(app, listening)
