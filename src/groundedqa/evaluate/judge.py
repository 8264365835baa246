"""What a ranked passage counts as at each level: a document, a section, or a gold span found.

A judge names the units that a passage stands for. A unit ranks where its first passage does, so
documents, sections and spans are ranked by their best passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from groundedqa.evaluate.data import EvaluationData, Qrels, Span
from groundedqa.evaluate.sections import JOINT, GoldSection, SectionFinder
from groundedqa.evaluate.system import Outline, Ranked


class Judge(Protocol):
    """The qrels over units, the units of a passage, and a unit's name for people."""

    qrels: Qrels

    def units(self, query_id: str, ranked: Ranked) -> list[str]:
        """What the passage stands for, judged or not; at least one."""
        ...

    def label(self, unit: str) -> str:
        """What a person knows the unit by."""
        ...


class DocumentJudge:
    """A passage stands for its document."""

    def __init__(self, qrels: Qrels) -> None:
        self.qrels = qrels

    def units(self, query_id: str, ranked: Ranked) -> list[str]:
        """The document."""
        del query_id
        return [ranked.doc_id]

    def label(self, unit: str) -> str:
        """Its id."""
        return unit


class SectionJudge:
    """A passage stands for the named sections that it is in.

    One in none of them stands for its section at the depth of the deepest named one, so that a
    document's many small headings don't take up the ranks.

    Raises:
        ConfigurationError: a section of the qrels can't be resolved; the message names it.
    """

    def __init__(self, qrels: Qrels, finder: SectionFinder) -> None:
        self.qrels = qrels
        judged = dict.fromkeys(name for units in qrels.values() for name in units)
        named = [section for name in judged for section in finder.find(name)]
        named += [section for section in finder.others() if section.section_id not in judged]
        self._depth = max((section.depth for section in named), default=0)
        self._named = {section.section_id: section for section in reversed(named)}
        self._by_document: dict[str, list[GoldSection]] = {}
        for section in named:
            self._by_document.setdefault(section.doc_id, []).append(section)

    def units(self, query_id: str, ranked: Ranked) -> list[str]:
        """The named sections, else the passage's own as ``doc_id#path``.

        Of sections that share one title, those judged for the query stand first.
        """
        judged = self.qrels.get(query_id, {})
        named = self._by_document.get(ranked.doc_id, ())
        found = [section.section_id for section in named if section.holds(ranked.section)]
        own = f"{ranked.doc_id}#{JOINT.join(ranked.section[: self._depth])}"
        return sorted(found, key=lambda name: name not in judged) or [own]

    def label(self, unit: str) -> str:
        """Document and headings."""
        section = self._named.get(unit)
        return JOINT.join((section.doc_id, *section.path)) if section else unit


class SpanJudge:
    """A passage stands for the query's gold spans of which it holds at least half."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.qrels: Qrels = {}
        self._spans: dict[tuple[str, str], list[Span]] = {}
        for span in spans:
            self.qrels.setdefault(span.query_id, {})[_name(span.doc_id, span.start, span.end)] = 1
            self._spans.setdefault((span.query_id, span.doc_id), []).append(span)

    def units(self, query_id: str, ranked: Ranked) -> list[str]:
        """The gold spans, else the passage itself, both as ``doc_id.start-end``."""
        found = [
            _name(span.doc_id, span.start, span.end)
            for span in self._spans.get((query_id, ranked.doc_id), ())
            if 2 * _overlap(span, ranked) >= span.end - span.start
        ]
        return found or [_name(ranked.doc_id, ranked.start, ranked.end)]

    def label(self, unit: str) -> str:
        """Document, start and end."""
        return unit


def judge_of(data: EvaluationData, outlines: Iterable[Outline] = ()) -> Judge:
    """The judge of the data's level; ``outlines``, of the corpus, are for section level alone.

    Raises:
        ConfigurationError: a section of the qrels can't be resolved; the message names it.
    """
    if data.level == "section":
        return SectionJudge(data.qrels, SectionFinder(outlines, data.section_titles))
    return SpanJudge(data.spans) if data.level == "span" else DocumentJudge(data.qrels)


def ranking(judge: Judge, query_id: str, ranked: Iterable[Ranked]) -> dict[str, float]:
    """The scores of a run by unit, best first, each as its first passage came.

    Scores fall from rank to rank, by a millionth at least: measures sort by them, in single
    precision too, and order equal ones by name. A pinned passage stands above its score.
    """
    scores: dict[str, float] = {}
    last = float("inf")
    for unit, score in _in_order(judge, query_id, ranked):
        if unit not in scores:
            last = min(score, last - 1e-6 * max(1.0, abs(last))) if scores else score
            scores[unit] = last
    return scores


def _in_order(judge: Judge, query_id: str, ranked: Iterable[Ranked]) -> Iterator[tuple[str, float]]:
    """Every unit; the other places of the same words come right after the one shown."""
    for passage in ranked:
        for place in (passage, *passage.also_at):
            for unit in judge.units(query_id, place):
                yield unit, passage.score


def _overlap(span: Span, ranked: Ranked) -> int:
    return max(0, min(span.end, ranked.end) - max(span.start, ranked.start))


def _name(doc_id: str, start: int, end: int) -> str:
    return f"{doc_id}.{start}-{end}"
