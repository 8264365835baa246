"""A document to passages: slices of its text that an encoder reads whole.

A passage never crosses the start or the end of a section, never cuts a sentence unless the sentence
alone exceeds the encoder's window, and together the passages of a document cover all of its text.
Everything is linear in the length of the text.
"""

from __future__ import annotations

from groundedqa.chunk.maths import maths_spans
from groundedqa.chunk.passages import (
    chunk,
    context,
    encoded_texts,
    section_path,
)
from groundedqa.chunk.pieces import ChunkSettings, CountTokens
from groundedqa.chunk.sentences import sentences
from groundedqa.chunk.words import word_ends, words

# Raised when the same document gives other passages than before.
VERSION = 3

__all__ = [
    "VERSION",
    "ChunkSettings",
    "CountTokens",
    "chunk",
    "context",
    "encoded_texts",
    "maths_spans",
    "section_path",
    "sentences",
    "word_ends",
    "words",
]
