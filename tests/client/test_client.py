"""The client against a real service, and what it makes of refusals."""

from __future__ import annotations

import asyncio
import re
import socket

import httpx
import pytest
from pydantic import BaseModel

from groundedqa import client as exported
from groundedqa.client import (
    Answer,
    AsyncClient,
    BusyError,
    CitationState,
    Client,
    ClientError,
    Document,
    MissingError,
    ProblemError,
    RequestError,
    Retries,
    UnreachableError,
)
from groundedqa.client.models import Suggestions
from groundedqa.server import schemas
from tests.conftest import ROOT
from tests.support.processes import Service
from tests.support.running import RAIN

QUESTION = "why does rain fall?"
QUICK = Retries(first=0.001)
READY = {"status": "ready", "snapshot": "s", "problem": None}


def test_every_call_is_answered_with_its_type(rain: Service) -> None:
    with Client(rain.url) as client:
        assert client.ready().snapshot
        answer = client.ask(QUESTION, k=1, related=1, facets=["kind"], filters={"kind": ["qa"]})
        (cited,) = answer.citations
        assert (answer.decision, cited.quote, cited.pinned) == ("answered", RAIN, True)
        assert answer.facets["kind"][0].value == "qa"
        assert client.document(cited.document.id).text[cited.start : cited.end] == cited.quote
        assert client.citation(cited.citation_id).state == "stands"
        assert client.formatted(cited.citation_id, "apa").startswith("Why does rain fall?")
        assert client.suggest("why does")[0].text == "Why does rain fall?"
        assert client.related(QUESTION)[0].document_id == cited.document.id
        first, second = client.ask_batch([QUESTION, "zzgrk"], k=1, near_misses=True)
        assert [each.quote for each in first.citations] == [RAIN]
        assert (first.question, second.question) == (QUESTION, "zzgrk")
        client.feedback(answer, cited, helpful=True)
        with pytest.raises(RequestError, match="is no citation id"):
            client.feedback(answer, cited.model_copy(update={"citation_id": "x"}), helpful=False)
        with pytest.raises(ValueError, match="has no answer_id"):
            client.feedback(answer.model_copy(update={"answer_id": None}), cited, helpful=True)


def test_the_asynchronous_client_answers_the_same(rain: Service) -> None:
    async def ask() -> list[Answer]:
        async with AsyncClient(rain.url) as client:
            assert (await client.ready()).snapshot
            answer = await client.ask(QUESTION, k=1)
            (cited,) = answer.citations
            (same,) = await client.ask_batch([QUESTION], k=1)
            assert same.citations == answer.citations
            await client.feedback(answer, cited, helpful=False)
            with pytest.raises(ValueError, match="has no answer_id"):
                await client.feedback(
                    same.model_copy(update={"answer_id": None}), cited, helpful=True
                )
            assert (await client.document(cited.document.id)).text == RAIN
            assert (await client.citation(cited.citation_id)).state == "stands"
            assert "rain" in await client.formatted(cited.citation_id, "bibtex")
            assert (await client.suggest("why does"))[0].kind == "question"
            assert (await client.related(QUESTION, 1))[0].question == "Why does rain fall?"
            with pytest.raises(MissingError):
                await client.document("snow")
            return list(await asyncio.gather(*(client.ask(QUESTION) for _ in range(4))))

    with Client(rain.url) as client:
        quotes = [citation.quote for citation in client.ask(QUESTION).citations]
    for answer in asyncio.run(ask()):
        assert [citation.quote for citation in answer.citations] == quotes


def test_a_problem_names_what_is_wrong(rain: Service) -> None:
    with Client(rain.url) as client:
        with pytest.raises(RequestError, match="422 Unprocessable") as wrong:
            client.ask("why?", k=99)
        assert [item.field for item in wrong.value.invalid] == ["k"]
        assert wrong.value.kind == "invalid-request"
        with pytest.raises(MissingError) as missing:
            client.document("snow and ice")
        assert (missing.value.status, missing.value.kind) == (404, "document-not-found")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Answer, schemas.AnswerOut),
        (Document, schemas.DocumentOut),
        (CitationState, schemas.CitationStateOut),
        (Suggestions, schemas.SuggestionsOut),
    ],
)
def test_the_types_lose_nothing_of_what_the_service_describes(
    ours: type[BaseModel], theirs: type[BaseModel]
) -> None:
    for example in theirs.model_json_schema()["examples"]:
        assert ours.model_validate(example).model_dump(mode="json") == example
    added = {**example, "added_later": 1}
    assert ours.model_validate(added) == ours.model_validate(example)


