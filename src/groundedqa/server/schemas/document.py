"""Documents and what became of citations of them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from groundedqa.ground import CitationState
from groundedqa.server import examples
from groundedqa.types import Document, Section


class CitedDocument(BaseModel):
    """The document that a passage stands in."""

    id: str
    title: str
    url: str | None = Field(description="The page's public address.")
    publisher: str | None = Field(description="The site or house that it comes from.")
    kind: str
    licence: str | None
    published: date | None
    language: str | None = Field(description="As BCP 47.")
    tags: list[str]

    @classmethod
    def of(cls, document: Document) -> CitedDocument:
        """From the core's document."""
        return cls(
            id=document.doc_id,
            title=document.title,
            url=document.url,
            publisher=document.publisher,
            kind=document.kind,
            licence=document.licence,
            published=document.published,
            language=document.language,
            tags=list(document.tags),
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
    anchor: str | None = Field(description="The heading's id in its page.")
    author_url: str | None = Field(description="The author's public profile.")
    votes: int | None
    accepted: bool = Field(description="Whether the asker took this answer.")

    @classmethod
    def of(cls, section: Section) -> SectionOut:
        """From the core's section."""
        return cls(**{name: getattr(section, name) for name in cls.model_fields})


class DocumentOut(CitedDocument):
    """A document as it is indexed."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DOCUMENT]})

    text: str
    sections: list[SectionOut]
    source: str = Field(description="The file below the corpus that it was read from.")

    @classmethod
    def of(cls, document: Document) -> DocumentOut:
        """From the core's document."""
        return cls(
            **CitedDocument.of(document).model_dump(),
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
