"""What passes between the layers: frozen dataclasses and nothing else.

Every ``start`` and ``end`` is half-open and counts Unicode code points of ``Document.text``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Section:
    """A heading's reach, or one expert answer with its author.

    Sections stand in the order of their start and nest: a heading of level 2 reaches over the
    headings of level 3 below it.
    """

    start: int
    end: int
    heading: str
    level: int
    author: str | None = None
    role: str | None = None
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The reach of one page of a paged source, with the label that is printed on it."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Document:
    """One cleaned source. ``text`` holds its prose; headings stand in ``sections``."""

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
    """A ranked passage; ``score`` is higher-is-better, the raw scores are kept beside it."""

    passage: Passage
    score: float
    dense: float | None = None
    lexical: float | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Checked evidence: ``quote`` is exactly ``document.text[start:end]``.

    ``section`` lists the headings above the quote, outermost first. ``link`` opens the source at
    the quoted words where they can be named, and the source otherwise.
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


Decision = Literal["answered", "abstained"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a question; no citations: it is not in the corpus.

    ``answerable`` is the calibrated probability that the corpus answers, or None where no
    calibrator was fitted. ``snapshot`` is the id of the snapshot that was read.
    """

    question: str
    decision: Decision
    answerable: float | None
    citations: tuple[Citation, ...]
    snapshot: str
    took_ms: float


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
