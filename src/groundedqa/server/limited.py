"""Requests beyond a caller's rate are answered 429; each answer tells where its caller stands."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundedqa.errors import RateLimitError
from groundedqa.server.caller import Caller, caller_of
from groundedqa.server.problems import rate_limited
from groundedqa.server.rates import Rates, headers


class Limited:
    """ASGI middleware behind the gate, which has told whose request it is."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app = app
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what there is room for."""
        caller: Caller | None = scope.get("state", {}).get("caller")
        if caller is None or caller.access == "off":  # nothing of a corpus is given
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            # A batch counts for more once it is read, so this is told at the end.
            if message["type"] == "http.response.start" and scope["state"]["standings"]:
                told = MutableHeaders(scope=message)
                for name, value in headers(scope["state"]["standings"]).items():
                    told[name] = value
            await send(message)

        scope["state"]["standings"] = ()
        try:
            scope["state"]["standings"] = await self._rates.charge(caller)
        except RateLimitError as error:
            scope["state"]["standings"] = error.standings
            await rate_limited(error)(scope, receive, sending)
        else:
            await self._app(scope, receive, sending)


async def charge(request: Request, cost: int) -> None:
    """Count so many requests more for one that holds several.

    Raises:
        RateLimitError: there is no room for them.
    """
    rates: Rates = request.app.state.rates
    if cost:
        request.scope["state"]["standings"] = await rates.charge(caller_of(request), cost)
