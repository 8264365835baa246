"""Citations as lists of sources have them, and whom a quote is owed to, over HTTP."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.server.test_api import ask


@pytest.mark.parametrize(
    ("style", "kind", "opening"),
    [
        ("apa", "text/plain", "seafarer9. (n.d.). Why are there two tides a day?"),
        ("mla", "text/plain", "seafarer9. “Why are there two tides a day?”"),
        ("chicago", "text/plain", "seafarer9. “Why are there two tides a day?”"),
        ("bibtex", "application/x-bibtex", "@misc{tides,\n  author = {{seafarer9}},"),
    ],
)
def test_a_citation_comes_as_a_list_of_sources_has_it(
    client: TestClient, style: str, kind: str, opening: str
) -> None:
    cited = next(c for c in ask(client, k=50)["citations"] if c["document"]["id"] == "tides")
    path = f"/v1/citations/{cited['citation_id']}"
    response = client.get(path, params={"format": style})
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{kind}; charset=utf-8"
    assert response.text.startswith(opening)
    assert client.get(path, params={"format": "harvard"}).status_code == 422
    assert client.get(path, params=[("format", "apa"), ("format", "mla")]).status_code == 422
    gone = client.get("/v1/citations/tides.0-5.0000aaaaaaaaaaaa", params={"format": style})
    assert gone.status_code == 404
    assert gone.json()["type"].endswith(":citation-not-found")


def test_a_citation_says_whom_its_quote_is_owed_to(client: TestClient) -> None:
    cited = next(c for c in ask(client, k=50)["citations"] if c["document"]["id"] == "clouds")
    assert cited["attribution"] == {
        "text": "“Clouds” by The editors, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)",
        "title": "Clouds",
        "url": None,
        "author": "The editors",
        "author_url": None,
        "publisher": None,
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    }
