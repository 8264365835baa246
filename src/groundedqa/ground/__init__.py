"""Hits to checked evidence: citations, links that open at the words, and whether to answer."""

from __future__ import annotations

from groundedqa.ground.answerability import FEATURES, Calibrator, features, load_calibrator
from groundedqa.ground.citation import (
    CitationState,
    at_page,
    cite,
    cited_document,
    link_to,
    look_up,
)
from groundedqa.ground.formatted import STYLES, Style, cited_source, formatted
from groundedqa.ground.link import TextDirectives
from groundedqa.ground.sentence import best_sentence

__all__ = [
    "FEATURES",
    "STYLES",
    "Calibrator",
    "CitationState",
    "Style",
    "TextDirectives",
    "at_page",
    "best_sentence",
    "cite",
    "cited_document",
    "cited_source",
    "features",
    "formatted",
    "link_to",
    "load_calibrator",
    "look_up",
]
