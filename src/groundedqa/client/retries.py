"""When a refused request is made again, and after how long."""

from __future__ import annotations

import random
from dataclasses import dataclass

import httpx

from groundedqa.client.errors import seconds_to_wait

_BUSY = (429, 503)


@dataclass(frozen=True, slots=True)
class Retries:
    """At most ``most`` retries, each after about twice the wait of the one before.

    ``first`` and ``longest`` are in seconds. A wait is drawn from the upper half of what it may be,
    so that clients that were refused together don't come back together. It is never shorter than
    ``Retry-After`` asks for; where that is more than ``longest``, the refusal stands.
    """

    most: int = 4
    first: float = 0.25
    longest: float = 30.0

    def wait(self, done: int, response: httpx.Response) -> float | None:
        """Seconds to wait after ``done`` retries; None where the response stands."""
        if response.status_code not in _BUSY:
            return None
        asked = seconds_to_wait(response) or 0.0
        drawn = self._drawn(done)
        return None if drawn is None or asked > self.longest else max(drawn, asked)

    def after(self, done: int, error: httpx.TransportError) -> float | None:
        """The same where no response came: only a refused connection is tried again."""
        return self._drawn(done) if isinstance(error, httpx.ConnectError) else None

    def _drawn(self, done: int) -> float | None:
        if done >= self.most:
            return None
        most = min(self.longest, self.first * 2.0**done)
        return most * (0.5 + random.random() / 2)
