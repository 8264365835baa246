"""A question to an answer, from whatever snapshot is published now."""

from __future__ import annotations

from groundedqa.ask.asker import Asker, Located
from groundedqa.ask.question import (
    DEFAULT_CITATIONS,
    LONGEST_QUESTION,
    MOST_CITATIONS,
    MOST_RELATED,
    Wanted,
    check_question,
    check_wanted,
)

__all__ = [
    "DEFAULT_CITATIONS",
    "LONGEST_QUESTION",
    "MOST_CITATIONS",
    "MOST_RELATED",
    "Asker",
    "Located",
    "Wanted",
    "check_question",
    "check_wanted",
]
