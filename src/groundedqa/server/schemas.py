"""The names on the wire: requests that are checked, responses that are described."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from groundedqa.ask import DEFAULT_CITATIONS, LONGEST_QUESTION, MOST_CITATIONS, check_question
from groundedqa.errors import QuestionError
from groundedqa.ground import CitationState
from groundedqa.types import Answer, Citation, Document, Filters, Section

# No control characters, no lone surrogates, and something besides white space.
_TEXT = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uD800-\uDFFF]*$"
_EXAMPLE = "why did everyone starve in ukraine in the 30s"


def _checked(question: str) -> str:
    try:
        check_question(question)
    except QuestionError as error:
        raise ValueError(str(error)) from error
    return question


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Question = Annotated[
    str,
    AfterValidator(_checked),
    Field(
        min_length=1,
        max_length=LONGEST_QUESTION,
        description="The student's question: 1 to 10,000 characters of text, not blank.",
        json_schema_extra={"pattern": _TEXT},
        examples=[_EXAMPLE],
    ),
]
Count = Annotated[
    int,
    Field(ge=1, le=MOST_CITATIONS, description="How many passages at most."),
]
Values = Annotated[
    list[Annotated[str, Field(max_length=500)]],
    BeforeValidator(_as_list, json_schema_input_type=list[str] | str),
    Field(max_length=100),
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FilterFields(_Request):
    """Which documents may answer. Values of one field are alternatives; fields add up."""

    tags: Values = Field(default=[], description="Documents with one of these tags.")
    kind: Values = Field(default=[], description="Documents of one of these kinds.")
    author: Values = Field(default=[], description="Documents with an answer by one of these.")
    language: Values = Field(default=[], description="Documents in one of these languages.")
    licence: Values = Field(default=[], description="Documents under one of these licences.")
    published_from: date | None = Field(default=None, description="Not published before this day.")
    published_to: date | None = Field(default=None, description="Not published after this day.")

    def filters(self) -> Filters:
        """The same as the core has it."""
        return Filters(
            tags=tuple(self.tags),
            kind=tuple(self.kind),
            author=tuple(self.author),
            language=tuple(self.language),
            licence=tuple(self.licence),
            published_from=self.published_from,
            published_to=self.published_to,
        )


class AskRequest(_Request):
    """A question as JSON."""

    question: Question
    k: Annotated[Count, Field(strict=True)] = DEFAULT_CITATIONS
    filters: FilterFields = FilterFields()


class AskQuery(FilterFields):
    """A question in the address; filters as repeated parameters beside it."""

    q: Question
    k: Count = DEFAULT_CITATIONS


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
