from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

PROBLEM = {"type", "title", "status", "detail", "request_id"}
JSON = {"Content-Type": "application/json"}


def assert_problem(response: Any, status: int, *words: str) -> dict[str, Any]:
    assert response.status_code == status, response.text[:300]
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert PROBLEM <= set(problem) <= PROBLEM | {"errors"}
    assert problem["status"] == status
    assert problem["type"].startswith("urn:groundedqa:problem:")
    for word in words:
        assert word in problem["detail"], problem
    return problem


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "1 to 10,000 characters"),
        ("  \n\t ", "1 to 10,000 characters"),
        ("\u00a0\u3000\u200b\ufeff", "1 to 10,000 characters"),
        ("x" * 10_001, "at most 10000"),
        ("\U0001f600" * 10_001, "at most 10000"),
        ("why\0not", "U+0000"),
        ("\x01\x02\x7f", "U+0001"),
        ("\x89PNG\r\n\x1a\n", "U+001A"),
    ],
)
def test_a_question_that_is_no_question_names_the_bound(
    client: TestClient, question: str, says: str
) -> None:
    posted = assert_problem(client.post("/v1/ask", json={"question": question}), 422, says)
    assert [item["field"] for item in posted["errors"]] == ["question"]
    if len(question.encode()) > 20_000:  # more than an address can be
        return
    got = assert_problem(client.get("/v1/ask", params={"q": question}), 422, says)
    assert [item["field"] for item in got["errors"]] == ["q"]


def test_the_longest_question_is_answered(client: TestClient) -> None:
    for question in ("x" * 10_000, "é" * 10_000, "\U0001f600" * 10_000):
        body = json.dumps({"question": question, "k": 1}, ensure_ascii=False).encode()
        assert client.post("/v1/ask", content=body, headers=JSON).status_code == 200


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '"a\\udfffb"', '"\\u0000"', "null", "5", '["x"]', "{}", "true"]
)
def test_a_question_that_is_no_text_is_refused(client: TestClient, text: str) -> None:
    body = f'{{"question": {text}}}'.encode()
    assert_problem(client.post("/v1/ask", content=body, headers=JSON), 422, "question")


@pytest.mark.parametrize(
    "k", ["0", "51", "-1", "2.5", "1e400", "true", "null", '"x"', '"5"', "[1]", "NaN", "9" * 400]
)
def test_k_is_a_whole_number_from_1_to_50(client: TestClient, k: str) -> None:
    body = f'{{"question": "x", "k": {k}}}'.encode()
    problem = assert_problem(client.post("/v1/ask", content=body, headers=JSON), 422)
    assert [item["field"] for item in problem["errors"]] == ["k"]


@pytest.mark.parametrize("k", ["0", "51", "-1", "2.5", "2.0", "x", "true", "", " 5", "1_0", "٣"])
def test_k_in_an_address_is_a_whole_number_from_1_to_50(client: TestClient, k: str) -> None:
    problem = assert_problem(client.get("/v1/ask", params={"q": "x", "k": k}), 422)
    assert [item["field"] for item in problem["errors"]] == ["k"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"question": "x", "top_k": 5}, "top_k"),
        ({"question": "x", "filters": {"subject": ["x"]}}, "filters.subject"),
        ({"question": "x", "filters": {"tags": [5]}}, "filters.tags.0"),
        ({"question": "x", "filters": {"tags": ["x"] * 101}}, "filters.tags"),
        ({"question": "x", "filters": {"tags": ["x" * 501]}}, "filters.tags.0"),
        ({"question": "x", "filters": None}, "filters"),
        ({"question": "x", "filters": []}, "filters"),
        ({"question": "x", "filters": {"published_from": "soon"}}, "filters.published_from"),
        ({"question": "x", "filters": {"published_from": "2026-02-30"}}, "filters.published_from"),
        ({"question": "x", "filters": {"published_to": 0}}, "filters.published_to"),
        (
            {"question": "x", "filters": {"published_to": "2026-01-01T00:00"}},
            "filters.published_to",
        ),
        ({"k": 5}, "question"),
        *(({"question": "x", "risk": risk}, "risk") for risk in (0, 1, -0.1, 2, True, "0.1")),
        *(({"question": "x", "near_misses": flag}, "near_misses") for flag in (1, "true", None)),
        *(({"question": "x", "related": n}, "related") for n in (-1, 21, 2.5, "5", True)),
        ({"question": "x", "facets": ["tags", "colour"]}, "facets.1"),
        ({"question": "x", "facets": "colour"}, "facets.0"),
    ],
)
def test_each_field_that_is_wrong_or_unknown_is_named(
    client: TestClient, body: dict[str, Any], field: str
) -> None:
    problem = assert_problem(client.post("/v1/ask", json=body), 422, field)
    assert [item["field"] for item in problem["errors"]] == [field]


