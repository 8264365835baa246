"""A service over HTTP as a System: what it is asked, what is read of it, and how it fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from groundedqa.errors import ConfigurationError, GroundedQAError
from groundedqa.evaluate.remote import HttpSystem

PLACE = {"document": {"id": "b", "title": "B"}, "start": 5, "end": 9}
CITATION = {
    "document": {"id": "a", "title": "A"},
    "section": ["One", "Two"],
    "start": 1,
    "end": 4,
    "score": 0.5,
    "quote": "abc",
    "also_at": [PLACE],
}
ANSWER: dict[str, Any] = {
    "decision": "answered",
    "answerable": 0.75,
    "took_ms": 2.5,
    "citations": [CITATION],
}
DOCUMENT = {
    "id": "b",
    "title": "B",
    "sections": [{"start": 0, "end": 9, "heading": "Three", "level": 2}],
}
NEW: dict[str, Any] = {
    "components": {"schemas": {"AskRequest": {"properties": {"near_misses": {}}}}}
}


class Service:
    """Answers as a service would, and keeps what it was asked."""

    def __init__(self, answer: dict[str, Any], described: dict[str, Any] | None = None) -> None:
        self.answer = answer
        self.described = described or {}
        self.asked: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/openapi.json":
            return httpx.Response(200, json=self.described)
        if request.url.path == "/v1/documents/b":
            return httpx.Response(200, json=DOCUMENT)
        if request.url.path != "/v1/ask":
            return httpx.Response(404, json={"detail": "none"})
        self.asked.append(json.loads(request.content))
        return httpx.Response(200, json=self.answer)


def system(service: Callable[[httpx.Request], httpx.Response]) -> HttpSystem:
    return HttpSystem("http://service", httpx.MockTransport(service))


def test_fifty_citations_are_asked_for_and_read() -> None:
    service = Service(ANSWER)
    with system(service) as made:
        outcome = made.ask("q", "Why?")
    assert service.asked == [{"question": "Why?", "k": 50}]
    assert (outcome.decision, outcome.answerable, outcome.took_ms) == ("answered", 0.75, 2.5)
    first = outcome.ranked[0]
    assert (first.doc_id, first.section, first.start, first.end) == ("a", ("One", "Two"), 1, 4)
    assert (first.also_at[0].doc_id, first.also_at[0].section) == ("b", ("Three",))


def test_near_misses_are_asked_for_where_they_are_given() -> None:
    abstained = {**ANSWER, "decision": "abstained", "citations": [], "near_misses": [CITATION]}
    service = Service(abstained, NEW)
    with system(service) as made:
        outcome = made.ask("q", "Why?")
    assert service.asked == [{"question": "Why?", "k": 50, "near_misses": True}]
    assert [ranked.doc_id for ranked in outcome.ranked] == ["a"]


def test_a_document_that_is_not_there_has_no_outline() -> None:
    with system(Service(ANSWER)) as made:
        assert made.outline("none") is None
        found = made.outline("b")
    assert found
    assert found.path(3) == ("Three",)


def test_a_problem_names_the_query_and_what_the_service_says() -> None:
    def busy(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/openapi.json":
            return httpx.Response(200, json={})
        return httpx.Response(503, json={"detail": "nothing is published"})

    with (
        system(busy) as made,
        pytest.raises(GroundedQAError, match="query q: status 503, nothing is published"),
    ):
        made.ask("q", "Why?")


def test_an_address_without_a_service_is_named_with_the_mend() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(ConfigurationError, match=r"http://service does not answer .* serve"):
        system(refuse)


def test_another_kind_of_service_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="is no JSON"):
        system(lambda _: httpx.Response(200, text="<html>"))
