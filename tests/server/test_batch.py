"""Several questions at once: each is answered as if it were asked alone."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

QUESTIONS: list[dict[str, Any]] = [
    {"question": "why are there tides", "k": 2},
    {"question": "how do clouds form"},
    {"question": "why are there tides", "filters": {"kind": "no such kind"}},
    {"question": "  snow "},
]


def test_each_question_is_answered_as_alone_and_in_its_place(client: TestClient) -> None:
    batch = client.post("/v1/ask/batch", json={"questions": QUESTIONS})
    assert batch.status_code == 200
    answers = batch.json()["answers"]
    for question, answer in zip(QUESTIONS, answers, strict=True):
        alone = client.post("/v1/ask", json=question).json()
        assert answer["question"] == question["question"].strip()
        assert [c["citation_id"] for c in answer["citations"]] == [
            c["citation_id"] for c in alone["citations"]
        ]
        assert answer["decision"] == alone["decision"]
        assert answer["answerable"] == pytest.approx(alone["answerable"], abs=1e-4)


def test_sixty_four_questions_are_taken_and_their_body_may_be_large(client: TestClient) -> None:
    body = {"questions": [{"question": f"{n} " + "tides " * 300, "k": 1} for n in range(64)]}
    answers = client.post("/v1/ask/batch", json=body).json()["answers"]
    assert [answer["question"].split()[0] for answer in answers] == [str(n) for n in range(64)]


@pytest.mark.parametrize(
    ("questions", "field"),
    [
        ([], "questions"),
        ([{"question": "x"}] * 65, "questions"),
        ([{"question": "x"}, {"question": " "}], "questions.1.question"),
        ([{"question": "x", "k": 0}], "questions.0.k"),
        ("x", "questions"),
    ],
)
def test_what_is_wrong_with_a_batch_is_named(
    client: TestClient, questions: Any, field: str
) -> None:
    refused = client.post("/v1/ask/batch", json={"questions": questions})
    assert refused.status_code == 422
    assert field in refused.text


def test_a_body_over_a_mebibyte_is_refused(client: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    refused = client.post("/v1/ask/batch", content=b" " * (1024 * 1024 + 1), headers=headers)
    assert (refused.status_code, "1048576 bytes" in refused.text) == (413, True)
