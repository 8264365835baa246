"""How hits are ordered, where it is to be otherwise than a snapshot's tuning says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from groundedqa.retrieve import Method, RerankedRetriever, Retriever, Weights
from groundedqa.retrieve.reranked import CrossEncoder

RERANK_MS = 300


@dataclass(frozen=True, slots=True)
class Ranking:
    """The method of fusion, a weight in the place of the snapshot's, and a reranker.

    ``dense_weight`` is 0 for words alone to 1 for meaning alone, None for the snapshot's own.
    ``reranker`` orders the best hits anew; ``rerank_ms`` is the time it has, in milliseconds.
    """

    method: Method = "standard"
    dense_weight: float | None = None
    reranker: CrossEncoder | None = None
    rerank_ms: float = RERANK_MS

    @property
    def described(self) -> str:
        """All of it in a line."""
        reranker = f"{self.reranker.name} {self.rerank_ms:g} ms" if self.reranker else "none"
        return f"{self.method} {self.dense_weight} {reranker}"

    def weights(self, tuned: Weights) -> Weights:
        """The weights that count, given those of the snapshot."""
        return tuned if self.dense_weight is None else replace(tuned, dense=self.dense_weight)

    def reranked(self, retriever: Retriever) -> Retriever:
        """The retriever with the reranker around it, or as it is where there is none."""
        if self.reranker is None:
            return retriever
        return RerankedRetriever(retriever, self.reranker, budget_ms=self.rerank_ms)
