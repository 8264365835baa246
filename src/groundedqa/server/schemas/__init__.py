"""The names on the wire: responses as the OpenAPI document describes them."""

from __future__ import annotations

from groundedqa.server.schemas.answer import AnswerOut, BatchOut, CitationOut
from groundedqa.server.schemas.document import CitationStateOut, CitedDocument, DocumentOut
from groundedqa.server.schemas.service import (
    CollectionOut,
    CollectionsOut,
    Health,
    InvalidField,
    Problem,
    Readiness,
    Version,
)
from groundedqa.server.schemas.suggestions import SuggestionsOut

__all__ = [
    "AnswerOut",
    "BatchOut",
    "CitationOut",
    "CitationStateOut",
    "CitedDocument",
    "CollectionOut",
    "CollectionsOut",
    "DocumentOut",
    "Health",
    "InvalidField",
    "Problem",
    "Readiness",
    "SuggestionsOut",
    "Version",
]
