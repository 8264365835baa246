"""A document to passages: slices of its text that an encoder reads whole.

A passage never crosses the start or the end of a section, never cuts a sentence unless the sentence
alone exceeds the encoder's window, and together the passages of a document cover all of its text.
Everything is linear in the length of the text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import sentencex
from icu4py.breakers import CharacterBreaker, WordBreaker

from groundedqa.types import Document, Passage, Section

VERSION = 1
# The language whose rules serve where a document names none.
_FALLBACK = "en"
_MATHS = re.compile(
    r"\\\(.*?\\\)|\\\[.*?\\\]|\$\$.*?\$\$|(?<![\\$\d])\$(?=\S)[^$\n]{1,300}?(?<=\S)\$(?!\d)",
    re.DOTALL,
)
_WORDS_TO_CLOSE = 12  # a paragraph this short without a full stop introduces the next
_CLOSED = re.compile(r"[.!?…。！？؟।]['\"”’)\]]*\s*$")
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
class _Piece:
    """A sentence, or a part of one that alone exceeds the window."""

    start: int
    end: int
    tokens: int
    ends_paragraph: bool

    @property
    def size(self) -> int:
        """Tokens, or what its characters weigh where tokens say too little of its length."""
        return max(self.tokens, (self.end - self.start) // _CHARACTERS_AT_MOST)


def chunk(document: Document, count_tokens: CountTokens, settings: ChunkSettings) -> list[Passage]:
    """The passages of a document, in the order of the text.

    ``count_tokens`` gives the encoder's tokens for each of a list of texts, special tokens left
    out.
    """
    passages = []
    for start, end in _stretches(document):
        beside = settings.special + _context_tokens(document, start, count_tokens, settings)
        room = max(settings.target - beside, 1)
        pieces = _pieces(document, (start, end), count_tokens, settings)
        for first, last in _pack(document.text, pieces, room):
            passages.append(_passage(document, first, last))
    return passages


def section_path(document: Document, start: int) -> tuple[Section, ...]:
    """The sections that a place stands in, outermost first."""
    return tuple(section for section in document.sections if section.start <= start < section.end)


def headings(document: Document, start: int) -> tuple[str, ...]:
    """The headings above a place, outermost first."""
    return tuple(s.heading for s in section_path(document, start) if s.heading)


def context(document: Document, start: int) -> str:
    """What is encoded before a passage that starts here: the title and the headings above it.

    An expert answer's heading ("Expert Answers") says nothing of what the answer is about.
    """
    above = (
        s.heading for s in section_path(document, start) if s.heading and document.kind != "qa"
    )
    return "\n".join(dict.fromkeys((document.title, *above)))


def encoded_texts(
    document: Document,
    passages: Sequence[Passage],
    count_tokens: CountTokens,
    settings: ChunkSettings,
) -> list[str]:
    """What an encoder reads for each passage: its context and itself.

    Of the context there are as many words as the window has room for beside the passage.
    """
    room = settings.window - settings.special
    texts = [f"{context(document, passage.start)}\n{passage.text}" for passage in passages]
    return [
        text if tokens <= room else _fit(text, passage.text, count_tokens, room)
        for text, tokens, passage in zip(texts, count_tokens(texts), passages, strict=True)
    ]


def _fit(text: str, own: str, count_tokens: CountTokens, room: int) -> str:
    words = text.removesuffix(own).split()
    needed = room + 1
    while words and needed > room:
        words = words[: max(len(words) - max((needed - room) // 2, 1), 0)]
        text = " ".join(words) + "\n" + own
        (needed,) = count_tokens([text])
    return text


def sentences(text: str, language: str | None = None) -> list[tuple[int, int]]:
    """The sentences of a text as half-open spans without outer white space, in order.

    Every character that is no white space is in one of them. A line break after a list item or a
    row ends a sentence; a full stop within TeX doesn't.
    """
    maths = [match.span() for match in _MATHS.finditer(text)]
    bounds = [0]
    at = 0
    for boundary in sentencex.get_sentence_boundaries(language or _FALLBACK, text):
        end = boundary["end_index"]
        while at < len(maths) and maths[at][1] <= end:
            at += 1
        inside = at < len(maths) and maths[at][0] < end < maths[at][1]
        if not inside:
            bounds.append(end)
    bounds.append(len(text))
    spans = (_trimmed(text, start, end) for start, end in pairwise(bounds))
    return [span for span in spans if span[0] < span[1]]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    start = end - len(part.lstrip())
    return start, start + len(part.strip())


def _stretches(document: Document) -> list[tuple[int, int]]:
    """The text between one section's start or end and the next: no passage crosses those."""
    bounds = {0, len(document.text)}
    bounds.update(section.start for section in document.sections)
    bounds.update(section.end for section in document.sections)
    return list(pairwise(sorted(bounds)))


