from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from groundedqa.server.pages import POLICY
from tests.conftest import BuildTiny
from tests.server.conftest import Wait

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(2)>'
HOSTILE = {
    "_id": "hostile",
    "title": f"Title {SCRIPT}{IMAGE}",
    "text": f"First {SCRIPT} words of a page.\n\nSecond {IMAGE} words & more.\n\n'\"<>&",
    "licence": f"CC {IMAGE}",
    "author": f"Mallory {SCRIPT}",
    "kind": "guide",
}
HARMLESS = {
    *("html", "head", "meta", "title", "link", "body", "a", "header", "main", "h1", "h2", "h3"),
    *("h4", "h5", "h6"),
    *("form", "label", "div", "input", "button", "p", "ol", "li", "article", "blockquote"),
    *("span", "mark", "time", "section", "ul", "strong", "details", "summary", "bdi"),
    *("table", "tr", "td", "pre", "code"),
}


class Page(HTMLParser):
    """What a browser would make of a page: its elements, its text, and what is marked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marked: list[str] = []
        self._marks = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._marks = tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._marks = self._marks and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._marks:
            self.marked.append(data)


def shown(client: TestClient, path: str, status: int = 200, **params: str) -> Page:
    response = client.get(path, params=params or None)
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    page = Page(response.text)
    assert {tag for tag, _ in page.elements} <= HARMLESS
    for _, attributes in page.elements:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        for name in ("src", "href", "action"):
            assert (attributes.get(name) or "/").startswith(("/", "#", "http"))
    return page


@pytest.fixture
def hostile(corpus: Path, unpublished: TestClient, build_tiny: BuildTiny, wait: Wait) -> TestClient:
    for page in corpus.iterdir():
        page.unlink()
    (corpus / "hostile.jsonl").write_text(json.dumps(HOSTILE) + "\n")
    build_tiny()
    wait(lambda: unpublished.get("/readyz").status_code == 200)
    return unpublished


def test_the_empty_page_has_one_labelled_field_and_no_script(client: TestClient) -> None:
    page = shown(client, "/")
    fields = [attributes for tag, attributes in page.elements if tag == "input"]
    labels = [attributes for tag, attributes in page.elements if tag == "label"]
    assert [field["name"] for field in fields] == ["q"]
    assert [label["for"] for label in labels] == [fields[0]["id"]]
    assert "script-src" not in POLICY
    assert "default-src 'none'" in POLICY


def test_an_answer_has_an_address_that_can_be_shared(client: TestClient) -> None:
    page = shown(client, "/", q="why are there two tides")
    answer = client.get("/v1/ask", params={"q": "why are there two tides"}).json()
    for citation in answer["citations"]:
        assert citation["quote"] in page.text
        assert citation["document"]["title"] in page.text
    hrefs = [attributes.get("href") for _, attributes in page.elements]
    assert {c["link"] for c in answer["citations"]} <= set(hrefs)
    (field,) = [attributes for tag, attributes in page.elements if tag == "input"]
    assert field["value"] == "why are there two tides"


def test_a_hostile_page_is_shown_as_text(hostile: TestClient) -> None:
    answer = hostile.get("/v1/ask?q=words&k=5").json()
    assert SCRIPT in answer["citations"][0]["quote"] + answer["citations"][-1]["quote"]
    page = shown(hostile, "/", q="words")
    assert HOSTILE["title"] in page.text
    document = shown(hostile, answer["citations"][0]["link"])
    for paragraph in HOSTILE["text"].split("\n\n"):
        assert paragraph in document.text
    assert f"Mallory {SCRIPT}" in document.text


@pytest.mark.parametrize("question", [SCRIPT, IMAGE, "' onfocus=alert(3) autofocus='", "{{ 7*7 }}"])
def test_a_hostile_question_is_shown_as_text(client: TestClient, question: str) -> None:
    page = shown(client, "/", q=question)
    (field,) = [attributes for tag, attributes in page.elements if tag == "input"]
    assert field["value"] == question


def test_exactly_the_cited_words_are_marked_across_paragraphs_too(
    changing: TestClient, build_tiny: BuildTiny, corpus: Path, wait: Wait
) -> None:
    (corpus / "low.txt").write_text("Low tide\n\nIt is low.\n\nIt is dry.\n\nIt ends.\n")
    made = build_tiny().snapshot
    wait(lambda: bool(changing.get("/readyz").json()["snapshot"] == made))
    cited = changing.get("/v1/ask?q=tides&k=50").json()["citations"]
    for citation in cited:
        page = shown(changing, citation["link"])
        assert "\n\n".join(page.marked) == citation["quote"]
        marks = [attributes for tag, attributes in page.elements if tag == "mark"]
        assert [attributes.get("id") for attributes in marks] == [
            "cited",
            *[None] * (len(marks) - 1),
        ]
    assert any("\n\n" in citation["quote"] for citation in cited)


def test_the_page_of_a_document_shows_all_of_its_text(client: TestClient) -> None:
    for name in ("tides", "clouds", "rain"):
        document = client.get(f"/v1/documents/{name}").json()
        page = shown(client, f"/documents/{name}")
        for paragraph in document["text"].split("\n\n"):
            assert paragraph in page.text
        for section in document["sections"]:
            assert section["heading"] in page.text
        assert page.marked == []


def test_a_moved_and_a_gone_citation_say_so(
    changing: TestClient, build_tiny: BuildTiny, corpus: Path, wait: Wait
) -> None:
    cited = next(
        c
        for c in changing.get("/v1/ask?q=fog&k=50").json()["citations"]
        if "fog forms" in c["quote"]
    )
    source = corpus / "clouds.md"
    for old, new, words, marked in (
        ("Clouds are", "As a rule, clouds are", "The page was edited", [cited["quote"]]),
        ("fog forms", "mist forms", "not in this page any more", []),
    ):
        source.write_text(source.read_text().replace(old, new))
        made = build_tiny().snapshot
        wait(lambda made=made: changing.get("/readyz").json()["snapshot"] == made)  # type: ignore[misc]
        page = shown(changing, cited["link"])
        assert words in page.text
        assert page.marked == marked


def test_a_citation_of_another_document_or_of_nothing_marks_nothing(client: TestClient) -> None:
    cited = client.get("/v1/ask?q=rain&k=50").json()["citations"]
    other = next(c["citation_id"] for c in cited if c["document"]["id"] == "rain")
    for citation in (other, "nonsense", SCRIPT):
        page = shown(client, "/documents/tides", citation=citation)
        assert page.marked == []
        assert "not in this page any more" in page.text


def test_a_page_that_is_not_there_says_so(client: TestClient) -> None:
    for name in ("nope", "%3Cscript%3E", "x" * 5000):
        page = shown(client, f"/documents/{name}", 404)
        assert "Not here" in page.text
        assert len(page.text) < 2000


@pytest.mark.parametrize(
    ("question", "says"), [("x" * 10_001, "at most 10000"), ("a\0b", "U+0000")]
)
def test_a_question_that_can_not_be_asked_gets_a_page_that_says_why(
    client: TestClient, question: str, says: str
) -> None:
    assert says in shown(client, "/", 422, q=question).text


def test_a_blank_question_shows_the_form_again(client: TestClient) -> None:
    assert "You will get the passages" in shown(client, "/", q="  ").text


def test_without_a_snapshot_the_pages_say_the_command(unpublished: TestClient, wait: Wait) -> None:
    wait(lambda: "groundedqa build" in unpublished.get("/readyz").text)
    assert "groundedqa build" in shown(unpublished, "/", 503, q="why").text
    assert "groundedqa build" in shown(unpublished, "/documents/x", 503).text
    assert "You will get the passages" in shown(unpublished, "/").text


def test_a_browser_finds_how_to_ask_from_its_search_bar(client: TestClient) -> None:
    (link,) = re.findall(r'<link rel="search" href="([^"]+)"', client.get("/").text)
    described = client.get(link)
    assert described.headers["content-type"].startswith("application/opensearchdescription+xml")
    tree = ElementTree.fromstring(described.text)
    urls = {url.get("type"): url.get("template") for url in tree.findall("{*}Url")}
    template = urls["text/html"]
    assert template == "http://testserver/?q={searchTerms}"
    assert "rain" in client.get(template.replace("{searchTerms}", "rain%3F")).text
