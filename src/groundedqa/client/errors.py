"""What can go wrong, as one tree.

ClientError
├── UnreachableError    no answer came, or none that this client can read
└── ProblemError        the service answered with a problem (RFC 9457)
    ├── RequestError    400, 413, 422: the request is wrong; its fields are named
    ├── AccessError     401, 403: the key is missing, wrong, or not for this
    ├── MissingError    404: it is not in the corpus
    └── BusyError       429, 503: it was asked too often, or can't answer now
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

_URN = "urn:groundedqa:problem:"


@dataclass(frozen=True, slots=True)
class InvalidField:
    """One thing that is wrong with a request."""

    field: str
    detail: str


class ClientError(Exception):
    """The base of the tree."""


class UnreachableError(ClientError):
    """No answer came, or none that this client can read."""


class ProblemError(ClientError):
    """The service answered with a problem.

    ``kind`` is the last part of the problem's type, as ``document-not-found``; ``request_id`` finds
    the request in the service's log; ``retry_after`` is in seconds.
    """

    def __init__(self, response: httpx.Response) -> None:
        told = _told(response)
        self.status: int = response.status_code
        self.kind: str = str(told.get("type", "")).removeprefix(_URN)
        self.title: str = str(told.get("title", response.reason_phrase))
        self.detail: str = str(told.get("detail", ""))
        self.invalid: tuple[InvalidField, ...] = tuple(
            InvalidField(str(item["field"]), str(item["detail"])) for item in told.get("errors", ())
        )
        self.request_id: str | None = response.headers.get("X-Request-ID")
        self.retry_after: float | None = seconds_to_wait(response)
        super().__init__(f"{self.status} {self.title}: {self.detail}")


class RequestError(ProblemError):
    """The request is wrong; ``invalid`` names its fields."""


class AccessError(ProblemError):
    """The key is missing, wrong, or not for this."""


class MissingError(ProblemError):
    """What was named is not in the corpus."""


class BusyError(ProblemError):
    """It was asked too often, or can't answer now; also after the retries."""


_BY_STATUS: dict[int, type[ProblemError]] = {
    400: RequestError,
    401: AccessError,
    403: AccessError,
    404: MissingError,
    413: RequestError,
    422: RequestError,
    429: BusyError,
    503: BusyError,
}


def problem_of(response: httpx.Response) -> ProblemError:
    """The error that a response with an error's status stands for."""
    return _BY_STATUS.get(response.status_code, ProblemError)(response)


def seconds_to_wait(response: httpx.Response) -> float | None:
    """What ``Retry-After`` asks for in seconds; None where it says nothing, or names a date."""
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() else None


def _told(response: httpx.Response) -> dict[str, Any]:
    """The problem's members; none where a proxy between answered in its own words."""
    try:
        told = response.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