def _context_tokens(
    document: Document, start: int, count_tokens: CountTokens, settings: ChunkSettings
) -> int:
    """What the context takes of the window; a long one may have no more than a quarter."""
    (tokens,) = count_tokens([context(document, start)])
    return min(tokens, settings.window // 4)


def _pieces(
    document: Document,
    stretch: tuple[int, int],
    count_tokens: CountTokens,
    settings: ChunkSettings,
) -> Iterator[_Piece]:
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
            yield _Piece(offset + start, offset + end, tokens, closes)
            continue
        for part_start, part_end, part_tokens in _cut(text, (start, end), count_tokens, bound):
            yield _Piece(
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
        part = _trimmed(text, start, stop)
        if part[0] < part[1]:
            yield *part, tokens
        start = stop
        size = max(size, bound)


def _word_end(text: str, start: int, stop: int, end: int) -> int:
    """The last end of a word at or before ``stop``; of a character where a word is longer."""
    if stop >= end:
        return end
    slab = text[start : stop + 64]
    for breaker in (WordBreaker, CharacterBreaker):
        ends = [e for _, e in breaker(slab, "en").segments() if 0 < e <= stop - start]
        if ends:
            return start + ends[-1]
    return stop


def _pack(text: str, pieces: Iterable[_Piece], room: int) -> Iterator[tuple[int, int]]:
    """Join neighbouring pieces up to the room; paragraphs stay whole where they fit."""
    for group, total in _paragraph_groups(text, pieces, room):
        # Parts of like length, rather than full ones and a rest.
        share = total / math.ceil(total / room) if total else 1
        held: list[_Piece] = []
        tokens = 0
        for piece in group:
            if held and (tokens >= share or tokens + piece.size > room):
                yield held[0].start, held[-1].end
                held, tokens = [], 0
            held.append(piece)
            tokens += piece.size
        yield held[0].start, held[-1].end


def _paragraph_groups(
    text: str, pieces: Iterable[_Piece], room: int
) -> Iterator[tuple[list[_Piece], int]]:
    """Whole paragraphs together as long as they fit, with their tokens.

    A short opening line goes with what it opens.
    """
    group: list[_Piece] = []
    total = 0
    for paragraph in _paragraphs(pieces):
        tokens = sum(piece.size for piece in paragraph)
        if group and total + tokens > room:
            opening = _opening_line(text, group)
            if len(opening) < len(group):
                carried = sum(piece.size for piece in opening)
                yield group[: len(group) - len(opening)], total - carried
                group, total = opening, carried
        group.extend(paragraph)
        total += tokens
    if group:
        yield group, total


def _paragraphs(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    paragraph: list[_Piece] = []
    for piece in pieces:
        paragraph.append(piece)
        if piece.ends_paragraph:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _opening_line(text: str, group: Sequence[_Piece]) -> list[_Piece]:
    """The last paragraph of a group when it only introduces what follows, as a sub-heading does."""
    last = group[-1]
    line = text[last.start : last.end]
    alone = len(group) == 1 or group[-2].ends_paragraph
    short = len(line.split()) <= _WORDS_TO_CLOSE and not _CLOSED.search(line)
    return [last] if alone and short else []


def _passage(document: Document, start: int, end: int) -> Passage:
    return Passage(
        passage_id=f"{document.doc_id}.{start}-{end}",
        doc_id=document.doc_id,
        start=start,
        end=end,
        text=document.text[start:end],
    )
