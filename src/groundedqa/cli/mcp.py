"""groundedqa mcp."""

from __future__ import annotations

from groundedqa.ask import Asker, Encoders
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


def mcp_command(
    index: Index = None,
    collection: CollectionName = None,
    model: Model = None,
    reranker: RerankerModel = None,
    rerank_ms: RerankMs = None,
) -> None:
    """Answer an AI tutor over standard input and output, by the Model Context Protocol.

    Its tools are ask and read_document; it follows every publish and rollback. It needs
    pip install 'groundedqa[mcp]'.
    """
    from groundedqa import server  # a command that does not serve need not load it

    with reporting_errors():
        settings = load_settings(
            index=index,
            collection=collection,
            model=model,
            reranker=reranker,
            rerank_ms=rerank_ms,
        )
        chosen = collection_of(settings)
        ranking = ranking_of(settings)
        server.configure_logging()
        server.run_tutor(
            lambda: Asker(
                chosen, model=settings.model, encoders=Encoders(settings.threads), ranking=ranking
            )
        )
