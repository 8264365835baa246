"""Answers with their citations."""

from __future__ import annotations

from dataclasses import asdict

from pydantic import BaseModel, ConfigDict, Field

from groundedqa.server import examples
from groundedqa.server.schemas.document import CitedDocument
from groundedqa.types import (
    Answer,
    Attribution,
    Citation,
    Decision,
    FacetValue,
    Place,
    Reason,
    RelatedQuestion,
    Sentence,
)


class SentenceOut(BaseModel):
    """One sentence of a quote, word for word."""

    start: int = Field(description="In the document's text, as the quote's own start.")
    end: int
    text: str

    @classmethod
    def of(cls, sentence: Sentence) -> SentenceOut:
        """From the core's sentence."""
        return cls(start=sentence.start, end=sentence.end, text=sentence.text)


class PlaceOut(BaseModel):
    """Another place where the quoted words stand, or nearly those."""

    document: CitedDocument
    start: int
    end: int
    citation_id: str
    link: str

    @classmethod
    def of(cls, place: Place) -> PlaceOut:
        """From the core's place."""
        return cls(
            document=CitedDocument.of(place.document),
            start=place.start,
            end=place.end,
            citation_id=place.citation_id,
            link=place.link,
        )


class AttributionOut(BaseModel):
    """Whom the quote is owed to, as its licence asks."""

    text: str = Field(description="All of it in one line that can be pasted.")
    title: str
    url: str | None = Field(description="The page's public address.")
    author: str | None
    author_url: str | None = Field(description="The author's public profile.")
    publisher: str | None = Field(description="The site or house that it comes from.")
    licence: str | None
    licence_url: str | None = Field(description="The licence's deed, where its address is known.")

    @classmethod
    def of(cls, attribution: Attribution) -> AttributionOut:
        """From the core's attribution."""
        return cls(**asdict(attribution))


class CitationOut(BaseModel):
    """A passage, word for word, and where it stands."""

    rank: int
    score: float = Field(description="Higher is better; comparable within one answer.")
    quote: str = Field(description="Exactly the document's text from start to end.")
    start: int = Field(description="In Unicode code points of the document's text.")
    end: int
    best_sentence: SentenceOut | None = Field(
        description="The sentence of the quote that answers best; null where it has none."
    )
    citation_id: str
    document: CitedDocument
    section: list[str] = Field(description="The headings above the passage, outermost first.")
    author: str | None
    role: str | None
    credential: str | None
    page: str | None
    link: str = Field(
        description="Opens the source at the quoted words; relative to the service where the "
        "document has no public address."
    )
    attribution: AttributionOut
    also_at: list[PlaceOut] = Field(
        description="The other places of the same or nearly the same words; shown once, here."
    )
    pinned: bool = Field(description="Whether the site itself put it first for this question.")

    @classmethod
    def of(cls, citation: Citation) -> CitationOut:
        """From the core's citation."""
        best = citation.best_sentence
        return cls(
            rank=citation.rank,
            score=citation.score,
            quote=citation.quote,
            start=citation.start,
            end=citation.end,
            best_sentence=SentenceOut.of(best) if best else None,
            citation_id=citation.citation_id,
            document=CitedDocument.of(citation.document),
            section=list(citation.section),
            author=citation.author,
            role=citation.role,
            credential=citation.credential,
            page=citation.page,
            link=citation.link,
            attribution=AttributionOut.of(citation.attribution),
            also_at=[PlaceOut.of(place) for place in citation.also_at],
            pinned=citation.pinned,
        )


class RelatedOut(BaseModel):
    """A question of the corpus that is near in meaning to the one asked."""

    question: str
    document_id: str
    url: str | None = Field(description="The public address of its page.")
    score: float = Field(description="Higher is nearer.")

    @classmethod
    def of(cls, related: RelatedQuestion) -> RelatedOut:
        """From the core's related question."""
        return cls(
            question=related.question,
            document_id=related.doc_id,
            url=related.url,
            score=related.score,
        )


class FacetOut(BaseModel):
    """A value, and how many of the documents that the filters leave have it."""

    value: str
    count: int

    @classmethod
    def of(cls, value: FacetValue) -> FacetOut:
        """From the core's value."""
        return cls(value=value.value, count=value.count)


class AnswerOut(BaseModel):
    """What the corpus says to the question."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [examples.ANSWER, examples.ABSTENTION]}
    )

    question: str
    decision: Decision
    answerable: float | None = Field(
        description="Probability that the corpus answers; null where nothing judged it."
    )
    calibrated: bool = Field(
        description="Whether the probability was fitted on this corpus; else the calibrator that "
        "comes with the package gave it."
    )
    reason: Reason | None = Field(
        description="Why it abstained; null where it answered. not_covered: the corpus does not "
        "hold the answer. filtered_out: it may, but not in what the filters leave. unknown_words: "
        "the corpus has no word of the question. empty_corpus: there is nothing in it."
    )
    citations: list[CitationOut] = Field(description="Best first; none where it abstained.")
    near_misses: list[CitationOut] = Field(
        description="Where it abstained, and if asked for: the passages that came nearest. They "
        "are not an answer."
    )
    related: list[RelatedOut] = Field(
        description="If asked for: the corpus's own questions nearest in meaning, best first."
    )
    facets: dict[str, list[FacetOut]] = Field(
        description="By field asked for, its values among the documents that the filters leave, "
        "most frequent first, at most 100."
    )
    preview: bool = Field(
        description="Whether quotes are cut, for the key or the page shows a preview."
    )
    snapshot: str
    took_ms: float
    answer_id: str | None = Field(
        description="What feedback on its citations names it by, for two days; null where there is "
        "none to give."
    )

    @classmethod
    def of(cls, answer: Answer, answer_id: str | None = None) -> AnswerOut:
        """From the core's answer, and the id that it was given."""
        return cls(
            question=answer.question,
            decision=answer.decision,
            answerable=answer.answerable,
            calibrated=answer.calibrated,
            reason=answer.reason,
            citations=[CitationOut.of(citation) for citation in answer.citations],
            near_misses=[CitationOut.of(citation) for citation in answer.near_misses],
            related=[RelatedOut.of(question) for question in answer.related],
            facets={
                field: [FacetOut.of(value) for value in values]
                for field, values in answer.facets.items()
            },
            preview=answer.preview,
            snapshot=answer.snapshot,
            took_ms=answer.took_ms,
            answer_id=answer_id,
        )


class BatchOut(BaseModel):
    """What the corpus says to each of several questions."""

    answers: list[AnswerOut] = Field(description="In the order of the questions.")
