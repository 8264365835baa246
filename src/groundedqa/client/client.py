"""The synchronous client."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Unpack

import httpx

from groundedqa.client import calls
from groundedqa.client.calls import AskOptions, Call, Style, T
from groundedqa.client.models import (
    Answer,
    Citation,
    CitationState,
    Document,
    Readiness,
    Related,
    Suggestion,
)
from groundedqa.client.retries import Retries

TIMEOUT = 30.0


class Client:
    """A service by its address; a context manager that closes its connections.

    Threads may share it.

    ``key`` is sent in a header. ``collection`` names one of several; None is the default one.
    ``timeout`` is in seconds, for each attempt.

    Every method raises ProblemError where the service refuses, and UnreachableError where it does
    not answer; 429, 503 and a refused connection are tried again first, as ``retries`` has it.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        collection: str | None = None,
        timeout: float = TIMEOUT,
        retries: Retries | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            headers=calls.headers_of(key),
            timeout=timeout,
            transport=transport,
        )
        self._base = calls.base_of(collection)
        self._retries = retries or Retries()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, question: str, **options: Unpack[AskOptions]) -> Answer:
        """The passages that answer, word for word, each with a citation that can be checked."""
        return self._outcome(calls.ask(self._base, question, options))

    def ask_batch(self, questions: Sequence[str], **options: Unpack[AskOptions]) -> list[Answer]:
        """The answers to up to 64 questions, in their order, all with the same options."""
        return self._outcome(calls.ask_batch(self._base, questions, options))

    def feedback(self, answer: Answer, citation: Citation, *, helpful: bool) -> None:
        """Say whether a citation of an answer helped; of a caller's votes a day the last counts.

        Raises:
            ValueError: the answer has no id: the service keeps no feedback.
        """
        self._outcome(calls.feedback(self._base, answer, citation, helpful=helpful))

    def related(self, question: str, count: int = 5) -> list[Related]:
        """The corpus's own questions nearest in meaning, best first."""
        return self.ask(question, k=1, related=count).related

    def suggest(self, typed: str, k: int = 8) -> list[Suggestion]:
        """The corpus's questions and headings that complete what was typed, best first."""
        return self._outcome(calls.suggest(self._base, typed, k))

    def document(self, doc_id: str) -> Document:
        """A document as it is indexed."""
        return self._outcome(calls.document(self._base, doc_id))

    def citation(self, citation_id: str) -> CitationState:
        """Whether a citation stands, has moved or is gone."""
        return self._outcome(calls.citation(self._base, citation_id))

    def formatted(self, citation_id: str, style: Style) -> str:
        """The cited page as a list of sources in this style has it."""
        return self._outcome(calls.formatted(self._base, citation_id, style))

    def ready(self) -> Readiness:
        """That questions are answered, and from which snapshot; BusyError while they are not."""
        return self._outcome(calls.ready())

    def _outcome(self, call: Call[T]) -> T:
        done = 0
        while True:
            try:
                response = self._http.request(
                    call.method, call.path, params=call.params, json=call.body
                )
            except httpx.TransportError as error:
                wait = self._retries.after(done, error)
                if wait is None:
                    raise calls.unreachable(str(self._http.base_url), error) from error
            else:
                wait = self._retries.wait(done, response)
                if wait is None:
                    return call.outcome(response)
            time.sleep(wait)
            done += 1
