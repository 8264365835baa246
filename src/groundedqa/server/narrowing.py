"""Filters in the ask page's address, and the addresses that take one away or add one.

The parameters are those of ``GET /v1/ask``. A page is its address: it can be shared, and works
without a script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.datastructures import QueryParams

from groundedqa.errors import QuestionError
from groundedqa.server.requests import FilterFields
from groundedqa.types import Answer, Filters

_MOST_SHOWN = 8  # values of a field that are offered
# Each link holds the question and all filters: what is more than a person would type is refused, or
# gets no links.
_MOST_FILTERS = 20
_LONGEST_LINKED = 500
_FROM, _TO = _DAYS = ("published_from", "published_to")
# What each field is called, in the order in which it is offered.
_NAMES = {
    "tags": "Tag",
    "kind": "Kind",
    "author": "Author",
    "published": "Published",
    "language": "Language",
    "licence": "Licence",
}
_SAID = {("kind", "qa"): "question pages"}  # values that are no words
_VALUED = tuple(field for field in _NAMES if field != "published")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    field: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that narrows as it is said, how many pages have it, and the address with it."""

    value: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A field that has more than one value, with the most frequent; ``more`` are not shown."""

    name: str
    choices: tuple[Choice, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filters of one ask page: ``pairs`` are their parameters as they stand in its address."""

    home: str
    question: str = ""
    pairs: Pairs = ()

    @property
    def filters(self) -> Filters:
        """The same as the core has it.

        Raises:
            QuestionError: a value is none, or stands twice where it is taken once; or there are
                more filters than a page shows.
        """
        if len(self.pairs) > _MOST_FILTERS:
            raise QuestionError(f"a page takes at most {_MOST_FILTERS} filters")
        for name in _DAYS:
            if [field for field, _ in self.pairs].count(name) > 1:
                raise QuestionError(f"{name} must be given once")
        valued = {name: [v for field, v in self.pairs if field == name] for name in _VALUED}
        days = {field: value for field, value in self.pairs if field in _DAYS}
        try:
            return FilterFields.model_validate(valued | days).filters()
        except ValidationError as error:
            wrong = error.errors()[0]
            said = str(wrong["msg"]).removeprefix("Value error, ")
            raise QuestionError(f"the filter {wrong['loc'][0]} can't be read: {said}") from error

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that can narrow further: one that does already is offered to be removed."""
        taken = {"published" if field in _DAYS else field for field, _ in self.pairs}
        return tuple(field for field in _NAMES if field not in taken)

    @property
    def without_all(self) -> str:
        """The address of the same question without filters."""
        return self._address(())

    def chips(self) -> tuple[Chip, ...]:
        """Each filter in force; both ends of a stretch of time are one."""
        found = [
            Chip(_NAMES[field], _said(field, value), self._without((field, value)))
            for field, value in dict.fromkeys(self.pairs)
            if field not in _DAYS
        ]
        days = {field: value for field, value in self.pairs if field in _DAYS}
        if days:
            rest = self._address([pair for pair in self.pairs if pair[0] not in _DAYS])
            found.append(Chip(_NAMES["published"], _stretch(days.get(_FROM), days.get(_TO)), rest))
        return tuple(found)

    def facets(self, answer: Answer) -> tuple[Facet, ...]:
        """What narrows an answer further: fields of more than one value, most frequent first."""
        if len(self.question) > _LONGEST_LINKED:
            return ()
        found = []
        for field in self.fields:
            counted = answer.facets.get(field, ())
            if len(counted) > 1:
                shown = counted[:_MOST_SHOWN]
                choices = tuple(
                    Choice(_said(field, each.value), each.count, self._with(field, each.value))
                    for each in shown
                )
                found.append(Facet(_NAMES[field], choices, len(counted) - len(shown)))
        return tuple(found)

    def _without(self, pair: tuple[str, str]) -> str:
        return self._address([each for each in self.pairs if each != pair])

    def _with(self, field: str, value: str) -> str:
        if field == "published":
            added: Pairs = ((_FROM, f"{value}-01-01"), (_TO, f"{value}-12-31"))
        else:
            added = ((field, value),)
        return self._address((*self.pairs, *added))

    def _address(self, pairs: Sequence[tuple[str, str]]) -> str:
        asked = [("q", self.question)] if self.question.strip() else []
        query = urlencode([*asked, *pairs])
        return f"{self.home}?{query}" if query else self.home


def narrowing_of(params: QueryParams, home: str, question: str) -> Narrowing:
    """The filters that an address has; what a form left empty is none, and others are passed by."""
    known = (*_VALUED, *_DAYS)
    pairs = tuple((name, v) for name, v in params.multi_items() if name in known and v.strip())
    return Narrowing(home, question, pairs)


def _said(field: str, value: str) -> str:
    return _SAID.get((field, value), value)


def _stretch(first: str | None, last: str | None) -> str:
    """A stretch of time in words: a whole year by its number."""
    if first and last:
        year = date.fromisoformat(first).year
        whole = (first, last) == (f"{year:04}-01-01", f"{year:04}-12-31")
        return f"{year:04}" if whole else f"{first} to {last}"
    return f"from {first}" if first else f"until {last}"
