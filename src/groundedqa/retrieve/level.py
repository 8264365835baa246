"""One level of a corpus, passages or sections: its vectors and its words over the same rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundedqa.index import LexicalIndex, Rows, Scores, VectorBackground, VectorIndex
from groundedqa.index.protocol import Vectors

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Level:
    """A VectorIndex and a LexicalIndex of the same rows, and how the vectors' scores are spread."""

    vectors: VectorIndex
    words: LexicalIndex
    background: VectorBackground

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.vectors)

    def score(self, vector: Vectors, question: str, rows: Rows) -> Scored:
        """Both scores of these rows; ``vector`` is the question's, (dim)."""
        return Scored(
            rows,
            self.vectors.scores(vector[None, :], rows)[0],
            self.words.scores(question, rows),
            self.background.spread(vector),
            self.words.background(question),
            self.words.attainable(question),
        )


@dataclass(frozen=True, slots=True)
class Scored:
    """Rows with their raw scores of both sides, and what makes those comparable.

    ``dense_spread`` and ``lexical_spread`` are mean and standard deviation of the question's scores
    over the whole level. ``attainable`` is the BM25 score of a text of average length that holds
    each word of the question once.
    """

    rows: Rows
    dense: Scores
    lexical: Scores
    dense_spread: tuple[float, float]
    lexical_spread: tuple[float, float]
    attainable: float

    def matched(self) -> float:
        """How much of the question's words the best row holds, by their rarity: 0 for none.

        It is 1 for a text of average length that holds each of them once.
        """
        if self.attainable <= 0 or not len(self.lexical):
            return 0.0
        return float(self.lexical.max()) / self.attainable


def standardised(scores: Scores | Array, spread: tuple[float, float]) -> Array:
    """Scores in standard deviations from the mean; all 0 where the level tells none apart."""
    mean, deviation = spread
    if deviation <= 0:
        return np.zeros(len(scores))
    return (scores.astype(np.float64) - mean) / deviation