@pytest.mark.parametrize(
    "query", ["q=x&question=x", "q=x&filters=x", "q=x&K=5", "k=5", "q=x&q%00=1"]
)
def test_an_unknown_or_missing_parameter_is_refused(client: TestClient, query: str) -> None:
    assert_problem(client.get(f"/v1/ask?{query}"), 422)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("q=a&q=b", "q"),
        ("q=a&k=1&k=1", "k"),
        ("q=a&risk=0.1&risk=0.2", "risk"),
        ("q=a&published_to=2026-01-01&published_to=2026-01-02", "published_to"),
        *((f"q=a&risk={risk}", "risk") for risk in ("0", "1", "x", "nan", "0_5", "")),
        *((f"q=a&near_misses={flag}", "near_misses") for flag in ("1", "True", "yes")),
        ("q=a&related=21", "related"),
        ("q=a&facets=tags&facets=colour", "facets.1"),
    ],
)
def test_a_parameter_that_is_wrong_or_repeated_is_named(
    client: TestClient, query: str, field: str
) -> None:
    problem = assert_problem(client.get(f"/v1/ask?{query}"), 422, field)
    assert [item["field"] for item in problem["errors"]] == [field]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"question=x", b"\x00\x01\xff", b"[]", b"null", b'"x"'],
)
def test_what_is_no_json_object_is_refused_with_what_to_send(
    client: TestClient, body: bytes
) -> None:
    response = client.post("/v1/ask", content=body, headers=JSON)
    assert_problem(response, response.status_code, "body")
    assert response.status_code in (400, 422)


def test_invalid_utf8_is_refused_wherever_it_stands(client: TestClient) -> None:
    body = b'{"question": "caf\xe9"}'
    assert_problem(client.post("/v1/ask", content=body, headers=JSON), 400, "UTF-8")
    assert_problem(client.get("/v1/ask?q=caf%E9"), 422, "UTF-8")
    assert_problem(client.get("/v1/documents/caf%E9"), 404)
    assert_problem(client.get("/v1/citations/caf%E9.0-1.0123456789abcdef%FF"), 404)


def test_json_nested_without_end_is_refused(client: TestClient) -> None:
    for body in (b"[" * 60_000, b'{"question":' * 5_000):
        response = client.post("/v1/ask", content=body, headers=JSON)
        assert_problem(response, response.status_code)
        assert response.status_code in (400, 422)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_that_does_not_come_as_json_is_refused(client: TestClient, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}
    response = client.post("/v1/ask", content=b'{"question": "x"}', headers=headers)
    assert_problem(response, 422, "Content-Type: application/json")


@pytest.mark.parametrize("size", [64 * 1024 + 1, 1_000_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_64_kib_is_refused(client: TestClient, size: int, chunked: bool) -> None:
    whole = b'{"question": "' + b"x" * (size - 16) + b'"}'

    def pieces() -> Iterator[bytes]:
        for start in range(0, size, 10_000):
            yield whole[start : start + 10_000]

    content: Any = pieces() if chunked else whole
    response = client.post("/v1/ask", content=content, headers=JSON)
    assert ("content-length" in response.request.headers) is not chunked
    assert_problem(response, 413, "65536 bytes")


def test_a_body_of_64_kib_is_read(client: TestClient) -> None:
    body = b'{"question": "tides"' + b" " * (64 * 1024 - 21) + b"}"
    assert len(body) == 64 * 1024
    assert client.post("/v1/ask", content=body, headers=JSON).status_code == 200


ODD = [
    *("nope", "..", "%2e%2e", "%2Fetc%2Fpasswd", "a%2Fb", "%00", "tides%00", "tides%20", "TIDES"),
    *("x" * 5000, "%F0%9F%98%80", "tides;x", "tides%3Fx", "*", "'%20or%201=1--", "tides/", "a/b"),
]


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("place", ["documents", "citations"])
def test_an_unknown_document_or_citation_is_not_found(
    client: TestClient, place: str, name: str
) -> None:
    problem = assert_problem(client.get(f"/v1/{place}/{name}"), 404)
    assert len(problem["detail"]) < 1200


@pytest.mark.parametrize(
    "name",
    [
        *("tides", "tides.0-9", "tides.9-0.0123456789abcdef", "tides.0-0.0123456789abcdef"),
        *("tides.0-9.0123456789abcde", "tides.0-9.0123456789ABCDEF", ".0-9.0123456789abcdef"),
        *("tides.-1-9.0123456789abcdef", "tides.0-9999999999999.0123456789abcdef"),
    ],
)
def test_what_is_no_citation_id_is_not_found(client: TestClient, name: str) -> None:
    problem = assert_problem(client.get(f"/v1/citations/{name}"), 404, "is no citation id")
    assert problem["type"] == "urn:groundedqa:problem:citation-not-found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/ask", "GET, HEAD, POST"),
        ("DELETE", "/v1/documents/tides", "GET, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
        ("OPTIONS", "/v1/ask", "GET, HEAD, POST"),
        ("POST", "/", "GET, HEAD"),
        ("POST", "/static/style.css", "GET, HEAD"),
        ("DELETE", "/static/nope", "GET, HEAD"),
        ("BREW", "/readyz", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    response = client.request(method, path)
    assert_problem(response, 405, allowed)
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize(
    "path", ["/nope", "/v1", "/v1/ask/", "/v1/documents", "/static/nope", "/docs", "/redoc", "//"]
)
def test_an_unknown_address_is_a_problem_too(client: TestClient, path: str) -> None:
    assert_problem(client.get("http://testserver" + path), 404)


def test_an_unforeseen_error_says_nothing_of_the_question(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret question")

    monkeypatch.setattr("groundedqa.ask.Asker.ask", fail)
    with capture_logs() as log:
        problem = assert_problem(client.post("/v1/ask", json={"question": "secret question"}), 500)
    told = [(entry["event"], entry["path"], entry["log_level"]) for entry in log]
    assert ("request failed", "/v1/ask", "error") in told
    assert {path for _, path, _ in told} == {"/v1/ask"}
    assert "secret" not in str([{**entry, "exc_info": None} for entry in log])
    assert problem["detail"] == "the service failed; its log says why"
