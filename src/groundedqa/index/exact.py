"""Exact search over vectors in memory: the oracle of the contract, and how scores are made."""

from __future__ import annotations

import numpy as np

from groundedqa.index.protocol import Rows, Scores, Vectors

_BLOCK = 8192  # rows scored at a time


class ExactIndex:
    """A VectorIndex over an array of unit rows."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    def __len__(self) -> int:
        """How many vectors there are."""
        return len(self._vectors)

    def search(
        self, vectors: Vectors, k: int, allowed: Rows | None = None
    ) -> list[tuple[Rows, Scores]]:
        """Best rows with their inner products, best first; ties by row."""
        rows = np.arange(len(self), dtype=np.int64) if allowed is None else np.unique(allowed)
        return [best(rows, scores, k) for scores in self.scores(vectors, rows)]

    def scores(self, vectors: Vectors, rows: Rows) -> Scores:
        """The inner products of each query vector with these rows."""
        found = np.empty((len(vectors), len(rows)), dtype=np.float32)
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            found[:, start : start + _BLOCK] = inner_products(vectors, self._vectors[block])
        return found


def inner_products(queries: Vectors, rows: Vectors) -> Scores:
    """Inner products (queries, rows), summed in float64 and rounded once to float32.

    So a score does not depend on how many rows are scored with it: equal rows have equal scores in
    every index, and two indexes agree to the last digit.
    """
    products = queries.astype(np.float64) @ rows.astype(np.float64).T
    return products.astype(np.float32)


def best(rows: Rows, scores: Scores, k: int) -> tuple[Rows, Scores]:
    """The k rows of highest score, best first, equal scores in the order of their rows."""
    order = np.lexsort((rows, -scores))[:k]
    return rows[order], scores[order]
