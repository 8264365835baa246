from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from groundedqa.ask import Asker
from groundedqa.cli.main import app
from groundedqa.evaluate import load_data
from groundedqa.ground import Calibrator
from groundedqa.operate import Database, Keyring
from groundedqa.operate.feedback import Feedback
from groundedqa.operate.question_log import QuestionLog, logged
from groundedqa.operate.shown import Shown
from groundedqa.server import Policy, Voices, create_app
from groundedqa.snapshot import Collection
from tests.support.running import build_rain

Key = Callable[..., dict[str, str]]
QUESTION: dict[str, Any] = {"question": "why does rain fall?", "k": 1}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, tiny_encoders: Path) -> Path:
    made = tmp_path_factory.mktemp("feedback")
    build_rain(made, tiny_model, tiny_encoders)
    return made


@pytest.fixture(scope="module")
def database(home: Path) -> Path:
    return home / "operator.sqlite"


@contextmanager
def served(home: Path, voices: Voices, policy: Policy | None = None) -> Iterator[TestClient]:
    opened = Asker(Collection(home / "index"))
    with TestClient(create_app(lambda: opened, policy=policy, voices=voices)) as client:
        while client.get("/readyz").status_code != 200:
            pass
        yield client


@pytest.fixture(scope="module")
def web(home: Path, database: Path) -> Iterator[TestClient]:
    """The service in this process, with keys: the caller is told by one."""
    keyring = Keyring(Database(database), every=0.0)
    with served(home, Voices(database), Policy(keyring, shown=Shown(database))) as client:
        yield client


