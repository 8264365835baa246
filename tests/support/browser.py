"""A browser's search for a text directive, written from the specification and not from our code.

https://wicg.github.io/scroll-to-text-fragment/#finding-ranges-in-a-document
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from urllib.parse import unquote

from icu4py.breakers import WordBreaker

Place = tuple[int, int]  # block, character


@dataclass
class Block:
    """What one block of a page shows, and where each character stands in the document."""

    text: str = ""
    places: list[int] = field(default_factory=list)
    folded: str = ""
    origin: list[int] = field(default_factory=list)
    bounds: set[int] = field(default_factory=set)

    def add(self, text: str, place: int | None = None) -> None:
        for number, character in enumerate(text):
            if character.isspace() and self.text[-1:] in ("", " "):
                continue
            self.text += " " if character.isspace() else character
            self.places.append(-1 if place is None else place + number)

    def close(self) -> Block:
        self.folded = ""
        for number, character in enumerate(self.text):
            for part in fold(character):
                self.folded += part
                self.origin.append(number)
        at = 0
        self.bounds = {0}
        for word in WordBreaker(self.text, "en"):
            at += len(word)
            self.bounds.add(at)
        return self


def fold(text: str) -> str:
    parts = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def select(page: list[Block], directive: str) -> tuple[int, int] | None:
    """The half-open slice of the document that a browser marks; None for none, or for words that
    the document does not hold."""
    terms = directive.removeprefix("text=").split(",")
    prefix = unquote(terms.pop(0)[:-1]) if terms[0].endswith("-") else None
    assert not terms[-1].startswith("-")
    opening = unquote(terms[0])
    closing = unquote(terms[1]) if len(terms) > 1 else None
    first = _opening(page, prefix, opening)
    if first is None:
        return None
    last = _find(page, closing, first[1], (True, True)) if closing else first
    if last is None:
        return None
    (block, start), (last_block, end) = first[0], last[1]
    places = page[block].places[start], page[last_block].places[end - 1]
    return None if min(places) < 0 else (places[0], places[1] + 1)


def _opening(page: list[Block], prefix: str | None, opening: str) -> tuple[Place, Place] | None:
    if prefix is None:
        return _find(page, opening, (0, 0), (True, True))
    at: Place = (0, 0)
    while before := _find(page, prefix, at, (True, False)):
        at = (before[0][0], before[0][1] + 1)
        following = _next_visible(page, before[1])
        if following is None:
            return None
        found = _find(page, opening, following, (False, True))
        if found is None:
            return None
        if found[0] == following:
            return found
    return None


def _next_visible(page: list[Block], at: Place) -> Place | None:
    for block in range(at[0], len(page)):
        text = page[block].text
        start = at[1] if block == at[0] else 0
        for place in range(start, len(text)):
            if not text[place].isspace():
                return block, place
    return None


def _find(
    page: list[Block], term: str, at: Place, bounded: tuple[bool, bool]
) -> tuple[Place, Place] | None:
    wanted = fold(term)
    for number in range(at[0], len(page)):
        block = page[number]
        from_ = at[1] if number == at[0] else 0
        found = block.folded.find(wanted)
        while found >= 0:
            start = block.origin[found]
            end = block.origin[found + len(wanted) - 1] + 1
            bounds = (
                start in block.bounds or not bounded[0],
                end in block.bounds or not bounded[1],
            )
            if start >= from_ and all(bounds):
                return (number, start), (number, end)
            found = block.folded.find(wanted, found + 1)
    return None
