"""The best sentence is a slice of its passage, and the one whose words are asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.chunk import sentences as split
from groundedqa.errors import SnapshotCorruptError
from groundedqa.ground.sentence import best_sentence
from groundedqa.index.protocol import Vectors
from groundedqa.index.sentences import PassageSentences
from groundedqa.types import Passage

WORDS = ["fog", "cools", "salt", "heaps", "tide"]
START = 100  # of the passage in its document


def _vector(text: str) -> Vectors:
    """The mean direction of the known words of a text."""
    known = [WORDS.index(word) for word in text.lower().replace(".", " ").split() if word in WORDS]
    total = np.eye(len(WORDS), dtype=np.float32)[known].sum(axis=0)
    unit: Vectors = total / max(float(np.linalg.norm(total)), 1e-9)
    return unit


def _made(text: str) -> tuple[Passage, PassageSentences]:
    spans = split(text)
    rows = np.array([np.rint(127 * _vector(text[a:b])) for a, b in spans], dtype=np.int8)
    bounds = tuple((START + start, START + end) for start, end in spans)
    return Passage("d.100", "d", START, START + len(text), text), PassageSentences(bounds, rows)


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("The tide is salt. The ground cools.", "cools", "The ground cools."),
        ("Only fog here.", "tide", "Only fog here."),
        ("Salt | 3\nFog | 4", "fog", "Fog | 4"),
        ("So:\n| salt | 3 |\n| fog | 4 |", "fog", "| fog | 4 |"),
        ("1. salt is white\n2. fog is grey", "fog", "2. fog is grey"),
        ("A tide.\n\n$$ x = 1.5 $$ in fog.", "fog", "$$ x = 1.5 $$ in fog."),
        ("The fog. More fog.", "fog", "The fog."),
        ("Nothing known. Then salt.", "fog", "Then salt."),
        ("Unknown words. Of all kinds.", "fog", "Unknown words."),
        ("A tide. Some salt.", "", "A tide."),
    ],
    ids=["prose", "one sentence", "row", "framed row", "list item", "maths", "first of equals",
         "one unread", "all unread", "nothing asked"],
)  # fmt: skip
def test_the_sentence_that_has_the_words_asked_for(text: str, question: str, expected: str) -> None:
    found = best_sentence(*_made(text), _vector(question))
    assert found is not None
    assert found.text == expected
    assert text[found.start - START : found.end - START] == expected


def test_one_of_two_hundred_short_lines() -> None:
    lines = [f"- salt {number}" for number in range(200)]
    lines[137] = "- fog 137"
    found = best_sentence(*_made("\n".join(lines)), _vector("fog"))
    assert found is not None
    assert found.text == "- fog 137"


def test_no_sentence_of_a_passage_that_has_none() -> None:
    passage, _ = _made("Fog.")
    none = PassageSentences((), np.empty((0, len(WORDS)), dtype=np.int8))
    assert best_sentence(passage, none, _vector("fog")) is None


def test_a_sentence_outside_of_its_passage_is_refused() -> None:
    passage, sentences = _made("Some fog.")
    moved = PassageSentences(((0, 9),), sentences.rows)
    with pytest.raises(SnapshotCorruptError, match=r"passage d\.100 lies outside"):
        best_sentence(passage, moved, _vector("fog"))


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.lists(st.integers(-127, 127), min_size=3, max_size=3), min_size=1, max_size=9),
       st.lists(st.integers(-50, 50), min_size=3, max_size=3))  # fmt: skip
def test_the_first_of_the_largest_inner_products_and_never_an_unread_one_before_another(
    rows: list[list[int]], asked: list[int]
) -> None:
    text = ". ".join("abcdefghi"[: len(rows)])
    bounds = tuple((3 * place, 3 * place + 1) for place in range(len(rows)))
    made = PassageSentences(bounds, np.array(rows, dtype=np.int8))
    found = best_sentence(
        Passage("d.0", "d", 0, len(text), text), made, np.array(asked, dtype=np.float32)
    )
    products = [sum(a * b for a, b in zip(row, asked, strict=True)) for row in rows]
    read = [place for place, row in enumerate(rows) if any(row)] or [0]
    expected = max(read, key=lambda place: (products[place], -place))
    assert found is not None
    assert found.text == "abcdefghi"[expected]
