"""What passages are put together from: sentences, and parts of those that are too long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from groundedqa.chunk.sentences import sentences, trimmed
from groundedqa.chunk.words import character_ends, word_ends
from groundedqa.types import Document

_CHARACTERS_PER_TOKEN = 3  # the first guess at where an overlong sentence is cut
_CHARACTERS_AT_MOST = 16  # for each token of the window, however few tokens a text has

CountTokens = Callable[[Sequence[str]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """How long passages are, in the encoder's tokens, the title and headings included.

    ``window`` is the encoder's bound and never exceeded; ``target`` is where a passage is closed at
    the end of a sentence. ``special`` counts the tokens that the encoder adds to every text.
    """

    window: int
    target: int
    special: int = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or a part of one that alone exceeds the window."""

    start: int
    end: int
    tokens: int
    ends_paragraph: bool

    @property
    def size(self) -> int:
        """Tokens, or what its characters weigh where tokens say too little of its length."""
        return max(self.tokens, (self.end - self.start) // _CHARACTERS_AT_MOST)


def pieces_of(
    document: Document,
    stretch: tuple[int, int],
    count_tokens: CountTokens,
    settings: ChunkSettings,
) -> Iterator[Piece]:
    """The sentences of a stretch with their tokens; an overlong one in parts."""
    offset = stretch[0]
    text = document.text[offset : stretch[1]]
    spans = sentences(text, document.language)
    bound = settings.window - settings.special
    # What is longer than this is not counted whole: an unknown word of any length is one token.
    readable = bound * _CHARACTERS_AT_MOST
    counts = count_tokens(
        [text[start:end] if end - start <= readable else "" for start, end in spans]
    )
    next_starts = [*(start for start, _ in spans), len(text)][1:]
    for (start, end), tokens, following in zip(spans, counts, next_starts, strict=True):
        closes = following == len(text) or "\n\n" in text[end:following]
        if tokens <= bound and end - start <= readable:
            yield Piece(offset + start, offset + end, tokens, closes)
            continue
        for part_start, part_end, part_tokens in _cut(text, (start, end), count_tokens, bound):
            yield Piece(
                offset + part_start, offset + part_end, part_tokens, closes and part_end == end
            )


def _cut(
    text: str, span: tuple[int, int], count_tokens: CountTokens, bound: int
) -> Iterator[tuple[int, int, int]]:
    """Cut an overlong sentence at words, else at characters, into parts within the bound."""
    start, end = span
    size = bound * _CHARACTERS_PER_TOKEN
    while start < end:
        stop = _word_end(text, start, min(start + size, end), end)
        (tokens,) = count_tokens([text[start:stop]])
        if tokens > bound and stop - start > 1:
            size = max(min((stop - start) * bound // tokens, stop - start - 1), 1)
            continue
        part = trimmed(text, start, stop)
        if part[0] < part[1]:
            yield *part, tokens
        start = stop
        size = max(size, bound)


def _word_end(text: str, start: int, stop: int, end: int) -> int:
    """The last end of a word at or before ``stop``; of a character where a word is longer."""
    if stop >= end:
        return end
    slab = text[start : stop + 64]
    for all_ends in (word_ends, character_ends):
        ends = [e for e in all_ends(slab) if e <= stop - start]
        if ends:
            return start + ends[-1]
    return stop
