"""A citation looked up in a snapshot, and as a list of sources has it."""

from __future__ import annotations

from dataclasses import dataclass

from groundedqa.errors import CitationNotFoundError
from groundedqa.ground import CitationState, Style, cited_source, formatted
from groundedqa.types import Document


@dataclass(frozen=True, slots=True)
class Located:
    """A citation looked up in one snapshot: with its document there, None if it is gone."""

    state: CitationState
    document: Document | None
    snapshot: str

    def formatted(self, style: Style) -> str:
        """The document as a list of sources in this style has it, with the words' author and page.

        Raises:
            CitationNotFoundError: the words are gone.
        """
        start, end = self.state.start, self.state.end
        if self.document is None or start is None or end is None:
            raise CitationNotFoundError(
                f"the words of {self.state.citation_id[:80]!r} are not in the corpus any more"
            )
        return formatted(cited_source(self.document, start, end), style)
