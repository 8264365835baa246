"""The contract of LexicalIndex: every index gives the rows and the scores of plain arithmetic."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.errors import ConfigurationError, SnapshotCorruptError
from groundedqa.index.bm25 import Bm25Index
from groundedqa.index.exact_bm25 import ExactBm25
from groundedqa.index.protocol import LexicalIndex, QueryWord, Rows, Scores
from groundedqa.index.synonyms import Rules
from groundedqa.index.write_bm25 import Bm25Writer

Passages = Sequence[tuple[str, str | None]]
Make = Callable[[Passages], LexicalIndex]
_EXAMPLES = settings(derandomize=True, deadline=None, max_examples=150)

# One letter in nearly all rows, one in few: lists of both kinds, and cuts through ties.
_TEXTS = st.text(alphabet="aaaabbcde ", max_size=14).map(lambda letters: " ".join(letters))
_PASSAGES = st.lists(st.tuples(_TEXTS, st.sampled_from(["en", "de", None])), max_size=40)
_REPEATED = st.integers(64, 200).flatmap(
    lambda count: st.lists(_TEXTS, min_size=1, max_size=4).map(
        lambda texts: [(texts[row % len(texts)], None) for row in range(count)]
    )
)
_QUERIES = st.text(alphabet="abcdez ", max_size=8).map(lambda letters: " ".join(letters))


def _written(passages: Passages, path: Path) -> Path:
    writer = Bm25Writer()
    for text, tag in passages:
        writer.add(text, tag)
    writer.write(path)
    return path


def _filed(passages: Passages, synonyms: Rules = ()) -> Bm25Index:
    with TemporaryDirectory() as folder:  # the open file outlives its name
        return Bm25Index(_written(passages, Path(folder) / "words.bm25"), synonyms)


@pytest.fixture(params=[ExactBm25, _filed], ids=["exact", "filed"])
def make(request: pytest.FixtureRequest) -> Make:
    found: Make = request.param
    return found


def _pairs(found: tuple[Rows, Scores]) -> list[tuple[int, float]]:
    assert found[0].dtype == np.int64
    assert found[1].dtype == np.float32
    return list(zip(found[0].tolist(), found[1].tolist(), strict=True))


def test_a_score_is_the_formula_s(make: Make) -> None:
    index = make([("light light leaf", None), ("leaf", None), ("sugar leaf", None)])
    rarity = log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = rarity * 2 * 1.9 / (2 + 0.9 * (0.6 + 0.4 * 3 / 2))
    [(row, score)] = _pairs(index.search("lights", 10))
    assert row == 0
    assert score == np.float32(expected)


def test_a_word_said_twice_counts_twice(make: Make) -> None:
    index = make([("a b", None), ("b c", None)])
    once = index.scores("a", np.array([0]))
    assert index.scores("a a", np.array([0])).tolist() == (2 * once).tolist()


def test_the_order_of_a_query_s_words_changes_nothing(make: Make) -> None:
    index = make([("a b c", None), ("b c d d", None), ("a d", None)])
    assert _pairs(index.search("a b c d", 9)) == _pairs(index.search("d c b a", 9))


@pytest.mark.parametrize("passages", [[], [("", None)], [("?! …", "en"), ("", None)]])
def test_a_corpus_without_words_has_nothing_to_find(make: Make, passages: Passages) -> None:
    index = make(passages)
    rows = np.arange(len(passages))
    assert len(index) == len(passages)
    assert _pairs(index.search("anything", 5)) == []
    assert index.scores("anything", rows).tolist() == [0.0] * len(passages)
    assert index.background("anything") == (0.0, 0.0)


def test_a_corpus_of_one_passage_is_found(make: Make) -> None:
    index = make([("green leaf", None)])
    assert [row for row, _ in _pairs(index.search("a leaf", 5))] == [0]


@pytest.mark.parametrize("query", ["", "   ", "?!", "\ud800", "zebra"])
def test_a_query_without_a_word_of_the_corpus_finds_nothing(make: Make, query: str) -> None:
    assert _pairs(make([("green leaf", None)]).search(query, 5)) == []


def test_equal_scores_stand_in_the_order_of_rows_through_the_cut(make: Make) -> None:
    index = make([("leaf", None)] * 500 + [("leaf leaf", None)])
    assert [row for row, _ in _pairs(index.search("leaf", 4))] == [500, 0, 1, 2]


def test_only_allowed_rows_that_have_a_word_come_back(make: Make) -> None:
    index = make([("leaf", None), ("root", None), ("leaf", None), ("leaf", None)])
    allowed = np.array([3, 1, 2, 3], dtype=np.int64)
    assert [row for row, _ in _pairs(index.search("leaf", 9, allowed))] == [2, 3]
    assert _pairs(index.search("leaf", 9, np.array([], dtype=np.int64))) == []
    assert _pairs(index.search("leaf", 0)) == []


def test_a_query_is_analysed_in_every_language_of_the_corpus(make: Make) -> None:
    index = make([("viele Häuser", "de"), ("many houses", "en")])
    assert [row for row, _ in _pairs(index.search("Haus", 5))] == [0]
    assert [row for row, _ in _pairs(index.search("house", 5))] == [1]


@pytest.mark.unmeasured
@_EXAMPLES
@given(st.one_of(_PASSAGES, _REPEATED), _QUERIES, st.integers(1, 60), st.data())
def test_rows_and_scores_equal_the_oracle_s_to_the_last_digit(
    passages: list[tuple[str, str | None]], query: str, k: int, data: st.DataObject
) -> None:
    last = len(passages) - 1
    chosen = data.draw(st.none() | st.lists(st.integers(0, max(last, 0)), max_size=last + 1))
    allowed = None if chosen is None else np.array(chosen, dtype=np.int64)
    index, oracle = _filed(passages), ExactBm25(passages)
    rows = np.arange(len(passages))
    assert _pairs(index.search(query, k, allowed)) == _pairs(oracle.search(query, k, allowed))
    assert index.scores(query, rows).tolist() == oracle.scores(query, rows).tolist()
    assert index.background(query) == pytest.approx(oracle.background(query), rel=1e-9, abs=1e-12)
    assert index.coverage(query, rows).tolist() == pytest.approx(
        oracle.coverage(query, rows).tolist(), rel=1e-6
    )


@_EXAMPLES
@given(_PASSAGES, _QUERIES, st.lists(_TEXTS, max_size=4))
def test_texts_outside_the_index_score_as_the_oracle_has_it(
    passages: list[tuple[str, str | None]], query: str, texts: list[str]
) -> None:
    found = _filed(passages).scores_of(query, texts, "en")
    assert found.tolist() == ExactBm25(passages).scores_of(query, texts, "en").tolist()


def test_an_indexed_text_scores_the_same_from_outside() -> None:
    passages = [("green leaf light", "en"), ("leaf root", "en"), ("root", "en")]
    index = _filed(passages)
    outside = index.scores_of("leaf light", [text for text, _ in passages], "en")
    assert outside.tolist() == index.scores("leaf light", np.arange(3)).tolist()


def test_the_query_s_words_come_with_how_many_passages_have_them() -> None:
    index = _filed([("green leaf", None), ("leaves", None), ("root", None)])
    assert index.terms("leaf zebra leaf") == [
        QueryWord("leaf", 1, log(1 + (3 - 1 + 0.5) / (1 + 0.5))),
        QueryWord("zebra", 0, log(1 + (3 + 0.5) / 0.5)),
    ]


def test_coverage_weighs_words_by_rarity_and_unknown_ones_most() -> None:
    index = _filed([("green leaf", None), ("green", None), ("root", None)])
    green, leaf, unknown = log(1 + 1.5 / 2.5), log(1 + 2.5 / 1.5), log(1 + 3.5 / 0.5)
    whole = green + leaf + unknown
    assert index.coverage("green leaf zebra", np.arange(3)).tolist() == pytest.approx(
        [(green + leaf) / whole, green / whole, 0.0]
    )
    assert index.coverage("?", np.arange(3)).tolist() == [0.0, 0.0, 0.0]


def test_coverage_takes_any_writing_of_a_word() -> None:
    index = _filed([("email", None), ("mail by air", None), ("other", None)])
    assert index.coverage("email", np.arange(3)).tolist() == [1.0, 0.0, 0.0]
    assert index.coverage("mail", np.arange(3)).tolist() == [0.0, 1.0, 0.0]


def test_an_equivalent_phrase_is_searched_too() -> None:
    rules = (("WWII", ("Second World War",)),)
    passages: Passages = [("the Second World War", "en"), ("a garden", "en"), ("WWII", "en")]
    index, oracle = _filed(passages, rules), ExactBm25(passages, rules)
    assert _pairs(index.search("WWII", 5)) == _pairs(oracle.search("WWII", 5))
    assert sorted(index.search("WWII", 5)[0].tolist()) == [0, 2]
    assert index.coverage("WWII", np.arange(3)).tolist() == [1.0, 0.0, 1.0]
    assert _filed(passages).search("WWII", 5)[0].tolist() == [2]


def test_a_synonym_without_a_word_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="has no word in it"):
        _filed([("a", None)], (("!", ("b",)),))


def test_what_is_remembered_can_t_be_changed_by_a_caller() -> None:
    index = _filed([("leaf", None), ("leaf root", None)])
    scores = index.scores("leaf", np.arange(2))
    expected = scores.tolist()
    scores[:] = 7
    found: Any = index.search("leaf", 2)[1]
    found[:] = 7
    assert index.scores("leaf", np.arange(2)).tolist() == expected


def test_threads_that_share_an_index_get_what_one_gets() -> None:
    index = _filed([(f"{'a ' * (row % 7)} b{row % 5} c{row % 11}", None) for row in range(300)])
    queries = [f"a b{number % 5} c{number % 11}" for number in range(40)]
    expected = [_pairs(index.search(query, 20)) for query in queries]
    found: list[list[Any]] = []
    threads = [
        threading.Thread(
            target=lambda: found.append([_pairs(index.search(q, 20)) for q in queries])
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6


def test_the_same_passages_give_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    passages: Passages = [("green leaf, d'Alembert", "en"), ("viele Häuser", "de"), ("", None)]
    code = (
        "import sys; from pathlib import Path; from groundedqa.index.write_bm25 import Bm25Writer\n"
        f"w = Bm25Writer()\nfor p in {passages!r}: w.add(*p)\nw.write(Path(sys.argv[1]))"
    )
    ours = _written(passages, tmp_path / "ours").read_bytes()
    for seed in ("1", "2"):
        path = tmp_path / seed
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        subprocess.run([sys.executable, "-c", code, str(path)], check=True, env=environment)
        assert path.read_bytes() == ours


@pytest.mark.parametrize("cut", [0, 10, 64, -1])
def test_a_file_that_is_cut_off_is_refused_by_name(tmp_path: Path, cut: int) -> None:
    path = _written([("green leaf", None), ("root", None)], tmp_path / "words.bm25")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(SnapshotCorruptError, match=r"words\.bm25 .*build again"):
        Bm25Index(path)


def test_a_file_that_is_something_else_or_missing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.bm25"
    with pytest.raises(SnapshotCorruptError, match=r"words\.bm25"):
        Bm25Index(path)
    path.write_bytes(bytes(4096))
    with pytest.raises(SnapshotCorruptError, match=r"words\.bm25"):
        Bm25Index(path)


def test_what_is_attainable_is_the_rarity_of_each_word_once(make: Make) -> None:
    index = make([("leaf", None), ("leaf sugar", None), ("stone", None)])
    rare, common = log(1 + 2.5 / 1.5), log(1 + 1.5 / 2.5)
    unknown = log(1 + 3.5 / 0.5)
    assert index.attainable("leaf sugar leaf") == pytest.approx(rare + common)
    assert index.attainable("leaf zzz") == pytest.approx(common + unknown)
    assert index.attainable("?") == 0


@_EXAMPLES
@given(_PASSAGES, _QUERIES)
def test_a_text_that_is_not_indexed_is_covered_as_the_same_one_that_is(
    passages: Passages, query: str
) -> None:
    rows = np.arange(len(passages), dtype=np.int64)
    exact, filed = ExactBm25(passages), _filed(passages)
    for row, (text, tag) in enumerate(passages):
        expected = exact.coverage(query, rows[row : row + 1])
        assert exact.coverage_of(query, [text], tag).tolist() == expected.tolist()
        assert filed.coverage_of(query, [text], tag).tolist() == pytest.approx(expected.tolist())
    assert [*filed.terms(query)] == [*exact.terms(query)]
