from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from groundedqa.ask import Asker
from groundedqa.build import BuildSettings, build
from groundedqa.server import Collections, create_app
from groundedqa.snapshot import Collection, current, verify
from tests.conftest import BuildTiny
from tests.server.conftest import Wait
from tests.support.processes import command
from tests.support.tiny_model import tiny

ANSWER = [
    *("question", "decision", "answerable", "calibrated", "reason", "citations", "near_misses"),
    *("related", "facets", "preview", "snapshot", "took_ms", "answer_id"),
]
CITATION = [
    *("rank", "score", "quote", "start", "end", "best_sentence", "citation_id", "document"),
    *("section", "author", "role", "credential", "page", "link"),
    *("attribution", "also_at", "pinned"),
]
DOCUMENT = [
    *("id", "title", "url", "publisher", "kind", "licence", "published", "language", "tags"),
]
TIDES = "why are there two tides a day"


def ask(client: TestClient, question: str = TIDES, **body: Any) -> Any:
    response = client.post("/v1/ask", json={"question": question, **body})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()


def test_the_names_on_the_wire_are_those_of_the_contract(client: TestClient) -> None:
    answer = ask(client, k=50)
    assert list(answer) == ANSWER
    assert {tuple(citation) for citation in answer["citations"]} == {tuple(CITATION)}
    assert {tuple(c["document"]) for c in answer["citations"]} == {tuple(DOCUMENT)}


def test_every_quote_is_a_slice_of_its_document(client: TestClient) -> None:
    cited = ask(client, k=50)["citations"]
    assert {c["document"]["id"] for c in cited} == {"tides", "clouds", "rain", "snow"}
    for citation in cited:
        document = client.get(f"/v1/documents/{citation['document']['id']}").json()
        assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert {key: document[key] for key in DOCUMENT} == citation["document"]


def test_citations_stand_best_first_and_no_more_than_asked_for(client: TestClient) -> None:
    cited = ask(client, k=50)["citations"]
    assert [c["rank"] for c in cited] == list(range(1, len(cited) + 1))
    assert [c["score"] for c in cited] == sorted((c["score"] for c in cited), reverse=True)
    for k in (1, 2, 3):
        assert [c["citation_id"] for c in ask(client, k=k)["citations"]] == [
            c["citation_id"] for c in cited[:k]
        ]


def test_a_question_by_address_gets_the_same_answer(client: TestClient) -> None:
    posted = ask(client, k=3, filters={"tags": ["weather"]})
    got = client.get("/v1/ask", params={"q": TIDES, "k": 3, "tags": "weather"}).json()
    assert {**got, "took_ms": 0} == {**posted, "took_ms": 0}


def test_an_answer_says_what_was_asked_and_from_which_snapshot(
    client: TestClient, build_tiny: BuildTiny
) -> None:
    answer = ask(client, f"  {TIDES}\n")
    assert answer["question"] == TIDES
    assert answer["decision"] == "answered"
    assert 0 < answer["answerable"] < 1
    assert (answer["calibrated"], answer["reason"]) == (False, None)
    assert answer["snapshot"] == build_tiny().snapshot
    assert answer["took_ms"] > 0


def test_an_expert_answer_is_cited_with_its_author_role_and_credential(client: TestClient) -> None:
    citation = next(c for c in ask(client, k=50)["citations"] if c["document"]["id"] == "tides")
    assert (citation["author"], citation["role"]) == ("seafarer9", "Sandbar educator")
    assert citation["credential"] == "Certified Educator"
    assert citation["document"]["title"] == "Why are there two tides a day?"
    assert citation["page"] is None


def test_the_headings_above_a_quote_stand_outermost_first(client: TestClient) -> None:
    cited = ask(client, k=50)["citations"]
    fog = next(c for c in cited if "fog forms" in c["quote"])
    assert fog["section"] == ["How they form", "At night"]
    assert fog["document"] == {
        "id": "clouds",
        "title": "Clouds",
        "url": None,
        "publisher": None,
        "kind": "guide",
        "licence": "CC BY 4.0",
        "published": "2026-01-02",
        "language": "en",
        "tags": ["weather"],
    }


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        ({"tags": ["weather"]}, {"clouds", "snow"}),
        ({"tags": ["winter", "none"]}, {"snow"}),
        ({"tags": "winter"}, {"snow"}),
        ({"kind": ["guide"]}, {"clouds"}),
        ({"author": ["seafarer9"]}, {"tides"}),
        ({"language": ["en"]}, {"tides", "clouds", "snow"}),
        ({"licence": ["CC BY 4.0"], "tags": ["weather"]}, {"clouds"}),
        ({"published_from": "2026-01-02", "published_to": "2026-01-02"}, {"clouds"}),
        ({"published_from": "2026-01-03"}, set()),
        ({}, {"tides", "clouds", "rain", "snow"}),
    ],
)
def test_filters_leave_the_documents_that_they_name(
    client: TestClient, filters: dict[str, Any], documents: set[str]
) -> None:
    answer = ask(client, k=50, filters=filters)
    assert {c["document"]["id"] for c in answer["citations"]} == documents
    assert answer["decision"] == ("answered" if documents else "abstained")
    by_address = client.get("/v1/ask", params={"q": TIDES, "k": 50, **filters}).json()
    assert {c["document"]["id"] for c in by_address["citations"]} == documents


