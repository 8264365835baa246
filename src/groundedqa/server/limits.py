"""What of a request is read: so much of its body, an address that is text, HEAD as GET."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundedqa.server.problems import problem

LARGEST_BODY = 64 * 1024
LARGEST_BATCH = 1024 * 1024
SLOWEST_BODY = 10.0  # seconds
BATCHES = "/ask/batch"  # how their paths end


class BodyLimit:
    """ASGI middleware: a body over the bound is answered with 413 and not read to its end.

    One that has not come within seconds is answered with 408.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body up to the bound, then hand it on whole."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        largest = LARGEST_BATCH if scope["path"].endswith(BATCHES) else LARGEST_BODY
        try:
            async with asyncio.timeout(SLOWEST_BODY):
                body = await _body(receive, largest)
        except TimeoutError:
            detail = f"the body did not come within {SLOWEST_BODY:g} s; send it again"
            await problem(408, detail)(scope, receive, send)
            return
        if body is None:
            return
        if len(body) > largest:
            detail = f"the body is over {largest} bytes; ask a shorter question"
            await problem(413, detail)(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


async def _body(receive: Receive, largest: int) -> bytes | None:
    """The body, or the beginning of one that is larger; None where the client has gone."""
    body = b""
    while len(body) <= largest:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return body


class TextAddress:
    """ASGI middleware: a query string that is not UTF-8 is refused, not read with holes in it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what is text."""
        if scope["type"] == "http":
            try:
                unquote_to_bytes(scope["query_string"]).decode()
            except UnicodeDecodeError:
                detail = "the query string is not percent-encoded UTF-8"
                await problem(422, detail, kind="invalid-request")(scope, receive, send)
                return
        await self._app(scope, receive, send)


class HeadAsGet:
    """ASGI middleware: HEAD is answered as GET is, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a HEAD on as a GET, and leave the body out of the answer."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_head)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
