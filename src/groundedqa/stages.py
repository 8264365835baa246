"""How long each stage of a question takes, told to whoever listens, if anyone does.

The listener belongs to the calling context, as a request's: there is no global state, and threads
that work for a question are given its context.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, Protocol

Stage = Literal["encode", "dense", "lexical", "fuse", "ground"]
STAGES: tuple[Stage, ...] = ("encode", "dense", "lexical", "fuse", "ground")


class Listener(Protocol):
    """What hears of a question; called from the threads that work for it."""

    def took(self, stage: Stage, seconds: float) -> None:
        """A stage has ended."""
        ...

    def decided(self, decision: str, reason: str | None) -> None:
        """A question was answered or abstained from."""
        ...

    def encoded(self, questions: int) -> None:
        """So many questions were encoded at once."""
        ...


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Have the listener hear of what is asked within."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def listener() -> Listener | None:
    """Who listens here, if anyone does."""
    return _listener.get()


@contextmanager
def timed(stage: Stage) -> Iterator[None]:
    """Tell how long what is within took."""
    heard = _listener.get()
    if heard is None:
        yield
        return
    started = time.perf_counter()
    try:
        yield
    finally:
        heard.took(stage, time.perf_counter() - started)
