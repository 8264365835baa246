"""What passes between the layers: frozen dataclasses and nothing else.

Every ``start`` and ``end`` is half-open and counts Unicode code points of ``Document.text``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Section:
    """A heading's reach, or one expert answer with its author.

    Sections stand in the order of their start and nest: a heading of level 2 reaches over the
    headings of level 3 below it. ``anchor`` is the id that the heading has in its page,
    ``author_url`` the author's public profile; ``votes`` and ``accepted`` are an answer's.
    """

    start: int
    end: int
    heading: str
    level: int
    author: str | None = None
    role: str | None = None
    credential: str | None = None
    anchor: str | None = None
    author_url: str | None = None
    votes: int | None = None
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The reach of one page of a paged source, with the label that is printed on it.

    ``number`` is its place among all pages of the file, from 1, where a viewer opens the file at a
    page by that (PDF), and 0 elsewhere.
    """

    start: int
    end: int
    label: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """One cleaned source. ``text`` holds its prose; headings stand in ``sections``.

    ``publisher`` is the site or house that it comes from. ``beside`` is what its page shows besides
    title, headings and text: a link must not take those words for the quoted ones. It is there
    while a snapshot is built, and empty in a document that a snapshot gives.
    """

    doc_id: str
    title: str
    text: str
    kind: str
    url: str | None
    licence: str | None
    published: date | None
    language: str | None
    tags: tuple[str, ...]
    sections: tuple[Section, ...]
    pages: tuple[Page, ...]
    source: str
    source_sha256: str
    publisher: str | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Exactly ``document.text[start:end]``; it never crosses a section."""

    passage_id: str
    doc_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage; ``score`` is higher-is-better, the raw scores are kept beside it.

    ``also_at`` are the other places of the same words. ``pinned``: the site's own list put it here.
    """

    passage: Passage
    score: float
    dense: float | None = None
    lexical: float | None = None
    also_at: tuple[Passage, ...] = ()
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a quote: exactly ``document.text[start:end]``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Another place where a quote's words stand, or nearly those."""

    document: Document
    start: int
    end: int
    citation_id: str
    link: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whom a quote is owed to, as its licence asks: ``text`` is one line that can be pasted."""

    text: str
    title: str
    url: str | None
    author: str | None
    author_url: str | None
    publisher: str | None
    licence: str | None
    licence_url: str | None


@dataclass(frozen=True, slots=True)
class Citation:
    """Checked evidence: ``quote`` is exactly ``document.text[start:end]``.

    ``section`` lists the headings above the quote, outermost first. ``link`` opens the source at
    the quoted words where they can be named, and the source otherwise. ``best_sentence`` is the
    sentence of the quote that answers best.
    """

    rank: int
    score: float
    quote: str
    start: int
    end: int
    citation_id: str
    document: Document
    section: tuple[str, ...]
    author: str | None
    role: str | None
    credential: str | None
    page: str | None
    link: str
    attribution: Attribution
    best_sentence: Sentence | None = None
    also_at: tuple[Place, ...] = ()
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class RelatedQuestion:
    """A question of the corpus that is near in meaning to the one asked."""

    question: str
    doc_id: str
    url: str | None
    score: float


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that documents have, and how many of those that the filters leave have it."""

    value: str
    count: int


Decision = Literal["answered", "abstained"]
Reason = Literal["not_covered", "filtered_out", "unknown_words", "empty_corpus"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a question; no citations: it is not in the corpus.

    ``answerable`` is the probability that the corpus answers, and ``calibrated`` whether it was
    fitted on this corpus. ``reason`` says why it was abstained, and ``near_misses``, if asked for,
    are the passages that came nearest all the same. ``snapshot`` is the id of the snapshot that
    was read. ``preview``: its quotes were cut for who asked.
    """

    question: str
    decision: Decision
    answerable: float | None
    citations: tuple[Citation, ...]
    snapshot: str
    took_ms: float
    calibrated: bool = False
    reason: Reason | None = None
    near_misses: tuple[Citation, ...] = ()
    related: tuple[RelatedQuestion, ...] = ()
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    preview: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may answer. Values of one field are alternatives; fields add up.

    ``author`` is looked for in a document's sections. Dates are inclusive.
    """

    tags: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    licence: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None

    def __bool__(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()
