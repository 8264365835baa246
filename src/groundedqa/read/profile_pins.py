"""What ``site.toml`` says of search: pinned passages, and words that mean the same."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field, field_validator

# As written in site.toml: a group of equivalents, or "phrase => equivalent, equivalent".
Synonyms = tuple[str, ...] | str
SynonymRule = tuple[str, tuple[str, ...]]
_ARROW = "=>"


class Pin(BaseModel):
    """A passage that the site itself puts first for some questions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[str, ...] = Field(
        min_length=1, description="whole questions; letter case, accents and signs don't count"
    )
    document: str = Field(min_length=1, description="doc_id of the document pinned")
    quote: str | None = Field(
        default=None, description="first words of the passage; else the document's first passage"
    )

    @field_validator("questions")
    @classmethod
    def _questions_have_words(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if not _has_words(value):
                raise ValueError(f"{value!r} is no question: it has no letter or digit")
        return values

    @field_validator("quote")
    @classmethod
    def _quote_has_words(cls, value: str | None) -> str | None:
        if value is not None and not _has_words(value):
            raise ValueError(f"{value!r} names no passage: leave it out, or give its first words")
        return value


def checked_synonyms(entries: object) -> tuple[Synonyms, ...]:
    """The entries of ``synonyms`` as given.

    Raises:
        ValueError: one is neither a group nor one way, or has less than two members; it is named.
    """
    if not isinstance(entries, list | tuple):
        raise ValueError('must be a list of groups ["a", "b"] and of lines "a => b, c"')
    return tuple(_checked(entry) for entry in entries)


def synonym_rules(synonyms: Sequence[Synonyms]) -> tuple[SynonymRule, ...]:
    """Each phrase once, in the order of its first entry, with the equivalents it brings along.

    Every member of a group brings all others; what stands left of ``=>`` brings what stands right.
    """
    rules: dict[str, dict[str, None]] = {}
    for entry in synonyms:
        members = _members(entry)
        phrases = members[:1] if isinstance(entry, str) else members
        for phrase in phrases:
            others = [member for member in members if member != phrase]
            rules.setdefault(phrase, {}).update(dict.fromkeys(others))
    return tuple((phrase, tuple(others)) for phrase, others in rules.items() if others)


def _checked(entry: object) -> Synonyms:
    if isinstance(entry, str):
        if entry.count(_ARROW) != 1:
            raise ValueError(f'{entry!r} must be a group ["a", "b"] or one way: "a => b, c"')
        checked: Synonyms = entry
    elif isinstance(entry, list | tuple) and all(isinstance(member, str) for member in entry):
        checked = tuple(entry)
    else:
        raise ValueError(f'{entry!r} must be a group of texts ["a", "b"] or a line "a => b, c"')
    members = _members(checked)
    if not all(map(_has_words, members)):
        raise ValueError(f"{entry!r} has a member without a letter or digit")
    if len(set(members)) < 2:
        raise ValueError(f"{entry!r} needs at least two different members")
    return checked


def _members(entry: Synonyms) -> list[str]:
    """All members without outer or doubled white space, that left of an arrow first."""
    if isinstance(entry, str):
        phrase, _, equivalents = entry.partition(_ARROW)
        entry = (phrase, *equivalents.split(","))
    return [" ".join(member.split()) for member in entry]


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)
