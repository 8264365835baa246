"""Pinned passages: what the site itself puts first for a question, as ``site.toml`` says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from groundedqa.index import DocumentStore
from groundedqa.index.pins import PinnedRows, folded_question
from groundedqa.retrieve.protocol import Retriever
from groundedqa.types import Filters, Hit, Passage


class PinnedRetriever:
    """A Retriever that puts a question's pinned passages before what another one finds.

    It wraps all others: what is pinned is not fused, collapsed or reranked again. A pinned hit has
    the best score found, so that none rises down the list; ``dense`` and ``lexical`` stay what the
    other retriever gave, or None where it did not find the passage.
    """

    def __init__(self, retriever: Retriever, pins: PinnedRows, store: DocumentStore) -> None:
        self._retriever = retriever
        self._pins = pins
        self._store = store

    def retrieve(self, question: str, k: int, filters: Filters) -> list[Hit]:
        """The k best passages that the filters leave, pinned ones first in the order of the pins.

        A passage shows once, also where the other retriever has it in ``also_at``.
        """
        hits = self._retriever.retrieve(question, k, filters)
        rows = self._pins.get(folded_question(question), ())
        if rows and filters:
            allowed = frozenset(self._store.rows(filters).tolist())
            rows = tuple(row for row in rows if row in allowed)
        if not rows:
            return hits
        pinned: list[Hit] = []
        shown: set[str] = set()
        for passage in self._store.passages(rows):
            if passage.passage_id not in shown:
                pinned.append(_pinned(passage, hits))
                shown.update(_places(pinned[-1]))
        return [*pinned, *(hit for hit in hits if hit.passage.passage_id not in shown)][:k]


def _pinned(passage: Passage, hits: Sequence[Hit]) -> Hit:
    """The passage as a pinned hit, with what was found of it or of its copy."""
    best = hits[0].score if hits else 0.0
    for hit in hits:
        if passage.passage_id in _places(hit):
            places = (hit.passage, *hit.also_at)
            others = tuple(place for place in places if place.passage_id != passage.passage_id)
            return replace(hit, passage=passage, score=best, also_at=others, pinned=True)
    return Hit(passage, score=best, pinned=True)


def _places(hit: Hit) -> list[str]:
    return [place.passage_id for place in (hit.passage, *hit.also_at)]
