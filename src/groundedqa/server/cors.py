"""Which origins' pages may read an answer (CORS), and what every answer tells a browser."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Send

# For whatever says nothing stricter of itself; nothing of it is meant to be a page.
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
WIDGET = {
    **SECURITY,
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match, X-Request-ID",
    "Access-Control-Max-Age": "600",
}
_EXPOSED = "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"


def allowing(origin: str) -> dict[str, str]:
    """The headers that let this origin's pages read an answer."""
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": _EXPOSED,
    }


def is_preflight(method: str, headers: Headers) -> bool:
    """Whether a browser asks before it sends what it was told to: that comes without a key."""
    asked = "origin" in headers and "access-control-request-method" in headers
    return method == "OPTIONS" and asked


def with_headers(send: Send, added: Mapping[str, str], varies: str | None) -> Send:
    """Send with these headers too, where the answer has none of that name; ``Vary`` adds up."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in added.items():
                headers.setdefault(name, value)
            if varies:
                headers.add_vary_header(varies)
        await send(message)

    return sending
