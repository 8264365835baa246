"""Pins of a snapshot: which passages the site puts first for which question.

A build resolves them once, and stores the ids of passages by folded question. Which rows these have
is looked up where a snapshot is opened: a takedown numbers anew.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groundedqa.errors import SnapshotCorruptError
from groundedqa.index.fold import folded_terms, folded_words
from groundedqa.types import Passage

if TYPE_CHECKING:  # readers are for builds; to load them would slow the service's start
    from groundedqa.read.profile_pins import Pin

PinnedIds = Mapping[str, tuple[str, ...]]  # passage ids by folded question, first pin first
PinnedRows = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class ResolvedPins:
    """The pins that the corpus can keep, and a line for the build report on each it can't."""

    pins: PinnedIds
    problems: tuple[str, ...]


def folded_question(question: str) -> str:
    """A question as pins are looked up: letter case, accents, signs and white space aside."""
    return " ".join(folded_words(question))


def resolve_pins(
    pins: Sequence[Pin], passages_of: Callable[[str], Sequence[Passage]]
) -> ResolvedPins:
    """Find the passage of each pin. ``passages_of``: a document's passages in order, or none.

    A quote names the first passage that begins with its words, or else the first that holds them:
    an editor sees the page, not where its passages begin.
    """
    found: dict[str, dict[str, None]] = {}
    problems = []
    for pin in pins:
        passage = _named(pin, passages_of(pin.document))
        if isinstance(passage, str):
            problems.append(f"the pin of {pin.questions[0]!r} is left out: {passage}")
            continue
        for question in pin.questions:
            found.setdefault(folded_question(question), {})[passage.passage_id] = None
    return ResolvedPins({question: tuple(ids) for question, ids in found.items()}, tuple(problems))


def pins_kept(pins: PinnedIds, kept: Container[str]) -> PinnedIds:
    """The pins of the passages that are kept: what a takedown leaves of them."""
    left = {question: tuple(i for i in ids if i in kept) for question, ids in pins.items()}
    return {question: ids for question, ids in left.items() if ids}


def pinned_ids(pins: PinnedIds) -> list[str]:
    """The ids of all pinned passages, each once."""
    return list(dict.fromkeys(passage_id for ids in pins.values() for passage_id in ids))


def pinned_rows(pins: PinnedIds, row_of: Mapping[str, int]) -> PinnedRows:
    """The pins by the rows of their passages.

    Raises:
        SnapshotCorruptError: a pinned passage has no row.
    """
    try:
        return {question: tuple(row_of[i] for i in ids) for question, ids in pins.items()}
    except KeyError as error:
        raise SnapshotCorruptError(
            f"the pinned passage {error} is not in the snapshot; build anew"
        ) from error


def _named(pin: Pin, passages: Sequence[Passage]) -> Passage | str:
    """The passage that a pin names, or why there is none."""
    if not passages:
        return f"no document {pin.document!r} with text is in the corpus"
    if pin.quote is None:
        return passages[0]
    quote = _spaced(pin.quote)
    texts = [_spaced(passage.text) for passage in passages]
    for fits in (str.startswith, str.__contains__):
        for passage, text in zip(passages, texts, strict=True):
            if fits(text, quote):
                return passage
    return f"no passage of {pin.document!r} holds the words {pin.quote!r}"


def _spaced(text: str) -> str:
    """The terms of a text with a space around each, so that no part of a word is found."""
    return f" {' '.join(folded_terms(text))} "
