"""The one protocol that fusion, collapsing, reranking and caching will wrap and be."""

from __future__ import annotations

from typing import Protocol

from groundedqa.types import Filters, Hit


class Retriever(Protocol):
    """A question to ranked passages."""

    def retrieve(self, question: str, k: int, filters: Filters) -> list[Hit]:
        """The k best passages that the filters leave, best first; fewer where there are no more."""
        ...
