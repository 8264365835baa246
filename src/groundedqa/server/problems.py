"""One table from error to HTTP status, and every error as RFC 9457 problem+json."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles

from groundedqa import errors
from groundedqa.server.schemas import InvalidField, Problem
from groundedqa.server.watched import REQUEST_ID, current_id

_log = structlog.get_logger()

# The first class that an error is an instance of decides.
STATUS: dict[type[errors.GroundedQAError], int] = {
    errors.QuestionError: 422,
    errors.FeedbackError: 422,
    errors.UnauthorizedError: 401,
    errors.ForbiddenError: 403,
    errors.NotFoundError: 404,
    errors.RateLimitError: 429,
    errors.SnapshotError: 503,
    errors.EncoderError: 503,
    errors.StorageError: 503,
    errors.GroundedQAError: 500,
}
_RETRY_SECONDS = 5
_LONGEST = 1000
_HOW = 'send {"question": "..."} with Content-Type: application/json'
_URN = "urn:groundedqa:problem:"


def problem(
    status: int,
    detail: str,
    *,
    kind: str | None = None,
    invalid: Sequence[InvalidField] = (),
    retry_after: int | None = None,
) -> JSONResponse:
    """A response of this status; ``kind`` is the last part of the problem's type.

    ``retry_after`` is in seconds; without it only a 503 says when to ask again.
    """
    phrase = HTTPStatus(status).phrase
    detail = shortened(detail)
    body = Problem(
        type=_URN + (kind or phrase.lower().replace(" ", "-")),
        title=phrase,
        status=status,
        detail=detail,
        errors=list(invalid) or None,
        request_id=current_id(),
    )
    if retry_after is None and status == HTTPStatus.SERVICE_UNAVAILABLE:
        retry_after = _RETRY_SECONDS
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    if body.request_id:  # what nobody foresaw is answered outside of where answers get theirs
        headers[REQUEST_ID] = body.request_id
    return JSONResponse(
        body.model_dump(exclude_none=True),
        status_code=status,
        headers=headers,
        media_type="application/problem+json",
    )


def rate_limited(error: errors.RateLimitError) -> JSONResponse:
    """The answer to a request beyond its caller's rate."""
    return problem(429, str(error), kind=kind_of(error), retry_after=error.retry_after)


def shortened(detail: str) -> str:
    """A message as it is shown: it may repeat what was sent, and that may be long."""
    return detail if len(detail) <= _LONGEST else detail[:_LONGEST] + "…"


def status_of(error: errors.GroundedQAError) -> int:
    """The HTTP status of an error of the tree."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def kind_of(error: errors.GroundedQAError) -> str:
    """The last part of its problem type: ``DocumentNotFoundError`` is ``document-not-found``."""
    name = type(error).__name__.removesuffix("Error")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def add_handlers(app: FastAPI) -> None:
    """Have every error of an app answered as a problem."""
    app.add_exception_handler(errors.GroundedQAError, _of_the_tree)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _unforeseen)


async def _of_the_tree(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, errors.GroundedQAError)
    if isinstance(error, errors.RateLimitError):
        request.scope["state"]["standings"] = error.standings
        return rate_limited(error)
    status = status_of(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:  # what is not ready, the follower logs once
        _log.error("request failed", path=request.url.path, error=str(error))
    return problem(status, str(error), kind=kind_of(error))


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = [_invalid_field(item, request) for item in error.errors()]
    detail = "; ".join(f"{item.field}: {item.detail}" for item in found[:5])
    return problem(422, detail, kind="invalid-request", invalid=found)


async def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    detail = str(error.detail)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        detail = f"the body can't be read as JSON in UTF-8; {_HOW}"
    elif error.status_code == HTTPStatus.NOT_FOUND:
        detail = f"nothing is at {_utf8(request.url.path)}; /openapi.json lists what there is"
    elif error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
        detail = f"{request.method} is not for this address; it takes {headers['Allow']}"
    response = problem(error.status_code, detail)
    response.headers.update(headers)
    return response


def _methods(request: Request) -> list[str]:
    """Every method that the request's path takes: each route knows only its own."""
    # A mount takes every method to itself, and has cut the path off that the routes go by.
    if isinstance(request.scope.get("endpoint"), StaticFiles):
        return ["GET", "HEAD"]
    routes = [route for route in request.app.router.routes if not isinstance(route, Mount)]
    found = {
        method
        for method in ("DELETE", "GET", "PATCH", "POST", "PUT")
        if any(r.matches({**request.scope, "method": method})[0] is Match.FULL for r in routes)
    }
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    _log.error("request failed", path=request.url.path, exc_info=error)
    return problem(500, "the service failed; its log says why")


def _invalid_field(item: Mapping[str, Any], request: Request) -> InvalidField:
    """One of pydantic's errors in words for who sent the request."""
    if item["type"] == "json_invalid":
        return InvalidField(field="body", detail=f"is not JSON; {_HOW}")
    if tuple(item["loc"]) == ("body",):
        sent = request.headers.get("content-type", "no content type")
        return InvalidField(field="body", detail=f"is no JSON object (it came with {sent}); {_HOW}")
    detail = str(item["msg"]).removeprefix("Value error, ")
    return InvalidField(field=_field(item["loc"]), detail=shortened(_utf8(detail)))


def _field(place: Sequence[Any]) -> str:
    """``("body", "filters", "tags", 0)`` as ``filters.tags.0``."""
    return _utf8(".".join(map(str, place[1:])) or str(place[0]))[:200]


def _utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
