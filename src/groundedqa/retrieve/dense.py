"""Passages by meaning: the inner product of the question's vector with theirs."""

from __future__ import annotations

from groundedqa.encode import Encoder
from groundedqa.index import DocumentStore, VectorIndex
from groundedqa.types import Filters, Hit


class DenseRetriever:
    """A Retriever over a VectorIndex. ``score`` is the cosine of question and passage."""

    def __init__(self, encoder: Encoder, vectors: VectorIndex, store: DocumentStore) -> None:
        self._encoder = encoder
        self._vectors = vectors
        self._store = store

    def retrieve(self, question: str, k: int, filters: Filters) -> list[Hit]:
        """The k passages nearest in meaning, best first."""
        allowed = self._store.rows(filters) if filters else None
        vector = self._encoder.encode_queries([question])
        rows, scores = self._vectors.search(vector, k, allowed)[0]
        passages = self._store.passages(rows.tolist())
        return [
            Hit(passage, score=float(score), dense=float(score))
            for passage, score in zip(passages, scores, strict=True)
        ]
