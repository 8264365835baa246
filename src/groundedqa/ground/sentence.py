"""The sentence of a quote that answers best: the nearest to the question in the encoder's vectors.

Sentence and question are compared as a passage and a question are, by inner product.
"""

from __future__ import annotations

import numpy as np

from groundedqa.errors import SnapshotCorruptError
from groundedqa.index.protocol import Scores, Vectors
from groundedqa.index.sentences import PassageSentences
from groundedqa.types import Passage, Sentence


def best_sentence(
    passage: Passage, sentences: PassageSentences, question: Vectors
) -> Sentence | None:
    """The best sentence of a passage, the first of equals, as a slice of its text.

    ``question`` is the question's own vector, (dim,). A sentence that the encoder did not read
    comes after all others. None only for a passage without sentences.

    Raises:
        SnapshotCorruptError: the sentence does not lie within the passage.
    """
    if not sentences.bounds:
        return None
    start, end = sentences.bounds[int(np.argmax(_scores(sentences, question)))]
    if not passage.start <= start < end <= passage.end:
        raise SnapshotCorruptError(
            f"a sentence of passage {passage.passage_id} lies outside of it; rebuild with: "
            "groundedqa build"
        )
    return Sentence(start, end, passage.text[start - passage.start : end - passage.start])


def _scores(sentences: PassageSentences, question: Vectors) -> Scores:
    # Summed in float64 and rounded once, equal rows have equal scores wherever they stand.
    products = sentences.rows.astype(np.float64) @ question.astype(np.float64)
    read = sentences.rows.any(axis=1)
    scores: Scores = np.where(read, products, -np.inf).astype(np.float32)
    return scores
