"""Queries and qrels to measures, in TREC's words."""

from __future__ import annotations

from groundedqa.evaluate.data import EvaluationData, Span, load_data, load_qrels, load_spans
from groundedqa.evaluate.measure import Evaluation, auroc, document_scores, evaluate

__all__ = [
    "Evaluation",
    "EvaluationData",
    "Span",
    "auroc",
    "document_scores",
    "evaluate",
    "load_data",
    "load_qrels",
    "load_spans",
]
