"""What is told of a request: its id, its line in the log, metrics and spans; never the question."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from groundedqa.ask import Asker
from groundedqa.errors import ConfigurationError
from groundedqa.server import Metrics, create_app, exported_traces
from groundedqa.server.traces import Traces
from groundedqa.snapshot import Collection
from groundedqa.stages import STAGES
from tests.conftest import BuildTiny
from tests.server.conftest import Wait
from tests.support.processes import Service, service

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def watched(
    build_tiny: BuildTiny,
    collection: Collection,
    wait: Wait,
    metrics: Metrics,
    spans: InMemorySpanExporter,
) -> Iterator[TestClient]:
    build_tiny()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    app = create_app(lambda: Asker(collection), metrics=metrics, traces=Traces(provider))
    with TestClient(app, raise_server_exceptions=False) as client:
        wait(lambda: client.get("/readyz").status_code == 200)
        yield client


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_a_question_is_counted_by_stage_and_decision_and_traced(
    watched: TestClient, metrics: Metrics, spans: InMemorySpanExporter
) -> None:
    spans.clear()
    asked = {"question": "why are there two tides?"}
    answer = watched.post("/v1/ask", json=asked, headers={"traceparent": PARENT}).json()
    decided = {"decision": answer["decision"], "reason": answer["reason"] or ""}
    assert value(metrics, "groundedqa_decisions_total", **decided) == 1
    for stage in STAGES:
        assert value(metrics, "groundedqa_stage_seconds_count", stage=stage) == 1, stage
    assert value(metrics, "groundedqa_encoded_at_once_sum") == 1
    counted = {"route": "/v1/ask", "method": "POST", "status": "200"}
    assert value(metrics, "groundedqa_requests_total", **counted) == 1
    assert value(metrics, "groundedqa_request_seconds_count", route="/v1/ask") == 1
    assert value(metrics, "groundedqa_requests_under_way") == 0
    assert value(metrics, "groundedqa_snapshot", snapshot=answer["snapshot"]) == 1
    age = value(metrics, "groundedqa_snapshot_age_seconds")
    assert age is not None
    assert 0 <= age < 600
    *inner, request = spans.get_finished_spans()
    assert {span.name for span in inner} == set(STAGES)
    assert request.parent is not None
    assert f"{request.parent.trace_id:032x}" in PARENT
    assert request.attributes is not None
    assert request.attributes["http.route"] == "/v1/ask"
    assert all(span.parent and span.parent.span_id == request.context.span_id for span in inner)
    assert "tides" not in str([span.to_json() for span in (*inner, request)])


def test_an_address_of_nothing_and_an_id_become_no_label(
    watched: TestClient, metrics: Metrics
) -> None:
    for path in ("/no/such/thing", "/v1/documents/snow", "/v1/documents/rain"):
        watched.get(path)
    labels = re.findall(r'groundedqa_requests_total\{.*route="([^"]*)"', metrics.text().decode())
    assert set(labels) == {"/readyz", "other", "/v1/documents/{doc_id}"}


@pytest.mark.parametrize("path", ["/v1/documents/none", "/nowhere", "/v1/ask?q=", "/healthz"])
def test_a_sane_request_id_is_kept_and_another_is_replaced(client: TestClient, path: str) -> None:
    kept = client.get(path, headers={"X-Request-ID": "abc-1"})
    assert kept.headers["X-Request-ID"] == "abc-1"
    for odd in (b"a b", b"x" * 65, b"", b"\xe9"):
        made = client.get(path, headers=[(b"X-Request-ID", odd)])
        assert re.fullmatch(r"[0-9a-f]{32}", made.headers["X-Request-ID"])
        if made.status_code >= 400:
            assert made.json()["request_id"] == made.headers["X-Request-ID"]


def test_an_unforeseen_error_has_its_id_too(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Asker, "document", lambda *_: 1 / 0)
    with capture_logs():  # structlog's own console would print the locals of every frame
        failed = client.get("/v1/documents/rain", headers={"X-Request-ID": "abc-2"})
    assert (failed.status_code, failed.headers["X-Request-ID"]) == (500, "abc-2")
    assert failed.json()["request_id"] == "abc-2"


def test_the_log_is_json_lines_without_question_or_query_string(
    rain: Service, tmp_path: Path
) -> None:
    with service(rain.log.parent / "index", tmp_path / "log", "--metrics-port", "0") as running:
        running.wait_until_ready()
        running.get("/v1/ask?q=a-secret-question")
        running.post("/v1/ask", {"question": "another secret"})
        running.get("/v1/documents/" + "x" * 300)
        text = (tmp_path / "log").read_text("utf-8")
        (address,) = re.findall(r"metrics: (http://127\.0\.0\.1:\d+/metrics)", text)
        with urllib.request.urlopen(address, timeout=10) as told:
            assert b'groundedqa_requests_total{method="POST",route="/v1/ask"' in told.read()
    text = (tmp_path / "log").read_text("utf-8")
    assert "secret" not in text
    lines = [json.loads(line) for line in text.splitlines() if not line.startswith("metrics:")]
    told_of = [(line["method"], line["path"], line["status"]) for line in lines if "path" in line]
    assert told_of[:2] == [("GET", "/v1/ask", 200), ("POST", "/v1/ask", 200)]
    assert len(told_of[2][1]) < 220
    assert all(
        re.fullmatch(r"[0-9a-f]{32}", line["request_id"]) for line in lines if "path" in line
    )


def test_workers_that_share_a_folder_are_counted_together(tmp_path: Path) -> None:
    count = (
        "from groundedqa.server.metrics import Metrics; m = Metrics();"
        "m.decided('answered', None); m.took('encode', 0.2); print(m.text().decode())"
    )
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for times in (1, 2):
        command = [sys.executable, "-c", count]
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert (
            f'groundedqa_decisions_total{{decision="answered",reason=""}} {times}.0' in told.stdout
        )
        assert f'groundedqa_stage_seconds_count{{stage="encode"}} {times}.0' in told.stdout


def test_a_taken_port_and_a_missing_extra_are_said_in_words(
    metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = metrics.serve("127.0.0.1", 0)
    with pytest.raises(ConfigurationError, match="--metrics-port"):
        metrics.serve("127.0.0.1", taken)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace.export", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'groundedqa\[traces\]'"):
        exported_traces()


def test_sigterm_lets_an_answer_under_way_end_and_the_process_within_ten_seconds(
    rain: Service, tmp_path: Path
) -> None:
    with service(rain.log.parent / "index", tmp_path / "log") as running:
        running.wait_until_ready()
        body = json.dumps({"question": "why does rain fall?"}).encode()
        host, port = running.url.removeprefix("http://").rstrip("/").split(":")
        head = f"POST /v1/ask HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n"
        with socket.create_connection((host, int(port)), timeout=10) as caller:
            # Half of the request is there when the service is told to end.
            caller.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + body[:9])
            time.sleep(0.3)
            asked = time.monotonic()
            running.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            caller.sendall(body[9:])
            answered = b""
            while chunk := caller.recv(65536):
                answered += chunk
        assert answered.startswith(b"HTTP/1.1 200")
        assert b"heavy enough" in answered
        assert running.process.wait(timeout=10) is not None
        assert time.monotonic() - asked < 10
