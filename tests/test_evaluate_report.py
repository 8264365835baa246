"""Runs go through a file unharmed, and the report is one page that needs nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from groundedqa.errors import ConfigurationError
from groundedqa.evaluate import (
    Evaluation,
    EvaluationData,
    Outcome,
    Ranked,
    compare,
    evaluate_system,
    judge_of,
    read_run,
    write_run,
)

DATA = EvaluationData(
    {"q1": "Why <b>rain</b>?", "q2": "Why snow?"},
    {"q1": {"rain": 1}, "q2": {"snow": 1}},
    unanswerable={"u1": "Tax law?", "u2": "Chess?"},
    kinds={"u1": "other", "u2": "other"},
)


class Weather:
    """Finds rain for everything, and is sure of it but for chess."""

    def ask(self, query_id: str, text: str) -> Outcome:
        del text
        ranked = Ranked("rain", ("Drops",), 0, 9, 0.5, "Drops fall", "Rain")
        if query_id == "u2":
            return Outcome((ranked,), "abstained", 0.2, 3.0)
        return Outcome((ranked,), "answered", 0.9, 5.0)


@pytest.fixture
def found() -> Evaluation:
    return evaluate_system(Weather(), DATA, judge_of(DATA))


@pytest.fixture
def page(found: Evaluation, tmp_path: Path) -> str:
    pytest.importorskip("matplotlib")
    from groundedqa.evaluate.report import write_report

    write_report(found, tmp_path / "out.html", "the weather")
    return (tmp_path / "out.html").read_text("utf-8")


def test_a_run_comes_back_as_it_was_written(tmp_path: Path) -> None:
    run = {"q 1": {"doc#A > B": 0.5, "50%": 0.25}, "q2": {"c": -1.0}}
    write_run(run, tmp_path / "a.run")
    assert read_run(tmp_path / "a.run") == run
    lines = (tmp_path / "a.run").read_text("utf-8").splitlines()
    assert lines[0] == "q%201 Q0 doc#A%20>%20B 1 0.5 groundedqa"


@pytest.mark.parametrize("line", ["q Q0 d 1 0.5", "q Q0 d 1 high x", "q Q0 d 1 nan x"])
def test_a_wrong_line_of_a_run_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "a.run").write_text(f"q Q0 d 1 0.5 x\n{line}\n", "utf-8")
    with pytest.raises(ConfigurationError, match=r"a\.run, line 2"):
        read_run(tmp_path / "a.run")


def test_an_earlier_run_is_measured_over_the_same_queries(
    found: Evaluation, tmp_path: Path
) -> None:
    write_run({"q1": {"snow": 1.0}, "q2": {"snow": 1.0}, "x": {"y": 1.0}}, tmp_path / "a.run")
    success = next(c for c in compare(found, tmp_path / "a.run") if c.measure == "Success@1")
    assert (success.before, success.now, success.p) == (0.5, 0.5, 1)
    assert (success.better, success.worse) == (1, 1)


def test_a_run_of_other_queries_is_refused(found: Evaluation, tmp_path: Path) -> None:
    write_run({"x": {"y": 1.0}}, tmp_path / "a.run")
    with pytest.raises(ConfigurationError, match="holds none of the queries"):
        compare(found, tmp_path / "a.run")


def test_the_report_reads_nothing_from_elsewhere_and_runs_nothing(page: str) -> None:
    assert not re.search(r"https?:|<script|<link|@import|url\((?!#)|src=", page)
    assert "<b>rain" not in page
    assert "prefers-color-scheme: dark" in page


def test_the_report_draws_each_plot_in_the_page_s_own_colours(page: str) -> None:
    assert page.count("<svg") == 4
    assert "var(--accent)" in page
    assert "#0a0b0c" not in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_worst_questions_say_what_came_and_what_should_have(page: str) -> None:
    assert "The 1 worst questions" in page
    assert re.search(r"Why snow\?.*Rain › Drops.*snow</span>.*did not come", page, re.DOTALL)


def test_what_was_answered_without_an_answer_is_shown(page: str) -> None:
    assert "Tax law?" in page
    assert "Chess?" not in page
