"""What could be meant by what is being typed."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from groundedqa.index import Suggestion
from groundedqa.index.suggest import Kind
from groundedqa.server import examples


class SuggestionOut(BaseModel):
    """A question or heading of the corpus."""

    text: str
    document_id: str = Field(description="A document that has it.")
    kind: Kind
    score: float = Field(
        description="Above 0 to 1: 1 where it starts as typed, 0.8 where it holds the words in "
        "that order, 0.6 in any order; half of that for each letter put right."
    )


class SuggestionsOut(BaseModel):
    """What completes or corrects what was typed."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SUGGESTIONS]})

    suggestions: list[SuggestionOut] = Field(description="Best first.")

    @classmethod
    def of(cls, found: Sequence[Suggestion]) -> SuggestionsOut:
        """From the core's suggestions."""
        return cls(
            suggestions=[
                SuggestionOut(text=s.text, document_id=s.doc_id, kind=s.kind, score=s.score)
                for s in found
            ]
        )
