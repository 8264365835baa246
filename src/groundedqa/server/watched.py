"""Each request watched: its id, its line in the log, its metrics and its trace."""

from __future__ import annotations

import re
import time
import uuid
from contextlib import ExitStack

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundedqa.server.metrics import Metrics
from groundedqa.server.traces import Traces
from groundedqa.stages import Listener, Stage, listening

_log = structlog.get_logger()
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_QUIET = frozenset({"/healthz", "/readyz"})  # asked every few seconds by whoever watches over it
_LONGEST = 200
REQUEST_ID = "X-Request-ID"


class Watched:
    """ASGI middleware around all others but the one that answers what nobody foresaw.

    ``X-Request-ID`` is kept where it is sane, and made where it is not; the answer has it. The log
    has no query string, no header and no body: neither a question nor a key.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, traces: Traces | None = None) -> None:
        self._app = app
        self._metrics = metrics
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = sane_id(headers.get(REQUEST_ID))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 500  # what is sent outside of here, where this raises

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        started = time.perf_counter()
        self._metrics.began()
        with ExitStack() as stack:
            heard: list[Listener] = [self._metrics]
            span = self._traces.request(headers, scope["method"]) if self._traces else None
            if span is not None:
                heard.append(stack.enter_context(span))
            stack.enter_context(listening(_Several(heard)))
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                route = _route(scope)
                seconds = time.perf_counter() - started
                if span is not None:
                    span.ended(route, status)
                self._metrics.ended(route, scope["method"], status, seconds)
                _tell(scope, status, seconds)


class _Several:
    """A Listener that is several."""

    def __init__(self, heard: list[Listener]) -> None:
        self._heard = heard

    def took(self, stage: Stage, seconds: float) -> None:
        for one in self._heard:
            one.took(stage, seconds)

    def decided(self, decision: str, reason: str | None) -> None:
        for one in self._heard:
            one.decided(decision, reason)

    def encoded(self, questions: int) -> None:
        for one in self._heard:
            one.encoded(questions)


def sane_id(asked: str | None) -> str:
    """The id that was sent, if it can stand in a header and a log; else a new one."""
    return asked if asked is not None and _ID.fullmatch(asked) else uuid.uuid4().hex


def current_id() -> str | None:
    """The id of the request that is being answered here."""
    found = structlog.contextvars.get_contextvars().get("request_id")
    return str(found) if found else None


def _route(scope: Scope) -> str:
    """The route's template; ``other`` for what is none, so that labels stay few."""
    return str(getattr(scope.get("route"), "path", "other"))


def _tell(scope: Scope, status: int, seconds: float) -> None:
    path = scope["path"]
    if path in _QUIET:
        return
    _log.info(
        "request",
        method=scope["method"],
        path=path if len(path) <= _LONGEST else path[:_LONGEST] + "…",
        status=status,
        ms=round(seconds * 1000, 1),
    )
