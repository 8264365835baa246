"""Requests as they are checked, and as the OpenAPI document describes them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from groundedqa.ask import DEFAULT_CITATIONS, LONGEST_QUESTION, MOST_CITATIONS, check_question
from groundedqa.errors import QuestionError
from groundedqa.types import Filters

# No control characters, and something besides white space and what is never seen; as
# ``check_question`` has it, for whoever makes requests from the OpenAPI document.
_CONTROLS = r"\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F"
_UNSEEN = (
    r"\u0009\u000A\u000D\u0020\u0080-\u00A0\u00AD\u1680\u2000-\u200B\u2028-\u202F\u205F\u2060"
    r"\u2066-\u2069\u3000\uFEFF"
)
_TEXT = f"^[^{_CONTROLS}]*[^{_CONTROLS}{_UNSEEN}][^{_CONTROLS}]*$"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_EXAMPLE = "why did everyone starve in ukraine in the 30s"


def _checked(question: str) -> str:
    try:
        check_question(question)
    except QuestionError as error:
        raise ValueError(str(error)) from error
    return question


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _day(value: Any) -> Any:
    """Only what the schema says: pydantic takes times and numbers of seconds too."""
    if (
        value is None
        or isinstance(value, date)
        or (isinstance(value, str) and _DAY.fullmatch(value))
    ):
        return value
    raise ValueError("must be a day as 2026-01-31")


def _json_count(value: Any) -> Any:
    """JSON has one kind of number: 2.0 is the whole number 2. A string or ``true`` is none."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number")
    return value


def _address_count(value: Any) -> Any:
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise ValueError("must be a whole number")
    return value


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
_Value = Annotated[str, Field(max_length=500)]
Values = Annotated[
    list[_Value],
    Field(max_length=100),
    BeforeValidator(
        _as_list, json_schema_input_type=Annotated[list[_Value], Field(max_length=100)] | _Value
    ),
]
Day = Annotated[date | None, BeforeValidator(_day, json_schema_input_type=date | None)]


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


class AskRequest(_Request):
    """A question as JSON."""

    question: Question
    k: Annotated[Count, BeforeValidator(_json_count, json_schema_input_type=Count)] = (
        DEFAULT_CITATIONS
    )
    filters: FilterFields = FilterFields()


class AskQuery(FilterFields):
    """A question in the address; filters as repeated parameters beside it."""

    q: Question
    k: Annotated[Count, BeforeValidator(_address_count, json_schema_input_type=Count)] = (
        DEFAULT_CITATIONS
    )
