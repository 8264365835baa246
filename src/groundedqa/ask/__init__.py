"""A question to an answer, from whatever snapshot is published now."""

from __future__ import annotations

from groundedqa.ask.asker import Asker
from groundedqa.ask.encoders import Encoders
from groundedqa.ask.located import Located
from groundedqa.ask.question import (
    DEFAULT_CITATIONS,
    LONGEST_QUESTION,
    MOST_CITATIONS,
    MOST_RELATED,
    Wanted,
    check_question,
    check_wanted,
)
from groundedqa.ask.ranking import RERANK_MS, Ranking

__all__ = [
    "DEFAULT_CITATIONS",
    "LONGEST_QUESTION",
    "MOST_CITATIONS",
    "MOST_RELATED",
    "RERANK_MS",
    "Asker",
    "Encoders",
    "Located",
    "Ranking",
    "Wanted",
    "check_question",
    "check_wanted",
]