def answering(*responses: httpx.Response) -> tuple[httpx.MockTransport, list[httpx.Request]]:
    """A transport that gives these responses in turn, and what was asked of it."""
    left, asked = iter(responses), []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return next(left)

    return httpx.MockTransport(answer), asked


def refusal(status: int, after: str = "0") -> httpx.Response:
    return httpx.Response(status, headers={"Retry-After": after}, json={"detail": "too many"})


def test_a_refused_request_is_made_again_until_it_is_answered() -> None:
    transport, asked = answering(refusal(429), refusal(503), httpx.Response(200, json=READY))
    with Client("http://site.test/", key="secret", retries=QUICK, transport=transport) as client:
        assert client.ready().snapshot == "s"
    assert [request.headers["Authorization"] for request in asked] == ["Bearer secret"] * 3
    assert all("secret" not in str(request.url) for request in asked)


def test_the_asynchronous_client_tries_again_as_well() -> None:
    transport, asked = answering(refusal(429), httpx.Response(200, json=READY))

    async def ready() -> str:
        async with AsyncClient("http://site.test", retries=QUICK, transport=transport) as client:
            return (await client.ready()).snapshot

    assert (asyncio.run(ready()), len(asked)) == ("s", 2)


def test_after_the_last_retry_the_refusal_stands() -> None:
    transport, asked = answering(*(refusal(503) for _ in range(3)))
    quick = Retries(most=2, first=0.001)
    with (
        Client("http://site.test", retries=quick, transport=transport) as client,
        pytest.raises(BusyError, match="too many"),
    ):
        client.ready()
    assert len(asked) == 3


def test_retry_after_is_honoured_and_a_wait_that_is_too_long_is_not_begun() -> None:
    retries = Retries(most=9, first=0.5, longest=8)
    assert retries.wait(0, refusal(429, "3")) == 3
    assert retries.wait(0, refusal(429, "9")) is None
    assert retries.wait(0, httpx.Response(500)) is None
    for done in range(9):
        most = min(8, 0.5 * 2**done)
        wait = retries.wait(done, refusal(503, "Wed, 21 Oct 2026 07:28:00 GMT"))
        assert wait is not None
        assert most / 2 <= wait <= most
    assert retries.wait(9, refusal(503)) is None


def test_a_collection_has_its_own_routes() -> None:
    transport, asked = answering(refusal(404))
    with (
        Client("http://site.test", collection="bio/1", transport=transport) as client,
        pytest.raises(MissingError),
    ):
        client.document("a b")
    assert asked[0].url.raw_path == b"/v1/collections/bio%2F1/documents/a%20b"


def test_no_service_and_no_such_service_are_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with (
        Client(f"http://127.0.0.1:{port}", retries=Retries(most=1, first=0.001)) as client,
        pytest.raises(UnreachableError, match=f":{port}.* does not answer"),
    ):
        client.ready()
    for odd in (httpx.Response(200, text="<html>"), httpx.Response(502, text="<html>")):
        transport, _ = answering(odd)
        with Client("http://site.test", transport=transport) as client:
            expected: type[ClientError] = UnreachableError if odd.is_success else ProblemError
            with pytest.raises(expected):
                client.ready()


def test_what_is_exported_is_there_and_sorted() -> None:
    assert sorted(exported.__all__) == exported.__all__
    assert all(hasattr(exported, name) for name in exported.__all__)
    assert _public(Client) == _public(AsyncClient)


def _public(kind: type) -> set[str]:
    return {name for name in vars(kind) if not name.startswith("_")}


def test_the_example_of_the_documentation_prints_the_quote(
    rain: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    exec(code.replace("http://127.0.0.1:8000", rain.url), {})
    assert capsys.readouterr().out.startswith(RAIN + "\n")
    named = set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))
    assert {name for name in exported.__all__ if name.endswith("Error")} <= named
    methods = set(re.findall(r"^\| `(\w+)\(", text, re.MULTILINE))
    assert methods == _public(Client) - {"close"}
