"""Queries and qrels to measures, in TREC's words, and to a report for people.

``remote`` and ``report`` are imported where they are used: the commands that serve need neither.
"""

from __future__ import annotations

from groundedqa.evaluate.abstention import Abstention, abstention
from groundedqa.evaluate.asked import Asked
from groundedqa.evaluate.data import (
    EvaluationData,
    EvaluationFiles,
    Level,
    Span,
    load_data,
    load_files,
    load_qrels,
    load_spans,
)
from groundedqa.evaluate.intervals import Estimate
from groundedqa.evaluate.judge import Judge, judge_of
from groundedqa.evaluate.local import AskerSystem, RetrieverSystem, published_outlines
from groundedqa.evaluate.measure import Evaluation, evaluate, evaluate_system
from groundedqa.evaluate.runs import Comparison, compare, read_run, write_run
from groundedqa.evaluate.system import Outcome, Outline, Ranked, System

__all__ = [
    "Abstention",
    "Asked",
    "AskerSystem",
    "Comparison",
    "Estimate",
    "Evaluation",
    "EvaluationData",
    "EvaluationFiles",
    "Judge",
    "Level",
    "Outcome",
    "Outline",
    "Ranked",
    "RetrieverSystem",
    "Span",
    "System",
    "abstention",
    "compare",
    "evaluate",
    "evaluate_system",
    "judge_of",
    "load_data",
    "load_files",
    "load_qrels",
    "load_spans",
    "published_outlines",
    "read_run",
    "write_run",
]
