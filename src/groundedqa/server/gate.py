"""The gate: every request is told whose it is, or refused, before anything of it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

from fastapi.responses import JSONResponse, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from groundedqa.errors import ForbiddenError, GroundedQAError, UnauthorizedError
from groundedqa.operate import TOKEN, Key, Keyring, may_read
from groundedqa.operate.shown import Shown
from groundedqa.server.caller import Access, Caller, address_of
from groundedqa.server.cors import (
    PREFLIGHT,
    SECURITY,
    WIDGET,
    allowing,
    is_preflight,
    with_headers,
)
from groundedqa.server.permits import DEFAULT_PERMITS
from groundedqa.server.problems import kind_of, problem, status_of
from groundedqa.server.rates import Rates

DEFAULT_CACHE_MB = 64
Way = Literal["public", "widget", "admin", "page", "keyed"]
# What holds nothing of a corpus. Whatever is not named here takes a key.
_PUBLIC = {"/healthz", "/readyz", "/version", "/openapi.json", "/opensearch.xml"}
_PAGES = ("/documents/", "/collections/")
_NAMED = re.compile(r"/v1/collections(?:/([^/]*)|$)")
_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE)
_KEY_NAMES = {"key", "api_key", "apikey", "api-key", "access_token", "token", "authorization"}


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose requests are answered, and how many.

    ``pages``: None is full without keys, and off with any. ``hops``: how many trusted proxies stand
    before the service. ``collection``: the default one, which a key must be for where the address
    names none. ``shown`` counts what previews were shown, ``rates`` what each key and address asks
    (None: in this process, addresses at any rate). ``permits``: how many requests are answered at
    once. ``cache_megabytes`` bounds the answers that are kept.
    """

    keyring: Keyring | None = None
    pages: Access | None = None
    hops: int = 0
    collection: str = "default"
    shown: Shown | None = None
    rates: Rates | None = None
    permits: int = DEFAULT_PERMITS
    cache_megabytes: int = DEFAULT_CACHE_MB


class Gate:
    """ASGI middleware: puts the ``Caller`` into the request's state, or answers 400, 401 or 403."""

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what may be answered, with the headers that go with it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        way = way_of(scope["path"])
        headers = Headers(scope=scope)
        added = dict(WIDGET if way == "widget" else SECURITY)
        sending = with_headers(send, added, None if way == "widget" else "Origin")
        answer = self._early(scope, headers, added)
        if answer is None:
            try:
                caller = self._caller(way, scope, headers)
                if caller.access == "preview" and not _cuts(scope["path"]):
                    raise ForbiddenError("this shows texts in full, which a preview does not")
                added |= _kept_by(way, caller)
                if caller.key is not None and way == "keyed":
                    added |= _read_by(caller.key, headers.get("origin"))
            except GroundedQAError as error:
                answer = refusal(error, given="authorization" in headers)
            else:
                scope.setdefault("state", {})["caller"] = caller
        await (answer or self._app)(scope, receive, sending)

    def _early(self, scope: Scope, headers: Headers, added: dict[str, str]) -> Response | None:
        """The answer to what is settled without a caller: a key in an address, a preflight."""
        if _holds_key(scope["query_string"]):
            detail = (
                "a key must not stand in an address, where logs and histories keep it: send it as "
                "the header 'Authorization: Bearer ...', and revoke this one"
            )
            return problem(400, detail, kind="key-in-address")
        if is_preflight(scope["method"], headers) and way_of(scope["path"]) == "keyed":
            origin = headers["origin"]
            ring = self._policy.keyring
            if ring is None or not ring.lists_origin(origin):
                detail = "no key of the service is for this origin; a site key lists its origins"
                return problem(403, detail)
            added |= {**allowing(origin), **PREFLIGHT}
            return Response(status_code=204)
        return None

    def _caller(self, way: Way, scope: Scope, headers: Headers) -> Caller:
        """Whose request it is.

        Raises:
            UnauthorizedError: it takes a key, and none came or none that opens anything.
            ForbiddenError: the key is not for the page that it was sent from.
            StorageError: the keys can't be read.
        """
        address = address_of(scope, self._policy.hops)
        if way in ("public", "widget", "admin"):  # the operator's pages have sessions of their own
            return Caller(address, "off", name="public")
        ring = self._policy.keyring
        keyed = ring is not None and ring.any()
        if way == "page":
            return Caller(address, self._policy.pages or ("off" if keyed else "full"), name="pages")
        token = _token(headers)
        if ring is not None and token is not None:
            key = ring.key_of(token)
            _check_origin(key, headers.get("origin"))
            collection = _collection(scope["path"], self._policy.collection)
            if collection is not None:
                may_read(key, collection)
            return Caller(address, key.access, key)
        if keyed and scope["method"] != "OPTIONS":  # that is told which methods there are
            raise UnauthorizedError(
                "this takes a key: send it as the header 'Authorization: Bearer ...'; the site "
                "makes one with: groundedqa keys create"
            )
        return Caller(address, "off" if keyed else "full")


