"""Questions to ranked passages. Whatever wraps a retriever is one."""

from __future__ import annotations

from groundedqa.retrieve.collapsed import CollapsedRetriever
from groundedqa.retrieve.dense import DenseRetriever
from groundedqa.retrieve.evidence import FIRST, Evidence, evidence_of, read_evidence
from groundedqa.retrieve.fused import FusedRetriever, Levels, Weights, levels_of
from groundedqa.retrieve.fusion import Method, fuse
from groundedqa.retrieve.level import Level, Scored
from groundedqa.retrieve.pinned import PinnedRetriever
from groundedqa.retrieve.protocol import Retriever
from groundedqa.retrieve.reranked import RerankedRetriever

__all__ = [
    "FIRST",
    "CollapsedRetriever",
    "DenseRetriever",
    "Evidence",
    "FusedRetriever",
    "Level",
    "Levels",
    "Method",
    "PinnedRetriever",
    "RerankedRetriever",
    "Retriever",
    "Scored",
    "Weights",
    "evidence_of",
    "fuse",
    "levels_of",
    "read_evidence",
]
