"""The pages that people look at: server-rendered, no script, no external asset."""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from groundedqa.ask import Asker, Wanted
from groundedqa.errors import CitationNotFoundError, GroundedQAError, QuestionError
from groundedqa.ground import CitationState, at_page
from groundedqa.server.blocks import blocks_of
from groundedqa.server.named import Cutting, collection_name, collections_of, home_of
from groundedqa.server.narrowing import Narrowing, narrowing_of
from groundedqa.server.problems import shortened, status_of
from groundedqa.server.voices import Speaking
from groundedqa.types import Answer, Document, Reason

_HERE = Path(__file__).parent
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
# What a student is told where the answer is not there.
_WHY: dict[Reason, str] = {
    "not_covered": "Try other words, or a narrower question.",
    "filtered_out": "What may answer it was left out by the filters.",
    "unknown_words": "None of its pages has a word of your question: check the spelling.",
    "empty_corpus": "It has no pages yet.",
}
_WANTED = Wanted(near_misses=True, related=5)
_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
Home = Annotated[str, Depends(home_of)]
search_bar = APIRouter(include_in_schema=False)


def ask_page(
    request: Request,
    home: Home,
    cut: Cutting,
    voice: Speaking,
    q: Annotated[str, Query()] = "",
) -> HTMLResponse:
    """The form; with ``?q=`` its answer, so that an answer can be shared by its address.

    The filters of ``GET /v1/ask`` narrow it; what was not made for it is passed by.
    """
    if cut.caller.access == "off":
        return _off()
    asked = narrowing_of(request.query_params, home, q)
    try:
        filters = asked.filters
        if not q.strip():
            return _ask_page(asked)
        if len(request.query_params.getlist("q")) > 1:
            raise QuestionError("the address holds more than one question; ask one at a time")
        wanted = replace(_WANTED, facets=asked.fields)
        answer = cut.answer(_asker(request).ask(q, filters, wanted))
    except GroundedQAError as error:
        shown = q if isinstance(error, QuestionError) and len(q) < 500 else ""
        return _ask_page(Narrowing(home, shown), status_of(error), error=str(error))
    voice.heard(answer)
    return _ask_page(asked, answer=answer)


def document_page(
    request: Request, doc_id: str, home: Home, cut: Cutting, citation: Annotated[str, Query()] = ""
) -> HTMLResponse:
    """The indexed text of a document; with ``?citation=`` the cited words are marked."""
    if cut.caller.access == "off":
        return _off()
    try:
        document, state = _cited(_asker(request), doc_id, citation)
        state = cut.state(state, document) if state else None
        document = cut.document(document)
    except GroundedQAError as error:
        return page("missing.html", status_of(error), home=home, detail=shortened(str(error)))
    start, end = (state.start or 0, state.end or 0) if state else (0, 0)
    said = {
        "document": document,
        "state": state,
        "blocks": list(blocks_of(document, start, end)),
        "opened": at_page(document, start) if start < end else None,
    }
    return page("document.html", HTTPStatus.OK, home=home, **said)


@search_bar.get("/opensearch.xml")
def opensearch(request: Request) -> Response:
    """What a browser needs to take the ask page into its search bar."""
    described = _TEMPLATES.get_template("opensearch.xml").render(base=str(request.base_url))
    return Response(described, media_type="application/opensearchdescription+xml")


def router_at(prefix: str) -> APIRouter:
    """The pages of a collection below a prefix."""
    router = APIRouter(prefix=prefix, include_in_schema=False)
    router.get("/")(ask_page)
    router.get("/documents/{doc_id}")(document_page)
    return router


def _off() -> HTMLResponse:
    detail = "This service has no pages of its own to read at; --pages turns them on."
    return page("missing.html", HTTPStatus.NOT_FOUND, home="/", detail=detail)


def _cited(asker: Asker, doc_id: str, citation: str) -> tuple[Document, CitationState | None]:
    """The document and where the citation is in it, both of one snapshot."""
    if not citation:
        return asker.document(doc_id), None
    try:
        located = asker.look_up(citation)
    except CitationNotFoundError:
        located = None
    if located and located.document and located.document.doc_id == doc_id:
        return located.document, located.state
    return asker.document(doc_id), CitationState(citation, doc_id, "gone")


def _asker(request: Request) -> Asker:
    """The collection's; opened where it is not yet, for a page is made in a thread of its own."""
    return collections_of(request).asker(collection_name(request))


def _ask_page(
    asked: Narrowing,
    status: int = HTTPStatus.OK,
    *,
    answer: Answer | None = None,
    error: str | None = None,
) -> HTMLResponse:
    why = _WHY[answer.reason] if answer and answer.reason else None
    said = {"answer": answer, "error": shortened(error) if error else None, "why": why}
    return page("ask.html", status, home=asked.home, asked=asked, **said)


def _lang(document: Document) -> str | None:
    """The language as HTML has it; None where it is none that HTML knows."""
    return document.language if _LANGUAGE.fullmatch(document.language or "") else None


def _web(url: str | None) -> bool:
    """Whether an address is one of the web: a source may hold any, and it becomes a link."""
    return bool(url) and str(url).lower().startswith(("https://", "http://"))


_TEMPLATES.filters["lang"] = _lang
_TEMPLATES.filters["web"] = _web


def page(template: str, status: int = HTTPStatus.OK, **values: object) -> HTMLResponse:
    """A page of a template, with the headers that all pages have."""
    html = _TEMPLATES.get_template(template).render(**values)
    return HTMLResponse(html, status_code=status, headers=_HEADERS)
