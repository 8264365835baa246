"""Questions that mean the same, by their vectors: average linkage in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from groundedqa.encode import Vectors

Labels = NDArray[np.intp]

# Sixty questions in 15 meanings, some of them neighbours ("mitosis" and "mitosis against meiosis"),
# by all-MiniLM-L6-v2 (tests/operate/gap_questions.py). Pairs put together rightly, and pairs that
# belong together that were: 1.00 and 0.93 at 0.65; 0.84 and 0.93 at 0.60; 1.00 and 0.71 at 0.70.
# At 0.65, single linkage (what any chain of neighbours joins) has 0.72 and 0.93; complete linkage
# 1.00 and 0.71; a leader that later questions join 1.00 and 0.89.
ALIKE = 0.65
_ROWS = 256  # are compared with all others at once: 20,000 questions take 20 MB
_TOGETHER = 5000  # are compared pair by pair: 100 MB
_STRICTER = 0.05
_ROUNDING = 1e-5  # of float32 sums


def by_meaning(vectors: Vectors, alike: float = ALIKE) -> Labels:
    """A label for each unit row; those of one meaning share it. Labels count up from 0.

    Two sets are one meaning where the mean inner product between them is at least ``alike``,
    the nearest sets first. So no set is joined but where some pair of questions is as near: sets
    that no such pair joins are told apart first, and each is then taken by itself. One of more
    than 5,000 questions is parted by a stricter likeness until it is not.
    """
    labels = np.zeros(len(vectors), dtype=np.intp)
    count = 0
    for rows in _joined(vectors, np.arange(len(vectors)), alike):
        within = _averaged(vectors[rows], alike)
        labels[rows] = count + within
        count += int(within.max()) + 1
    return labels


def _joined(vectors: Vectors, rows: Labels, alike: float) -> Iterator[Labels]:
    """The rows in sets that no pair as near as this joins, none of them too large."""
    parts = _components(vectors[rows], alike)
    order = np.argsort(parts, kind="stable")
    edges = np.flatnonzero(np.diff(parts[order])) + 1
    for members in np.split(rows[order], edges):
        if len(members) <= _TOGETHER:
            yield members
        elif alike < 1:
            yield from _joined(vectors, members, alike + _STRICTER)
        else:  # nothing tells these apart
            yield from np.array_split(members, -(-len(members) // _TOGETHER))


def _components(vectors: Vectors, alike: float) -> Labels:
    """Which rows a chain of pairs as near as this joins: a label for each."""
    from scipy.sparse import coo_array  # takes a second to import
    from scipy.sparse.csgraph import connected_components

    labels = np.arange(len(vectors), dtype=np.intp)
    for start in range(0, len(vectors), _ROWS):
        near = vectors[start : start + _ROWS] @ vectors.T >= alike - _ROUNDING
        left, right = np.nonzero(near)
        pairs = (labels[left + start], labels[right])
        known = int(labels.max()) + 1
        graph = coo_array((np.ones(len(left), dtype=np.int8), pairs), shape=(known, known))
        labels = connected_components(graph, directed=False)[1][labels].astype(np.intp)
    return labels


def _averaged(vectors: Vectors, alike: float) -> Labels:
    """Average linkage of a few: a label for each row, from 0."""
    if len(vectors) == 1:
        return np.zeros(1, dtype=np.intp)
    from scipy.cluster.hierarchy import fcluster, linkage

    pairs = np.triu_indices(len(vectors), 1)
    away = (1 - vectors @ vectors.T)[pairs].clip(min=0).astype(np.float64)
    tree = linkage(away, "average")
    return np.asarray(fcluster(tree, 1 - alike, "distance") - 1, dtype=np.intp)
