"""Hits to checked evidence: citations, and links that open at the words."""

from __future__ import annotations

from groundedqa.ground.citation import CitationState, cite, cited_document, look_up
from groundedqa.ground.link import TextDirectives

__all__ = ["CitationState", "TextDirectives", "cite", "cited_document", "look_up"]
