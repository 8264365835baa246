"""What the scores of a question say, before anyone judges whether they say enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundedqa.index import LexicalIndex, QueryWord, Scores
from groundedqa.retrieve.level import Array, Scored, standardised

FIRST = 20  # passages whose scores are looked at


@dataclass(frozen=True, slots=True)
class Evidence:
    """The scores of the best candidates, and how much of the question's words they hold.

    ``dense``, ``lexical`` and ``fused`` are standardised scores of the first passages in the order
    of ``fused``, the passages' own; ``cosines`` and ``matches`` (BM25 to what is attainable) are
    the raw ones beside them. ``coverage`` is the share of the question's words that each of the
    first passages holds, by rarity, and ``unknown`` the share that no passage does.
    ``best_cosines`` and ``best_matches`` are each side's own best, in descending order.
    """

    dense: Array
    lexical: Array
    fused: Array
    cosines: Array
    matches: Array
    coverage: Array
    best_cosines: Array
    best_matches: Array
    dense_spread: tuple[float, float]
    unknown: float
    words: int
    agree: bool  # both sides' best passage is the same


def evidence_of(scored: Scored, fused: Array, coverage: Scores, asked: list[QueryWord]) -> Evidence:
    """The evidence of these candidates; ``fused`` and ``coverage`` are theirs, row by row."""
    first = np.argsort(-fused, kind="stable")[:FIRST]
    matches = scored.lexical.astype(np.float64) / (scored.attainable or 1.0)
    total = sum(word.idf for word in asked)
    none = sum(word.idf for word in asked if not word.rows)
    return Evidence(
        dense=standardised(scored.dense[first], scored.dense_spread),
        lexical=standardised(scored.lexical[first], scored.lexical_spread),
        fused=fused[first],
        cosines=scored.dense[first].astype(np.float64),
        matches=matches[first],
        coverage=coverage[first].astype(np.float64),
        best_cosines=_highest(scored.dense.astype(np.float64)),
        best_matches=_highest(matches),
        dense_spread=scored.dense_spread,
        unknown=none / total if total else 1.0,
        words=len(asked),
        agree=len(fused) > 0 and int(scored.dense.argmax()) == int(scored.lexical.argmax()),
    )


def read_evidence(question: str, words: LexicalIndex, scored: Scored, fused: Array) -> Evidence:
    """The evidence of candidates that stand in the index."""
    first = np.argsort(-fused, kind="stable")[:FIRST]
    coverage = np.zeros(len(fused), dtype=np.float32)
    coverage[first] = words.coverage(question, scored.rows[first])
    return evidence_of(scored, fused, coverage, list(words.terms(question)))


def _highest(scores: Array) -> Array:
    return -np.sort(-scores)[:FIRST]
