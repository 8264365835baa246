from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from groundedqa.build import BuildSettings, build
from groundedqa.operate import Database
from groundedqa.server.caller import address_of
from groundedqa.snapshot import Collection
from tests.support.processes import command, service

SITE, OTHER = "https://www.example.org", "https://elsewhere.example.org"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, tiny_encoders: Path) -> Path:
    made = tmp_path_factory.mktemp("gate")
    (made / "corpus").mkdir()
    (made / "corpus" / "rain.txt").write_text("Rain\n\nDrops fall once they are heavy enough.\n")
    (made / "index").mkdir()
    (made / "index" / "encoders").symlink_to(tiny_encoders)
    settings = BuildSettings(model=str(tiny_model), tunes=False)
    build(made / "corpus", Collection(made / "index"), settings)
    return made


@pytest.fixture(scope="module")
def database(home: Path) -> Database:
    return Database(home / "operator.sqlite")


@pytest.fixture(scope="module")
def site(database: Database) -> str:
    return database.create("site", "page", origins=(SITE,))[0]


@pytest.fixture(scope="module")
def web(home: Path, site: str) -> Iterator[httpx.Client]:
    assert site
    with service(home / "index", home / "log") as running:
        running.wait_until_ready()
        with httpx.Client(base_url=running.url, timeout=30) as client:
            yield client


def bearer(token: str, origin: str | None = None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} | ({"Origin": origin} if origin else {})


def cors(response: httpx.Response) -> list[str]:
    return [name for name in response.headers if name.startswith("access-control-")]


def test_without_a_key_only_what_holds_no_text_is_answered(web: httpx.Client) -> None:
    for path in ("/healthz", "/readyz", "/openapi.json", "/static/style.css"):
        assert web.get(path).status_code == 200
    for path in ("/v1/ask?q=rain", "/v1/documents/rain", "/v1/suggest?q=r", "/nope", "/v1/../x"):
        refused = web.get(path)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == 'Bearer realm="groundedqa"'
        assert refused.json()["type"] == "urn:groundedqa:problem:unauthorized"
    for path in ("/", "/?q=rain", "/documents/rain"):
        page = web.get(path)
        assert (page.status_code, "heavy" in page.text) == (404, False)


def test_a_key_opens_and_a_wrong_one_does_not(web: httpx.Client, site: str) -> None:
    assert web.get("/v1/ask?q=rain", headers=bearer(site)).status_code == 200
    for header in (f"Bearer {site}x", f"Basic {site}", site, "Bearer", f"Bearer {site} {site}"):
        refused = web.get("/v1/ask?q=rain", headers={"Authorization": header})
        assert refused.status_code == 401
        assert "invalid_token" in refused.headers["www-authenticate"]


def test_a_key_in_an_address_is_refused_even_beside_a_good_one(
    web: httpx.Client, site: str
) -> None:
    for query in (f"q=rain&key={site}", f"q={site}", "access_token=x", "KEY="):
        refused = web.get(f"/v1/ask?{query}", headers=bearer(site))
        assert refused.status_code == 400
        assert "Authorization: Bearer" in refused.json()["detail"]
        assert site not in refused.text


def test_a_site_keys_own_page_reads_the_answer_and_another_page_gets_nothing(
    web: httpx.Client, site: str
) -> None:
    own = web.get("/v1/ask?q=rain", headers=bearer(site, SITE))
    assert own.headers["access-control-allow-origin"] == SITE
    assert "Retry-After" in own.headers["access-control-expose-headers"]
    invalid = web.get("/v1/ask?q=", headers=bearer(site, SITE))
    assert (invalid.status_code, invalid.headers["access-control-allow-origin"]) == (422, SITE)
    for origin in (OTHER, "null", SITE + ".evil.example", SITE.upper()):
        foreign = web.get("/v1/ask?q=rain", headers=bearer(site, origin))
        assert (foreign.status_code, cors(foreign)) == (403, [])
    for answer in (own, invalid, foreign, web.get("/healthz")):
        assert "Origin" in answer.headers["vary"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_preflight_is_answered_for_listed_origins_alone(web: httpx.Client) -> None:
    asked = {"Access-Control-Request-Method": "POST"}
    own = web.options("/v1/ask", headers={"Origin": SITE, **asked})
    assert (own.status_code, own.headers["access-control-allow-origin"]) == (204, SITE)
    assert "Authorization" in own.headers["access-control-allow-headers"]
    foreign = web.options("/v1/ask", headers={"Origin": OTHER, **asked})
    assert (foreign.status_code, cors(foreign)) == (403, [])
    assert (
        web.options("/widget/x.js", headers={"Origin": OTHER}).headers[
            "access-control-allow-origin"
        ]
        == "*"
    )


def test_a_revoked_key_stops_within_a_second(web: httpx.Client, database: Database) -> None:
    token, key = database.create("server", "")
    time.sleep(0.4)
    assert web.get("/v1/documents/rain", headers=bearer(token)).status_code == 200
    database.revoke(key.key_id)
    time.sleep(0.6)
    refused = web.get("/v1/documents/rain", headers=bearer(token))
    assert refused.status_code == 401
    assert "was revoked" in refused.json()["detail"]


def test_a_key_of_another_collection_is_forbidden(web: httpx.Client, database: Database) -> None:
    token, _ = database.create("server", "", collections=("other",))
    time.sleep(0.4)
    refused = web.get("/v1/documents/rain", headers=bearer(token))
    assert refused.status_code == 403
    assert "insufficient_scope" in refused.headers["www-authenticate"]


def test_without_a_key_another_address_is_refused_unless_open_is_said(tmp_path: Path) -> None:
    refused = command("serve", "--index", tmp_path / "index", "--host", "0.0.0.0", "--port", "0")
    assert refused.returncode == 2
    assert "--open" in refused.stderr
    assert "groundedqa keys create" in refused.stderr


@pytest.mark.parametrize(
    ("client", "forwarded", "hops", "address"),
    [
        ("10.0.0.1", ["1.2.3.4"], 0, "10.0.0.1"),
        ("10.0.0.1", ["9.9.9.9, 1.2.3.4"], 1, "1.2.3.4"),
        ("10.0.0.1", ["9.9.9.9", "1.2.3.4, 10.0.0.2"], 2, "1.2.3.4"),
        ("10.0.0.1", ["1.2.3.4"], 2, "10.0.0.1"),
        ("10.0.0.1", ["1.2.3.4:5678"], 1, "1.2.3.4"),
        ("10.0.0.1", ["[2001:db8::1]:80"], 1, "2001:db8::/64"),
        ("::ffff:1.2.3.4", [], 0, "1.2.3.4"),
        ("10.0.0.1", ["nonsense"], 1, "unknown"),
    ],
)
def test_an_address_is_believed_so_many_proxies_deep(
    client: str, forwarded: list[str], hops: int, address: str
) -> None:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    scope: dict[str, Any] = {"type": "http", "client": (client, 1), "headers": headers}
    assert address_of(scope, hops) == address
