"""Answers on their way out."""

from __future__ import annotations

from fastapi.responses import Response
from pydantic import BaseModel


def as_json(body: BaseModel) -> Response:
    """A response of a schema's JSON."""
    return Response(body.model_dump_json(), media_type="application/json")
