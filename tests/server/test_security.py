"""What an attacker tries, over every route of the OpenAPI document and on the wire."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from groundedqa.server.connection import SLOWEST_HEAD
from tests.server.admin import HOSTILE, Administered, administered
from tests.support.processes import service

OTHER = "rome"
# Of a document of the default collection, beyond what a preview of three words shows.
SECRET = "once they are too heavy to float"
UPWARDS = [
    *("..", "../..", "..%2f..%2fetc%2fpasswd", "..%252f..%252fetc%252fpasswd", "%2e%2e%2f"),
    *("....//", "..\\..\\", "%5c..%5c..", "/etc/passwd", "%00", "rain%00.txt", "%0d%0aX-Bad:%201"),
    *("~", "file:///etc/passwd", "con", "." * 4000, "%ff%fe"),
]


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, tiny_encoders: Path
) -> Administered:
    return administered(tmp_path_factory.mktemp("attacked"), tiny_model, tiny_encoders)


@pytest.fixture(scope="module")
def web(made: Administered) -> Iterator[httpx.Client]:
    flags = ("--keys", str(made.database.path))
    with service(made.index, made.home / "log", *flags) as running:
        running.wait_until_ready()
        with httpx.Client(base_url=running.url, timeout=30) as client:
            yield client


def operations(web: httpx.Client) -> list[tuple[str, str]]:
    """Every method and path that takes a key."""
    found: dict[str, Any] = web.get("/openapi.json").json()["paths"]
    open_to_all = {"/healthz", "/readyz", "/version"}
    return [
        (method.upper(), path)
        for path, methods in found.items()
        for method in methods
        if path not in open_to_all
    ]


def ask(web: httpx.Client, method: str, path: str, token: str | None) -> httpx.Response:
    """A request that is right but for whose it is."""
    names = {"collection": "default", "doc_id": "rain", "citation_id": "rain.0-4.0123456789abcdef"}
    address = path.format(**names)
    body: dict[str, Any] | None = None
    if method == "POST":
        body = {"question": "rain", "near_misses": True, "related": 3}
        if path.endswith("/batch"):
            body = {"questions": [body]}
        if path.endswith("/feedback"):
            body = {"answer_id": "x", "citation_id": "x", "helpful": True}
    params = {"q": "rain"} if method == "GET" and path.endswith(("/ask", "/suggest")) else None
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return web.request(method, address, params=params, json=body, headers=headers)


def test_no_route_answers_without_a_key(web: httpx.Client) -> None:
    statuses = {(m, p): ask(web, m, p, None).status_code for m, p in operations(web)}
    assert set(statuses.values()) == {401}, statuses


def test_no_route_gives_a_key_of_another_collection_anything(
    web: httpx.Client, made: Administered
) -> None:
    token, _ = made.database.create("server", "of rome", collections=(OTHER,))
    time.sleep(0.5)  # keys are read a few times a second
    for method, path in operations(web):
        if path in ("/v1/collections", "/metrics"):
            continue
        answered = ask(web, method, path, token)
        assert answered.status_code == 403, (method, path, answered.text)
    listed = web.get("/v1/collections", headers={"Authorization": f"Bearer {token}"}).json()
    assert [each["name"] for each in listed["collections"]] == [OTHER]
    assert ask(web, "GET", "/metrics", token).status_code == 403


def test_no_route_shows_a_preview_key_a_text_in_full(web: httpx.Client, made: Administered) -> None:
    bounds = {"access": "preview", "words": 3, "document_words": 3}
    preview, _ = made.database.create("server", "preview", **bounds)
    full, _ = made.database.create("server", "full")
    time.sleep(0.5)
    shown = {}
    for method, path in operations(web):
        answered = ask(web, method, path, preview)
        assert SECRET not in answered.text, (method, path)
        shown[method, path] = SECRET in ask(web, method, path, full).text
    assert sum(shown.values()) >= 6  # with another key it is there to be seen


@pytest.mark.parametrize("name", UPWARDS)
def test_a_name_that_leads_elsewhere_leads_nowhere(
    web: httpx.Client, made: Administered, name: str
) -> None:
    headers = {"Authorization": f"Bearer {made.server}"}
    base = str(web.base_url).rstrip("/")
    for path in (
        *(f"/v1/documents/{name}", f"/v1/citations/{name}", f"/v1/collections/{name}"),
        *(f"/v1/collections/{name}/documents/rain", f"/v1/collections/{name}/ask?q=rain"),
        *(f"/static/{name}", f"/widget/{name}", f"/documents/{name}", f"/collections/{name}/"),
        f"/admin/collections/{name}",
    ):
        answered = web.get(httpx.URL(base + path), headers=headers)
        if answered.request.url.raw_path.decode().partition("?")[0] != path.partition("?")[0]:
            continue  # the client itself has walked it, and asked for what is there
        assert answered.status_code in (303, 400, 401, 403, 404, 405, 422), (path, answered.text)
        assert "root:" not in answered.text
        assert "x-bad" not in answered.headers


def test_what_is_echoed_in_a_header_or_a_page_can_not_break_out(
    web: httpx.Client, made: Administered
) -> None:
    headers = {"Authorization": f"Bearer {made.server}"}
    for sent in ("x" * 10_000, "a b", '"><script>'):
        given = {**headers, "X-Request-ID": sent}
        answered = web.get("/v1/collections", headers=given)
        assert re.fullmatch(r"[0-9a-f]{32}", answered.headers["x-request-id"]), sent
    described = web.get("/opensearch.xml", headers={"Host": 'x"><script>'})
    assert "<script>" not in described.text
    asked = web.get("/v1/ask", params={"q": HOSTILE}, headers=headers)
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["x-content-type-options"] == "nosniff"


def raw(web: httpx.Client, request: bytes) -> bytes:
    """What comes back on a connection of its own, up to its end."""
    address = web.base_url
    with socket.create_connection((address.host, address.port or 80), timeout=10) as line:
        answered = b""
        with suppress(ConnectionError):  # it may be closed before all of it was taken
            line.sendall(request)
            with suppress(OSError):  # "not connected" is no ConnectionError
                line.shutdown(socket.SHUT_WR)
            while part := line.recv(65536):
                answered += part
    return answered


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 5\r\nContent-Length: 60",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, identity\r\nContent-Length: 4",
        "Content-Length: -1",
        "Content-Length: 5, 60",
        "Bad Header: 1\r\nContent-Length: 0",
        "X: a\x00b\r\nContent-Length: 0",
    ],
)
def test_two_ways_to_read_a_request_are_no_way(web: httpx.Client, headers: str) -> None:
    smuggled = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    body = f"0\r\n\r\n{smuggled}"
    request = f"POST /v1/ask HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n{body}"
    answered = raw(web, request.encode())
    # What hides behind the first request is never answered as a second one.
    assert b'"ok"' not in answered
    assert answered.count(b"HTTP/1.1 200") == 0
    assert web.get("/healthz").status_code == 200


def test_what_is_oversized_is_refused_and_the_service_goes_on(
    web: httpx.Client, made: Administered
) -> None:
    headers = {"Authorization": f"Bearer {made.server}"}
    assert web.get("/v1/ask", params={"q": "x" * 11_000}, headers=headers).status_code == 422
    many = b"".join(b"X-%d: %s\r\n" % (n, b"y" * 1000) for n in range(200))
    huge = raw(web, b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n")
    assert b" 200 " not in huge.split(b"\r\n")[0]
    long = raw(web, b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b" 200 " not in long.split(b"\r\n")[0]
    assert web.get("/healthz").status_code == 200


def test_a_head_that_does_not_come_to_its_end_is_not_waited_for(
    web: httpx.Client, made: Administered
) -> None:
    address = (web.base_url.host, web.base_url.port or 80)
    with socket.create_connection(address, timeout=30) as idle:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        began = time.monotonic()
        with socket.create_connection(address, timeout=30) as endless:
            endless.sendall(b"GET /healthz HTTP/1.1\r\nX-Endless: ")
            with suppress(ConnectionError):
                for _ in range(1000):
                    endless.sendall(b"y" * 65536)
                    time.sleep(0.001)
            with suppress(ConnectionError):
                assert b" 400 " in endless.recv(65536)
        assert time.monotonic() - began < SLOWEST_HEAD
        assert idle.recv(65536) == b""  # it is closed
        assert SLOWEST_HEAD - 1 < time.monotonic() - began < 2 * SLOWEST_HEAD
    assert made.database.path.exists()
    assert web.get("/healthz").status_code == 200
