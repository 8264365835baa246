"""The service and its OpenAPI document say the same, for requests that nobody thought of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pydantic import BaseModel
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from groundedqa.build import BuildSettings, build
from groundedqa.server.schemas import AnswerOut, CitationStateOut, DocumentOut, SuggestionsOut
from groundedqa.snapshot import Collection
from tests.support.processes import Service, service


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Any, tiny_encoders: Any
) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("openapi")
    (home / "corpus").mkdir()
    (home / "corpus" / "rain.txt").write_text("Rain\n\nDrops fall once they are heavy enough.\n")
    (home / "index").mkdir()
    (home / "index" / "encoders").symlink_to(tiny_encoders)
    build(home / "corpus", Collection(home / "index"), BuildSettings(model=str(tiny_model)))
    with service(home / "index", home / "log") as started:
        started.wait_until_ready()
        yield started


@pytest.fixture(scope="module")
def document(running: Service) -> Any:
    return schemathesis.openapi.from_url(running.url + "openapi.json")


OPERATIONS = [
    ("/v1/ask", "POST"),
    ("/v1/ask", "GET"),
    ("/v1/ask/batch", "POST"),
    ("/v1/feedback", "POST"),
    ("/v1/suggest", "GET"),
    ("/v1/documents/{doc_id}", "GET"),
    ("/v1/citations/{citation_id}", "GET"),
    ("/v1/collections", "GET"),
    ("/v1/collections/{collection}", "GET"),
    ("/v1/collections/{collection}/ask", "POST"),
    ("/v1/collections/{collection}/ask", "GET"),
    ("/v1/collections/{collection}/ask/batch", "POST"),
    ("/v1/collections/{collection}/feedback", "POST"),
    ("/v1/collections/{collection}/suggest", "GET"),
    ("/v1/collections/{collection}/documents/{doc_id}", "GET"),
    ("/v1/collections/{collection}/citations/{citation_id}", "GET"),
    ("/healthz", "GET"),
    ("/readyz", "GET"),
    ("/version", "GET"),
    ("/metrics", "GET"),
]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_any_request_gets_a_documented_answer(
    document: Any, running: Service, path: str, method: str, mode: GenerationMode
) -> None:
    operation = document[path][method]
    if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body):
        return  # nothing can be said wrongly

    @settings(
        derandomize=True,
        deadline=None,
        max_examples=10 if "{collection}" in path else 30,  # there it is the same code
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def answered(case: Any) -> None:
        # No request that a document describes can hold an id that this service signed.
        unsigned = [positive_data_acceptance] if path.endswith("/feedback") else []
        assert case.call_and_validate(excluded_checks=unsigned).status_code < 500

    answered()
    assert running.process.poll() is None


def test_no_operation_goes_untried(document: Any) -> None:
    found = {(path, method.upper()) for path in document for method in document[path]}
    assert found == set(OPERATIONS)


def test_requests_come_with_examples_that_are_answered(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    (example,) = described["components"]["schemas"]["AskRequest"]["properties"]["question"][
        "examples"
    ]
    assert client.post("/v1/ask", json={"question": example}).status_code == 200


def test_every_error_is_described_as_a_problem(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            # An address that is too long is refused by the server itself, in plain text.
            errors = {
                status: response
                for status, response in operation["responses"].items()
                if status >= "400" and (status, method) != ("400", "get")
            }
            assert errors or path in ("/healthz", "/version"), (method, path)
            for status, response in errors.items():
                assert list(response["content"]) == ["application/problem+json"], (path, status)
    assert "HTTPValidationError" not in described["components"]["schemas"]


def test_the_pages_that_load_scripts_from_elsewhere_are_off(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/docs/oauth2-redirect"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("model", [AnswerOut, DocumentOut, CitationStateOut, SuggestionsOut])
def test_each_answer_comes_with_an_example_of_its_own_form(model: type[BaseModel]) -> None:
    examples = model.model_json_schema()["examples"]
    assert examples
    for example in examples:
        assert model.model_validate(example).model_dump(mode="json") == example
