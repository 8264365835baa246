"""How a query's inner products with all passages are spread, without computing them.

Over rows x with mean m and covariance C the inner products of a query q have mean q.m and variance
q.C.q. So a score can be told in standard deviations from the corpus's own mean, by which the
scores of vectors and of words are made commensurable.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from groundedqa.errors import SnapshotCorruptError
from groundedqa.index.protocol import Vectors

_BLOCK = 16_384  # rows turned into float64 at a time: 50 MB at 384 dimensions
_HEADER = struct.Struct("<4sI")
_MAGIC = b"GQVB"


class VectorBackground:
    """The mean vector (dim) and the covariance (dim, dim) of a corpus's vectors, in float64."""

    def __init__(self, mean: NDArray[np.float64], covariance: NDArray[np.float64]) -> None:
        self._mean = mean
        self._covariance = covariance

    @property
    def mean(self) -> NDArray[np.float64]:
        """The mean of all rows, (dim)."""
        return self._mean

    @classmethod
    def of(cls, vectors: Vectors) -> VectorBackground:
        """Of all rows (rows, dim), a block at a time; all zeros where there are none."""
        dim = vectors.shape[1]
        count = max(len(vectors), 1)
        mean = np.zeros(dim)
        for block in _blocks(vectors):
            mean += block.sum(axis=0)
        mean /= count
        covariance = np.zeros((dim, dim))
        for block in _blocks(vectors):
            # Centred first: the difference of two large sums would lose a small covariance.
            block -= mean
            covariance += block.T @ block
        return cls(mean, covariance / count)

    def spread(self, vector: Vectors) -> tuple[float, float]:
        """Mean and standard deviation of a query vector's (dim) inner products with all rows."""
        query = vector.astype(np.float64)
        variance = max(float(query @ self._covariance @ query), 0.0)
        return float(query @ self._mean), variance**0.5

    def to_bytes(self) -> bytes:
        """As bytes: the dimension, the mean, the covariance row by row; little-endian."""
        header = _HEADER.pack(_MAGIC, len(self._mean))
        whole = np.vstack([self._mean, self._covariance])
        return header + whole.astype("<f8").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> VectorBackground:
        """Back from bytes.

        Raises:
            SnapshotCorruptError: they are not what ``to_bytes`` gave.
        """
        magic, dim = _HEADER.unpack_from(data) if len(data) >= _HEADER.size else (b"", 0)
        if magic != _MAGIC or len(data) != _HEADER.size + 8 * dim * (dim + 1):
            raise SnapshotCorruptError("the background of the vectors is not whole: build again")
        whole = np.frombuffer(data, dtype="<f8", offset=_HEADER.size).reshape(dim + 1, dim)
        return cls(whole[0].astype(np.float64), whole[1:].astype(np.float64))


def _blocks(vectors: Vectors) -> Iterator[NDArray[np.float64]]:
    for start in range(0, len(vectors), _BLOCK):
        yield vectors[start : start + _BLOCK].astype(np.float64)
