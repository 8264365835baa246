"""What the service serves of the widget, and the tag that loads it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from groundedqa.cli.main import app
from groundedqa.server import create_app
from groundedqa.server.widget_files import pinned_name, widget_files

LARGEST = 8000  # bytes as gzip, with styles and English
CLIENT = TestClient(create_app(lambda: pytest.fail("nothing is asked here")))


def packed(name: str) -> bytes:
    with CLIENT.stream("GET", f"/widget/{name}", headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers["content-encoding"] == "gzip"
        return b"".join(response.iter_raw())


def test_the_script_is_at_most_8_kb_as_it_is_served_and_each_language_1_kb() -> None:
    assert len(packed("grounded-qa.js")) <= LARGEST
    for language in ("ar", "de", "es", "fr"):
        assert len(packed(f"{language}.json")) <= 1100


def test_the_script_is_public_to_every_origin_for_an_hour_and_by_its_digest_for_good() -> None:
    plain = CLIENT.get("/widget/grounded-qa.js", headers={"Origin": "https://a.example"})
    lasting = CLIENT.get(f"/widget/{pinned_name()}")
    assert plain.content == lasting.content
    assert pinned_name() == f"grounded-qa.{hashlib.sha256(plain.content).hexdigest()[:16]}.js"
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert plain.headers["cache-control"] == "public, max-age=3600"
    assert lasting.headers["cache-control"] == "public, max-age=31536000, immutable"
    for response in (plain, lasting):
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"
        assert response.headers["vary"] == "Accept-Encoding"


def test_a_file_that_is_there_already_is_not_sent_again() -> None:
    for accepted in ("gzip", "identity"):
        first = CLIENT.get("/widget/de.json", headers={"Accept-Encoding": accepted})
        again = {"Accept-Encoding": accepted, "If-None-Match": f'"x", W/{first.headers["etag"]}'}
        second = CLIENT.get("/widget/de.json", headers=again)
        assert (second.status_code, second.content) == (304, b"")
        assert second.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "gzip"), ("*", "gzip"), ("gzip;q=0", None), ("br", None), ("", None)],
)
def test_gzip_goes_to_who_takes_it(accepted: str, encoding: str | None) -> None:
    response = CLIENT.get("/widget/element.js", headers={"Accept-Encoding": accepted})
    assert response.headers.get("content-encoding") == encoding
    assert response.content == widget_files()["element.js"].content


def test_nothing_beside_the_widget_s_files_is_served() -> None:
    for name in ("app.py", "README.md", "..%2Fapp.py", "grounded-qa.0000000000000000.js"):
        response = CLIENT.get(f"/widget/{name}")
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"
    assert CLIENT.head("/widget/grounded-qa.js").status_code == 200
    assert CLIENT.post("/widget/grounded-qa.js").status_code == 405


def test_every_language_has_every_word() -> None:
    words = {
        name: json.loads(file.content)
        for name, file in widget_files().items()
        if name.endswith(".json")
    }
    assert sorted(words) == ["ar.json", "de.json", "es.json", "fr.json"]
    keys = set(words["de.json"])
    for name, each in words.items():
        assert set(each) == keys
        assert each["dir"] == ("rtl" if name == "ar.json" else "ltr")
        for key in ("found", "page", "limit"):
            assert each[key].count("{n}") == 1


def embed(*flags: str) -> tuple[int, str]:
    ran = CliRunner().invoke(app, ["embed", *flags])
    return ran.exit_code, ran.output


def test_embed_prints_the_tag_with_a_form_in_it_that_needs_no_script() -> None:
    assert embed("--url", "https://qa.example.org/", "--key", "site_x", "--collection", "a b") == (
        0,
        '<script type="module" src="https://qa.example.org/widget/grounded-qa.js"></script>\n'
        '<grounded-qa src="https://qa.example.org" collection="a b" key="site_x">\n'
        '  <form method="get" action="https://qa.example.org/collections/a%20b/">'
        '<input name="q" aria-label="Ask this site"></form>\n'
        "</grounded-qa>\n",
    )


def test_a_pinned_tag_names_the_digest_of_what_is_served() -> None:
    status, output = embed("--url", "https://qa.example.org", "--pinned")
    assert status == 0
    found = re.search(r'src="https://qa.example.org(\S+)" integrity="sha384-(\S+)" cross', output)
    assert found
    served = CLIENT.get(found[1]).content
    assert base64.b64decode(found[2]) == hashlib.sha384(served).digest()
    assert gzip.decompress(packed(found[1].removeprefix("/widget/"))) == served


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--url", "qa.example.org"), "give the service's address as https://qa.example.org"),
        (("--url", "https://qa.example.org", "--key", "admin_x"), "only a site key may stand"),
    ],
)
def test_what_must_not_stand_in_a_page_is_refused(flags: tuple[str, ...], told: str) -> None:
    status, output = embed(*flags)
    assert status == 2
    assert told in output
