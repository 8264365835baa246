"""How often and how much at once: beyond a rate 429, beyond the permits 503, and nothing waits."""

from __future__ import annotations

import asyncio
import re
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from starlette.testclient import TestClient

from groundedqa.ask import Asker, Encoders
from groundedqa.errors import RateLimitError
from groundedqa.operate import Database, Keyring
from groundedqa.server import Policy, Rates, create_app, limits
from groundedqa.server.caller import Caller
from groundedqa.snapshot import Collection
from tests.support.processes import command, service
from tests.support.redis import redis_server
from tests.support.running import build_rain

ASKED = {"question": "why does rain fall?", "k": 1}
ORIGIN = "https://www.example.org"


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, tiny_encoders: Path) -> Path:
    made = tmp_path_factory.mktemp("limits")
    build_rain(made, tiny_model, tiny_encoders)
    return made


@pytest.fixture(scope="module")
def encoders() -> Encoders:
    return Encoders()


@pytest.fixture
def asker(home: Path, encoders: Encoders) -> Iterator[Asker]:
    opened = Asker(Collection(home / "index"), encoders=encoders)
    yield opened
    opened.close()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "operator.sqlite")


def serve(asker: Asker, policy: Policy) -> TestClient:
    return TestClient(create_app(lambda: asker, policy=policy))


def ready(web: TestClient) -> TestClient:
    while web.get("/readyz").status_code != 200:
        time.sleep(0.01)
    return web