def test_a_document_is_given_as_indexed_with_its_sections(client: TestClient) -> None:
    document = client.get("/v1/documents/tides").json()
    assert document["text"].startswith("The Moon pulls the near side")
    assert document["text"].endswith("a coast meets each of them.")
    (section,) = document["sections"]
    assert document["text"][section["start"] : section["end"]] == document["text"]
    assert (section["author"], section["credential"]) == ("seafarer9", "Certified Educator")
    assert document["source"] == "tides.txt"


def test_a_link_without_a_public_address_opens_the_services_own_page(client: TestClient) -> None:
    for citation in ask(client, k=50)["citations"]:
        assert citation["link"].startswith(f"/documents/{citation['document']['id']}?citation=")
        assert "#cited:~:text=" in citation["link"]
        page = client.get(citation["link"])
        assert page.status_code == 200
        assert '<mark id="cited">' in page.text


def test_a_citation_stands_then_moves_then_is_gone(
    changing: TestClient, build_tiny: BuildTiny, corpus: Path, wait: Wait
) -> None:
    def publish() -> None:
        made = build_tiny().snapshot
        wait(lambda: changing.get("/readyz").json()["snapshot"] == made)

    cited = next(c for c in ask(changing, k=50)["citations"] if "fog forms" in c["quote"])
    address = f"/v1/citations/{cited['citation_id']}"
    stands = changing.get(address).json()
    assert stands["state"] == "stands"
    assert stands["document_id"] == "clouds"
    assert [stands[key] for key in ("start", "end", "quote")] == [
        cited[key] for key in ("start", "end", "quote")
    ]

    page = corpus / "clouds.md"
    page.write_text(page.read_text().replace("Clouds are", "As a rule, clouds are"))
    publish()
    moved = changing.get(address).json()
    assert (moved["state"], moved["quote"]) == ("moved", cited["quote"])
    assert (moved["start"], moved["end"]) == (cited["start"] + 11, cited["end"] + 11)
    text = changing.get("/v1/documents/clouds").json()["text"]
    assert text[moved["start"] : moved["end"]] == cited["quote"]

    page.write_text(page.read_text().replace("fog forms", "mist forms"))
    publish()
    gone = changing.get(address).json()
    assert [gone[key] for key in ("state", "start", "end", "quote")] == ["gone", None, None, None]

    page.unlink()
    publish()
    assert changing.get(address).json() == {**gone, "snapshot": build_tiny().snapshot}


def test_a_document_taken_down_is_neither_found_nor_quoted(
    changing: TestClient, collection: Collection, wait: Wait
) -> None:
    cited = next(c for c in ask(changing, k=50)["citations"] if c["document"]["id"] == "rain")
    done = command("remove", "rain", "--index", collection.index)
    assert done.returncode == 0, done
    made = current(collection)
    wait(lambda: changing.get("/readyz").json()["snapshot"] == made)
    assert changing.get("/v1/documents/rain").status_code == 404
    assert changing.get(f"/v1/citations/{cited['citation_id']}").json()["state"] == "gone"
    assert "rain" not in {c["document"]["id"] for c in ask(changing, k=50)["citations"]}


def test_without_a_snapshot_every_address_but_healthz_says_the_command(
    unpublished: TestClient, wait: Wait
) -> None:
    wait(lambda: "groundedqa build" in unpublished.get("/readyz").text)
    for path in (
        "/readyz",
        "/v1/ask?q=x",
        "/v1/documents/x",
        "/v1/citations/x.0-1.0123456789abcdef",
    ):
        response = unpublished.get(path)
        assert response.status_code == 503, path
        assert response.headers["content-type"] == "application/problem+json"
        assert response.headers["retry-after"] == "5"
        assert "make one with: groundedqa build" in response.json()["detail"]
        assert response.json()["type"] == "urn:groundedqa:problem:snapshot-missing"
    assert unpublished.get("/healthz").json() == {"status": "ok"}


def test_the_first_build_is_picked_up_without_a_restart(
    unpublished: TestClient, build_tiny: BuildTiny, wait: Wait
) -> None:
    assert unpublished.post("/v1/ask", json={"question": "x"}).status_code == 503
    made = build_tiny().snapshot
    wait(lambda: unpublished.get("/readyz").status_code == 200)
    assert unpublished.get("/readyz").json() == {
        "status": "ready",
        "snapshot": made,
        "problem": None,
    }
    assert ask(unpublished)["snapshot"] == made


def test_another_encoder_than_the_snapshots_is_refused_naming_both(
    build_tiny: BuildTiny, collection: Collection, corpus: Path, wait: Wait
) -> None:
    build_tiny()
    other = tiny(seed=1)
    build(corpus, Collection(collection.index, "other"), BuildSettings(model=str(other)))
    app = create_app(Collections.single(lambda: Asker(collection, model=str(other)), every=0.02))
    with TestClient(app) as refusing:
        wait(lambda: "made by the encoder" in refusing.get("/readyz").text)
        problem = refusing.get("/v1/ask?q=x")
        assert problem.status_code == 503
        assert problem.json()["type"] == "urn:groundedqa:problem:encoder-mismatch"
        named = problem.json()["detail"]
        assert encoder_of(collection) in named
        assert encoder_of(Collection(collection.index, "other")) in named


def encoder_of(collection: Collection) -> str:
    return str(verify(collection).encoder["name"])


def test_head_is_answered_as_get_is_without_a_body(client: TestClient) -> None:
    for path in ("/", "/healthz", "/readyz", "/v1/documents/tides", "/documents/tides"):
        got, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == got.headers["content-type"]
