"""What the service answers, with its own names. What a newer service adds is passed over."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Sentence(_Model):
    """One sentence of a quote, word for word."""

    start: int
    end: int
    text: str


class CitedDocument(_Model):
    """The document that a passage stands in."""

    id: str
    title: str
    url: str | None
    publisher: str | None
    kind: str
    licence: str | None
    published: date | None
    language: str | None
    tags: list[str]


class Section(_Model):
    """A heading's reach over the text, or one expert answer."""

    start: int
    end: int
    heading: str
    level: int
    author: str | None
    role: str | None
    credential: str | None
    anchor: str | None
    author_url: str | None
    votes: int | None
    accepted: bool


class Document(CitedDocument):
    """A document as it is indexed; every quote of it is a slice of ``text``."""

    text: str
    sections: list[Section]
    source: str


class Place(_Model):
    """Another place where the quoted words stand, or nearly those."""

    document: CitedDocument
    start: int
    end: int
    citation_id: str
    link: str


class Attribution(_Model):
    """Whom a quote is owed to; ``text`` is all of it in one line that can be pasted."""

    text: str
    title: str
    url: str | None
    author: str | None
    author_url: str | None
    publisher: str | None
    licence: str | None
    licence_url: str | None


class Citation(_Model):
    """A passage, word for word, and where it stands; offsets count Unicode code points."""

    rank: int
    score: float
    quote: str
    start: int
    end: int
    best_sentence: Sentence | None
    citation_id: str
    document: CitedDocument
    section: list[str]
    author: str | None
    role: str | None
    credential: str | None
    page: str | None
    link: str
    attribution: Attribution
    also_at: list[Place]
    pinned: bool


class Related(_Model):
    """A question of the corpus that is near in meaning to the one asked."""

    question: str
    document_id: str
    url: str | None
    score: float


class Facet(_Model):
    """A value, and how many of the documents that the filters leave have it."""

    value: str
    count: int


class Answer(_Model):
    """What the corpus says to a question; it abstains where it does not hold the answer."""

    question: str
    decision: Literal["answered", "abstained"]
    answerable: float | None
    calibrated: bool
    reason: str | None
    citations: list[Citation]
    near_misses: list[Citation]
    related: list[Related]
    facets: dict[str, list[Facet]]
    preview: bool = False
    snapshot: str
    took_ms: float
    answer_id: str | None = None


class Answers(_Model):
    """The answers of a batch as they come."""

    answers: list[Answer]


class CitationState(_Model):
    """Where a citation that was made earlier is now."""

    citation_id: str
    document_id: str
    state: Literal["stands", "moved", "gone"]
    start: int | None
    end: int | None
    quote: str | None
    snapshot: str


class Suggestion(_Model):
    """A question or heading of the corpus that completes what was typed."""

    text: str
    document_id: str
    kind: str
    score: float


class Suggestions(_Model):
    """The suggestions as they come."""

    suggestions: list[Suggestion]


class Readiness(_Model):
    """The service answers; ``problem`` says why a newer snapshot was refused."""

    status: Literal["ready"]
    snapshot: str
    problem: str | None = None
