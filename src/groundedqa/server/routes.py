"""The API. The core is synchronous and runs in threads; an answer that is kept needs none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request
from fastapi.params import Depends as DependsParam
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from groundedqa.ground import STYLES
from groundedqa.server.answers import Answering
from groundedqa.server.described import NOT_MODIFIED, UNREADABLE, problems
from groundedqa.server.examples import FORMATTED
from groundedqa.server.limited import charge
from groundedqa.server.named import Asking, Cutting
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
    SuggestionsOut,
)
from groundedqa.server.sending import as_json
from groundedqa.server.voices import Speaking

_AT_ONCE = 8  # questions of a batch; more would leave nothing to other callers


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


async def ask(request: Annotated[AskRequest, Body()], answers: Answering) -> Response:
    """The passages that answer, word for word, each with a citation that can be checked."""
    return await answers.to(request.question, request.filters.filters(), request.wanted())


async def ask_batch(
    request: Request,
    batch: Annotated[BatchRequest, Body()],
    asker: Asking,
    cut: Cutting,
    voice: Speaking,
) -> Response:
    """The answer to each, in their order; they are encoded together."""

    def answered(one: AskRequest) -> AnswerOut:
        answer = asker.ask(one.question, one.filters.filters(), one.wanted())
        return voice.out(cut.answer(answer))

    await charge(request, len(batch.questions) - 1)
    return await run_in_threadpool(_each, answered, batch.questions)


def _each(answered: Callable[[AskRequest], AnswerOut], questions: Sequence[AskRequest]) -> Response:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        # Each in this request's context: what is told of its stages is told to the same listener.
        contexts = [copy_context() for _ in questions]
        found = pool.map(lambda context, one: context.run(answered, one), contexts, questions)
        return as_json(BatchOut(answers=list(found)))


async def ask_by_address(query: Annotated[AskQuery, Query()], answers: Answering) -> Response:
    """The same for a question that stands in the address; 304 where its answer is had."""
    return await answers.to(query.q, query.filters(), query.wanted())


def suggest(query: Annotated[SuggestQuery, Query()], asker: Asking, cut: Cutting) -> Response:
    """The corpus's own questions and headings that complete it, typing errors allowed for."""
    found = asker.suggest(query.q, query.k)
    return as_json(SuggestionsOut.of([replace(each, text=cut.title(each.text)) for each in found]))


def document(
    doc_id: Annotated[str, Path(description="As in a citation's document.id.")],
    asker: Asking,
    cut: Cutting,
) -> Response:
    """Its text, which every quote is a slice of, its sections and what is known of it."""
    return as_json(DocumentOut.of(cut.document(asker.document(doc_id))))


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
    return as_json(
        CitationStateOut.of(cut.state(located.state, located.document), located.snapshot)
    )


def router_at(prefix: str, *dependencies: DependsParam) -> APIRouter:
    """The routes of a collection below a prefix; they are the same for the default one's."""
    router = APIRouter(prefix=prefix, dependencies=list(dependencies))
    _add_asking(router)
    _add_documents(router)
    return router


def _add_asking(router: APIRouter) -> None:
    router.post(
        "/ask",
        response_model=AnswerOut,
        summary="Ask the corpus",
        responses=problems(400, 401, 403, 404, 408, 413, 422, 429, 503),
        tags=["ask"],
    )(ask)
    router.post(
        "/ask/batch",
        response_model=BatchOut,
        summary="Ask the corpus several questions",
        responses=problems(400, 401, 403, 404, 408, 413, 422, 429, 503),
        tags=["ask"],
    )(ask_batch)
    router.get(
        "/ask",
        response_model=AnswerOut,
        summary="Ask the corpus by address",
        dependencies=[Depends(each_once(AskQuery))],
        responses=NOT_MODIFIED | UNREADABLE | problems(401, 403, 404, 422, 429, 503),
        tags=["ask"],
    )(ask_by_address)
    router.get(
        "/suggest",
        response_model=SuggestionsOut,
        summary="Complete what is being typed",
        dependencies=[Depends(each_once(SuggestQuery))],
        responses=UNREADABLE | problems(401, 403, 404, 422, 429, 503),
        tags=["ask"],
    )(suggest)


def _add_documents(router: APIRouter) -> None:
    router.get(
        "/documents/{doc_id}",
        response_model=DocumentOut,
        summary="A document as it is indexed",
        responses=UNREADABLE | problems(401, 403, 404, 422, 429, 503),
        tags=["documents"],
    )(document)
    router.get(
        "/citations/{citation_id}",
        response_model=CitationStateOut,
        summary="Whether a citation stands, or what a list of sources says of it",
        dependencies=[Depends(each_once(CitationQuery))],
        responses=_FORMATTED | UNREADABLE | problems(401, 403, 404, 422, 429, 503),
        tags=["documents"],
    )(citation)
