"""Questions to ranked passages. Whatever wraps a retriever is one."""

from __future__ import annotations

from groundedqa.retrieve.dense import DenseRetriever
from groundedqa.retrieve.protocol import Retriever

__all__ = ["DenseRetriever", "Retriever"]
