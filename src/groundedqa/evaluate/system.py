"""What is evaluated: anything that ranks passages for a query and says whether it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from groundedqa.types import Decision, Document, Section


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage that came, with the headings above it, outermost first.

    ``also_at`` are the other places of the same words: who is shown this one is shown those.
    """

    doc_id: str
    section: tuple[str, ...]
    start: int
    end: int
    score: float
    text: str = ""
    title: str = ""
    also_at: tuple[Ranked, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one query; ``ranked`` is best first, also where the decision is to abstain.

    ``answerable`` is None where the system has no calibrator. ``took_ms`` is the system's own
    time for the answer.
    """

    ranked: tuple[Ranked, ...]
    decision: Decision
    answerable: float | None
    took_ms: float


class System(Protocol):
    """A query to what came of it."""

    def ask(self, query_id: str, text: str) -> Outcome:
        """Ask one query; the id is for what answers from a file."""
        ...


@dataclass(frozen=True, slots=True)
class Outline:
    """A document without its text: what a place in it is called."""

    doc_id: str
    title: str
    sections: tuple[Section, ...]

    @classmethod
    def of(cls, document: Document) -> Outline:
        """From the core's document."""
        return cls(document.doc_id, document.title, document.sections)

    def path(self, start: int) -> tuple[str, ...]:
        """The headings above a place, outermost first, as a citation lists them."""
        above = (s for s in self.sections if s.start <= start < s.end)
        return tuple(section.heading for section in above if section.heading)

    def paths(self) -> list[tuple[str, ...]]:
        """The path of every section, itself last, in the order of the text."""
        return [
            (*self._above(number, section), section.heading)
            for number, section in enumerate(self.sections)
            if section.heading
        ]

    def _above(self, number: int, section: Section) -> tuple[str, ...]:
        # A section stands after those around it, which may begin at the same place.
        before = self.sections[:number]
        around = (s for s in before if s.start <= section.start < s.end)
        return tuple(s.heading for s in around if s.heading)
