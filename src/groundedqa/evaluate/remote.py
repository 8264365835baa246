"""Evaluated over HTTP: a running service by its address."""

from __future__ import annotations

from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx

from groundedqa.errors import ConfigurationError, GroundedQAError
from groundedqa.evaluate.system import Outcome, Outline, Ranked
from groundedqa.types import Section

_MOST = 50  # citations that the service gives at most
_SECONDS = 60.0


class HttpSystem:
    """A System over ``POST /v1/ask`` of a service; a context manager that closes its connection.

    Where the service can give near misses it is asked for them, so that the ranking is measured
    also where the decision is to abstain; otherwise such a query has an empty ranking.

    Raises:
        ConfigurationError: the address leads to no service of this kind.
    """

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        self._url = url
        try:
            self._client = httpx.Client(
                base_url=url.rstrip("/"), timeout=_SECONDS, transport=transport
            )
        except httpx.InvalidURL as error:
            raise ConfigurationError(f"--url {url}: {error}") from error
        self._outlines: dict[str, Outline | None] = {}
        self._extra = {"near_misses": True} if self._gives_near_misses() else {}

    def __enter__(self) -> HttpSystem:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def ask(self, query_id: str, text: str) -> Outcome:
        """Ask for 50 citations.

        Raises:
            GroundedQAError: the service answers with a problem; the message names the query.
        """
        body = {"question": text, "k": _MOST, **self._extra}
        answer = self._json("POST", "/v1/ask", f"query {query_id}", body)
        if answer is None:
            raise ConfigurationError(f"{self._url} has no /v1/ask; name the service's address")
        shown = answer["citations"] or answer.get("near_misses") or []
        return Outcome(
            ranked=tuple(self._ranked(citation) for citation in shown),
            decision=answer["decision"],
            answerable=answer["answerable"],
            took_ms=answer["took_ms"],
        )

    def outline(self, doc_id: str) -> Outline | None:
        """A document's title and sections; None where the service has no such document."""
        if doc_id not in self._outlines:
            path = f"/v1/documents/{quote(doc_id, safe='')}"
            found = self._json("GET", path, f"document {doc_id}")
            self._outlines[doc_id] = _outline(found) if found else None
        return self._outlines[doc_id]

    def _ranked(self, citation: dict[str, Any]) -> Ranked:
        document = citation["document"]
        return Ranked(
            doc_id=document["id"],
            section=tuple(citation["section"]),
            start=citation["start"],
            end=citation["end"],
            score=citation["score"],
            text=citation["quote"],
            title=document["title"],
            also_at=tuple(
                self._also(place, citation["score"]) for place in citation.get("also_at") or ()
            ),
        )

    def _also(self, place: dict[str, Any], score: float) -> Ranked:
        """Another place of the same words; its headings are the document's to tell."""
        document = place["document"]
        outline = self.outline(document["id"])
        section = outline.path(place["start"]) if outline else ()
        return Ranked(document["id"], section, place["start"], place["end"], score)

    def _gives_near_misses(self) -> bool:
        described = self._json("GET", "/openapi.json", "its description") or {}
        schemas = described.get("components", {}).get("schemas", {})
        return "near_misses" in schemas.get("AskRequest", {}).get("properties", {})

    def _json(
        self, method: str, path: str, what: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any] | None:
        """The body of a response; None for a 404."""
        try:
            response = self._client.request(method, path, json=body)
            if response.status_code == httpx.codes.NOT_FOUND:
                return None
            if response.is_error:
                raise GroundedQAError(f"{self._url}, {what}: {_problem(response)}")
            found = response.json()
        except httpx.HTTPError as error:
            raise ConfigurationError(
                f"{self._url} does not answer ({error}); start it with: groundedqa serve"
            ) from error
        except ValueError as error:
            raise ConfigurationError(f"{self._url}, {what}: the answer is no JSON") from error
        if not isinstance(found, dict):
            raise ConfigurationError(f"{self._url}, {what}: the answer is no JSON object")
        return found


def _problem(response: httpx.Response) -> str:
    try:
        detail = response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = response.reason_phrase
    return f"status {response.status_code}, {detail}"


def _outline(found: dict[str, Any]) -> Outline:
    sections = tuple(
        Section(s["start"], s["end"], s["heading"], s["level"]) for s in found["sections"]
    )
    return Outline(found["id"], found["title"], sections)
