"""The operator's pages, asked as a browser asks them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from groundedqa.ask import Asker
from groundedqa.ground import Calibrator
from groundedqa.operate import Keyring
from groundedqa.operate.question_log import QuestionLog
from groundedqa.operate.sessions import LASTS, Sessions
from groundedqa.server import Collections, Policy, create_app
from groundedqa.server.admin_session import COOKIE
from groundedqa.snapshot import DOCUMENTS, Collection, current, publish
from groundedqa.types import Answer
from tests.server.admin import HOSTILE, Administered, administered

HOST = "https://qa.example.org"
ONE = "/admin/collections/default"


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, tiny_encoders: Path
) -> Administered:
    return administered(tmp_path_factory.mktemp("admin"), tiny_model, tiny_encoders)


@pytest.fixture
def web(made: Administered) -> Iterator[TestClient]:
    """The service, its second snapshot published; redirects are not followed."""
    publish(Collection(made.index), made.first)
    publish(Collection(made.index), made.second)
    policy = Policy(Keyring(made.database, every=0.0))
    app = create_app(Collections.of_index(made.index, Asker), policy=policy)
    with TestClient(
        app, base_url=HOST, follow_redirects=False, raise_server_exceptions=False
    ) as client:
        yield client


def sign_in(web: TestClient, token: str, **headers: str) -> int:
    return web.post("/admin/sign-in", data={"token": token}, headers=headers).status_code


def form_token(web: TestClient) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', web.get("/admin").text)
    assert found
    return found[1]


def test_whoever_is_not_signed_in_is_sent_to_do_so_and_changes_nothing(
    web: TestClient, made: Administered
) -> None:
    for path in ("/admin", ONE, f"{ONE}/rollback", "/admin/activity", f"{ONE}/gaps"):
        sent = web.get(path)
        assert (sent.status_code, sent.headers["location"]) == (303, "/admin/sign-in"), path
    assert web.post(f"{ONE}/rollback").status_code == 303
    # A key in a header is for programs: a page of another site could send no cookie, but this.
    asked = web.get("/admin", headers={"Authorization": f"Bearer {made.admin}"})
    assert asked.status_code == 303
    assert current(Collection(made.index)) == made.second


def test_a_session_is_a_cookie_that_only_the_browser_reads_and_sends_to_these_pages_alone(
    web: TestClient, made: Administered
) -> None:
    began = web.post("/admin/sign-in", data={"token": made.admin})
    assert (began.status_code, began.headers["location"]) == (303, "/admin")
    cookie = began.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    said = set(cookie.lower().split("; ")[1:])
    assert said == {"httponly", "secure", "samesite=strict", "path=/admin", f"max-age={LASTS}"}
    assert made.admin not in cookie
    page = web.get("/admin")
    assert (page.status_code, page.headers["cache-control"]) == (200, "private, no-store")
    assert page.headers["x-robots-tag"] == "noindex"
    assert "script" not in page.headers["content-security-policy"]


def test_on_this_machine_a_session_takes_no_https(made: Administered) -> None:
    policy = Policy(Keyring(made.database))
    app = create_app(Collections.of_index(made.index, Asker), policy=policy)
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as web:
        began = web.post("/admin/sign-in", data={"token": made.admin})
        assert "secure" not in began.headers["set-cookie"].lower()
        assert web.get("/admin").status_code == 200


def test_no_other_key_signs_in_and_nothing_tells_why(web: TestClient, made: Administered) -> None:
    answers = []
    for token in (made.server, "admin_" + "x" * 43, "", "nonsense"):
        refused = web.post("/admin/sign-in", data={"token": token})
        assert "set-cookie" not in refused.headers
        answers.append((refused.status_code, refused.text))
    assert answers == [(401, answers[0][1])] * 4
    assert "This is no admin key." in answers[0][1]


def test_attempts_to_sign_in_are_counted_for_each_address(
    web: TestClient, made: Administered
) -> None:
    assert [sign_in(web, "nonsense") for _ in range(10)] == [401] * 10
    refused = web.post("/admin/sign-in", data={"token": made.admin})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "more than 10 attempts a minute" in refused.text


def test_a_session_ends_with_its_key(web: TestClient, made: Administered) -> None:
    token, key = made.database.create("admin", "for an hour")
    assert sign_in(web, token) == 303
    assert web.get("/admin").status_code == 200
    made.database.revoke(key.key_id)
    assert web.get("/admin").status_code == 303


def test_a_session_ends_after_eight_hours_and_is_not_to_be_made_up(
    web: TestClient, made: Administered, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = Sessions(Keyring(made.database)).begin(made.admin)
    web.cookies.set(COOKIE, cookie, domain="qa.example.org", path="/admin")
    assert web.get("/admin").status_code == 200
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LASTS + 1)
    assert web.get("/admin").status_code == 303
    monkeypatch.undo()
    web.cookies.set(COOKIE, cookie[:-2] + "AA", domain="qa.example.org", path="/admin")
    assert web.get("/admin").status_code == 303


def test_signing_out_makes_the_browser_forget_the_session(
    web: TestClient, made: Administered
) -> None:
    sign_in(web, made.admin)
    ended = web.post("/admin/sign-out", data={"form_token": form_token(web)})
    assert ended.headers["location"] == "/admin/sign-in"
    assert web.get("/admin").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example.org"},
        {"Origin": "null"},
    ],
)
def test_a_form_of_another_sites_page_is_refused(
    web: TestClient, made: Administered, headers: dict[str, str]
) -> None:
    assert sign_in(web, made.admin, **headers) == 403
    sign_in(web, made.admin)
    data = {"form_token": form_token(web)}
    refused = web.post(f"{ONE}/rollback", data=data, headers=headers)
    assert refused.status_code == 403
    assert "another site" in refused.text
    assert current(Collection(made.index)) == made.second


@pytest.mark.parametrize(
    "data", [{}, {"form_token": ""}, {"form_token": "0" * 64}, {"form_token": "é\x00"}]
)
def test_a_form_that_no_page_of_the_session_showed_is_refused(
    web: TestClient, made: Administered, data: dict[str, str]
) -> None:
    sign_in(web, made.admin)
    refused = web.post(f"{ONE}/snapshots/{made.first}/publish", data=data)
    assert refused.status_code == 403
    assert "not of your session" in refused.text
    assert current(Collection(made.index)) == made.second


def test_publishing_and_rolling_back_are_confirmed_with_what_they_would_change(
    web: TestClient, made: Administered
) -> None:
    collection = Collection(made.index)
    sign_in(web, made.admin)
    page = web.get(f"{ONE}/snapshots/{made.first}/publish")
    assert page.status_code == 200
    assert "<code>fog</code>" in page.text  # comes back
    assert current(collection) == made.second  # looking changed nothing
    data = {"form_token": form_token(web)}
    done = web.post(f"{ONE}/snapshots/{made.first}/publish", data=data)
    assert (done.status_code, done.headers["location"]) == (303, ONE)
    assert current(collection) == made.first
    assert web.get(f"{ONE}/rollback").status_code == 200
    assert current(collection) == made.first
    assert web.post(f"{ONE}/rollback", data=data).status_code == 303
    assert current(collection) == made.second


def test_a_damaged_snapshot_is_not_published_and_the_page_says_why(
    web: TestClient, made: Administered, tmp_path: Path
) -> None:
    damaged = Collection(made.index).snapshot(made.first) / "report.json"
    whole = damaged.read_bytes()
    sign_in(web, made.admin)
    try:
        damaged.write_bytes(whole + b" ")
        refused = web.post(
            f"{ONE}/snapshots/{made.first}/publish", data={"form_token": form_token(web)}
        )
        assert refused.status_code == 503
        assert "report.json" in refused.text
        assert current(Collection(made.index)) == made.second
    finally:
        damaged.write_bytes(whole)
    assert tmp_path.exists()


def test_what_is_damaged_is_told_and_still_to_be_replaced(
    web: TestClient, made: Administered
) -> None:
    sign_in(web, made.admin)
    damaged = Collection(made.index).snapshot(made.second) / DOCUMENTS
    kept = Collection(made.index).evaluation(made.second)
    whole = damaged.read_bytes()
    kept.parent.mkdir(exist_ok=True)
    try:
        damaged.write_bytes(b"damaged" * 1000)
        kept.write_text('{"measures": {"nDCG@10": null}}')
        told = web.get(f"{ONE}/changes?earlier={made.first}&later={made.second}")
        assert (told.status_code, "groundedqa verify --all" in told.text) == (503, True)
        assert web.get(ONE).status_code == 200
        assert "<button" in web.get(f"{ONE}/rollback").text
        data = {"form_token": form_token(web)}
        assert web.post(f"{ONE}/rollback", data=data).status_code == 303
        assert current(Collection(made.index)) == made.first
    finally:
        damaged.write_bytes(whole)
        kept.unlink()


def test_what_changed_between_two_snapshots_is_listed_by_title_and_id(
    web: TestClient, made: Administered
) -> None:
    sign_in(web, made.admin)
    page = web.get(f"{ONE}/changes?earlier={made.first}&later={made.second}").text
    counts = re.findall(r"<dt>documents (\w+)</dt><dd>(\d+)</dd>", page)
    assert counts == [("added", "1"), ("changed", "1"), ("removed", "1")]
    assert "<bdi>Fog</bdi> <code>fog</code>" in page
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert web.get(f"{ONE}/changes?earlier=..%2f..&later={made.second}").status_code == 503


def test_reports_are_shown_without_any_right_of_the_pages_around_them(
    web: TestClient, made: Administered
) -> None:
    sign_in(web, made.admin)
    report = web.get(f"{ONE}/snapshots/{made.second}/report")
    assert report.status_code == 200
    assert "Build report" in report.text
    assert "sandbox" in report.headers["content-security-policy"]
    missing = web.get(f"{ONE}/snapshots/{made.second}/evaluation")
    assert missing.status_code == 404
    assert "groundedqa evaluate" in missing.text


def test_evaluations_that_are_kept_stand_beside_their_snapshots(
    web: TestClient, made: Administered
) -> None:
    collection = Collection(made.index)
    for snapshot, value in ((made.first, 0.5), (made.second, 0.625)):
        path = collection.evaluation(snapshot)
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'{{"measures": {{"nDCG@10": {value}}}}}')
        path.with_suffix(".html").write_text("<h1>How well it answers</h1>")
    sign_in(web, made.admin)
    assert '<td class="number">0.625</td>' in web.get(ONE).text
    page = web.get(f"{ONE}/changes?earlier={made.first}&later={made.second}").text
    assert '<td class="number">0.500</td><td class="number">0.625</td>' in page
    shown = web.get(f"{ONE}/snapshots/{made.second}/evaluation")
    assert shown.text == "<h1>How well it answers</h1>"


def test_a_key_of_some_collections_sees_no_other(web: TestClient, made: Administered) -> None:
    sign_in(web, made.scoped)
    assert "/admin/collections/rome" in web.get("/admin").text
    assert ONE not in web.get("/admin").text
    data = {"form_token": form_token(web)}
    for path in ("", "/rollback", f"/changes?earlier={made.first}&later={made.second}"):
        assert web.get(ONE + path).status_code == 403, path
    assert web.post(f"{ONE}/rollback", data=data).status_code == 403
    assert web.get("/admin/collections/rome").status_code == 200
    assert web.get("/admin/collections/..%2fencoders").status_code in (403, 404)


def test_what_students_could_not_find_is_shown_as_text(
    web: TestClient, made: Administered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Calibrator, "threshold", lambda *_: 2.0)
    sign_in(web, made.admin)
    assert "--question-log-days 90" in web.get(f"{ONE}/gaps").text
    log = QuestionLog(made.database.path, days=9)
    answer = Answer(HOSTILE, "abstained", 0.25, (), made.second, 1.0, reason="not_covered")
    log.add("default", answer)
    log.close()
    page = web.get(f"{ONE}/gaps")
    assert page.status_code == 200
    assert "Asked once" in page.text
    assert HOSTILE not in page.text
    assert "<bdi>&lt;script&gt;" in page.text


def test_activity_counts_what_was_asked(web: TestClient, made: Administered) -> None:
    sign_in(web, made.admin)
    assert "Nothing was asked yet." in web.get("/admin/activity").text
    bearer = {"Authorization": f"Bearer {made.server}"}
    end = time.monotonic() + 10
    while web.get("/readyz").status_code != 200 and time.monotonic() < end:
        time.sleep(0.05)
    for word in ("rain", "snow"):
        assert web.get(f"/v1/ask?q={word}", headers=bearer).status_code == 200
    page = web.get("/admin/activity").text
    assert re.search(r'<th scope="row">encode</th><td class="number">2</td>', page)
    assert page.count("<svg") == 2
    assert "style=" not in page
    assert "unsafe-inline" not in web.get("/admin/activity").headers["content-security-policy"]
    assert "/v1/ask" in page


def test_a_service_without_an_operators_database_has_no_such_pages(made: Administered) -> None:
    with TestClient(create_app(Collections.of_index(made.index, Asker))) as web:
        assert web.get("/admin").status_code == 403
        assert web.get("/admin/sign-in").status_code == 200
