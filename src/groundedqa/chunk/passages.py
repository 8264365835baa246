"""Passages: slices of a document that an encoder reads whole."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from groundedqa.chunk.pack import pack
from groundedqa.chunk.pieces import ChunkSettings, CountTokens, pieces_of
from groundedqa.types import Document, Passage, Section


def chunk(document: Document, count_tokens: CountTokens, settings: ChunkSettings) -> list[Passage]:
    """The passages of a document, in the order of the text.

    ``count_tokens`` gives the encoder's tokens for each of a list of texts, special tokens left
    out.
    """
    passages = []
    for start, end in _stretches(document):
        beside = settings.special + _context_tokens(document, start, count_tokens, settings)
        room = max(settings.target - beside, 1)
        pieces = pieces_of(document, (start, end), count_tokens, settings)
        for first, last in pack(document.text, pieces, room):
            passages.append(_passage(document, first, last))
    return passages


def section_path(document: Document, start: int) -> tuple[Section, ...]:
    """The sections that a place stands in, outermost first."""
    return tuple(section for section in document.sections if section.start <= start < section.end)


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


def _passage(document: Document, start: int, end: int) -> Passage:
    return Passage(
        passage_id=f"{document.doc_id}.{start}-{end}",
        doc_id=document.doc_id,
        start=start,
        end=end,
        text=document.text[start:end],
    )
