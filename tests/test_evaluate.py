"""Known rankings give known measures; files that are wrong are named with their line."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from groundedqa.errors import ConfigurationError
from groundedqa.evaluate import (
    EvaluationData,
    Span,
    evaluate,
    load_data,
    load_qrels,
    load_spans,
)
from groundedqa.types import Filters, Hit, Passage


def hit(doc_id: str, score: float, start: int = 0, end: int = 10) -> Hit:
    return Hit(Passage(f"{doc_id}.{start}-{end}", doc_id, start, end, "x" * (end - start)), score)


class Fixed:
    """A retriever that knows each query's ranking."""

    def __init__(self, rankings: dict[str, list[Hit]]) -> None:
        self._rankings = rankings

    def retrieve(self, question: str, k: int, filters: Filters) -> list[Hit]:
        assert not filters
        return self._rankings[question][:k]


def ranked(*doc_ids: str) -> list[Hit]:
    return [hit(doc_id, 1 - rank / 100) for rank, doc_id in enumerate(doc_ids)]


def measures(rankings: dict[str, list[Hit]], qrels: dict[str, dict[str, int]]) -> dict[str, float]:
    data = EvaluationData({query: query for query in qrels}, qrels)
    return evaluate(Fixed(rankings), data).measures


def test_the_answer_in_the_first_place_gives_full_measures() -> None:
    made = measures({"q": ranked("a", "b")}, {"q": {"a": 1}})
    assert made == {"nDCG@10": 1, "R@10": 1, "RR@10": 1, "Success@1": 1, "Success@5": 1}


def test_the_answer_in_the_third_place_gives_what_the_formulas_say() -> None:
    made = measures({"q": ranked("b", "c", "a")}, {"q": {"a": 1}})
    assert made["nDCG@10"] == round(1 / math.log2(4), 4)
    assert made["RR@10"] == 0.3333
    assert (made["R@10"], made["Success@1"], made["Success@5"]) == (1, 0, 1)


def test_the_eleventh_place_counts_for_nothing_at_ten() -> None:
    made = measures({"q": ranked(*"bcdefghijk", "a")}, {"q": {"a": 1}})
    assert set(made.values()) == {0}


def test_two_grades_are_weighed_by_gain() -> None:
    made = measures({"q": ranked("b", "a")}, {"q": {"a": 2, "b": 1}})
    ideal = 2 + 1 / math.log2(3)
    assert made["nDCG@10"] == round((1 + 2 / math.log2(3)) / ideal, 4)


def test_a_query_without_a_hit_counts_nought_in_the_mean() -> None:
    made = measures({"q": ranked("a"), "r": []}, {"q": {"a": 1}, "r": {"a": 1}})
    assert set(made.values()) == {0.5}


def test_all_queries_without_a_hit_give_noughts() -> None:
    assert set(measures({"q": []}, {"q": {"a": 1}}).values()) == {0}


def test_a_document_ranks_by_its_best_passage() -> None:
    hits = [hit("b", 0.9), hit("b", 0.8, 10, 20), hit("a", 0.7), hit("a", 0.1, 5, 9)]
    made = measures({"q": hits}, {"q": {"a": 1}})
    assert made["RR@10"] == 0.5


@pytest.mark.parametrize("order", ["abc", "cba", "bca"])
def test_equal_scores_keep_the_order_of_their_ranks(order: str) -> None:
    hits = [hit(doc_id, 0.5) for doc_id in order]
    found = measures({"q": hits}, {"q": {"a": 1}})["RR@10"]
    assert found == round(1 / (order.index("a") + 1), 4)


def test_a_pinned_passage_ranks_where_it_was_put_whatever_its_score() -> None:
    found = measures({"q": [hit("a", 0.1), hit("b", 0.9)]}, {"q": {"a": 1}})
    assert found["Success@1"] == 1


@pytest.mark.parametrize(
    ("slices", "covered"),
    [
        ([(0, 100)], 1),
        ([(20, 40)], 1),
        ([(20, 30), (30, 40)], 1),
        ([(32, 60), (0, 30)], 1),  # two neighbours, a blank line between them
        ([(33, 60), (0, 30)], 0),
        ([(21, 40)], 0),
        ([(22, 40)], 0),
        ([(20, 39)], 0),
        ([(0, 25), (22, 30), (5, 60)], 1),
        ([(0, 20), (40, 60)], 0),
        ([], 0),
    ],
)
def test_a_span_counts_once_the_quotes_hold_all_of_it(
    slices: list[tuple[int, int]], covered: float
) -> None:
    hits = [hit("a", 1 - n / 10, *reach) for n, reach in enumerate(slices)]
    data = EvaluationData({"q": "q"}, {"q": {"a": 1}}, (Span("q", "a", 20, 40),))
    assert evaluate(Fixed({"q": hits}), data).spans_at_5 == covered


def test_only_the_first_five_quotes_and_the_right_document_hold_a_span() -> None:
    late = [hit("b", 0.9)] * 5 + [hit("a", 0.1, 0, 100)]
    other = [hit("b", 0.9, 0, 100)]
    spans = (Span("q", "a", 20, 40), Span("r", "a", 20, 40), Span("unasked", "a", 0, 5))
    data = EvaluationData({"q": "q", "r": "r"}, {"q": {"a": 1}, "r": {"a": 1}}, spans)
    assert evaluate(Fixed({"q": late, "r": other}), data).spans_at_5 == 0


QRELS = "query-id\tcorpus-id\tscore\nq\ta b\t1\n"
QUERIES = '{"_id": "q", "text": "Why?"}\n{"_id": "other", "text": "What?"}\n'


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(QUERIES, encoding="utf-8")
    return tmp_path


