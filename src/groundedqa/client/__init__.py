"""A client of the service: typed, synchronous and asynchronous; it imports nothing of the rest."""

from __future__ import annotations

from groundedqa.client.asynchronous import AsyncClient
from groundedqa.client.calls import AskOptions, Filters, Style
from groundedqa.client.client import Client
from groundedqa.client.errors import (
    AccessError,
    BusyError,
    ClientError,
    InvalidField,
    MissingError,
    ProblemError,
    RequestError,
    UnreachableError,
)
from groundedqa.client.models import (
    Answer,
    Attribution,
    Citation,
    CitationState,
    CitedDocument,
    Document,
    Facet,
    Place,
    Readiness,
    Related,
    Section,
    Sentence,
    Suggestion,
)
from groundedqa.client.retries import Retries

__all__ = [
    "AccessError",
    "Answer",
    "AskOptions",
    "AsyncClient",
    "Attribution",
    "BusyError",
    "Citation",
    "CitationState",
    "CitedDocument",
    "Client",
    "ClientError",
    "Document",
    "Facet",
    "Filters",
    "InvalidField",
    "MissingError",
    "Place",
    "ProblemError",
    "Readiness",
    "Related",
    "RequestError",
    "Retries",
    "Section",
    "Sentence",
    "Style",
    "Suggestion",
    "UnreachableError",
]