def _collection(path: str, default: str) -> str | None:
    """The collection that a path is for; None for the list of them."""
    named = _NAMED.match(path)
    return named[1] or None if named else default


def way_of(path: str) -> Way:
    """What is asked for: what is everyone's, a page, or what takes a key."""
    if path.startswith("/widget/"):
        return "widget"
    if path == "/admin" or path.startswith("/admin/"):
        return "admin"
    if path in _PUBLIC or path.startswith("/static/"):
        return "public"
    return "page" if path == "/" or path.startswith(_PAGES) else "keyed"


def _cuts(path: str) -> bool:
    """Whether what is asked for knows how to be cut."""
    return path.startswith(("/v1/", *_PAGES)) or path in ("/", "/v1")


def refusal(error: GroundedQAError, *, given: bool) -> JSONResponse:
    """The answer to a request that does not pass; ``given``: it came with a key."""
    response = problem(status_of(error), str(error), kind=kind_of(error))
    realm = 'Bearer realm="groundedqa"'
    if isinstance(error, UnauthorizedError):
        response.headers["WWW-Authenticate"] = realm + (', error="invalid_token"' if given else "")
    elif isinstance(error, ForbiddenError):
        response.headers["WWW-Authenticate"] = f'{realm}, error="insufficient_scope"'
    return response


def _token(headers: Headers) -> str | None:
    """The key of a request; None if it has none.

    Raises:
        UnauthorizedError: there are several, or it is no bearer's.
    """
    given = headers.getlist("authorization")
    if not given:
        return None
    found = _BEARER.fullmatch(given[0].strip())
    if len(given) > 1 or not found:
        raise UnauthorizedError("send one key, as the header 'Authorization: Bearer ...'")
    return found[1]


def _check_origin(key: Key, origin: str | None) -> None:
    if key.kind == "site" and origin is not None and origin not in key.origins:
        raise ForbiddenError(
            f"the site key {key.key_id} is not for pages of this origin; it lists "
            f"{', '.join(key.origins)}"
        )


def _read_by(key: Key, origin: str | None) -> dict[str, str]:
    """The headers that let the page which sent the key read the answer."""
    return allowing(origin) if origin is not None and origin in key.origins else {}


def _kept_by(way: Way, caller: Caller) -> dict[str, str]:
    """Who may keep an answer; each time it is asked for again, whether it still holds is too."""
    if way not in ("keyed", "page", "admin"):
        return {}
    if caller.access != "full":
        return {"Cache-Control": "private, no-store"}
    return {"Cache-Control": f"{'private' if caller.key else 'public'}, no-cache"}


def _holds_key(query: bytes) -> bool:
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return any(name.lower() in _KEY_NAMES or TOKEN.search(value) for name, value in pairs)
