"""What is found must not get worse: the test half of the questions against stored floors."""

from __future__ import annotations

import tomllib

import pytest

from groundedqa.ask import Asker
from groundedqa.evaluate import Evaluation, evaluate, load_data
from groundedqa.snapshot import Collection
from tests.conftest import ROOT

QUESTIONS = ROOT / "benchmarks" / "questions"


@pytest.fixture(scope="module")
def measured(sample: Collection) -> Evaluation:
    folder = QUESTIONS / "test"
    data = load_data(
        folder / "queries.jsonl",
        folder / "qrels.tsv",
        folder / "spans.jsonl",
        folder / "unanswerable.jsonl",
    )
    asker = Asker(sample)
    found = evaluate(asker, data)
    asker.close()
    return found


def test_the_test_half_stays_above_its_floors(measured: Evaluation) -> None:
    floors = tomllib.loads((QUESTIONS / "floors.toml").read_text(encoding="utf-8"))["test"]
    values = {**measured.measures, "spans_at_5": measured.spans_at_5}
    assert {name: values[name] for name in floors if values[name] < floors[name]} == {}


def test_the_table_in_the_readme_is_what_comes_out(measured: Evaluation) -> None:
    """Within a hundredth: another processor may turn one question."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").split("\n")
    head = next(n for n, line in enumerate(lines) if line.startswith("| nDCG@10"))
    names = [cell.strip() for cell in lines[head].strip("|").split("|")]
    values = [float(cell) for cell in lines[head + 2].strip("|").split("|")]
    stated = dict(zip(names, values, strict=True))
    assert stated.pop("spans in the first 5 quotes") == pytest.approx(
        measured.spans_at_5, abs=0.015
    )
    assert stated == pytest.approx(measured.measures, abs=0.015)


def test_a_question_of_the_corpus_is_answered_from_its_page(sample: Collection) -> None:
    asker = Asker(sample)
    answer = asker.ask("why did everyone starve in ukraine in the 30s")
    asker.close()
    assert answer.decision == "answered"
    assert answer.citations[0].document.doc_id == "history--collectivisation-and-famine"
    assert answer.citations[0].author == "groundedqa editors"
    assert answer.citations[0].quote in answer.citations[0].document.text
