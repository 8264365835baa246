"""The fields of requests: what each takes, strictly, as JSON and in an address."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from groundedqa.ask import LONGEST_QUESTION, MOST_CITATIONS, MOST_RELATED, check_question
from groundedqa.errors import QuestionError
from groundedqa.index import FACET_FIELDS

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
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_MOST_SUGGESTIONS = 20
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


def _count(value: Any) -> Any:
    """JSON has one kind of number: 2.0 is the whole number 2. A string or ``true`` is none."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number")
    return value


def _share(value: Any) -> Any:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise ValueError("must be a number")
    return value


def _flag(value: Any) -> Any:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _facet(value: str) -> str:
    if value not in FACET_FIELDS:
        raise ValueError(f"is no facet; there are {', '.join(FACET_FIELDS)}")
    return value


# In an address everything is text; what is not of the form stays text, and is refused as that.
def whole_of_text(value: Any) -> Any:
    """A whole number that stands in an address."""
    return int(value) if isinstance(value, str) and _WHOLE.fullmatch(value) else value


def number_of_text(value: Any) -> Any:
    """A number that stands in an address."""
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def flag_of_text(value: Any) -> Any:
    """``true`` or ``false`` in an address."""
    return {"true": True, "false": False}.get(str(value), value)


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
    BeforeValidator(_count),
]
Risk = Annotated[
    Annotated[float, Field(gt=0, lt=1)] | None,
    BeforeValidator(_share),
    Field(
        description="At most this share of what is shown may be wrong. It can only be stricter "
        "than the site's own: a larger one changes nothing."
    ),
]
NearMisses = Annotated[
    bool,
    BeforeValidator(_flag),
    Field(description="Whether an abstention names the passages that came nearest."),
]
Helpful = Annotated[
    bool,
    BeforeValidator(_flag),
    Field(description="Whether it helped to answer the question."),
]
Related = Annotated[
    int,
    Field(
        ge=0,
        le=MOST_RELATED,
        description="How many of the corpus's own questions, nearest in meaning, come along.",
    ),
    BeforeValidator(_count),
]
_Value = Annotated[str, Field(max_length=500)]
Values = Annotated[
    list[_Value],
    Field(max_length=100),
    BeforeValidator(
        _as_list, json_schema_input_type=Annotated[list[_Value], Field(max_length=100)] | _Value
    ),
]
_Facet = Annotated[
    str, AfterValidator(_facet), Field(json_schema_extra={"enum": list(FACET_FIELDS)})
]
_Facets = Annotated[list[_Facet], Field(max_length=100)]
Facets = Annotated[
    _Facets,
    BeforeValidator(_as_list, json_schema_input_type=_Facets | _Facet),
    Field(
        description="The fields whose values are counted among the documents that the filters "
        "leave; of published it is the year."
    ),
]
Suggestions = Annotated[
    int,
    Field(ge=1, le=_MOST_SUGGESTIONS, description="How many suggestions at most."),
    BeforeValidator(_count),
]
Day = Annotated[date | None, BeforeValidator(_day, json_schema_input_type=date | None)]
