"""What a route may answer besides what it is for, as its OpenAPI description has it."""

from __future__ import annotations

from typing import Any

_DESCRIPTIONS = {
    400: "The body is no text in UTF-8, or nested without end.",
    401: "It takes a key, and none came, or one that opens nothing.",
    403: "The key is not for this collection, or for the page that it was sent from.",
    404: "It is not in the corpus, or there is no collection of this name.",
    408: "The body did not come within 10 s.",
    413: "The body is over 64 KiB, or 1 MiB for a batch.",
    422: "The request is not what the schema says; each field that is wrong is named.",
    429: "The key or the address asked too often; Retry-After says when to come again.",
    503: "Nothing is published yet, the service is starting, or all of its permits are taken.",
}
# The server itself refuses such an address, before anything of ours sees it.
UNREADABLE: dict[int | str, dict[str, Any]] = {
    400: {
        "description": "The address is longer than 64 KiB, or holds a key.",
        "content": {
            "text/plain": {"schema": {"type": "string"}},
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        },
    }
}
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "The answer is the one whose ETag If-None-Match names."}
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems of these statuses."""
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}}
    return {s: {"description": _DESCRIPTIONS[s], "content": content} for s in statuses}
