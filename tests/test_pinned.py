"""Pinned passages: what site.toml says is found in the corpus, stored, and put first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.errors import SnapshotCorruptError
from groundedqa.index import DocumentStore, Rows
from groundedqa.index.pins import (
    ResolvedPins,
    folded_question,
    pinned_ids,
    pinned_rows,
    pins_kept,
    resolve_pins,
)
from groundedqa.read.profile_pins import Pin
from groundedqa.retrieve.pinned import PinnedRetriever
from groundedqa.snapshot import Site
from groundedqa.types import Filters, Hit, Passage

TEXTS = {
    "krebs": ("It turns in the mitochondrion.", "The Krebs cycle makes ATP.", "ATP is spent."),
    "kalvin": ("The Calvin cycle fixes carbon.",),
    "光": ("植物は光合成をする。",),
}
PASSAGES = [
    Passage(f"{doc_id}-{number}", doc_id, 0, len(text), text)
    for doc_id, texts in TEXTS.items()
    for number, text in enumerate(texts)
]
ROW_OF = {passage.passage_id: row for row, passage in enumerate(PASSAGES)}
SPRING, AUTUMN = Filters(tags=("spring",)), Filters(published_from=date(2026, 9, 1))


class ListedStore:
    """What a retriever asks of a store. Spring leaves the passages of the Krebs cycle."""

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        return [PASSAGES[row] for row in rows]

    def rows(self, filters: Filters) -> Rows:
        kept = [row for row, p in enumerate(PASSAGES) if filters == SPRING and p.doc_id == "krebs"]
        return np.array(kept, dtype=np.int64)


STORE = cast(DocumentStore, ListedStore())


class FixedRetriever:
    """Gives the same hits to every question, the filters aside."""

    def __init__(self, *hits: Hit) -> None:
        self._hits = list(hits)

    def retrieve(self, question: str, k: int, filters: Filters) -> list[Hit]:  # noqa: ARG002, the protocol's names
        return self._hits[:k]


def hit(row: int, score: float, *also_at: int) -> Hit:
    others = tuple(PASSAGES[other] for other in also_at)
    return Hit(PASSAGES[row], score, dense=score / 2, lexical=score * 2, also_at=others)


def retrieve(
    hits: Sequence[Hit], *rows: int, k: int = 5, filters: Filters | None = None
) -> list[Hit]:
    pinned = PinnedRetriever(FixedRetriever(*hits), {"what is it": rows}, STORE)
    return pinned.retrieve("What is  it?", k, filters or Filters())


def pin(document: str, quote: str | None = None, *questions: str) -> Pin:
    return Pin(questions=questions or ("What is it?",), document=document, quote=quote)


def resolved(*pins: Pin) -> ResolvedPins:
    return resolve_pins(
        pins, lambda doc_id: [passage for passage in PASSAGES if passage.doc_id == doc_id]
    )


def test_a_pinned_passage_that_was_not_found_comes_first_with_the_best_score() -> None:
    assert retrieve([hit(0, 0.9), hit(1, 0.5)], 3) == [
        Hit(PASSAGES[3], 0.9, pinned=True),
        hit(0, 0.9),
        hit(1, 0.5),
    ]


def test_a_pinned_passage_that_was_found_moves_up_and_keeps_its_raw_scores() -> None:
    assert retrieve([hit(0, 0.9), hit(1, 0.5)], 1) == [
        Hit(PASSAGES[1], 0.9, dense=0.25, lexical=1.0, pinned=True),
        hit(0, 0.9),
    ]


def test_pins_stand_in_their_order_and_push_the_last_ones_out() -> None:
    found = retrieve([hit(0, 0.9), hit(1, 0.5), hit(2, 0.4)], 4, 3, k=3)
    assert [(h.passage.passage_id, h.pinned) for h in found] == [
        *(("光-0", True), ("kalvin-0", True), ("krebs-0", False)),
    ]


def test_no_more_than_k_pins_are_shown() -> None:
    found = retrieve([hit(0, 0.9)], 4, 3, k=1)
    assert found == [Hit(PASSAGES[4], 0.9, pinned=True)]


def test_a_pin_shows_where_nothing_else_was_found() -> None:
    assert retrieve([], 3) == [Hit(PASSAGES[3], 0.0, pinned=True)]


def test_a_pinned_copy_takes_the_place_of_the_one_that_was_shown_for_it() -> None:
    found = retrieve([hit(0, 0.9), hit(1, 0.5, 3, 4)], 3)
    assert found == [
        Hit(PASSAGES[3], 0.9, 0.25, 1.0, also_at=(PASSAGES[1], PASSAGES[4]), pinned=True),
        hit(0, 0.9),
    ]


def test_two_pinned_copies_show_once() -> None:
    found = retrieve([hit(0, 0.9), hit(1, 0.5, 3)], 3, 1)
    assert [(h.passage.passage_id, h.pinned) for h in found] == [
        *(("kalvin-0", True), ("krebs-0", False)),
    ]


def test_filters_hold_for_pins() -> None:
    hits = [hit(0, 0.9)]
    assert retrieve(hits, 3, 2, filters=SPRING) == [Hit(PASSAGES[2], 0.9, pinned=True), *hits]
    assert retrieve(hits, 3, 2, filters=AUTUMN) == hits


@pytest.mark.parametrize(
    ("question", "pinned"),
    [
        *(("what is it", True), ("WHAT IS IT?!", True), ("«Whät is,\n it»", True)),
        *(("what is it made of", False), ("is it", False), ("", False), ("what isit", False)),
    ],
)
def test_a_question_is_the_pins_own_but_for_case_accents_signs_and_space(
    question: str, pinned: bool
) -> None:
    retriever = PinnedRetriever(FixedRetriever(), {"what is it": (3,)}, STORE)
    assert bool(retriever.retrieve(question, 5, Filters())) == pinned


@given(
    order=st.permutations(range(5)),
    copies=st.lists(st.integers(0, 4), max_size=2),
    rows=st.lists(st.integers(0, 4), unique=True),
    k=st.integers(1, 6),
)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_the_list_stays_sorted_and_shows_a_passage_once(
    order: list[int], copies: list[int], rows: list[int], k: int
) -> None:
    shown = [row for row in order if row not in copies][:3]
    hits = [hit(row, 1 / at, *(copies if at == 2 else ())) for at, row in enumerate(shown, 1)]
    found = retrieve(hits, *rows, k=k)
    first = [h.passage for h in found if h.pinned]
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)
    assert len({h.passage.passage_id for h in found}) == len(found) <= k
    assert [h.pinned for h in found] == sorted((h.pinned for h in found), reverse=True)
    assert first == [PASSAGES[row] for row in rows if PASSAGES[row] in first]


@pytest.mark.parametrize(
    ("document", "quote", "passage_id"),
    [
        *(("krebs", None, "krebs-0"), ("krebs", "the KREBS  cycle…", "krebs-1")),
        # A passage that begins with the words comes before an earlier one that holds them.
        *(("krebs", "ATP", "krebs-2"), ("krebs", "in the mitochondrion", "krebs-0")),
        ("光", "光合成", "光-0"),
    ],
)
def test_a_quote_names_the_passage(document: str, quote: str | None, passage_id: str) -> None:
    assert resolved(pin(document, quote)) == ResolvedPins({"what is it": (passage_id,)}, ())


def test_pins_of_one_question_are_joined_in_their_order_each_passage_once() -> None:
    made = resolved(
        pin("krebs", "ATP is", "Krebs?", "Energy"),
        pin("kalvin", None, "energy!"),
        pin("kalvin", None, "ENERGY"),
    )
    assert made.pins == {"krebs": ("krebs-2",), "energy": ("krebs-2", "kalvin-0")}
    assert pinned_ids(made.pins) == ["krebs-2", "kalvin-0"]


def test_a_pin_that_the_corpus_can_not_keep_is_named() -> None:
    made = resolved(pin("kreps"), pin("krebs", "Krebs cycles"), pin("krebs", "the mito"), pin("光"))
    assert made.pins == {"what is it": ("光-0",)}
    said = "the pin of 'What is it?' is left out: no"
    assert made.problems == (
        f"{said} document 'kreps' with text is in the corpus",
        f"{said} passage of 'krebs' holds the words 'Krebs cycles'",
        f"{said} passage of 'krebs' holds the words 'the mito'",
    )


def test_site_settings_are_stored_and_read_back_the_same_for_any_order(tmp_path: Path) -> None:
    pins = {"b é 光": ("x", "y"), "a": ("y",)}
    rules = (("ww1", ("first world war",)),)
    Site(rules, pins, 0.1).write(tmp_path)
    written = (tmp_path / "site.json").read_bytes()
    assert Site.read(tmp_path) == Site(rules, pins, 0.1)
    Site(rules, dict(reversed(pins.items())), 0.1).write(tmp_path)
    assert (tmp_path / "site.json").read_bytes() == written


@pytest.mark.parametrize("text", ["", "[]", "{", '{"pins": {"a": "b"}}', '{"risk": "much"}'])
def test_site_settings_that_are_not_what_was_written_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "site.json").write_text(text)
    with pytest.raises(SnapshotCorruptError, match=r"site\.json can't be read"):
        Site.read(tmp_path)


def test_what_is_taken_down_is_no_longer_pinned() -> None:
    pins = {"a": ("krebs-1", "kalvin-0"), "b": ("krebs-1",)}
    assert pins_kept(pins, {"kalvin-0": 7}) == {"a": ("kalvin-0",)}


def test_pins_are_looked_up_by_row() -> None:
    assert pinned_rows({"a": ("光-0", "krebs-1")}, ROW_OF) == {"a": (4, 1)}
    with pytest.raises(SnapshotCorruptError, match="'gone-1' is not in the snapshot"):
        pinned_rows({"a": ("gone-1",)}, ROW_OF)


def test_a_question_folds_to_its_words() -> None:
    assert folded_question("  What’s “Café”-culture?\n") == "what s cafe culture"
