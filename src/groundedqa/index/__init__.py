"""Vectors by row, documents and passages by id: the protocols and what implements them."""

from __future__ import annotations

from groundedqa.index.exact import ExactIndex
from groundedqa.index.flat import FlatIndex, write_flat
from groundedqa.index.protocol import DocumentStore, Rows, Scores, VectorIndex
from groundedqa.index.store import SqliteStore
from groundedqa.index.write_store import StoreWriter, cache_keys, document_digest, holds

__all__ = [
    "DocumentStore",
    "ExactIndex",
    "FlatIndex",
    "Rows",
    "Scores",
    "SqliteStore",
    "StoreWriter",
    "VectorIndex",
    "cache_keys",
    "document_digest",
    "holds",
    "write_flat",
]
