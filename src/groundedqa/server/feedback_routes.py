"""``POST /v1/feedback``: whether a citation helped."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.params import Depends as DependsParam
from fastapi.responses import Response

from groundedqa.errors import InvalidAnswerIdError
from groundedqa.server.caller import caller_of
from groundedqa.server.described import problems
from groundedqa.server.requests import FeedbackRequest
from groundedqa.server.voices import Voices


def feedback(request: Request, said: Annotated[FeedbackRequest, Body()]) -> Response:
    """Kept once for each caller, question, citation and day: the last one counts."""
    voices: Voices | None = request.app.state.voices
    if voices is None:
        raise InvalidAnswerIdError("this service gives answers no ids, and takes no feedback")
    vote = (said.answer_id, said.citation_id, said.helpful)
    voices.take(caller_of(request), request.path_params.get("collection"), vote)
    return Response(status_code=204)


def router_at(prefix: str, *dependencies: DependsParam) -> APIRouter:
    """The route below a collection's prefix."""
    router = APIRouter(prefix=prefix, dependencies=list(dependencies))
    router.post(
        "/feedback",
        status_code=204,
        response_class=Response,
        summary="Say whether a citation helped",
        responses=problems(400, 401, 403, 404, 408, 413, 422, 429, 503),
        tags=["feedback"],
    )(feedback)
    return router
