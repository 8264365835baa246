"""The command and the service as real processes, for what only those can show."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PYTHON = sys.executable


def command(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``groundedqa`` to its end, reading in its own process; nothing is checked."""
    return subprocess.run(
        [PYTHON, "-m", "groundedqa", *map(str, words)],
        capture_output=True,
        text=True,
        env={**os.environ, "GROUNDEDQA_READERS": "0", **environment},
        timeout=300,
        check=False,
    )


@dataclass
class Service:
    """A running service."""

    url: str
    process: subprocess.Popen[str]
    log: Path

    def get(self, path: str) -> tuple[int, Any]:
        """Status and body of a GET; JSON is parsed, the rest is text."""
        return request(self.url.rstrip("/") + path)

    def post(self, path: str, body: object) -> tuple[int, Any]:
        """Status and body of a POST of JSON."""
        return request(self.url.rstrip("/") + path, json.dumps(body).encode())

    def wait_until_ready(self, seconds: float = 30) -> Any:
        """What /readyz says, once it is ready."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status, body = self.get("/readyz")
            if status == 200:
                return body
            time.sleep(0.05)
        raise AssertionError(f"not ready in {seconds} s: {self.log.read_text('utf-8')}")


def request(url: str, data: bytes | None = None) -> tuple[int, Any]:
    """Status and body of one request."""
    headers = {"Content-Type": "application/json"} if data is not None else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=30) as got:
            status, text, kind = got.status, got.read().decode(), got.headers["Content-Type"]
    except urllib.error.HTTPError as error:
        with error:
            status, text, kind = error.code, error.read().decode(), error.headers["Content-Type"]
    return status, json.loads(text) if "json" in (kind or "") else text


@contextmanager
def service(index: Path, log: Path, *flags: str) -> Iterator[Service]:
    """A service of its own process on a free port, stopped by its pid at the end."""
    with log.open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            [PYTHON, "-m", "groundedqa", "serve", "--index", str(index), "--port", "0", *flags],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url.startswith("http"), log.read_text("utf-8")
            yield Service(url, process, log)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            assert process.stdout is not None
            process.stdout.close()
