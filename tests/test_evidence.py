"""What the scores of a question say: the first passages in the order of the fused score."""

from __future__ import annotations

import numpy as np
import pytest

from groundedqa.index import ExactBm25, QueryWord
from groundedqa.retrieve import FIRST, Evidence, Scored, evidence_of, fuse, read_evidence

_TEXTS = ["green leaf", "green", "root", "leaf and root"]


def scored(dense: list[float], lexical: list[float], attainable: float = 4.0) -> Scored:
    return Scored(
        np.arange(len(dense)),
        np.asarray(dense, dtype=np.float32),
        np.asarray(lexical, dtype=np.float32),
        (0.25, 0.125),
        (0.0, 2.0),
        attainable,
    )


def test_the_first_passages_stand_in_the_order_of_the_fused_score() -> None:
    coverage = np.array([0.1, 0.2, 0.3], dtype=np.float32)
    asked = [QueryWord("leaf", 2, 1.0), QueryWord("zebra", 0, 3.0)]
    found = evidence_of(
        scored([0.5, 0.25, 0.75], [2.0, 4.0, 0.0]), np.array([0.5, 2.0, 1.0]), coverage, asked
    )
    assert found.fused.tolist() == [2.0, 1.0, 0.5]
    assert found.dense.tolist() == [0.0, 4.0, 2.0]
    assert found.lexical.tolist() == [2.0, 0.0, 1.0]
    assert found.cosines.tolist() == [0.25, 0.75, 0.5]
    assert found.matches.tolist() == [1.0, 0.0, 0.5]
    assert found.coverage.tolist() == pytest.approx([0.2, 0.3, 0.1])
    assert found.best_cosines.tolist() == [0.75, 0.5, 0.25]
    assert found.best_matches.tolist() == [1.0, 0.5, 0.0]
    assert (found.unknown, found.words, found.agree) == (0.75, 2, False)
    assert found.dense_spread == (0.25, 0.125)


@pytest.mark.parametrize(("lexical", "agree"), [([3.0, 1.0], True), ([1.0, 3.0], False)])
def test_the_sides_agree_where_their_best_passage_is_the_same(
    lexical: list[float], agree: bool
) -> None:
    found = scored([0.5, 0.25], lexical)
    assert evidence_of(found, fuse(found, 0.5), np.ones(2, dtype=np.float32), []).agree is agree


def test_no_more_than_the_first_are_looked_at() -> None:
    many = scored(np.linspace(0, 1, 50).tolist(), [0.0] * 50)
    found = evidence_of(many, fuse(many, 1.0), np.zeros(50, dtype=np.float32), [])
    assert len(found.fused) == len(found.best_cosines) == FIRST == 20
    assert found.fused[0] == found.fused.max()


def read(question: str, rows: list[int]) -> Evidence:
    words = ExactBm25([(text, "en") for text in _TEXTS])
    lexical = words.scores(question, np.asarray(rows)).tolist()
    found = scored([0.5] * len(rows), lexical, words.attainable(question))
    found = Scored(
        np.asarray(rows), found.dense, found.lexical, (0.25, 0.125), (0.0, 2.0), found.attainable
    )
    return read_evidence(question, words, found, fuse(found, 0.0))


def test_coverage_is_read_for_the_rows_in_their_order_among_the_best() -> None:
    words = ExactBm25([(text, "en") for text in _TEXTS])
    found = read("green leaf", [1, 2, 0])
    by_row = words.coverage("green leaf", np.array([0, 1, 2]))
    assert by_row[0] == 1.0
    assert found.coverage.tolist() == by_row.tolist()


def test_words_that_no_passage_has_are_unknown_by_their_rarity() -> None:
    words = ExactBm25([(text, "en") for text in _TEXTS])
    leaf, zebra = words.terms("leaf zebra")
    assert read("leaf zebra", [0]).unknown == pytest.approx(zebra.idf / (leaf.idf + zebra.idf))
    assert read("zebra", [0]).unknown == 1.0
    assert read("leaf", [0]).unknown == 0.0
    assert (read("?!", [0]).unknown, read("?!", [0]).words) == (1.0, 0)


def test_without_a_candidate_everything_is_empty() -> None:
    found = read("leaf", [])
    assert (len(found.fused), len(found.coverage), len(found.best_cosines)) == (0, 0, 0)
    assert found.agree is False
