"""Labelled questions are kept for the builds to come, and stand in a snapshot's inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundedqa.errors import ConfigurationError
from groundedqa.evaluate import EvaluationData
from groundedqa.snapshot import Collection
from groundedqa.tune import VERSION, forget_labelled, labelled, save_labelled, tuning_input

DATA = EvaluationData(
    {"q1": "Why is the sea salt?", "q2": "Où est l'eau ?"},
    {"q1": {"sea": 1, "salt": 2}, "q2": {"eau": 1}},
    unanswerable={"u1": "Who?"},
)


@pytest.fixture
def home(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def test_what_is_kept_comes_back_and_takes_the_place_of_what_was(home: Collection) -> None:
    assert labelled(home) is None
    save_labelled(home, EvaluationData({"q": "?"}, {"q": {"d": 1}}))
    save_labelled(home, DATA)
    assert labelled(home) == DATA
    forget_labelled(home)
    forget_labelled(home)
    assert labelled(home) is None


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"queries": 1}', b"\xff", b'{"queries": {"q": 1}}']
)
def test_a_file_that_is_not_what_was_kept_is_named_with_both_mends(
    home: Collection, content: bytes
) -> None:
    save_labelled(home, DATA)
    home.labelled.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        labelled(home)
    assert str(caught.value).startswith(f"{home.labelled} can't be read: ")
    assert "groundedqa tune --queries FILE --qrels FILE" in str(caught.value)
    assert str(caught.value).endswith("groundedqa tune --own")


def test_an_input_changes_with_whatever_is_fitted_on() -> None:
    other = [
        EvaluationData({**DATA.queries, "q2": "?"}, DATA.qrels, unanswerable=DATA.unanswerable),
        EvaluationData(DATA.queries, {**DATA.qrels, "q2": {}}, unanswerable=DATA.unanswerable),
        EvaluationData(DATA.queries, DATA.qrels),
    ]
    found = [tuning_input(data) for data in (None, DATA, *other)]
    assert len(set(found)) == 5
    assert found[0] == f"{VERSION}, own pages"
    assert found[1] == tuning_input(DATA)


def test_an_input_is_the_same_in_whatever_order_the_questions_came() -> None:
    turned = EvaluationData(
        dict(reversed(DATA.queries.items())),
        {name: dict(reversed(judged.items())) for name, judged in reversed(DATA.qrels.items())},
        unanswerable=DATA.unanswerable,
    )
    assert tuning_input(turned) == tuning_input(DATA)
