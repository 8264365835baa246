"""Passages by meaning and by word, each supported by the sections that it stands in.

Candidates are the best of both sides. One that a single side proposes gets its true score from the
other. To a passage's own score a share is added of the mean score of the sections around it, each
with its own vector and its whole text: of two like passages the one in the section on the matter
comes first. A passage that has its section to itself, or stands in none, is its own support.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from groundedqa.encode import Encoder
from groundedqa.index import DocumentStore, Membership, Rows
from groundedqa.index.protocol import Vectors
from groundedqa.retrieve.evidence import Evidence, read_evidence
from groundedqa.retrieve.fusion import Method, fuse
from groundedqa.retrieve.level import Array, Level, Scored
from groundedqa.snapshot import Parts
from groundedqa.stages import timed
from groundedqa.types import Filters, Hit

_CANDIDATES = 100  # of each side, or k if that is more
_REMEMBERED = 8  # questions: one is asked for hits and for evidence, by several threads at once


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much. ``dense`` against lexical, 0 to 1; ``section`` beside a passage's own.

    The defaults were chosen on other corpora (benchmarks/README.md); `tune` fits a corpus's own.
    """

    dense: float = 0.7
    section: float = 0.6


@dataclass(frozen=True, slots=True)
class Levels:
    """The passages, the sections that hold more than one, and which passage stands in which."""

    passages: Level
    sections: Level
    membership: Membership


def levels_of(parts: Parts) -> Levels:
    """The levels of an open snapshot."""
    return Levels(
        Level(parts.vectors, parts.words, parts.background),
        Level(parts.sections, parts.section_words, parts.section_background),
        parts.membership,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A question's candidates, best first, with the scores of both sides."""

    scored: Scored
    fused: Array
    order: Rows  # into the arrays of the two


class FusedRetriever:
    """A Retriever over both levels of a snapshot; threads may share it."""

    def __init__(
        self,
        encoder: Encoder,
        levels: Levels,
        store: DocumentStore,
        weights: Weights,
        method: Method = "standard",
    ) -> None:
        self._encoder = encoder
        self._levels = levels
        self._store = store
        self._weights = weights
        self._method: Method = method
        self._found = lru_cache(_REMEMBERED)(self._find)
        self._vector = lru_cache(_REMEMBERED)(self._encode)
        # Words are looked up while the question is encoded and vectors are compared: neither of
        # those holds the interpreter's lock.
        self._aside = ThreadPoolExecutor(os.cpu_count(), "words")

    def retrieve(self, question: str, k: int, filters: Filters) -> list[Hit]:
        """The k best passages, best first, with the raw scores of both sides."""
        found = self._found(question, max(k, _CANDIDATES), filters)
        order = found.order[:k]
        scored = found.scored
        passages = self._store.passages(scored.rows[order].tolist())
        return [
            Hit(
                passage,
                score=float(found.fused[at]),
                dense=float(scored.dense[at]),
                lexical=float(scored.lexical[at]),
            )
            for passage, at in zip(passages, order, strict=True)
        ]

    def evidence(self, question: str, filters: Filters) -> Evidence:
        """What the scores of the question say of whether anything answers it."""
        scored = self._found(question, _CANDIDATES, filters).scored
        own = fuse(scored, self._weights.dense)  # by itself: sections support what is like it
        return read_evidence(question, self._levels.passages.words, scored, own)

    def vector(self, question: str) -> Vectors:
        """The question's unit vector, (dim)."""
        return self._vector(question)

    def _encode(self, question: str) -> Vectors:
        with timed("encode"):
            vector: Vectors = self._encoder.encode_queries([question])[0]
        vector.flags.writeable = False  # it is remembered
        return vector

    def _find(self, question: str, depth: int, filters: Filters) -> _Found:
        level = self._levels.passages
        allowed = self._store.rows(filters) if filters else None
        words = self._aside.submit(copy_context().run, self._by_word, question, depth, allowed)
        vector = self._vector(question)
        with timed("dense"):
            by_meaning, _ = level.vectors.search(vector[None, :], depth, allowed)[0]
        by_word = words.result()
        with timed("fuse"):
            scored = level.score(vector, question, np.union1d(by_meaning, by_word))
            fused = self._supported(vector, question, scored)
            order = np.argsort(-fused, kind="stable")  # rows ascend: ties stand in their order
        return _Found(scored, fused, order)

    def _by_word(self, question: str, depth: int, allowed: Rows | None) -> Rows:
        """The best rows by words; what the sections' words say is remembered there on the way."""
        with timed("lexical"):
            rows, _ = self._levels.passages.words.search(question, depth, allowed)
            self._levels.sections.words.background(question)
        return rows

    def _supported(self, vector: Vectors, question: str, scored: Scored) -> Array:
        """The candidates' own scores, and a share of their sections'."""
        own = fuse(scored, self._weights.dense, self._method)
        sections, per_row = self._levels.membership.of(scored.rows)
        if not self._weights.section or self._method != "standard" or not len(sections):
            return own
        around = self._levels.sections.score(vector, question, sections)
        support = per_row(fuse(around, self._weights.dense), own)
        return own + self._weights.section * support
