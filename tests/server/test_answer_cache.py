"""What was answered is kept, and not sent where it is had; never across a publish or an access."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from groundedqa.ask import Asker
from groundedqa.operate import Database, Keyring
from groundedqa.operate.answer_ids import Given
from groundedqa.operate.question_log import QuestionLog, logged
from groundedqa.operate.shown import Shown
from groundedqa.server import Collections, Metrics, Policy, Voices, create_app
from groundedqa.server.answers import AnswerCache, Kept
from groundedqa.snapshot import Collection, take_down
from groundedqa.types import Answer
from tests.conftest import BuildTiny
from tests.server.conftest import Decide, Wait

TIDES = "/v1/ask?q=why%20are%20there%20tides&k=3"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each question was really asked."""
    counted = Counter[str]()
    ask = Asker.ask

    def counting(asker: Asker, question: str, *more: Any) -> Answer:
        counted[question] += 1
        return ask(asker, question, *more)

    monkeypatch.setattr(Asker, "ask", counting)
    return counted


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "operator.sqlite"


@pytest.fixture
def web(
    build_tiny: BuildTiny,
    collection: Collection,
    decided: Decide,
    wait: Wait,
    metrics: Metrics,
    home: Path,
) -> Iterator[TestClient]:
    decided(0.0)
    build_tiny()
    voices = Voices(home, QuestionLog(home, 1))
    policy = Policy(Keyring(Database(home), every=0.0), shown=Shown(home))
    served = Collections.single(lambda: Asker(collection), every=0.02)
    with TestClient(create_app(served, policy=policy, metrics=metrics, voices=voices)) as client:
        wait(lambda: client.get("/readyz").status_code == 200)
        yield client


def body(response: Any) -> dict[str, Any]:
    return {k: v for k, v in response.json().items() if k not in ("took_ms", "answer_id")}


def key(home: Path, **given: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {Database(home).create('server', '', **given)[0]}"}


def test_the_same_question_is_answered_once_however_it_comes(
    web: TestClient, asked: Counter[str], metrics: Metrics, home: Path, wait: Wait
) -> None:
    first = web.get(TIDES)
    json = {"question": " why are there tides ", "k": 3}
    again = [web.get(TIDES), web.post("/v1/ask", json=json), web.get(TIDES + "&related=0")]
    assert [body(each) for each in again] == [body(first)] * 3
    assert list(first.json()) == list(again[0].json())
    assert all(each.json()["answer_id"] for each in again)
    assert sum(asked.values()) == 1
    counted = metrics.registry.get_sample_value
    assert counted("groundedqa_cache_total", {"found": "yes"}) == 3
    assert counted("groundedqa_cache_total", {"found": "no"}) == 1
    answered = {"decision": "answered", "reason": ""}
    assert counted("groundedqa_decisions_total", answered) == 4
    for other in (TIDES.replace("k=3", "k=2"), TIDES + "&kind=guide", TIDES + "&risk=0.01"):
        web.get(other)
    assert sum(asked.values()) == 4
    wait(lambda: sum(row.times for row in logged(home)) == 7)
    assert {row.question for row in logged(home)} == {"why are there tides"}


def test_an_answer_that_the_caller_has_is_not_sent_again(web: TestClient) -> None:
    tag = web.get(TIDES).headers["etag"]
    assert tag.startswith('W/"')
    for had in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        same = web.get(TIDES, headers={"If-None-Match": had})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
        assert same.headers["cache-control"] == "public, no-cache"
    assert web.get(TIDES, headers={"If-None-Match": '"x"'}).status_code == 200
    assert web.get(TIDES.replace("k=3", "k=2")).headers["etag"] != tag
    assert web.get(TIDES + "&k=9", headers={"If-None-Match": "*"}).status_code == 422
    posted = {"question": "why are there tides", "k": 3}
    again = web.post("/v1/ask", json=posted, headers={"If-None-Match": tag})
    assert (again.status_code, again.headers["etag"]) == (200, tag)


def test_nothing_of_an_old_snapshot_is_given(
    web: TestClient, collection: Collection, wait: Wait
) -> None:
    first = web.get(TIDES)
    assert "tides" in {c["document"]["id"] for c in first.json()["citations"]}
    take_down(collection, ["tides"])
    wait(lambda: web.get("/readyz").json()["snapshot"] != first.json()["snapshot"])
    now = web.get(TIDES, headers={"If-None-Match": first.headers["etag"]})
    assert now.status_code == 200
    assert "tides" not in {c["document"]["id"] for c in now.json()["citations"]}


def test_access_comes_before_what_is_kept(web: TestClient, asked: Counter[str], home: Path) -> None:
    tag = web.get(TIDES).headers["etag"]
    full, preview = key(home), key(home, access="preview", words=8)
    other = key(home, collections=("other",))
    had = {"If-None-Match": tag}
    assert web.get(TIDES, headers=had).status_code == 401
    assert web.get(TIDES, headers=had | other).status_code == 403
    same = web.get(TIDES, headers=had | full)
    assert (same.status_code, same.headers["cache-control"]) == (304, "private, no-cache")
    before = sum(asked.values())
    for _ in range(2):
        cut = web.get(TIDES, headers=had | preview)
        assert (cut.status_code, cut.headers["cache-control"]) == (200, "private, no-store")
        assert "etag" not in cut.headers
        assert all(len(c["quote"].split()) <= 8 for c in cut.json()["citations"])
    assert sum(asked.values()) == before + 2


def kept(size: int) -> Kept:
    told = Answer("q", "abstained", 0.0, citations=(), snapshot="s", took_ms=0.0)
    return Kept(b"x" * size, told, Given("default", "s", "q", ()))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 700_000)), max_size=20))
def test_what_is_kept_stays_within_its_bound(put: list[tuple[int, int]]) -> None:
    cache = AnswerCache(1)
    for name, size in put:
        cache.put(name, kept(size))
    found = {name: cache.get(name) for name, _ in put}
    assert sum(len(each.body) for each in found.values() if each) <= 1_000_000
    if put:
        last = found[put[-1][0]]
        assert last is not None
        assert len(last.body) == put[-1][1]


def test_with_no_room_nothing_is_kept() -> None:
    cache = AnswerCache(0)
    cache.put("a", kept(1))
    assert cache.get("a") is None
