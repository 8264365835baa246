"""So many requests are answered at once; the others are refused at once, and none waits in line."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundedqa.server.caller import Caller
from groundedqa.server.problems import problem

DEFAULT_PERMITS = 32


class Permits:
    """ASGI middleware around what takes work; the request is read by then, however slow it came.

    A permit is given back where the answer begins to be sent: a reader that is slow holds none.
    """

    def __init__(self, app: ASGIApp, permits: int) -> None:
        self._app = app
        self._permits = permits
        self._taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on while there is a permit."""
        caller: Caller | None = scope.get("state", {}).get("caller")
        if caller is None or caller.access == "off":
            await self._app(scope, receive, send)
            return
        if self._taken >= self._permits:
            detail = f"{self._permits} requests are being answered; ask again in a moment"
            await problem(503, detail, kind="busy", retry_after=1)(scope, receive, send)
            return
        self._taken += 1
        held = True

        def give_back() -> None:
            nonlocal held
            if held:
                held = False
                self._taken -= 1

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                give_back()
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            give_back()
