"""The ask page's filters: addresses that narrow, chips that take a filter away, no script."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.server.test_pages import IMAGE, SCRIPT, Page, shown

QUESTION = "how does rain form"


def links(page: Page) -> list[dict[str, str]]:
    """The parameters of each link to the ask page, repeated ones joined."""
    found = []
    for tag, attributes in page.elements:
        split = urlsplit(attributes.get("href") or "")
        if tag == "a" and split.path == "/" and not split.netloc:
            found.append(dict(parse_qsl(split.query)))
    return found


def hidden(page: Page) -> list[tuple[str | None, str | None]]:
    inputs = [attributes for tag, attributes in page.elements if tag == "input"]
    return [(i["name"], i["value"]) for i in inputs if i.get("type") == "hidden"]


def test_each_value_of_a_field_is_a_link_that_narrows_the_answer_to_it(client: TestClient) -> None:
    page = shown(client, "/", q=QUESTION)
    facets = client.get("/v1/ask", params={"q": QUESTION, "facets": ["tags", "kind"]}).json()
    for field, values in facets["facets"].items():
        assert len(values) > 1
        for each in values:
            assert {"q": QUESTION, field: each["value"]} in links(page)
            narrowed = shown(client, "/", q=QUESTION, **{field: each["value"]})
            assert hidden(narrowed) == [(field, each["value"])]
            assert {"q": QUESTION} in links(narrowed)  # the chip takes it away again
            same = client.get("/v1/ask", params={"q": QUESTION, field: each["value"]}).json()
            assert same["citations"]
            for citation in same["citations"]:
                assert citation["quote"] in narrowed.text
            # A field that narrows already is not offered again.
            assert {link.get(field) for link in links(narrowed)} <= {each["value"], None}
    # Only one value each: no choice.
    assert "Licence" not in page.text
    assert not any({"licence", "language", "published_from"} & set(link) for link in links(page))


def test_filters_add_up_and_each_chip_takes_away_its_own(client: TestClient) -> None:
    page = shown(client, "/?q=fog&tags=weather&tags=winter&published_from=2026-01-01")
    assert hidden(page) == [
        ("tags", "weather"),
        ("tags", "winter"),
        ("published_from", "2026-01-01"),
    ]
    rest = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    for address in (
        "/?q=fog&tags=winter&published_from=2026-01-01",
        "/?q=fog&tags=weather&published_from=2026-01-01",
        "/?q=fog&tags=weather&tags=winter",
    ):
        assert address in rest
    assert "Published: from 2026-01-01, remove" in page.text
    year = shown(client, "/?tags=&kind=guide&published_to=2026-12-31&published_from=2026-01-01")
    assert "Published: 2026, remove" in year.text
    assert {"kind": "guide"} in links(year)
    assert "You will get the passages" in year.text


def test_what_the_filters_leave_out_is_offered_without_them(client: TestClient) -> None:
    page = shown(client, "/", q=QUESTION, kind="no such kind")
    assert "What the filters leave does not hold the answer." in page.text
    assert "This site does not hold" not in page.text
    assert links(page).count({"q": QUESTION}) == 2  # the chip's and the offer


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("published_from=yesterday", "published_from can't be read: must be a day as 2026-01-31"),
        ("published_to=2026-02-30", "published_to can't be read: Input should be a valid date"),
        ("published_to=2026-02-03&published_to=2026-02-04", "published_to must be given once"),
        (f"kind={'x' * 501}", "kind can't be read"),
        ("&".join(f"tags={number}" for number in range(21)), "at most 20 filters"),
    ],
)
def test_a_filter_that_is_none_is_said_on_the_page(
    client: TestClient, address: str, says: str
) -> None:
    for question in ("q=rain", ""):
        page = shown(client, f"/?{question}&{address}", 422)
        assert says in page.text
        assert hidden(page) == []


def test_hostile_filters_are_text_and_other_parameters_are_passed_by(client: TestClient) -> None:
    page = shown(client, "/", q="rain", tags=SCRIPT, author=IMAGE, utm_source=SCRIPT, k="900")
    assert hidden(page) == [("tags", SCRIPT), ("author", IMAGE)]
    assert f"Tag: {SCRIPT}" in page.text
