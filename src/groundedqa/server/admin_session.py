"""Who looks at the operator's pages: a session's admin key, and forms that are its own."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from fastapi.responses import Response

from groundedqa.errors import ForbiddenError
from groundedqa.operate import Key
from groundedqa.operate.sessions import LASTS, Sessions
from groundedqa.server.caller import caller_of, is_loopback
from groundedqa.server.rates import Rates

COOKIE = "groundedqa_session"
_PATH = "/admin"


@dataclass(frozen=True, slots=True)
class Operator:
    """Whose session it is, and what its forms carry."""

    key: Key
    form_token: str


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form, the last of each name."""
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))


Filled = Annotated[Mapping[str, str], Depends(form_of)]


def sessions_of(request: Request) -> Sessions:
    """The service's sessions.

    Raises:
        ForbiddenError: it has no operator's database, so nobody can sign in.
    """
    sessions: Sessions | None = request.app.state.sessions
    if sessions is None:
        raise ForbiddenError("this service has no keys, so nobody can sign in")
    return sessions


def operator_of(request: Request) -> Operator:
    """Whose session a request is of.

    Raises:
        UnauthorizedError: nobody's; the page to sign in is answered.
    """
    cookie = request.cookies.get(COOKIE, "")
    sessions = sessions_of(request)
    return Operator(sessions.key_of(cookie), sessions.form_token(cookie))


Signed = Annotated[Operator, Depends(operator_of)]


def check_same_site(request: Request) -> None:
    """Refuse what a browser sends for another site's page.

    Raises:
        ForbiddenError: it does.
    """
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    # Under no-referrer a browser says "null" of its own forms too, and tells by Sec-Fetch-Site.
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        foreign = fetched != "same-origin"
    if foreign:
        raise ForbiddenError("this was sent by a page of another site")


def acting_operator(
    same_site: Annotated[None, Depends(check_same_site)], operator: Signed, form: Filled
) -> Operator:
    """Whose session a form is of; another site's page can't send one.

    Raises:
        UnauthorizedError: nobody's.
        ForbiddenError: it came from elsewhere.
    """
    del same_site
    # As bytes: of text Python compares ASCII alone.
    given = form.get("form_token", "").encode()
    if not hmac.compare_digest(operator.form_token.encode(), given):
        raise ForbiddenError("this form is not of your session; open its page again")
    return operator


Acting = Annotated[Operator, Depends(acting_operator)]


async def check_attempts(request: Request) -> None:
    """Count an attempt to sign in.

    Raises:
        RateLimitError: there were too many from this address within a minute.
    """
    rates: Rates = request.app.state.rates
    await rates.attempt(caller_of(request).address)


def begin(request: Request, response: Response, token: str) -> None:
    """Begin a session.

    Raises:
        UnauthorizedError: the token is no live admin key's.
    """
    cookie = sessions_of(request).begin(token)
    local = request.url.scheme == "http" and is_loopback(request.url.hostname or "")
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=LASTS,
        path=_PATH,
        secure=not local,  # what comes to a proxy by https comes here by http
        httponly=True,
        samesite="strict",
    )


def end(response: Response) -> None:
    """End a session: the browser forgets it."""
    response.delete_cookie(COOKIE, path=_PATH, httponly=True, samesite="strict")
