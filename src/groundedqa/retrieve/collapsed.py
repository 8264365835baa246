"""The same words once: copies and overlapping spans stand beside the best of them.

Not by document: two good passages of one page may both stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from groundedqa.retrieve.protocol import Retriever
from groundedqa.types import Filters, Hit, Passage

_MARGIN = 3  # hits asked for beyond k at first; asked again, it is for twice as many
_MOST_PLACES = 10
_BESIDE = 10  # places asked for beyond those: a hit itself and what overlaps with it are left out


class Copies(Protocol):
    """What a snapshot knows of the copies in it (index/copies.py and copy_sql.py)."""

    def groups(self, passage_ids: Sequence[str]) -> list[int]:
        """The copy group of each of these passages."""
        ...

    def members(
        self, groups: Sequence[int], filters: Filters, most: int
    ) -> dict[int, list[Passage]]:
        """The passages of each group that the filters leave, by row, and at most so many.

        Groups of one may be left out.
        """
        ...


class CollapsedRetriever:
    """A Retriever that wraps one. Scores and the order of what stays are the wrapped one's.

    A hit's ``also_at`` are its copies in all of the corpus that the filters leave, at most ten, in
    the order of their rows; spans that overlap with it are left out, for they are no other place.
    """

    def __init__(self, inner: Retriever, copies: Copies) -> None:
        self._inner = inner
        self._copies = copies

    def retrieve(self, question: str, k: int, filters: Filters) -> list[Hit]:
        """The k best hits that say different things, best first; fewer where there are no more."""
        if k <= 0:
            return []
        asked = k + _MARGIN
        while True:
            found = self._inner.retrieve(question, asked, filters)
            kept = self._distinct(found)
            if len(kept) >= k or len(found) < asked:
                return self._with_places(kept[:k], filters)
            asked *= 2

    def _distinct(self, found: Sequence[Hit]) -> list[tuple[int, Hit]]:
        """Each hit that is no copy of a better one and overlaps with none, with its group."""
        groups = self._copies.groups([hit.passage.passage_id for hit in found])
        kept: dict[int, Hit] = {}
        spans: dict[str, list[Passage]] = {}
        for group, hit in zip(groups, found, strict=True):
            beside = spans.setdefault(hit.passage.doc_id, [])
            if group in kept or any(overlap(hit.passage, other) for other in beside):
                continue
            kept[group] = hit
            beside.append(hit.passage)
        return list(kept.items())

    def _with_places(self, kept: Sequence[tuple[int, Hit]], filters: Filters) -> list[Hit]:
        most = _MOST_PLACES + _BESIDE
        members = self._copies.members([group for group, _ in kept], filters, most)
        return [
            replace(hit, also_at=_places(hit.passage, members.get(group, [])))
            for group, hit in kept
        ]


def overlap(one: Passage, other: Passage) -> bool:
    """Whether two passages share characters of one document."""
    return one.doc_id == other.doc_id and one.start < other.end and other.start < one.end


def _places(passage: Passage, members: Sequence[Passage]) -> tuple[Passage, ...]:
    others = [member for member in members if not overlap(passage, member)]
    return tuple(others[:_MOST_PLACES])