@pytest.fixture
def key(database: Path) -> Key:
    def made(kind: Any = "server", **bounds: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {Database(database).create(kind, '', **bounds)[0]}"}

    return made


def said(answer: Any, helpful: object = True, **changed: object) -> dict[str, object]:
    citation_id = answer["citations"][0]["citation_id"]
    return {
        "answer_id": answer["answer_id"],
        "citation_id": citation_id,
        "helpful": helpful,
        **changed,
    }


def kind(refused: Any) -> tuple[int, str]:
    return refused.status_code, refused.json()["type"].rpartition(":")[2]


def test_each_way_to_ask_gives_an_id_that_feedback_is_taken_for(
    web: TestClient, key: Key, database: Path, tmp_path: Path
) -> None:
    server, site = key(), key("site", origins=("https://a.example",), access="preview")
    posted = web.post("/v1/ask", json=QUESTION, headers=server).json()
    got = web.get("/v1/ask", params={"q": "why does rain fall?"}, headers=site).json()
    (batch,) = web.post("/v1/ask/batch", json={"questions": [QUESTION]}, headers=key()).json()[
        "answers"
    ]
    assert list(posted)[-1] == "answer_id"
    for answer, headers in ((posted, server), (got, site), (batch, key())):
        taken = web.post("/v1/feedback", json=said(answer), headers=headers)
        assert (taken.status_code, taken.content) == (204, b"")
    Feedback(database).judged("default").write(tmp_path)
    data = load_data(tmp_path / "queries.jsonl", tmp_path / "qrels.tsv")
    assert (list(data.queries.values()), list(data.qrels.values())) == (
        ["why does rain fall?"],
        [{"rain": 1}],
    )


def test_near_misses_are_judged_too_and_an_answer_without_any_has_no_id(
    web: TestClient, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Calibrator, "threshold", lambda *_: 2.0)
    headers = key()
    asked = {"question": "drops of rain", "near_misses": True}
    answer = web.post("/v1/ask", json=asked, headers=headers).json()
    (near,) = answer["near_misses"]
    body = {"answer_id": answer["answer_id"], "citation_id": near["citation_id"], "helpful": False}
    assert web.post("/v1/feedback", json=body, headers=headers).status_code == 204
    bare = web.post("/v1/ask", json={"question": "drops of rain"}, headers=headers).json()
    assert bare["answer_id"] is None


def test_what_was_not_given_out_is_refused(web: TestClient, key: Key) -> None:
    headers = key()
    answer = web.post("/v1/ask", json=QUESTION, headers=headers).json()
    for changed, expected in (
        ({"answer_id": answer["answer_id"][:-3] + "abc"}, "invalid-answer-id"),
        ({"answer_id": "x"}, "invalid-answer-id"),
        ({"answer_id": "é.\u0000.雨"}, "invalid-answer-id"),
        ({"citation_id": "no citation"}, "feedback"),
        ({"citation_id": "rain.0-4.0123456789abcdef"}, "feedback"),
        ({"helpful": 1}, "invalid-request"),
        ({"helpful": "true"}, "invalid-request"),
        ({"more": 1}, "invalid-request"),
    ):
        refused = web.post("/v1/feedback", json=said(answer, **changed), headers=headers)
        assert kind(refused) == (422, expected), changed


def test_feedback_takes_a_key_that_is_for_the_collection(web: TestClient, key: Key) -> None:
    answer = web.post("/v1/ask", json=QUESTION, headers=key()).json()
    assert kind(web.post("/v1/feedback", json=said(answer))) == (401, "unauthorized")
    other = key(collections=("other",))
    assert kind(web.post("/v1/feedback", json=said(answer), headers=other)) == (403, "forbidden")
    wrong = web.get("/v1/feedback", headers=key())
    assert (*kind(wrong), wrong.headers["allow"]) == (405, "method-not-allowed", "POST")


def test_questions_are_logged_as_they_were_decided_if_that_was_turned_on(
    home: Path, database: Path
) -> None:
    log = home / "logged.sqlite"
    for path, days in ((database, 0), (log, 7)):
        voices = Voices(path, question_log=QuestionLog(path, days) if days else None)
        with served(home, voices) as client:
            client.post("/v1/ask", json=QUESTION)
            batch = [QUESTION, {"question": "rain ann@x.org"}]
            client.post("/v1/ask/batch", json={"questions": batch})
            assert "Drops fall" in client.get("/", params={"q": "why does rain fall?"}).text
            client.get("/v1/ask", params={"q": ""})
    found = [(each.question, each.decision, each.times) for each in logged(log)]
    assert found[1:] == [("why does rain fall?", "answered", 3)]
    assert found[0][0::2] == ("rain [e-mail]", 1)
    assert logged(database) == []


def test_answers_are_given_where_the_database_can_not_be_written(home: Path) -> None:
    (home / "file").touch()
    with served(home, Voices(home / "file" / "operator.sqlite")) as client:
        answer = client.post("/v1/ask", json=QUESTION).json()
        assert (answer["decision"], answer["answer_id"]) == ("answered", None)
        refused = client.post("/v1/feedback", json={**said(answer), "answer_id": "x"})
        assert kind(refused) == (503, "storage")


def test_tune_and_evaluate_take_what_students_said(web: TestClient, key: Key, home: Path) -> None:
    answer = web.post("/v1/ask", json=QUESTION, headers=key()).json()
    assert web.post("/v1/feedback", json=said(answer), headers=key()).status_code == 204
    runner, index, labelled = CliRunner(), ["--index", f"{home}/index"], home / "labelled"
    exported = runner.invoke(app, ["feedback", "export", "--out", str(labelled), *index])
    told = f"1 questions with 1 judged documents written to {labelled}\n"
    assert exported.stdout.startswith(told)
    files = ["--queries", f"{labelled}/queries.jsonl", "--qrels", f"{labelled}/qrels.tsv"]
    tuned = runner.invoke(app, ["tune", *files, *index, "--no-publish"])
    assert (tuned.exit_code, "labelled questions" in tuned.stdout) == (0, True)
    measured = runner.invoke(app, ["evaluate", *files, *index, "--json"])
    assert "R@10" in json.loads(measured.stdout)["measures"]
