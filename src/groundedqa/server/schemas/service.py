"""What the service says of itself, and what is wrong with a request."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from groundedqa.snapshot import Served


class Health(BaseModel):
    """The process lives."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """The service answers questions."""

    status: Literal["ready"] = "ready"
    snapshot: str
    problem: str | None = Field(
        default=None, description="Why a newer snapshot was refused; the older one is answering."
    )


class Version(BaseModel):
    """What is running."""

    version: str = Field(description="Of groundedqa.")
    snapshot: str | None = Field(description="The snapshot that answers; null until there is one.")


class CollectionOut(BaseModel):
    """One site's corpus, as it is published."""

    name: str
    default: bool = Field(description="Whether the plain routes are its too.")
    snapshot: str
    documents: int
    passages: int
    published: datetime

    @classmethod
    def of(cls, served: Served, default: str) -> CollectionOut:
        """From what a collection serves."""
        return cls(
            name=served.collection,
            default=served.collection == default,
            snapshot=served.snapshot,
            documents=served.documents,
            passages=served.passages,
            published=served.published,
        )


class CollectionsOut(BaseModel):
    """The collections that may be asked."""

    collections: list[CollectionOut] = Field(description="By name.")


class InvalidField(BaseModel):
    """One thing that is wrong with a request."""

    field: str
    detail: str


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=["urn:groundedqa:problem:document-not-found"])
    title: str
    status: int
    detail: str
    errors: list[InvalidField] | None = Field(default=None, description="For a request's fields.")
    request_id: str | None = Field(
        default=None, description="The answer's X-Request-ID: it finds the request in the log."
    )
