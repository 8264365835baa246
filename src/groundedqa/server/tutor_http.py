"""``/mcp``: the tutor's tools by streamable HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from groundedqa.ask import Asker
from groundedqa.server.tutor import tutor

PATH = "/mcp"


class TutorEndpoint:
    """An ASGI application that is made when it is first asked, and runs until it is closed.

    Nothing is kept between requests, so that any worker can answer any of them.
    """

    def __init__(self, asker: Callable[[], Asker]) -> None:
        self._asker = asker
        self._running: asyncio.Task[None] | None = None
        self._started: asyncio.Future[ASGIApp] | None = None
        self._closed = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the SDK does."""
        if self._running is None or self._started is None:
            self._started = asyncio.get_running_loop().create_future()
            self._running = asyncio.create_task(self._run(self._started))
        waiting: list[asyncio.Future[Any]] = [self._running, self._started]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if self._running.done():
            self._running.result()  # raises what it ended with
        await self._started.result()(scope, receive, send)

    async def close(self) -> None:
        """End what runs for it."""
        self._closed.set()
        if self._running is not None:
            await asyncio.wait([self._running])

    async def _run(self, started: asyncio.Future[ASGIApp]) -> None:
        """The SDK's task group begins and ends in one task, as it must."""
        server, app = await asyncio.to_thread(self._make)
        async with server.session_manager.run():
            started.set_result(app)
            await self._closed.wait()

    def _make(self) -> tuple[Any, ASGIApp]:
        from mcp.server.transport_security import TransportSecuritySettings

        server = tutor(self._asker)
        # Which hosts and origins may ask is for all routes to say, and not for this one.
        security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        app = server.streamable_http_app(
            streamable_http_path=PATH,
            stateless_http=True,
            json_response=True,
            transport_security=security,
        )
        return server, app


def route(endpoint: TutorEndpoint) -> Route:
    """The route that leads to the endpoint."""
    return Route(PATH, endpoint, methods=["GET", "POST", "DELETE"], include_in_schema=False)
