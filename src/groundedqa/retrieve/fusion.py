"""Scores of both sides to one: by the corpus's own spread, by ranks, or by the best and the worst.

``standard`` is what serves. A score is taken as its distance from the mean of the question's scores
over the whole corpus, in standard deviations. The lexical one counts as far as the question's words
are matched at all: among passages that share but one common word with the question, the highest
BM25 score is many deviations above a mean near 0, and says nothing. What was measured: docs/adr/5.

The others are there to be compared with: reciprocal ranks (Cormack, Clarke and Buettcher 2009) and
min-max scaling, both over the candidates alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from groundedqa.retrieve.level import Array, Scored, standardised

Method = Literal["standard", "reciprocal-rank", "min-max"]
_RANK_CONSTANT = 60  # as in the paper


def fuse(scored: Scored, dense_weight: float, method: Method = "standard") -> Array:
    """One score a row, higher is better; ``dense_weight`` 1 is dense alone, 0 lexical alone."""
    dense, lexical = _SIDES[method](scored)
    return dense_weight * dense + (1 - dense_weight) * lexical


def _standard(scored: Scored) -> tuple[Array, Array]:
    dense = standardised(scored.dense, scored.dense_spread)
    lexical = standardised(scored.lexical, scored.lexical_spread)
    return dense, lexical * scored.matched()


def _reciprocal_rank(scored: Scored) -> tuple[Array, Array]:
    lexical = np.where(scored.lexical > 0, _ranks(scored.lexical), np.inf)
    return 1 / (_RANK_CONSTANT + _ranks(scored.dense)), 1 / (_RANK_CONSTANT + lexical)


def _min_max(scored: Scored) -> tuple[Array, Array]:
    return _scaled(scored.dense), _scaled(scored.lexical)


_SIDES: dict[Method, Callable[[Scored], tuple[Array, Array]]] = {
    "standard": _standard,
    "reciprocal-rank": _reciprocal_rank,
    "min-max": _min_max,
}


def _ranks(scores: Array | np.ndarray[tuple[int], np.dtype[np.float32]]) -> Array:
    """1 for the highest; equal scores in the order of their rows."""
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return ranks


def _scaled(scores: Array | np.ndarray[tuple[int], np.dtype[np.float32]]) -> Array:
    if not len(scores):
        return np.zeros(0)
    lowest, highest = float(scores.min()), float(scores.max())
    if highest <= lowest:
        return np.zeros(len(scores))
    return (scores.astype(np.float64) - lowest) / (highest - lowest)
