"""How much of a request is read at most."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundedqa.server.problems import problem

LARGEST_BODY = 64 * 1024


class BodyLimit:
    """ASGI middleware: a body over the bound is answered with 413 and not read to its end."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body up to the bound, then hand it on whole."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._largest:
                detail = f"the body is over {self._largest} bytes; ask a shorter question"
                await problem(413, detail)(scope, receive, send)
                return
        await self._app(scope, _replay(body, receive), send)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