def test_only_judged_queries_are_asked_and_ids_are_those_of_the_index(files: Path) -> None:
    data = load_data(files / "queries.jsonl", files / "qrels.tsv")
    assert data.queries == {"q": "Why?"}
    assert data.qrels == {"q": {"a~20b": 1}}
    assert (data.spans, data.unanswerable) == ((), {})


@pytest.mark.parametrize(
    "text", [QRELS + "\n", QRELS.replace("\n", "\r\n"), "\ufeff" + QRELS, QRELS.rstrip()]
)
def test_qrels_may_end_in_any_way(files: Path, text: str) -> None:
    (files / "qrels.tsv").write_bytes(text.encode())
    assert load_qrels(files / "qrels.tsv") == {"q": {"a~20b": 1}}


def test_a_quotation_mark_in_qrels_is_a_character(files: Path) -> None:
    (files / "qrels.tsv").write_text('query-id\tcorpus-id\tscore\n"q\ta\t1\nr\tb\t1\n', "utf-8")
    assert load_qrels(files / "qrels.tsv") == {'"q': {"a": 1}, "r": {"b": 1}}


@pytest.mark.parametrize(
    "text", ["q\ta\t1\nr\tb\t1\n", "h\th\th\nq\ta\n", "h\th\th\nq\ta\tmuch\n", "h\th\th\nq a 1\n"]
)
def test_what_is_no_qrels_file_is_refused(files: Path, text: str) -> None:
    (files / "qrels.tsv").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=r"qrels\.tsv is no qrels file"):
        load_qrels(files / "qrels.tsv")


def test_a_judged_query_that_is_not_asked_is_refused(files: Path) -> None:
    (files / "queries.jsonl").write_text('{"_id": "r", "text": "x"}', "utf-8")
    with pytest.raises(ConfigurationError, match=r"judges 'q', which is not in"):
        load_data(files / "queries.jsonl", files / "qrels.tsv")


@pytest.mark.parametrize("line", ["{", "[]", '{"_id": "q"}', "3", "null", "\x00"])
def test_a_wrong_line_is_named(files: Path, line: str) -> None:
    (files / "queries.jsonl").write_text(f"{QUERIES}\n{line}\n", "utf-8")
    with pytest.raises(ConfigurationError, match=r"queries\.jsonl, line 4: needs _id, text"):
        load_data(files / "queries.jsonl", files / "qrels.tsv")


def test_a_missing_file_is_named(files: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.jsonl can't be read"):
        load_data(files / "none.jsonl", files / "qrels.tsv")
    with pytest.raises(ConfigurationError, match=r"none\.tsv"):
        load_qrels(files / "none.tsv")


def test_spans_come_one_a_line_or_many(files: Path) -> None:
    (files / "spans.jsonl").write_text(
        '{"query_id": "q", "doc_id": "a b", "start": 1, "end": 2}\n'
        '{"query_id": 7, "doc_id": "c", "spans": [{"start": 3, "end": 4}, {"start": 5, "end": 6}]}',
        "utf-8",
    )
    wanted = (Span("q", "a~20b", 1, 2), Span("7", "c", 3, 4), Span("7", "c", 5, 6))
    assert load_spans(files / "spans.jsonl") == wanted


@pytest.mark.parametrize("span", ['"start": 1', '"spans": [1]', '"spans": [{"start": 1}]'])
def test_a_span_without_an_end_is_refused(files: Path, span: str) -> None:
    (files / "spans.jsonl").write_text(f'{{"query_id": "q", "doc_id": "a", {span}}}', "utf-8")
    with pytest.raises(ConfigurationError, match=r"spans\.jsonl: a span needs start and end"):
        load_spans(files / "spans.jsonl")


def test_a_span_that_ends_before_it_starts_is_refused(files: Path) -> None:
    line = '{"query_id": "q", "doc_id": "a", "start": 5, "end": 5}'
    (files / "spans.jsonl").write_text(line, "utf-8")
    with pytest.raises(ConfigurationError, match=r"a span's start must be before its end"):
        load_spans(files / "spans.jsonl")


def test_an_id_that_stands_twice_is_named(files: Path) -> None:
    (files / "queries.jsonl").write_text(QUERIES + '{"_id": "q", "text": "Who?"}', "utf-8")
    with pytest.raises(ConfigurationError, match=r"queries\.jsonl holds an _id twice: 'q'"):
        load_data(files / "queries.jsonl", files / "qrels.tsv")


def test_a_query_that_is_answerable_and_not_is_refused(files: Path) -> None:
    (files / "unanswerable.jsonl").write_text('{"_id": "q", "text": "x"}', "utf-8")
    with pytest.raises(ConfigurationError, match=r"the _id 'q' was there already"):
        load_data(files / "queries.jsonl", files / "qrels.tsv", None, files / "unanswerable.jsonl")


def test_unanswerable_queries_have_a_kind(files: Path) -> None:
    lines = '{"_id": "u", "text": "x", "kind": "swapped"}\n{"_id": "v", "text": "y"}\n'
    (files / "unanswerable.jsonl").write_text(lines, "utf-8")
    data = load_data(
        files / "queries.jsonl", files / "qrels.tsv", None, files / "unanswerable.jsonl"
    )
    assert data.kinds == {"u": "swapped", "v": "unanswerable"}


def test_qrels_that_judge_nothing_are_refused(files: Path) -> None:
    (files / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n", "utf-8")
    with pytest.raises(ConfigurationError, match="judges nothing"):
        load_data(files / "queries.jsonl", files / "qrels.tsv")
