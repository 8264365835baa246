from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from groundedqa import snapshot as snapshots
from groundedqa.ask import Asker, Encoders
from groundedqa.build import BuildSettings, build
from groundedqa.errors import SnapshotMissingError
from groundedqa.operate import Database, Keyring
from groundedqa.server import Collections, Policy, create_app
from groundedqa.server import collections as serving
from groundedqa.snapshot import Collection
from tests.conftest import BuildTiny
from tests.server.conftest import Decide, Wait

ROME = "The forum was the market of Rome."
LATER = "The forum was the market of Rome, and its law court."


@pytest.fixture
def history(collection: Collection, tmp_path: Path, tiny_model: Path) -> Collection:
    made = Collection(collection.index, "history")
    publish(made, tmp_path / "rome", tiny_model, ROME)
    return made


def publish(made: Collection, folder: Path, model: Path, text: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "forum.txt").write_text(f"The forum\n\n{text}\n", encoding="utf-8")
    build(folder, made, BuildSettings(model=str(model), tunes=False))
    return str(snapshots.current(made))


def serve(collection: Collection, megabytes: int = 1000) -> Collections:
    encoders = Encoders()
    return Collections.of_index(
        collection.index, lambda each: Asker(each, encoders=encoders), megabytes=megabytes
    )


@pytest.fixture
def client(
    build_tiny: BuildTiny, history: Collection, decided: Decide, wait: Wait
) -> Iterator[TestClient]:
    decided(0.0)
    build_tiny()
    with TestClient(create_app(serve(history)), raise_server_exceptions=False) as web:
        wait(lambda: web.get("/readyz").status_code == 200)
        yield web


def test_each_collection_answers_from_its_own_pages(client: TestClient) -> None:
    asked = client.post("/v1/collections/history/ask", json={"question": "the forum of Rome"})
    (citation,) = asked.json()["citations"]
    assert citation["quote"] == ROME
    documents = {"default": "tides", "history": "forum"}
    for name, doc_id in documents.items():
        for other in documents:
            status = 200 if name == other else 404
            path = f"/v1/collections/{other}/documents/{doc_id}"
            assert client.get(path).status_code == status
    plain = client.get("/v1/ask?q=tides&k=1").json()
    named = client.get("/v1/collections/default/ask?q=tides&k=1").json()
    assert plain["citations"][0]["quote"] == named["citations"][0]["quote"]
    suggested = client.get("/v1/collections/history/suggest?q=the%20for").json()["suggestions"]
    assert [each["text"] for each in suggested] == ["The forum"]
    state = client.get(f"/v1/collections/history/citations/{citation['citation_id']}").json()
    assert (state["state"], state["quote"]) == ("stands", ROME)
    assert client.get(f"/v1/citations/{citation['citation_id']}").json()["state"] == "gone"
    both = {"questions": [{"question": "the forum"}]}
    batch = client.post("/v1/collections/history/ask/batch", json=both).json()["answers"]
    assert [c["quote"] for answer in batch for c in answer["citations"]] == [ROME]


def test_a_link_without_a_public_address_leads_to_the_collections_own_page(
    client: TestClient,
) -> None:
    answer = client.get("/v1/collections/history/ask?q=the%20forum").json()
    link = answer["citations"][0]["link"]
    assert link.startswith("/collections/history/documents/forum?citation=")
    assert "<mark" in client.get(link.partition("#")[0]).text
    page = client.get("/collections/history/?q=the%20forum").text
    assert '<form method="get" action="/collections/history/"' in page
    assert f'href="{link.partition("?")[0]}' in page
    assert client.get("/collections/none/?q=x").status_code == 404


def test_what_is_served_is_listed(client: TestClient, history: Collection) -> None:
    found = client.get("/v1/collections").json()["collections"]
    assert [(c["name"], c["default"], c["documents"], c["passages"]) for c in found] == [
        ("default", True, 4, 8),
        ("history", False, 1, 1),
    ]
    one = client.get("/v1/collections/history").json()
    assert one == found[1]
    assert one["snapshot"] == snapshots.current(history)
    assert one["published"].endswith("Z")


@pytest.mark.parametrize(
    "name",
    ["none", "encoders", "History", "%2e%2e", "..%2Fdefault", "a" * 300, "%00", "default%20"],
)
def test_a_collection_that_is_none_is_told_so(client: TestClient, name: str) -> None:
    for path in ("", "/ask?q=x", "/suggest?q=x", "/documents/forum"):
        answer = client.get(f"/v1/collections/{name}{path}")
        assert answer.status_code == 404
    assert "collection" in client.get("/v1/collections/none/ask?q=x").json()["type"]


def test_a_collection_comes_changes_and_goes_while_the_others_answer(
    client: TestClient, collection: Collection, tmp_path: Path, tiny_model: Path, wait: Wait
) -> None:
    made = Collection(collection.index, "new")
    address = "/v1/collections/new/documents/forum"
    assert client.get(address).status_code == 404
    first = publish(made, tmp_path / "new", tiny_model, ROME)
    assert client.get(address).json()["text"] == ROME
    publish(made, tmp_path / "new", tiny_model, LATER)
    wait(lambda: client.get(address).json().get("text") == LATER)
    assert snapshots.rollback(made) == first
    wait(lambda: client.get(address).json().get("text") == ROME)
    snapshots.remove_collection(made)
    wait(lambda: client.get(address).status_code == 404)
    assert client.get(address).json()["type"] == "urn:groundedqa:problem:collection-not-found"
    assert not list(collection.index.glob("*new*"))
    app: Any = client.app
    wait(lambda: not app.state.collections.is_open("new"))
    assert client.get("/v1/documents/tides").status_code == 200


def test_beyond_the_bound_what_nobody_asks_is_closed_and_opened_again_when_asked(
    build_tiny: BuildTiny, history: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_tiny()
    monkeypatch.setattr(serving, "_IDLE", -1.0)
    served = serve(history, megabytes=0)
    served.start()
    try:
        first = served.asker("history")
        assert first.document("forum").text == ROME
        served.tidy()
        assert not served.is_open("history")
        assert served.is_open("default")
        with pytest.raises(SnapshotMissingError):
            first.document("forum")
        assert served.asker("history").document("forum").text == ROME
    finally:
        served.stop()


def test_collections_share_an_encoder(collection: Collection, history: Collection) -> None:
    encoders = Encoders()
    name = str(snapshots.verify(history).encoder["name"])
    assert encoders.of(collection, name) is encoders.of(history, name)


def test_a_key_reads_its_collections_and_sees_no_others(
    build_tiny: BuildTiny, history: Collection, tmp_path: Path, wait: Wait
) -> None:
    build_tiny()
    database = Database(tmp_path / "operator.sqlite")
    token, _ = database.create("server", "", collections=("history",))
    headers = {"Authorization": f"Bearer {token}"}
    app = create_app(serve(history), policy=Policy(Keyring(database)))
    with TestClient(app, headers=headers) as web:
        wait(lambda: web.get("/readyz").status_code == 200)
        assert web.get("/v1/collections/history/documents/forum").status_code == 200
        assert [c["name"] for c in web.get("/v1/collections").json()["collections"]] == ["history"]
        for path in ("/v1/ask?q=x", "/v1/collections/default/ask?q=x", "/v1/collections/default"):
            assert web.get(path).status_code == 403
