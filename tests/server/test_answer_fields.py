"""What an answer tells beside its quotes, over HTTP and on the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.conftest import BuildTiny
from tests.server.conftest import Decide, Wait
from tests.server.test_pages import shown

TIDES = "why are there two tides a day"
COPIED = "Glaciers are rivers of ice that flow downhill under their own weight. "


@pytest.fixture
def curated(corpus: Path, unpublished: TestClient, build_tiny: BuildTiny, wait: Wait) -> TestClient:
    """The service over a site with a pin, and a text that stands on two pages."""
    for name in ("ice", "cold"):
        (corpus / f"{name}.txt").write_text(f"About {name}\n\n{COPIED}\n", encoding="utf-8")
    (corpus / "site.toml").write_text(
        '[[pins]]\nquestions = ["What falls?"]\ndocument = "rain"\n', encoding="utf-8"
    )
    build_tiny()
    wait(lambda: unpublished.get("/readyz").status_code == 200)
    return unpublished


def asked(client: TestClient, question: str = TIDES, **body: Any) -> Any:
    response = client.post("/v1/ask", json={"question": question, **body})
    assert response.status_code == 200, response.text
    return response.json()


def test_the_best_sentence_is_a_slice_of_the_quote_and_marked_in_it(client: TestClient) -> None:
    cited = asked(client)["citations"]
    for citation in cited:
        best = citation["best_sentence"]
        first = best["start"] - citation["start"]
        assert citation["quote"][first : best["end"] - citation["start"]] == best["text"]
    page = shown(client, "/", q=TIDES)
    assert page.marked == [citation["best_sentence"]["text"] for citation in cited]


def test_the_same_words_show_once_with_their_other_place(curated: TestClient) -> None:
    cited = asked(curated, "glaciers", k=50)["citations"]
    (citation,) = [c for c in cited if c["quote"].startswith("Glaciers")]
    (place,) = citation["also_at"]
    assert {citation["document"]["id"], place["document"]["id"]} == {"ice", "cold"}
    state = curated.get(f"/v1/citations/{place['citation_id']}").json()
    assert (state["state"], state["quote"]) == ("stands", citation["quote"])
    assert curated.get(place["link"]).status_code == 200
    page = shown(curated, "/", q=COPIED)
    assert "Also at" in page.text
    hrefs = {attributes.get("href") for _, attributes in page.elements}
    assert {citation["link"], place["link"]} <= hrefs


def test_what_the_site_pinned_comes_first_and_is_marked_as_its_choice(
    curated: TestClient, decided: Decide
) -> None:
    decided(2.0)  # nothing is likely enough, but the site's own choice stands
    first, *rest = asked(curated, "what falls")["citations"]
    assert (first["document"]["id"], first["pinned"]) == ("rain", True)
    assert {citation["pinned"] for citation in rest} == {False}
    assert shown(curated, "/", q="what falls").text.count("Chosen by the site") == 1


def test_an_abstention_names_its_reason_and_near_misses_if_asked(
    changing: TestClient, decided: Decide
) -> None:
    answered = asked(changing, near_misses=True, related=1)  # and is not kept for below
    assert (answered["reason"], answered["near_misses"]) == (None, [])
    decided(2.0)
    bare = asked(changing)
    assert (bare["decision"], bare["reason"]) == ("abstained", "not_covered")
    assert (bare["citations"], bare["near_misses"]) == ([], [])
    near = asked(changing, near_misses=True)
    assert near["citations"] == []
    assert near["near_misses"] == answered["citations"]
    got = changing.get("/v1/ask", params={"q": TIDES, "near_misses": "true"}).json()
    assert got["near_misses"] == near["near_misses"]


def test_the_page_of_an_abstention_says_so_and_shows_the_nearest_pages_as_such(
    changing: TestClient, decided: Decide
) -> None:
    decided(2.0)
    page = shown(changing, "/", q=TIDES)
    assert "This site does not hold the answer. Try other words" in page.text
    assert "They are not an answer to your question." in page.text
    for citation in asked(changing, near_misses=True)["near_misses"]:
        assert citation["document"]["title"] in page.text
    assert page.marked == []
    unknown = shown(changing, "/", q="zzgrk blorfnat")
    assert "None of its pages has a word of your question" in unknown.text


def test_filters_that_leave_nothing_are_named_as_the_reason(client: TestClient) -> None:
    assert asked(client, filters={"kind": ["poem"]})["reason"] == "filtered_out"


def test_related_questions_come_if_asked_for_and_stand_on_the_page_as_links(
    curated: TestClient,
) -> None:
    assert asked(curated)["related"] == []
    (related,) = asked(curated, "sea", related=5)["related"]
    assert related["question"] == "Why are there two tides a day?"
    assert (related["document_id"], related["url"]) == ("tides", None)
    page = shown(curated, "/", q="sea")
    links = [attributes.get("href") for _, attributes in page.elements]
    assert "/?q=Why%20are%20there%20two%20tides%20a%20day%3F" in links
    # The question itself is not related to itself.
    again = shown(curated, "/", q="why are there two tides a day?")
    assert "/?q=Why" not in str([attributes.get("href") for _, attributes in again.elements])


def test_facets_are_counted_among_what_the_filters_leave(client: TestClient) -> None:
    assert asked(client)["facets"] == {}
    counted = asked(client, facets=["tags", "published", "tags"])["facets"]
    assert counted == {
        "tags": [{"value": "weather", "count": 2}, {"value": "winter", "count": 1}],
        "published": [{"value": "2026", "count": 1}],
    }
    got = client.get("/v1/ask?q=x&facets=tags&tags=winter").json()["facets"]
    assert [value["count"] for value in got["tags"]] == [1, 1]


def test_the_page_refuses_two_questions_at_once(client: TestClient) -> None:
    response = client.get("/?q=a&q=b")
    assert response.status_code == 422
    assert "ask one at a time" in response.text


def test_what_is_typed_is_completed_and_typing_errors_are_put_right(client: TestClient) -> None:
    tides = {"text": "Why are there two tides a day?", "document_id": "tides", "kind": "question"}
    (found,) = client.get("/v1/suggest?q=why+are+th").json()["suggestions"]
    assert found == {**tides, "score": 1.0}
    (found,) = client.get("/v1/suggest?q=why+are+there+two+tidse").json()["suggestions"]
    assert found["text"] == tides["text"]
    assert 0 < found["score"] < 1


@pytest.mark.parametrize("typed", ["", "  ", "\0", '"', "a* OR (", "%F0%9F%98%80", "x" * 5000, "!"])
def test_anything_may_be_typed(client: TestClient, typed: str) -> None:
    response = client.get("/v1/suggest", params={"q": typed})
    assert response.status_code == 200
    assert response.json() == {"suggestions": []} or typed.strip()


@pytest.mark.parametrize(
    ("query", "field"), [("", "q"), ("q=a&q=b", "q"), ("q=a&k=0", "k"), ("q=a&k=21", "k")]
)
def test_a_wrong_parameter_of_suggest_is_named(client: TestClient, query: str, field: str) -> None:
    response = client.get(f"/v1/suggest?{query}")
    assert response.status_code == 422
    assert [item["field"] for item in response.json()["errors"]] == [field]
