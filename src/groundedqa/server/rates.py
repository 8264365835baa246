"""How often each key and each address may ask, counted in this process or in a store of several.

The limits library counts by a sliding window: it keeps two numbers for each key, and lets through a
minute's rate in any minute. It has no token bucket (docs/adr/0008).
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError as UnreachableError
from limits.storage import storage_from_string

from groundedqa.errors import ConfigurationError, RateLimitError
from groundedqa.server.caller import Caller

_log = structlog.get_logger()
_SCHEMES = ("redis", "rediss")
_WINDOW = 60  # seconds
_ATTEMPTS = 10  # a minute, to sign in
_PATIENCE = 1.0  # seconds for an answer of what is shared


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands with one limit; ``resets``: seconds until there is room again."""

    name: str
    amount: int
    remaining: int
    resets: int


class Rates:
    """Counts requests; one event loop uses it.

    ``address_rate`` is in requests a minute for each address, 0 for any number. ``url`` is that of
    the Redis that several processes count in together; while it can't be reached each counts alone.

    Raises:
        ConfigurationError: the URL is none, or what it takes is not installed.
    """

    def __init__(self, address_rate: int = 0, url: str | None = None) -> None:
        self._address_rate = address_rate
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._pool = _pool(url) if url else None
        self._shared = _counting_at(url, self._pool) if url else None
        self._reached = True

    async def charge(self, caller: Caller, cost: int = 1) -> Sequence[Standing]:
        """Count so many requests of a caller; where it then stands with each of its limits.

        Raises:
            RateLimitError: one of them has no room for so many; nothing is counted on that one.
        """
        standings = []
        for name, amount, who in self._limits(caller):
            item = _per_minute(amount)
            let, standing = await self._counted(item, name, who, cost)
            standings.append(standing)
            if not let:
                raise RateLimitError(
                    f"that is more than {amount} requests a minute for this {name}; ask again in "
                    f"{standing.resets} s",
                    standing.resets,
                    tuple(standings),
                )
        return standings

    async def attempt(self, address: str) -> None:
        """Count an attempt to sign in from an address.

        Raises:
            RateLimitError: there were too many within a minute.
        """
        item = _per_minute(_ATTEMPTS)
        let, standing = await self._counted(item, "sign-in", address, 1)
        if not let:
            raise RateLimitError(
                f"that is more than {_ATTEMPTS} attempts a minute; try again in "
                f"{standing.resets} s",
                standing.resets,
                (standing,),
            )

    async def close(self) -> None:
        """Close the connections to what is shared."""
        if self._pool is not None:
            await self._pool.aclose()

    def _limits(self, caller: Caller) -> list[tuple[str, int, str]]:
        """Each limit's name, how many a minute, and who is counted."""
        found = []
        if caller.key is not None:
            found.append(("key", caller.key.rate, caller.key.key_id))
        # A server's address is the site's own, and stands for all of its students.
        by_address = caller.key is None or caller.key.kind == "site"
        if by_address and self._address_rate:
            found.append(("address", self._address_rate, caller.address))
        return found

    async def _counted(
        self, item: RateLimitItem, name: str, who: str, cost: int
    ) -> tuple[bool, Standing]:
        if self._shared is not None:
            try:
                counted = await _count(self._shared, item, name, who, cost)
            except UnreachableError as error:
                if self._reached:
                    _log.error("limits are counted in each process alone", error=str(error))
                self._reached = False
            else:
                self._reached = True
                return counted
        return await _count(self._own, item, name, who, cost)


def headers(standings: Sequence[Standing]) -> dict[str, str]:
    """The fields of draft-ietf-httpapi-ratelimit-headers-10: each limit, and what is left of it."""
    policy = (f'"{each.name}";q={each.amount};w={_WINDOW}' for each in standings)
    left = (f'"{each.name}";r={each.remaining};t={each.resets}' for each in standings)
    return {"RateLimit-Policy": ", ".join(policy), "RateLimit": ", ".join(left)}


async def _count(
    limiter: SlidingWindowCounterRateLimiter, item: RateLimitItem, name: str, who: str, cost: int
) -> tuple[bool, Standing]:
    let = await limiter.hit(item, name, who, cost=cost)
    stats = await limiter.get_window_stats(item, name, who)
    resets = max(1, math.ceil(stats.reset_time - time.time()))
    return let, Standing(name, item.amount, stats.remaining, resets)


@lru_cache(1024)
def _per_minute(amount: int) -> RateLimitItem:
    return RateLimitItemPerMinute(amount, namespace="groundedqa")


def _pool(url: str) -> Any:
    """Connections to a Redis; none is made before it is needed."""
    if urlsplit(url).scheme not in _SCHEMES:
        raise ConfigurationError(
            f"{url!r} is no storage for limits: name a Redis, as redis://127.0.0.1:6379/0"
        )
    try:
        from redis.asyncio import ConnectionPool  # an extra
    except ImportError as error:
        raise ConfigurationError(
            "limits that several processes share need the client of Redis; install it with: "
            "pip install 'groundedqa[redis]'"
        ) from error
    try:
        return ConnectionPool.from_url(url, socket_timeout=_PATIENCE)
    except ValueError as error:
        raise ConfigurationError(f"{url!r} is no address of a Redis: {error}") from error


def _counting_at(url: str, pool: Any) -> SlidingWindowCounterRateLimiter:
    storage = storage_from_string(
        f"async+{url}", implementation="redispy", wrap_exceptions=True, connection_pool=pool
    )
    assert isinstance(storage, Storage)
    return SlidingWindowCounterRateLimiter(storage)
