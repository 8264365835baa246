"""Retrieval for study sites: the passages that answer, word for word, with citations to check."""

from __future__ import annotations

__version__ = "0.1.0"
