"""One open snapshot with everything that answers from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groundedqa.ask.question import Wanted
from groundedqa.ask.ranking import Ranking
from groundedqa.encode import Encoder
from groundedqa.ground import Calibrator, best_sentence, cite, link_to, load_calibrator
from groundedqa.ground.citation import make_citation_id
from groundedqa.index import PassageSentences
from groundedqa.index.pins import pinned_ids, pinned_rows
from groundedqa.index.protocol import Vectors
from groundedqa.retrieve import (
    CollapsedRetriever,
    FusedRetriever,
    PinnedRetriever,
    Retriever,
    Weights,
    levels_of,
)
from groundedqa.snapshot import Snapshot
from groundedqa.types import (
    Citation,
    Document,
    FacetValue,
    Filters,
    Hit,
    Passage,
    Place,
    Reason,
    RelatedQuestion,
)

_ALL_UNKNOWN = 0.999  # of the question's words, by rarity


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether the corpus answers a question: the probability, and why not where it does not."""

    answerable: float
    reason: Reason | None


class Answering:
    """Retrieval, judgement and citation over one snapshot; threads may share it."""

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder,
        ranking: Ranking,
    ) -> None:
        self.snapshot = snapshot
        self.encoder = encoder
        self.calibrator: Calibrator = load_calibrator(snapshot.tuning["calibrator"], encoder.name)
        self._store = snapshot.store
        weights = ranking.weights(Weights(**snapshot.tuning["weights"]))
        self._fused = FusedRetriever(
            encoder, levels_of(snapshot.parts), self._store, weights, ranking.method
        )
        retriever = ranking.reranked(CollapsedRetriever(self._fused, self._store))
        pins = snapshot.site.pins
        rows = pinned_rows(pins, self._store.rows_of(pinned_ids(pins)))
        self.retriever: Retriever = PinnedRetriever(retriever, rows, self._store)

    def judge(self, question: str, hits: Sequence[Hit], filters: Filters, wanted: Wanted) -> Judged:
        """Whether these hits answer, at the risk that the site takes or a smaller one."""
        evidence = self._fused.evidence(question, filters)
        answerable = self.calibrator.probability(evidence)
        risk = min(self.snapshot.site.risk, wanted.risk or 1.0)
        threshold = self.calibrator.threshold(risk)
        # What the site itself pinned to this question is its answer.
        if hits and (answerable >= threshold or hits[0].pinned):
            return Judged(answerable, None)
        if not len(self.snapshot.parts.vectors):
            return Judged(answerable, "empty_corpus")
        if filters:
            unfiltered = self._fused.evidence(question, Filters())
            if not hits or self.calibrator.probability(unfiltered) >= threshold:
                return Judged(answerable, "filtered_out")
        unknown = evidence.unknown > _ALL_UNKNOWN
        return Judged(answerable, "unknown_words" if unknown else "not_covered")

    def vector(self, question: str) -> Vectors:
        """The question's unit vector; that of one just judged is remembered."""
        return self._fused.vector(question)

    def citations(self, question: str, hits: Sequence[Hit]) -> tuple[Citation, ...]:
        """Each hit as checked evidence, its best sentence told."""
        # A long document is read once, however many of its passages are cited.
        cited = dict.fromkeys(
            passage.doc_id for hit in hits for passage in (hit.passage, *hit.also_at)
        )
        documents = {doc_id: self._store.document(doc_id) for doc_id in cited}
        rows = self._store.rows_of([hit.passage.passage_id for hit in hits])
        vector = self._fused.vector(question)
        return tuple(
            self._citation(rank, hit, documents, rows[hit.passage.passage_id], vector)
            for rank, hit in enumerate(hits, 1)
        )

    def related(self, question: str, count: int) -> tuple[RelatedQuestion, ...]:
        """The corpus's own questions nearest in meaning, best first."""
        if not count:
            return ()
        index = self.snapshot.parts.questions
        rows, scores = index.search(self._fused.vector(question)[None, :], count)[0]
        found = self._store.questions(rows.tolist())
        return tuple(
            RelatedQuestion(title, doc_id, url, float(score))
            for (title, doc_id, url), score in zip(found, scores, strict=True)
        )

    def facets(self, filters: Filters, fields: Sequence[str]) -> dict[str, tuple[FacetValue, ...]]:
        """The values of these fields among the documents that the filters leave."""
        return dict(self._store.facets(filters, fields)) if fields else {}

    def _citation(
        self, rank: int, hit: Hit, documents: dict[str, Document], row: int, vector: Vectors
    ) -> Citation:
        sentences: PassageSentences = self.snapshot.parts.sentences.of(row)
        return cite(
            rank,
            hit,
            documents[hit.passage.doc_id],
            self._store.fragment(hit.passage.passage_id),
            best_sentence=best_sentence(hit.passage, sentences, vector),
            also_at=tuple(self._place(place, documents[place.doc_id]) for place in hit.also_at),
        )

    def _place(self, passage: Passage, document: Document) -> Place:
        citation_id = make_citation_id(document.doc_id, passage.start, passage.end, passage.text)
        link = link_to(document, citation_id, self._store.fragment(passage.passage_id))
        return Place(document, passage.start, passage.end, citation_id, link)
