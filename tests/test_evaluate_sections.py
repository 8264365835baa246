"""Section ids lead to headings, a span counts by half, and ranks go by the best passage."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.errors import ConfigurationError
from groundedqa.evaluate import EvaluationData, Judge, Outline, Ranked, Span, judge_of
from groundedqa.evaluate.judge import ranking
from groundedqa.types import Section

BOOK = Outline(
    "money",
    "Money: A Guide",
    (
        Section(0, 100, "Introduction", 2),
        Section(100, 300, "Banks", 2),
        Section(100, 200, "How they lend", 3),
        Section(300, 300, "Nothing below it", 2),
    ),
)
PAGE = Outline("coins", "Coins", ())


def judge(section_id: str, titles: dict[str, str] | None = None, *more: Outline) -> Judge:
    data = EvaluationData(
        {"q": "q"}, {"q": {section_id: 1}}, level="section", section_titles=titles or {}
    )
    return judge_of(data, [BOOK, PAGE, *more])


def at(start: int, outline: Outline = BOOK) -> Ranked:
    return Ranked(outline.doc_id, outline.path(start), start, start + 10, 1.0)


@pytest.mark.parametrize(
    ("section_id", "inside", "outside"),
    [
        ("money#Banks", 250, 50),
        ("money#Banks", 150, 50),
        ("money#How they lend", 150, 250),
        ("money#Banks > How they lend", 150, 250),
        ("money# Banks ", 250, 50),
    ],
)
def test_an_id_names_a_heading_or_a_path(section_id: str, inside: int, outside: int) -> None:
    made = judge(section_id)
    assert made.units("q", at(inside)) == [section_id]
    assert made.units("q", at(outside)) != [section_id]
    assert made.units("q", at(0, PAGE)) == ["coins#"]


@pytest.mark.parametrize(
    ("title", "start", "outline"),
    [("Money: A Guide: Banks", 250, BOOK), ("Coins", 5, PAGE), ("Money: A Guide", 5, BOOK)],
)
def test_an_id_is_looked_up_by_its_title(title: str, start: int, outline: Outline) -> None:
    assert judge("m1", {"m1": title}).units("q", at(start, outline)) == ["m1"]


def test_sections_that_no_query_names_go_by_their_own_ids() -> None:
    titles = {"m1": "Money: A Guide: Banks", "m0": "Money: A Guide: Introduction", "x": "Lost: X"}
    assert judge("m1", titles).units("q", at(50)) == ["m0"]


def test_an_unnamed_section_counts_at_the_depth_of_the_named_ones() -> None:
    assert judge("money#Introduction").units("q", at(150)) == ["money#Banks"]
    assert judge("money#How they lend").units("q", at(50)) == ["money#Introduction"]


@pytest.mark.parametrize("section_id", ["money#Gold", "gold#Banks", "money", "m1"])
def test_an_id_that_is_nowhere_is_named(section_id: str) -> None:
    with pytest.raises(ConfigurationError, match=f"section '{section_id}' of the qrels is not in"):
        judge(section_id)


def test_a_title_that_two_documents_have_stands_for_both() -> None:
    twin = Outline("coins-2", "Coins", ())
    made = judge("m1", {"m1": "Coins"}, twin)
    for doc_id in ("coins", "coins-2"):
        assert made.units("q", Ranked(doc_id, (), 0, 10, 1.0)) == ["m1"]


def test_of_sections_with_one_title_the_judged_one_counts_first() -> None:
    titles = {"m0": "Coins", "m1": "Coins"}
    assert judge("m1", titles).units("q", Ranked("coins", (), 0, 10, 1.0)) == ["m1", "m0"]


def span_units(start: int, end: int, *spans: tuple[int, int]) -> list[str]:
    gold = tuple(Span("q", "money", *span) for span in spans)
    made = judge_of(EvaluationData({"q": "q"}, {"q": {"money": 1}}, gold, level="span"))
    return made.units("q", Ranked("money", (), start, end, 1.0))


@pytest.mark.parametrize(
    ("start", "end", "units"),
    [
        (0, 100, ["money.20-40"]),
        (20, 30, ["money.20-40"]),
        (30, 90, ["money.20-40"]),
        (31, 90, ["money.31-90"]),
        (24, 33, ["money.24-33"]),
        (40, 90, ["money.40-90"]),
    ],
)
def test_a_passage_finds_a_span_by_holding_half_of_it(
    start: int, end: int, units: list[str]
) -> None:
    assert span_units(start, end, (20, 40)) == units


def test_a_passage_may_find_two_spans() -> None:
    assert span_units(0, 60, (20, 40), (50, 60)) == ["money.20-40", "money.50-60"]


def test_another_place_of_the_same_words_ranks_right_after_the_one_shown() -> None:
    made = judge_of(EvaluationData({"q": "q"}, {"q": {"b": 1}}))
    copy = Ranked("b", (), 0, 10, 0.9)
    shown = [Ranked("a", (), 0, 10, 0.9, also_at=(copy,)), Ranked("c", (), 0, 10, 0.8)]
    assert list(ranking(made, "q", shown)) == ["a", "b", "c"]


@settings(derandomize=True, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.floats(-50, 50)), max_size=20))
def test_scores_of_a_run_fall_strictly_in_the_order_of_first_passages(
    came: list[tuple[str, float]],
) -> None:
    made = judge_of(EvaluationData({"q": "q"}, {"q": {"a": 1}}))
    run = ranking(made, "q", [Ranked(doc_id, (), 0, 1, score) for doc_id, score in came])
    assert list(run) == list(dict.fromkeys(doc_id for doc_id, _ in came))
    scores = list(run.values())
    assert all(first > second for first, second in pairwise(scores))
