"""The API. Handlers are plain functions: the core is synchronous and runs in threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

import groundedqa
from groundedqa.ask import Asker
from groundedqa.errors import GroundedQAError
from groundedqa.ground import STYLES
from groundedqa.server.caller import caller_of
from groundedqa.server.examples import FORMATTED
from groundedqa.server.preview import Preview
from groundedqa.server.reload import Follower
from groundedqa.server.requests import (
    AskQuery,
    AskRequest,
    BatchRequest,
    CitationQuery,
    SuggestQuery,
    each_once,
)
from groundedqa.server.schemas import (
    AnswerOut,
    BatchOut,
    CitationStateOut,
    DocumentOut,
    Health,
    Readiness,
    SuggestionsOut,
    Version,
)
from groundedqa.server.voices import Voice, voice_of

_DESCRIPTIONS = {
    400: "The body is no text in UTF-8, or nested without end.",
    401: "It takes a key, and none came, or one that opens nothing.",
    403: "The key is not for this collection, or for the page that it was sent from.",
    404: "It is not in the corpus.",
    413: "The body is over 64 KiB, or 1 MiB for a batch.",
    422: "The request is not what the schema says; each field that is wrong is named.",
    503: "Nothing is published yet, or the service is starting.",
}
_AT_ONCE = 8  # questions of a batch; more would leave nothing to other callers


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How the OpenAPI document describes these statuses."""
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}}
    return {s: {"description": _DESCRIPTIONS[s], "content": content} for s in statuses}


# The server itself refuses such an address, before anything of ours sees it.
_UNREADABLE: dict[int | str, dict[str, Any]] = {
    400: {
        "description": "The address is longer than 64 KiB, or holds a key.",
        "content": {
            "text/plain": {"schema": {"type": "string"}},
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        },
    }
}


_BIBTEX, _PLAIN = "application/x-bibtex", "text/plain"
_MEDIA = {style: f"{_BIBTEX if style == 'bibtex' else _PLAIN}; charset=utf-8" for style in STYLES}
_FORMATTED: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            _PLAIN: {"schema": {"type": "string"}, "example": FORMATTED},
            _BIBTEX: {"schema": {"type": "string"}},
        }
    }
}


# These two are asynchronous so that they run where they are, and not each in a thread.
async def _follower(request: Request) -> Follower:
    follower: Follower = request.app.state.follower
    return follower


async def _asker(follower: Annotated[Follower, Depends(_follower)]) -> Asker:
    return follower.asker


async def _preview(request: Request) -> Preview:
    return Preview(caller_of(request), request.app.state.shown)


Speaking = Annotated[Voice, Depends(voice_of)]
Cutting = Annotated[Preview, Depends(_preview)]
Following = Annotated[Follower, Depends(_follower)]
Asking = Annotated[Asker, Depends(_asker)]
router = APIRouter()


@router.post(
    "/v1/ask",
    response_model=AnswerOut,
    summary="Ask the corpus",
    responses=problems(400, 401, 403, 413, 422, 503),
    tags=["ask"],
)
def ask(
    request: Annotated[AskRequest, Body()], asker: Asking, cut: Cutting, voice: Speaking
) -> Response:
    """The passages that answer, word for word, each with a citation that can be checked."""
    answer = asker.ask(request.question, request.filters.filters(), request.wanted())
    return _json(voice.out(cut.answer(answer)))


@router.post(
    "/v1/ask/batch",
    response_model=BatchOut,
    summary="Ask the corpus several questions",
    responses=problems(400, 401, 403, 413, 422, 503),
    tags=["ask"],
)
def ask_batch(
    batch: Annotated[BatchRequest, Body()], asker: Asking, cut: Cutting, voice: Speaking
) -> Response:
    """The answer to each, in their order; they are encoded together."""

    def answered(request: AskRequest) -> AnswerOut:
        answer = asker.ask(request.question, request.filters.filters(), request.wanted())
        return voice.out(cut.answer(answer))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        # Each in this request's context: what is told of its stages is told to the same listener.
        contexts = [copy_context() for _ in batch.questions]
        found = pool.map(lambda context, one: context.run(answered, one), contexts, batch.questions)
        return _json(BatchOut(answers=list(found)))


