"""What the operator's pages have in common: their look, their headers, and errors as pages too."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute

from groundedqa.errors import GroundedQAError, RateLimitError, UnauthorizedError
from groundedqa.server.admin_session import Operator
from groundedqa.server.pages import page
from groundedqa.server.problems import shortened, status_of

SIGN_IN = "/admin/sign-in"
# A browser tells its own pages' forms by their origin, which it keeps to itself under no-referrer.
_HIDDEN = {"X-Robots-Tag": "noindex", "Referrer-Policy": "same-origin"}


class AdminPage(APIRoute):
    """A route whose errors are pages too; whoever is not signed in is sent to do so."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with what it raises made into a page."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                response = await handle(request)
            except GroundedQAError as error:
                response = _refusal(request, error)
            response.headers.update(_HIDDEN)
            return response

        return handled


def sign_in_form(status: int = HTTPStatus.OK, wrong: str | None = None) -> HTMLResponse:
    """The page where the admin key is given."""
    return shown("sign_in.html", status=status, wrong=wrong)


def shown(
    template: str, operator: Operator | None = None, *, status: int = HTTPStatus.OK, **values: Any
) -> HTMLResponse:
    """A page of a template, for nobody but who asked for it."""
    return page(f"admin/{template}", status, operator=operator, **values)


def _refusal(request: Request, error: GroundedQAError) -> Response:
    if isinstance(error, UnauthorizedError):
        if request.url.path == SIGN_IN:
            return sign_in_form(HTTPStatus.UNAUTHORIZED, "This is no admin key.")
        return RedirectResponse(SIGN_IN, status_code=HTTPStatus.SEE_OTHER)
    response = shown("wrong.html", status=status_of(error), detail=shortened(str(error)))
    if isinstance(error, RateLimitError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
