"""Vectors, words, documents: the protocols and what implements them."""

from __future__ import annotations

from groundedqa.index.background import VectorBackground
from groundedqa.index.bm25 import Bm25Index
from groundedqa.index.exact import ExactIndex, best
from groundedqa.index.exact_bm25 import ExactBm25
from groundedqa.index.flat import FlatIndex, write_flat
from groundedqa.index.protocol import (
    DocumentStore,
    LexicalIndex,
    QueryWord,
    Rows,
    Scores,
    VectorIndex,
)
from groundedqa.index.store import SqliteStore
from groundedqa.index.synonyms import Rules
from groundedqa.index.write_bm25 import Bm25Writer
from groundedqa.index.write_store import StoreWriter, cache_keys, document_digest, holds

__all__ = [
    "Bm25Index",
    "Bm25Writer",
    "DocumentStore",
    "ExactBm25",
    "ExactIndex",
    "FlatIndex",
    "LexicalIndex",
    "QueryWord",
    "Rows",
    "Rules",
    "Scores",
    "SqliteStore",
    "StoreWriter",
    "VectorBackground",
    "VectorIndex",
    "best",
    "cache_keys",
    "document_digest",
    "holds",
    "write_flat",
]
