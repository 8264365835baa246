"""The service in this process, over the small corpus and the tiny model."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from groundedqa.ask import Asker
from groundedqa.ground import Calibrator
from groundedqa.server import Collections, create_app
from groundedqa.snapshot import Collection
from tests.conftest import BuildTiny

Wait = Callable[[Callable[[], bool]], None]
Decide = Callable[[float], None]


@pytest.fixture(scope="session")
def wait() -> Wait:
    """Wait for a condition that a thread brings about."""

    def until(condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, "the condition never held"
            time.sleep(0.01)

    return until


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> Decide:
    """Set the least probability that is answered: what the tiny model finds likely is chance."""

    def at(threshold: float) -> None:
        monkeypatch.setattr(Calibrator, "threshold", lambda *_: threshold)

    return at


@pytest.fixture
def unpublished(collection: Collection, decided: Decide) -> Iterator[TestClient]:
    """The service over a collection that nothing is published in yet."""
    decided(0.0)
    app = create_app(Collections.single(lambda: Asker(collection), every=0.02))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def client(untouched: Collection, wait: Wait) -> Iterator[TestClient]:
    """The service over the small corpus, ready, for tests that change nothing of the corpus."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Calibrator, "threshold", lambda *_: 0.0)
        app = create_app(Collections.single(lambda: Asker(untouched), every=0.02))
        with TestClient(app, raise_server_exceptions=False) as shared:
            wait(lambda: shared.get("/readyz").status_code == 200)
            yield shared


@pytest.fixture
def changing(build_tiny: BuildTiny, unpublished: TestClient, wait: Wait) -> TestClient:
    """The service over a small corpus of one's own, ready, for tests that change it."""
    build_tiny()
    wait(lambda: unpublished.get("/readyz").status_code == 200)
    return unpublished