def bearer(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", **more}


def site_key(database: Database, name: str, rate: int) -> Caller:
    return Caller(
        "192.0.2.1", "full", database.create("site", name, rate=rate, origins=(ORIGIN,))[1]
    )


@pytest.mark.parametrize("counted_in", ["process", "redis"])
def test_so_many_a_minute_and_no_more(database: Database, redis: str, counted_in: str) -> None:
    caller = site_key(database, "a", 5)
    other = replace(caller, key=site_key(database, "b", 5).key)

    async def asked() -> None:
        url = redis if counted_in == "redis" else None
        rates = Rates(7, url)
        again = Rates(7, url) if url else rates  # another process
        for left in (4, 3, 2):
            key, address = await rates.charge(caller)
            assert (key.name, key.amount, key.remaining) == ("key", 5, left)
            assert (address.name, address.amount, address.remaining) == ("address", 7, left + 2)
            assert 1 <= key.resets <= 60
        with pytest.raises(RateLimitError, match="more than 5 requests a minute for this key"):
            await again.charge(caller, 3)
        await again.charge(caller, 2)
        with pytest.raises(RateLimitError) as refused:
            await rates.charge(caller)
        assert 1 <= refused.value.retry_after <= 60
        await rates.charge(other, 2)
        with pytest.raises(RateLimitError, match="more than 7 requests a minute for this address"):
            await rates.charge(other)
        await rates.close()
        await again.close()

    asyncio.run(asked())


def test_a_server_s_address_stands_for_all_of_its_students(database: Database) -> None:
    server = Caller("192.0.2.1", "full", database.create("server", "s", rate=3)[1])

    async def asked() -> None:
        rates = Rates(1)
        for _ in range(3):
            (standing,) = await rates.charge(server)
            assert standing.name == "key"
        anyone = Caller("192.0.2.9", "full")
        await rates.charge(anyone)
        with pytest.raises(RateLimitError, match="address"):
            await rates.charge(anyone)

    asyncio.run(asked())


def test_while_redis_is_away_each_process_counts_alone(database: Database) -> None:
    caller = site_key(database, "a", 2)

    async def asked(url: str) -> Rates:
        rates = Rates(0, url)
        await rates.charge(caller)
        return rates

    async def asked_alone() -> None:
        with redis_server() as url:
            rates = await asked(url)
        await rates.charge(caller)
        await rates.charge(caller)
        with pytest.raises(RateLimitError):
            await rates.charge(caller)
        await rates.close()

    asyncio.run(asked_alone())


def test_beyond_its_rate_a_key_is_answered_429_and_told_when_to_come_again(
    asker: Asker, database: Database
) -> None:
    token, _ = database.create("site", "", rate=4, origins=(ORIGIN,))
    other, _ = database.create("server", "")
    with serve(asker, Policy(Keyring(database))) as web:
        ready(web)
        headers = bearer(token, Origin=ORIGIN)
        first = web.post("/v1/ask", json=ASKED, headers=headers)
        assert first.status_code == 200
        assert first.headers["ratelimit-policy"] == '"key";q=4;w=60'
        assert re.fullmatch(r'"key";r=3;t=([1-9]|[1-5]\d|60)', first.headers["ratelimit"])
        two = web.post("/v1/ask/batch", json={"questions": [ASKED] * 2}, headers=headers)
        assert (two.status_code, two.headers["ratelimit"][:9]) == (200, '"key";r=1')
        over = web.post("/v1/ask/batch", json={"questions": [ASKED] * 2}, headers=headers)
        assert (over.status_code, over.headers["ratelimit"][:9]) == (429, '"key";r=0')
        refused = web.get("/v1/suggest?q=w", headers=headers)
        assert refused.status_code == 429
        assert refused.json()["type"] == "urn:groundedqa:problem:rate-limit"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["ratelimit"].startswith('"key";r=0;t=')
        assert refused.headers["access-control-allow-origin"] == ORIGIN
        assert "Retry-After" in refused.headers["access-control-expose-headers"]
        assert web.post("/v1/ask", json=ASKED, headers=bearer(other)).status_code == 200
        for path in ("/healthz", "/readyz", "/version", "/openapi.json", "/static/style.css"):
            assert "ratelimit" not in web.get(path, headers=headers).headers


def test_an_address_is_counted_through_trusted_proxies(asker: Asker) -> None:
    with serve(asker, Policy(hops=1, rates=Rates(2))) as web:
        ready(web)
        statuses = [
            web.get("/", headers={"X-Forwarded-For": f"{spoofed}, {address}"}).status_code
            for address in ("192.0.2.1", "2001:db8::1")
            for spoofed in ("198.51.100.1", "198.51.100.2", "198.51.100.3")
        ]
        assert statuses == [200, 200, 429, 200, 200, 429]


def test_beyond_the_permits_a_request_is_refused_at_once(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, go_on = threading.Semaphore(0), threading.Event()
    ask = Asker.ask

    def held(*words: Any) -> Any:
        asking.release()
        assert go_on.wait(30)
        return ask(*words)

    with serve(asker, Policy(permits=2)) as web, ThreadPoolExecutor(2) as pool:
        ready(web)
        monkeypatch.setattr(Asker, "ask", held)
        under_way = [pool.submit(web.post, "/v1/ask", json=ASKED) for _ in range(2)]
        assert asking.acquire(timeout=30)
        assert asking.acquire(timeout=30)
        started = time.monotonic()
        refused = [web.post("/v1/ask", json=ASKED) for _ in range(20)]
        assert time.monotonic() - started < 10
        assert {(each.status_code, each.headers["retry-after"]) for each in refused} == {(503, "1")}
        assert refused[0].json()["type"] == "urn:groundedqa:problem:busy"
        assert web.get("/healthz").status_code == 200
        assert web.get("/?q=rain").status_code == 503
        go_on.set()
        assert [each.result().status_code for each in under_way] == [200, 200]
        assert web.post("/v1/ask", json=ASKED).status_code == 200


def test_a_body_that_does_not_come_is_not_waited_for(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SLOWEST_BODY", 0.05)
    sent: list[Any] = []

    async def never() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/ask",
        "query_string": b"",
        "headers": [],
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(create_app(lambda: asker)(scope, never, send))
    assert sent[0]["status"] == 408
    assert b"did not come within" in sent[1]["body"]


def answering(parent: psutil.Process) -> list[psutil.Process]:
    alive = [p for p in parent.children() if p.status() != psutil.STATUS_ZOMBIE]
    return [p for p in alive if "spawn_main" in " ".join(p.cmdline())]


def test_workers_count_together_and_one_that_dies_is_replaced(home: Path, redis: str) -> None:
    keys = home / "workers.sqlite"
    token, _ = Database(keys).create("server", "", rate=12)
    admin, _ = Database(keys).create("admin", "")
    flags = ("--keys", str(keys), "--workers", "2", "--limits-url", redis, "--metrics-port", "0")
    with service(home / "index", home / "workers.log", *flags) as running:
        running.wait_until_ready()
        parent = psutil.Process(running.process.pid)
        workers = answering(parent)
        assert len(workers) == 2
        statuses = []
        for _ in range(16):  # a connection each, so that both workers get some
            with httpx.Client(base_url=running.url, headers=bearer(token)) as web:
                statuses.append(web.post("/v1/ask", json=ASKED).status_code)
        assert statuses == [200] * 12 + [429] * 4
        told = httpx.get(running.url + "metrics", headers=bearer(admin)).text
        for route, status, count in (("/v1/ask", "200", 12), ("other", "429", 4)):
            labels = f'{{method="POST",route="{route}",status="{status}"}}'
            assert f"groundedqa_requests_total{labels} {count}.0" in told
        assert httpx.get(running.url + "metrics", headers=bearer(token)).status_code in (403, 429)
        own = running.log.read_text("utf-8").split("metrics: ")[1].split()[0]
        assert 'groundedqa_snapshot{snapshot="' in httpx.get(own).text
        workers[0].send_signal(signal.SIGKILL)
        end = time.monotonic() + 30
        while len(answering(parent)) < 2 or answering(parent) == workers:
            assert time.monotonic() < end
            time.sleep(0.1)
        for _ in range(6):
            assert httpx.get(running.url + "readyz").status_code in (200, 503)
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(timeout=10)
        assert not [p for p in workers if p.is_running()]


def test_workers_without_a_place_to_count_in_are_refused(home: Path) -> None:
    index = str(home / "index")
    refused = command("serve", "--index", index, "--port", "0", "--workers", "2")
    assert (refused.returncode, "--limits-url redis://" in refused.stderr) == (2, True)
    wrong = command("serve", "--index", index, "--port", "0", GROUNDEDQA_LIMITS_URL="memcached://x")
    assert (wrong.returncode, "name a Redis" in wrong.stderr) == (2, True)
