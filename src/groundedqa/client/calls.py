"""Each call of the service once, for both clients: what is sent, and how the answer is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Literal, TypedDict, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from groundedqa.client.errors import UnreachableError, problem_of
from groundedqa.client.models import (
    Answer,
    Answers,
    Citation,
    CitationState,
    Document,
    Readiness,
    Suggestion,
    Suggestions,
)

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)
Style = Literal["apa", "mla", "chicago", "bibtex"]


class Filters(TypedDict, total=False):
    """Which documents may answer. Values of one field are alternatives; fields add up."""

    tags: Sequence[str]
    kind: Sequence[str]
    author: Sequence[str]
    language: Sequence[str]
    licence: Sequence[str]
    published_from: date
    published_to: date


class AskOptions(TypedDict, total=False):
    """How much of an answer is wanted; what is left out is as docs/http.md says."""

    k: int
    risk: float
    near_misses: bool
    related: int
    facets: Sequence[str]
    filters: Filters


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request, and what makes its answer out of a response that is no error."""

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    params: Mapping[str, str | int] | None = None
    body: Mapping[str, Any] | None = None

    def outcome(self, response: httpx.Response) -> T:
        """What the response says.

        Raises:
            ProblemError: a problem.
            UnreachableError: nothing that this service says.
        """
        if not response.is_success:
            raise problem_of(response)
        try:
            return self.read(response)
        except ValidationError as error:
            raise UnreachableError(
                f"{response.url} answered what this client can't read; is it groundedqa, and no "
                f"older than the client? {error}"
            ) from error


def ask(base: str, question: str, options: AskOptions) -> Call[Answer]:
    """A question."""
    body = {"question": question, **_plain(options)}
    return Call("POST", f"{base}/ask", _reader(Answer), body=body)


def ask_batch(base: str, questions: Sequence[str], options: AskOptions) -> Call[list[Answer]]:
    """Several questions, all with the same options."""
    asked = [{"question": question, **_plain(options)} for question in questions]
    read = _reader(Answers)
    return Call(
        "POST",
        f"{base}/ask/batch",
        lambda response: read(response).answers,
        body={"questions": asked},
    )


def feedback(base: str, answer: Answer, citation: Citation, *, helpful: bool) -> Call[None]:
    """Whether a citation of an answer helped.

    Raises:
        ValueError: the answer has no id.
    """
    if answer.answer_id is None:
        raise ValueError("the answer has no answer_id: this service keeps no feedback")
    body = {
        "answer_id": answer.answer_id,
        "citation_id": citation.citation_id,
        "helpful": helpful,
    }
    return Call("POST", f"{base}/feedback", lambda _: None, body=body)


def suggest(base: str, typed: str, k: int) -> Call[list[Suggestion]]:
    """What completes what was typed."""
    read = _reader(Suggestions)
    return Call(
        "GET",
        f"{base}/suggest",
        lambda response: read(response).suggestions,
        params={"q": typed, "k": k},
    )


def document(base: str, doc_id: str) -> Call[Document]:
    """A document."""
    return Call("GET", f"{base}/documents/{quote(doc_id, safe='')}", _reader(Document))


def citation(base: str, citation_id: str) -> Call[CitationState]:
    """A citation's state."""
    return Call("GET", f"{base}/citations/{quote(citation_id, safe='')}", _reader(CitationState))


def formatted(base: str, citation_id: str, style: Style) -> Call[str]:
    """A citation as a list of sources has it."""
    path = f"{base}/citations/{quote(citation_id, safe='')}"
    return Call("GET", path, lambda response: response.text, params={"format": style})


def ready() -> Call[Readiness]:
    """Whether questions are answered."""
    return Call("GET", "/readyz", _reader(Readiness))


def base_of(collection: str | None) -> str:
    """Where the routes of a collection begin."""
    return f"/v1/collections/{quote(collection, safe='')}" if collection else "/v1"


def headers_of(key: str | None) -> dict[str, str]:
    """What every request carries: the key, never in an address."""
    return {"Authorization": f"Bearer {key}"} if key else {}


def unreachable(url: str, error: httpx.TransportError) -> UnreachableError:
    """The error that stands for no response."""
    why = str(error) or type(error).__name__
    return UnreachableError(
        f"{url} does not answer ({why}); is the service running there? It is started with: "
        "groundedqa serve"
    )


def _reader(model: type[Model]) -> Callable[[httpx.Response], Model]:
    return lambda response: model.model_validate_json(response.content)


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, list | tuple | set | frozenset) else value
