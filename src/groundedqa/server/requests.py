"""Requests as they are checked, and as the OpenAPI document describes them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import get_origin

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, field_validator

from groundedqa.ask import DEFAULT_CITATIONS, Wanted
from groundedqa.ground import Style
from groundedqa.server.fields import (
    Count,
    Day,
    Facets,
    Helpful,
    NearMisses,
    Question,
    Related,
    Risk,
    Suggestions,
    Values,
    flag_of_text,
    number_of_text,
    whole_of_text,
)
from groundedqa.types import Filters

MOST_QUESTIONS = 64


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FilterFields(_Request):
    """Which documents may answer. Values of one field are alternatives; fields add up."""

    tags: Values = Field(default=[], description="Documents with one of these tags.")
    kind: Values = Field(default=[], description="Documents of one of these kinds.")
    author: Values = Field(default=[], description="Documents with an answer by one of these.")
    language: Values = Field(default=[], description="Documents in one of these languages.")
    licence: Values = Field(default=[], description="Documents under one of these licences.")
    published_from: Day = Field(default=None, description="Not published before this day.")
    published_to: Day = Field(default=None, description="Not published after this day.")

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


class WantedFields(_Request):
    """How much of an answer is wanted."""

    k: Count = DEFAULT_CITATIONS
    risk: Risk = None
    near_misses: NearMisses = False
    related: Related = 0
    facets: Facets = []

    def wanted(self) -> Wanted:
        """The same as the core has it."""
        return Wanted(
            k=self.k,
            risk=self.risk,
            near_misses=self.near_misses,
            related=self.related,
            facets=tuple(dict.fromkeys(self.facets)),
        )


class AskRequest(WantedFields):
    """A question as JSON."""

    question: Question
    filters: FilterFields = FilterFields()


class BatchRequest(_Request):
    """Several questions as JSON."""

    questions: list[AskRequest] = Field(
        min_length=1, max_length=MOST_QUESTIONS, description="Each as `POST /v1/ask` takes it."
    )


class FeedbackRequest(_Request):
    """What a student says of a citation, as JSON."""

    answer_id: str = Field(
        min_length=1,
        max_length=4096,
        description="The answer's `answer_id`, of two days at most.",
    )
    citation_id: str = Field(
        min_length=1, max_length=5_000, description="The `citation_id` of one of its citations."
    )
    helpful: Helpful


class AskQuery(WantedFields, FilterFields):
    """A question in the address; filters as repeated parameters beside it."""

    q: Question

    _counts = field_validator("k", "related", mode="before")(whole_of_text)
    _risk = field_validator("risk", mode="before")(number_of_text)
    _near_misses = field_validator("near_misses", mode="before")(flag_of_text)


class SuggestQuery(_Request):
    """What was typed so far, in the address."""

    q: str = Field(
        description="What was typed so far: anything. Blank, or longer than 300 characters, it "
        "gets no suggestions.",
        examples=["why did col"],
    )
    k: Suggestions = 8

    _counts = field_validator("k", mode="before")(whole_of_text)


class CitationQuery(_Request):
    """How a citation is wanted, in the address."""

    format: Style | None = Field(
        default=None,
        description="A line for a list of sources in this style, or a BibTeX entry, in the place "
        "of the state.",
    )


def each_once(model: type[BaseModel]) -> Callable[[Request], Awaitable[None]]:
    """A dependency that refuses an address which gives twice what the model takes once.

    FastAPI would take the last one and say nothing.
    """
    single = [n for n, f in model.model_fields.items() if get_origin(f.annotation) is not list]

    async def refuse_repeated(request: Request) -> None:
        repeated = [n for n in single if len(request.query_params.getlist(n)) > 1]
        if repeated:
            raise RequestValidationError(
                [
                    {"type": "repeated", "loc": ("query", name), "msg": "must be given once"}
                    for name in repeated
                ]
            )

    return refuse_repeated
