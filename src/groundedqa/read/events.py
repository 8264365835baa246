"""What comes of a corpus besides its documents: which reader took what, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass

from groundedqa.types import Document


@dataclass(frozen=True, slots=True)
class Opened:
    """A source that a reader took; ``chosen_by`` is "content" or "suffix"."""

    source: str
    reader: str
    chosen_by: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read, where it stands in its source, and why."""

    source: str
    place: str
    reason: str

    def __str__(self) -> str:
        """``name, place: reason``."""
        return f"{self.source}{', ' + self.place if self.place else ''}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Notice:
    """What an operator should know of a document that was read all the same."""

    source: str
    doc_id: str
    text: str


Event = Opened | Document | Problem | Notice
