"""A real service whose snapshots are changed under it, stopped, and started where it can't be."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from groundedqa.build import BuildSettings, build
from groundedqa.snapshot import Collection, publish, rollback, snapshots
from tests.support.processes import PYTHON, Service, command, service

WORDS = ["amber", "birch", "cedar", "delta"]


@pytest.fixture(scope="module")
def four(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, tiny_encoders: Path
) -> tuple[Collection, dict[str, str]]:
    """A collection of four snapshots, the first one published, and each snapshot's word."""
    home = tmp_path_factory.mktemp("four")
    shutil.copytree(tiny_encoders, home / "index" / "encoders")
    collection, corpus = Collection(home / "index"), home / "corpus"
    corpus.mkdir()
    settings = BuildSettings(model=str(tiny_model), passage_tokens=48)
    ids = {}
    for word in WORDS:
        for number in range(6):
            page = corpus / f"page{number}.txt"
            page.write_text(f"Page {number}\n\nThe {word} stands in row {number}.\n")
        ids[build(corpus, collection, settings, publishes=word == WORDS[0]).snapshot] = word
    return collection, ids


@pytest.fixture
def collection(four: tuple[Collection, dict[str, str]], tmp_path: Path) -> Collection:
    """A copy of one's own of the four snapshots."""
    return Collection(Path(shutil.copytree(four[0].index, tmp_path / "index")))


@pytest.fixture
def made(four: tuple[Collection, dict[str, str]]) -> dict[str, str]:
    """Each snapshot's word, which all its quotes hold."""
    return four[1]


@pytest.fixture
def running(collection: Collection, made: dict[str, str], tmp_path: Path) -> Iterator[Service]:
    with service(collection.index, tmp_path / "log") as started:
        assert started.wait_until_ready()["snapshot"] in made
        yield started


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def serves(running: Service, snapshot: str) -> Callable[[], bool]:
    return lambda: running.get("/readyz")[1]["snapshot"] == snapshot


def damage(collection: Collection, snapshot: str) -> Path:
    path = collection.snapshot(snapshot) / "documents.sqlite"
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    return path


def test_no_request_fails_and_no_answer_mixes_snapshots_while_they_change(
    running: Service, collection: Collection, made: dict[str, str]
) -> None:
    stop, wrong, seen = threading.Event(), list[str](), set[str]()

    def keep_asking() -> None:
        while not stop.is_set():
            status, answer = running.post("/v1/ask", {"question": "which row", "k": 6})
            if status != 200:
                wrong.append(f"{status} {answer}")
                continue
            word = made[answer["snapshot"]]
            wrong.extend(c["quote"] for c in answer["citations"] if word not in c["quote"])
            if len(answer["citations"]) != 6:
                wrong.append(f"{len(answer['citations'])} citations")
            seen.add(word)

    threads = [threading.Thread(target=keep_asking) for _ in range(4)]
    for thread in threads:
        thread.start()
    for snapshot in [*made, *made]:
        publish(collection, snapshot)
        until(serves(running, snapshot))
    earlier = rollback(collection)
    until(serves(running, earlier))
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert seen == set(WORDS)


def test_a_damaged_snapshot_leaves_the_old_one_serving_and_is_named(
    running: Service, collection: Collection, made: dict[str, str]
) -> None:
    first, second, third, _ = made
    path = damage(collection, second)
    publish(collection, second)
    until(lambda: running.get("/readyz")[1]["problem"] is not None)
    status, ready = running.get("/readyz")
    assert (status, ready["snapshot"]) == (200, first)
    assert str(path) in ready["problem"]
    assert running.post("/v1/ask", {"question": "row"})[1]["snapshot"] == first
    until(lambda: str(path) in running.log.read_text())
    publish(collection, third)
    until(serves(running, third))
    assert running.get("/readyz")[1]["problem"] is None


def test_a_service_started_before_the_first_build_takes_it(
    collection: Collection, made: dict[str, str], tmp_path: Path
) -> None:
    current = collection.current.read_text()
    assert current.strip() in made
    collection.current.unlink()
    with service(collection.index, tmp_path / "early") as started:
        assert started.get("/readyz")[0] == 503
        until(lambda: "groundedqa build" in started.get("/readyz")[1]["detail"])
        assert started.get("/healthz") == (200, {"status": "ok"})
        collection.current.write_text(current)
        assert started.wait_until_ready() == {
            "status": "ready",
            "snapshot": current.strip(),
            "problem": None,
        }


def test_sigterm_ends_the_service_and_finishes_the_answer_under_way(running: Service) -> None:
    host, port = running.url.removeprefix("http://").rstrip("/").split(":")
    body = json.dumps({"question": "which row", "k": 6}).encode()
    head = "POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((host, int(port))) as asking:
        asking.sendall(head.encode() + body[:10])
        until(lambda: running.get("/healthz")[0] == 200)
        running.process.send_signal(signal.SIGTERM)
        until(lambda: not listens(host, int(port)))
        asking.sendall(body[10:])
        asking.settimeout(10)
        assert asking.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")
    started = time.monotonic()
    running.process.wait(timeout=10)
    assert time.monotonic() - started < 10


def listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def test_a_client_that_never_ends_its_request_does_not_keep_the_service(running: Service) -> None:
    host, port = running.url.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port))) as silent:
        silent.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        until(lambda: running.get("/healthz")[0] == 200)
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(timeout=10)


def test_a_taken_port_is_said_in_plain_words(running: Service, collection: Collection) -> None:
    port = running.url.rstrip("/").rsplit(":", 1)[1]
    refused = command("serve", "--index", collection.index, "--port", port)
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr.startswith(f"groundedqa: port {port} on 127.0.0.1 is taken")
    assert "--port (0 takes a free one)" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_the_log_holds_no_question(running: Service, collection: Collection) -> None:
    for question in ("zzyzx private matter", "zzyzx\0", "zzyzx" * 5000):
        running.post("/v1/ask", {"question": question})
    running.get("/?q=zzyzx")
    running.get("/v1/ask?q=zzyzx&k=x")
    collection.current.unlink()
    running.process.send_signal(signal.SIGTERM)
    running.process.wait(timeout=15)
    log = running.log.read_text()
    assert "ready" in log
    assert "zzyzx" not in log
    assert all(json.loads(line)["event"] for line in log.splitlines() if line.startswith("{"))


def test_serving_imports_no_torch() -> None:
    loaded = (
        "import sys, groundedqa.cli.serve, groundedqa.server, groundedqa.ask;"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    found = subprocess.run([PYTHON, "-c", loaded], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_every_snapshot_is_still_sound_afterwards(
    collection: Collection, made: dict[str, str]
) -> None:
    assert {folder.name for folder in snapshots(collection)} == set(made)
    done = command("verify", "--all", "--index", collection.index)
    assert done.returncode == 0
    assert done.stdout.count("is sound") == len(made)
