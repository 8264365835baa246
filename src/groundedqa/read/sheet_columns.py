"""Which column of a table holds what, as ``site.toml`` says or as its name does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from groundedqa.errors import SourceError
from groundedqa.read.profile_tables import Tables

# What tables call such columns themselves, in the order in which they are preferred.
_USUAL: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "doc id", "document id", "question id"),
    "title": ("title", "question title", "heading"),
    "question": ("question", "question text", "question body", "query", "prompt"),
    "text": ("text", "body", "content", "passage"),
    "answer": ("answer", "answer text", "answer body", "expert answer", "response", "reply"),
    "author": ("author", "answered by", "expert", "tutor", "educator", "author name"),
    "role": ("role", "author role"),
    "credential": ("credential", "credentials", "author credential", "qualification"),
    "url": ("url", "link", "address", "permalink"),
    "published": ("published", "date", "published at", "created", "created at"),
    "licence": ("licence", "license"),
    "language": ("language", "lang"),
    "tags": ("tags", "tag", "keywords", "topics"),
    "kind": ("kind",),
}
_PARTS = re.compile(r"[\s_-]+")
_MOST_NAMED = 12  # columns that a message names
_LONGEST = 40  # characters of a name in it


def columns_of(header: Sequence[str], own: Tables) -> dict[str, int]:
    """The number of the column that holds each field; fields that no column holds are left out."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(_folded(name), place)
    places.pop("", None)
    given = {field: tuple(map(_folded, getattr(own, field))) for field in _USUAL}
    taken = {name for names in given.values() for name in names}
    found: dict[str, int] = {}
    for field, usual in _USUAL.items():
        names = (*given[field], *(name for name in usual if name not in taken))
        held = next((name for name in names if name in places), None)
        if held is not None:
            found[field] = places[held]
    return found


def is_enough(columns: Mapping[str, int]) -> bool:
    """Whether documents can be made of these columns."""
    return "text" in columns or "answer" in columns


def missing(header: Sequence[str], own: Tables) -> tuple[str, ...]:
    """What ``site.toml`` names and this table lacks, each as a warning."""
    there = {_folded(name) for name in header}
    return tuple(
        f'no column is named "{names[0]}", which site.toml has for {field}'
        for field in Tables.model_fields
        if (names := getattr(own, field)) and not any(_folded(name) in there for name in names)
    )


def no_text(header: Sequence[str]) -> SourceError:
    """The error for a table none of whose columns is known to hold text."""
    names = [f'"{" ".join(name.split())[:_LONGEST]}"' for name in header if name.strip()]
    named = ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")
    return SourceError(
        f"no column is known to hold text; the columns are {named or 'without names'}: say in"
        ' site.toml which are what, as [tables] question = "...", answer = "..." (or text = "...")'
    )


def _folded(name: str) -> str:
    return _PARTS.sub(" ", name).strip().casefold()