@router.get(
    "/v1/ask",
    response_model=AnswerOut,
    summary="Ask the corpus by address",
    dependencies=[Depends(each_once(AskQuery))],
    responses=_UNREADABLE | problems(401, 403, 422, 503),
    tags=["ask"],
)
def ask_by_address(
    query: Annotated[AskQuery, Query()], asker: Asking, cut: Cutting, voice: Speaking
) -> Response:
    """The same for a question that stands in the address."""
    return _json(voice.out(cut.answer(asker.ask(query.q, query.filters(), query.wanted()))))


@router.get(
    "/v1/suggest",
    response_model=SuggestionsOut,
    summary="Complete what is being typed",
    dependencies=[Depends(each_once(SuggestQuery))],
    responses=_UNREADABLE | problems(401, 403, 422, 503),
    tags=["ask"],
)
def suggest(query: Annotated[SuggestQuery, Query()], asker: Asking, cut: Cutting) -> Response:
    """The corpus's own questions and headings that complete it, typing errors allowed for."""
    found = asker.suggest(query.q, query.k)
    return _json(SuggestionsOut.of([replace(each, text=cut.title(each.text)) for each in found]))


@router.get(
    "/v1/documents/{doc_id}",
    response_model=DocumentOut,
    summary="A document as it is indexed",
    responses=_UNREADABLE | problems(401, 403, 404, 422, 503),
    tags=["documents"],
)
def document(
    doc_id: Annotated[str, Path(description="As in a citation's document.id.")],
    asker: Asking,
    cut: Cutting,
) -> Response:
    """Its text, which every quote is a slice of, its sections and what is known of it."""
    return _json(DocumentOut.of(cut.document(asker.document(doc_id))))


@router.get(
    "/v1/citations/{citation_id}",
    response_model=CitationStateOut,
    summary="Whether a citation stands, or what a list of sources says of it",
    dependencies=[Depends(each_once(CitationQuery))],
    responses=_FORMATTED | _UNREADABLE | problems(401, 403, 404, 422, 503),
    tags=["documents"],
)
def citation(
    citation_id: Annotated[str, Path(description="As in an answer, today's or an older one.")],
    query: Annotated[CitationQuery, Query()],
    asker: Asking,
    cut: Cutting,
) -> Response:
    """Whether the cited words stand where they stood, have moved, or are gone.

    With ``format`` its page as a list of sources has it; that needs the words to be there still.
    """
    located = asker.look_up(citation_id)
    if query.format:
        return Response(located.formatted(query.format), media_type=_MEDIA[query.format])
    return _json(CitationStateOut.of(cut.state(located.state, located.document), located.snapshot))


@router.get("/healthz", response_model=Health, summary="Whether the process lives", tags=["health"])
def healthz() -> Response:
    """Always ok as long as anything answers."""
    return _json(Health())


@router.get(
    "/readyz",
    response_model=Readiness,
    summary="Whether questions are answered",
    responses=problems(503),
    tags=["health"],
)
def readyz(follower: Following) -> Response:
    """Ready once a snapshot is verified and the model has answered once."""
    asker = follower.asker
    return _json(Readiness(snapshot=asker.snapshot_id, problem=follower.problem))


@router.get("/version", response_model=Version, summary="What is running", tags=["health"])
def version(follower: Following) -> Response:
    """The version, and the snapshot that answers."""
    try:
        snapshot = follower.asker.snapshot_id
    except GroundedQAError:
        snapshot = None
    return _json(Version(version=groundedqa.__version__, snapshot=snapshot))


def _json(body: BaseModel) -> Response:
    return Response(body.model_dump_json(), media_type="application/json")
