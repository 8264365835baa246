"""The names on the wire: responses as the OpenAPI document describes them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from groundedqa.ground import CitationState
from groundedqa.server import examples
from groundedqa.types import Answer, Citation, Document, Section


class CitedDocument(BaseModel):
    """The document that a passage stands in."""

    id: str
    title: str
    url: str | None = Field(description="The page's public address.")
    kind: str
    licence: str | None
    published: date | None
    tags: list[str]

    @classmethod
    def of(cls, document: Document) -> CitedDocument:
        """From the core's document."""
        return cls(
            id=document.doc_id,
            title=document.title,
            url=document.url,
            kind=document.kind,
            licence=document.licence,
            published=document.published,
            tags=list(document.tags),
        )


class CitationOut(BaseModel):
    """A passage, word for word, and where it stands."""

    rank: int
    score: float = Field(description="Higher is better; comparable within one answer.")
    quote: str = Field(description="Exactly the document's text from start to end.")
    start: int = Field(description="In Unicode code points of the document's text.")
    end: int
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

    @classmethod
    def of(cls, citation: Citation) -> CitationOut:
        """From the core's citation."""
        return cls(
            rank=citation.rank,
            score=citation.score,
            quote=citation.quote,
            start=citation.start,
            end=citation.end,
            citation_id=citation.citation_id,
            document=CitedDocument.of(citation.document),
            section=list(citation.section),
            author=citation.author,
            role=citation.role,
            credential=citation.credential,
            page=citation.page,
            link=citation.link,
        )


class AnswerOut(BaseModel):
    """What the corpus says to the question."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ANSWER]})

    question: str
    decision: Literal["answered", "abstained"]
    answerable: float | None = Field(
        description="Probability that the corpus answers; null where no calibrator was fitted."
    )
    citations: list[CitationOut] = Field(description="Best first.")
    snapshot: str
    took_ms: float

    @classmethod
    def of(cls, answer: Answer) -> AnswerOut:
        """From the core's answer."""
        return cls(
            question=answer.question,
            decision=answer.decision,
            answerable=answer.answerable,
            citations=[CitationOut.of(citation) for citation in answer.citations],
            snapshot=answer.snapshot,
            took_ms=answer.took_ms,
        )


class SectionOut(BaseModel):
    """A heading's reach over the text, or one expert answer."""

    start: int
    end: int
    heading: str
    level: int
    author: str | None
    role: str | None
    credential: str | None

    @classmethod
    def of(cls, section: Section) -> SectionOut:
        """From the core's section."""
        return cls(**{name: getattr(section, name) for name in cls.model_fields})


class DocumentOut(CitedDocument):
    """A document as it is indexed."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DOCUMENT]})

    language: str | None
    text: str
    sections: list[SectionOut]
    source: str = Field(description="The file below the corpus that it was read from.")

    @classmethod
    def of(cls, document: Document) -> DocumentOut:
        """From the core's document."""
        return cls(
            **CitedDocument.of(document).model_dump(),
            language=document.language,
            text=document.text,
            sections=[SectionOut.of(section) for section in document.sections],
            source=document.source,
        )


class CitationStateOut(BaseModel):
    """Where a citation that was made earlier is now."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CITATION]})

    citation_id: str
    document_id: str
    state: Literal["stands", "moved", "gone"]
    start: int | None = Field(description="Where the words stand now; null once they are gone.")
    end: int | None
    quote: str | None
    snapshot: str

    @classmethod
    def of(cls, state: CitationState, snapshot: str) -> CitationStateOut:
        """From the core's state."""
        return cls(
            citation_id=state.citation_id,
            document_id=state.doc_id,
            state=state.state,
            start=state.start,
            end=state.end,
            quote=state.quote,
            snapshot=snapshot,
        )


class Health(BaseModel):
    """The process lives."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """The service answers questions."""

    status: Literal["ready"] = "ready"
    snapshot: str
    problem: str | None = Field(
        default=None, description="Why a newer snapshot was refused; the older one is answering."
    )


class InvalidField(BaseModel):
    """One thing that is wrong with a request."""

    field: str
    detail: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=["urn:groundedqa:problem:document-not-found"])
    title: str
    status: int
    detail: str
    errors: list[InvalidField] | None = Field(default=None, description="For a request's fields.")
