"""A connection of the service: the head of a request is bounded in size and in time.

uvicorn's own reads a head of any length for as long as it takes to come.
"""

from __future__ import annotations

from asyncio import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 64 * 1024  # bytes: the request's line and its headers
SLOWEST_HEAD = 10.0  # seconds


class Connection(HttpToolsProtocol):
    """Answers 400 and closes where a head is larger, closes where none came in time."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._received = self._parsed = 0  # bytes of the head; of one without an end none is parsed
        self._in_head = False
        self._waiting: TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless this is a head without an end."""
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._received += len(data)
            if self._received > LARGEST_HEAD:
                self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """A head begins."""
        if not self._in_head:
            self._begin()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        self._check(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, whole."""
        super().on_header(name, value)
        self._check(len(name) + len(value))

    def on_headers_complete(self) -> None:
        """The head has come."""
        self._end()
        super().on_headers_complete()

    def _check(self, size: int) -> None:
        self._parsed += size
        if self._parsed > LARGEST_HEAD:
            raise ValueError("the head is too large")  # the parser ends, and uvicorn answers 400

    def _begin(self) -> None:
        self._received, self._parsed, self._in_head = 0, 0, True
        self._waiting = self.loop.call_later(SLOWEST_HEAD, self._give_up)

    def _end(self) -> None:
        self._in_head = False
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        self.transport.close()
