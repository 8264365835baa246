"""Who asks: what a request is allowed, told once at the gate and read wherever it matters."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import Scope

from groundedqa.errors import ForbiddenError
from groundedqa.operate import DOCUMENT_WORDS, PREVIEW_WORDS, Key, may_read

Access = Literal["off", "preview", "full"]


@dataclass(frozen=True, slots=True)
class Caller:
    """A request's key, or the service's own pages, or anyone where there are no keys.

    ``address`` is the network address that limits go by: of IPv6 it is the /64.
    """

    address: str
    access: Access
    key: Key | None = None
    name: str = "open"

    @property
    def subject(self) -> str:
        """What words are counted for: the key (or who stands for one) and the address."""
        return f"{self.key.key_id if self.key else self.name} {self.address}"

    @property
    def words(self) -> int:
        """Of a quote, under preview."""
        return self.key.words if self.key else PREVIEW_WORDS

    @property
    def document_words(self) -> int:
        """Of one document a day, under preview."""
        return self.key.document_words if self.key else DOCUMENT_WORDS

    def may_read(self, collection: str) -> bool:
        """Whether the collection is the caller's to ask."""
        return self.key is None or self.key.is_for(collection)

    def check(self, collection: str) -> None:
        """Refuse a collection that is not the key's.

        Raises:
            ForbiddenError: it is another one's.
        """
        if self.key is not None:
            may_read(self.key, collection)

    def check_admin(self) -> None:
        """Refuse what is the operator's alone.

        Raises:
            ForbiddenError: the key is no admin key; without keys the operator is who asks.
        """
        if self.key is not None and self.key.kind != "admin":
            raise ForbiddenError(
                f"the key {self.key.key_id} is a {self.key.kind} key; this takes an admin key: "
                "groundedqa keys create admin"
            )


def caller_of(request: Request) -> Caller:
    """The caller of a request that came through the gate."""
    caller: Caller = request.state.caller
    return caller


def address_of(scope: Scope, hops: int) -> str:
    """The address that a request came from, seen through so many trusted proxies.

    Each proxy appends whom it heard from to ``X-Forwarded-For``: with ``hops`` of them, the one
    that far from the end was written by the outermost, and what stands before it may be anything.
    """
    heard = str(scope["client"][0]) if scope.get("client") else "unknown"
    if hops:
        lines = Headers(scope=scope).getlist("x-forwarded-for")
        written = [part.strip() for part in ",".join(lines).split(",")]
        if lines and len(written) >= hops:
            heard = written[-hops]
    return _network(heard)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, as only it sees itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _network(text: str) -> str:
    """An address without its port; a customer's /64 of IPv6 counts as one."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address.packed, 64), strict=False))
    return str(address)
