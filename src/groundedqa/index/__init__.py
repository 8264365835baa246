"""Vectors, words, documents: the protocols and what implements them."""

from __future__ import annotations

from groundedqa.index import analyse, copies
from groundedqa.index.background import VectorBackground
from groundedqa.index.bm25 import Bm25Index
from groundedqa.index.exact import ExactIndex, best
from groundedqa.index.exact_bm25 import ExactBm25
from groundedqa.index.filter_sql import FACET_FIELDS
from groundedqa.index.flat import FlatIndex, FlatWriter, write_flat
from groundedqa.index.membership import Membership
from groundedqa.index.protocol import (
    DocumentStore,
    LexicalIndex,
    QueryWord,
    Rows,
    Scores,
    VectorIndex,
)
from groundedqa.index.sentences import PassageSentences, SentenceIndex, SentenceWriter
from groundedqa.index.store import SqliteStore
from groundedqa.index.suggest import SuggestIndex, Suggestion
from groundedqa.index.synonyms import Rules
from groundedqa.index.walk import walk
from groundedqa.index.write_bm25 import Bm25Writer
from groundedqa.index.write_store import StoreWriter, cache_keys, document_digest, holds
from groundedqa.index.write_suggest import SuggestWriter

# Raised when the same documents and vectors give other files than before.
VERSION = f"2, words {analyse.VERSION}, copies {copies.VERSION}"

__all__ = [
    "FACET_FIELDS",
    "VERSION",
    "Bm25Index",
    "Bm25Writer",
    "DocumentStore",
    "ExactBm25",
    "ExactIndex",
    "FlatIndex",
    "FlatWriter",
    "LexicalIndex",
    "Membership",
    "PassageSentences",
    "QueryWord",
    "Rows",
    "Rules",
    "Scores",
    "SentenceIndex",
    "SentenceWriter",
    "SqliteStore",
    "StoreWriter",
    "SuggestIndex",
    "SuggestWriter",
    "Suggestion",
    "VectorBackground",
    "VectorIndex",
    "best",
    "cache_keys",
    "document_digest",
    "holds",
    "walk",
    "write_flat",
]
