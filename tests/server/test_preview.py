from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from groundedqa.ask import Asker
from groundedqa.operate import Database, Keyring
from groundedqa.operate.shown import Shown, stretches, word_spans
from groundedqa.server import Collections, Policy, create_app
from groundedqa.snapshot import Collection
from tests.conftest import BuildTiny
from tests.server.conftest import Decide, Wait

WORDS, MOST = 8, 20


def test_a_stretch_ends_at_a_sentence_or_where_that_is_too_long_at_a_word() -> None:
    text = "One two three. Four five. Six seven eight nine."
    assert [text[s:e] for s, e in stretches(text, 0, len(text), 6)] == [
        "One two three. Four five.",
        "One two three.",
    ]
    assert [text[s:e] for s, e in stretches(text, 26, len(text), 3)] == ["Six seven eight"]
    assert stretches(text, 5, 5, 3) == []
    assert len(list(word_spans("a – b-c"))) == 4


def test_no_number_of_stretches_shows_more_than_the_days_words(tmp_path: Path) -> None:
    shown = Shown(tmp_path / "operator.sqlite")
    text = " ".join(f"w{n}" for n in range(100))
    seen = [s for n in range(95) if (s := shown.allow("k a", "d", text, [(n * 4, n * 4 + 7)], 12))]
    assert sum(1 for _ in {p for s, e in seen for p in range(s, e)}) < 12 * 5
    assert shown.allow("k a", "d", text, [seen[0]], 12) == seen[0]
    assert shown.allow("k b", "d", text, [(200, 207)], 12) == (200, 207)
    assert shown.allow("k a", "d", text + " end", [(300, 340)], 12) is None


@pytest.fixture
def web(
    build_tiny: BuildTiny, collection: Collection, tmp_path: Path, decided: Decide, wait: Wait
) -> Iterator[TestClient]:
    decided(0.0)
    build_tiny()
    database = Database(tmp_path / "operator.sqlite")
    bounds = {"access": "preview", "words": WORDS, "document_words": MOST}
    token, _ = database.create("server", "", **bounds)
    policy = Policy(Keyring(database), "preview", shown=Shown(database.path))
    app = create_app(Collections.single(lambda: Asker(collection), every=0.02), policy=policy)
    with TestClient(app, headers={"Authorization": f"Bearer {token}"}) as client:
        wait(lambda: client.get("/readyz").status_code == 200)
        yield client


def test_a_preview_key_that_tries_to_read_everything_gets_its_words_and_no_more(
    web: TestClient, corpus: Path
) -> None:
    whole = (corpus / "tides.txt").read_text().split("Educator\n\n")[1].split("\n\nStart")[0]
    got = list[str]()
    for question in ("tides", "the Moon pulls the near side", "heaps of water", "coast", "Earth"):
        answer = web.post("/v1/ask", json={"question": question, "k": 50}).json()
        assert answer["preview"] is True
        for citation in answer["citations"]:
            quote = citation["quote"]
            assert len(quote.split()) <= WORDS
            assert "text=" not in citation["link"]
            state = web.get(f"/v1/citations/{citation['citation_id']}").json()
            assert len((state["quote"] or "").split()) <= WORDS
            if citation["document"]["id"] == "tides":
                got += [quote, state["quote"] or ""]
    document = web.get("/v1/documents/tides").json()
    assert len(document["text"].split()) <= WORDS
    assert all(section["end"] <= len(document["text"]) for section in document["sections"])
    got.append(document["text"])
    seen = {
        p for part in got if part for p in range(whole.find(part), whole.find(part) + len(part))
    }
    assert "".join(whole[p] for p in sorted(seen)).count(" ") <= MOST
    page = web.get("/documents/tides")
    assert page.status_code == 200
    assert "a coast meets each of them" not in page.text
    assert web.get("/?q=tides").status_code == 200
