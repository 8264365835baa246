"""FAISS over a memory-mapped flat index: exact, and nothing of it is resident until it is read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np

from groundedqa.index.exact import best, inner_products
from groundedqa.index.protocol import Rows, Scores, Vectors

# FAISS sums in float32, in an order that depends on the number of queries: its scores choose the
# candidates, and only those that can't be told apart by them are scored again.
_FLOAT32_ERROR = 1e-5
_FEW = 20_000  # allowed rows that are faster scored one by one than through a selector


class FlatIndex:
    """A VectorIndex on a FAISS IndexFlatIP."""

    def __init__(self, path: Path) -> None:
        # IO_FLAG_MMAP reads a flat index into memory all the same; this flag maps it.
        self._index = cast("Any", faiss.read_index(os.fspath(path), faiss.IO_FLAG_MMAP_IFC))
        self._vectors: Vectors = np.asarray(_Mapped(self._index))

    def __len__(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    @property
    def vectors(self) -> Vectors:
        """All rows, as a view of the mapped file, which stays mapped as long as the view is."""
        return self._vectors

    def search(
        self, vectors: Vectors, k: int, allowed: Rows | None = None
    ) -> list[tuple[Rows, Scores]]:
        """Best rows with their inner products, best first; ties by row."""
        if allowed is not None:
            allowed = np.unique(allowed)
            if len(allowed) <= max(_FEW, k):
                return [best(allowed, scores, k) for scores in self.scores(vectors, allowed)]
        return [self._search_one(vector[None, :], k, allowed) for vector in vectors]

    def scores(self, vectors: Vectors, rows: Rows) -> Scores:
        """The inner products of each query vector with these rows."""
        return inner_products(vectors, self._vectors[rows])

    def _search_one(self, vector: Vectors, k: int, allowed: Rows | None) -> tuple[Rows, Scores]:
        """Take candidates until none that was left out could belong among the best k."""
        available = len(self) if allowed is None else len(allowed)
        wanted = min(k + k // 4 + 16, available) if k > 0 else 0
        parameters = _only(allowed)
        while wanted:
            found, labels = self._index.search(vector, wanted, params=parameters)
            rows = labels[0].astype(np.int64)
            top = best(rows, self.scores(vector, rows)[0], k)
            complete = wanted == available
            if complete or found[0, -1] < top[1][-1] - _FLOAT32_ERROR:
                return top
            wanted = min(4 * wanted, available)
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)


class _Mapped:
    """The rows of a FAISS index for numpy: an array made of it keeps the index, and so the map."""

    def __init__(self, index: Any) -> None:
        self._index = index
        shape = (int(index.ntotal), int(index.d))
        address = int(index.get_xb()) if shape[0] else 0
        self.__array_interface__ = {
            "version": 3,
            "typestr": "<f4",
            "shape": shape,
            "data": (address, True),  # never written to
        }


class FlatWriter:
    """Unit rows in the making of one index, block by block in their order."""

    def __init__(self, dim: int) -> None:
        self._index = cast("Any", faiss.IndexFlatIP(dim))

    def add(self, block: Vectors) -> None:
        """The next rows."""
        self._index.add(np.ascontiguousarray(block, dtype=np.float32))

    def write(self, path: Path) -> None:
        """Write the index."""
        faiss.write_index(self._index, os.fspath(path))


def write_flat(path: Path, dim: int, blocks: list[Vectors]) -> None:
    """Write blocks of unit rows as one index, in their order."""
    writer = FlatWriter(dim)
    for block in blocks:
        writer.add(block)
    writer.write(path)


def _only(allowed: Rows | None) -> Any:
    if allowed is None:
        return None
    selector = faiss.IDSelectorBatch(allowed)
    # The stubs of FAISS don't know the names that its own wrapper adds.
    parameters: Any = cast("Any", faiss.SearchParameters)(sel=selector)
    parameters.keeps = selector  # FAISS holds a bare pointer to it
    return parameters
