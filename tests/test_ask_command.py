"""``groundedqa ask`` beside the passages: what it marks, why it abstains, how it filters."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from groundedqa.cli.main import app
from groundedqa.ground import Calibrator
from groundedqa.snapshot import Collection
from tests.conftest import BuildTiny

TIDES = "why are there two tides a day"


def run(collection: Collection, *words: str, threshold: float = 0.0, color: bool = False) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Calibrator, "threshold", lambda *_: threshold)
        done = CliRunner().invoke(
            app, ["ask", "--index", str(collection.index), *words], color=color
        )
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def built(build_tiny: BuildTiny, collection: Collection) -> Collection:
    build_tiny()
    return collection


def test_the_best_sentence_is_bold_on_a_terminal_and_plain_elsewhere(built: Collection) -> None:
    answer = json.loads(run(built, "--json", "-k", "1", TIDES))
    best = answer["citations"][0]["best_sentence"]["text"]
    plain = run(built, "-k", "1", TIDES)
    assert "\x1b" not in plain
    styled = run(built, "-k", "1", TIDES, color=True)
    bold = styled.split("\x1b[1m")[1].split("\x1b[0m")[0]
    assert bold.split() == best.split()
    assert styled.replace("\x1b[1m", "").replace("\x1b[0m", "") == plain


def test_the_probability_is_printed_and_whether_it_was_fitted_here(built: Collection) -> None:
    answerable = json.loads(run(built, "--json", TIDES))["answerable"]
    percent = min(max(round(answerable * 100), 1), 99)
    assert run(built, TIDES).endswith(
        f"Probability that the corpus answers: {percent} %, not calibrated on this corpus\n"
    )


def test_an_abstention_says_why_in_words_and_ends_with_0(built: Collection) -> None:
    said = run(built, TIDES, threshold=2.0)
    assert said.startswith("Not answered: nothing in this corpus answers that.\n")
    assert "Nearest pages" not in said
    assert "none of the question's words" in run(built, "zzgrk blorfnat", threshold=2.0)
    assert "not in what the filters leave" in run(built, "--kind", "poem", TIDES)


def test_near_misses_stand_under_nearest_pages(built: Collection) -> None:
    said = run(built, "--near-misses", "-k", "1", TIDES, threshold=2.0)
    quoted = run(built, "-k", "1", TIDES).split("\n\n")[0]
    assert f"Nearest pages:\n\n{quoted}\n" in said


def test_related_questions_and_facets_are_printed_if_asked_for(built: Collection) -> None:
    said = run(built, "--related", "5", "--facets", "tags", "--facets", "kind", "sea")
    assert "Related questions:\n   Why are there two tides a day?\n" in said
    assert "\ntags: weather (2), winter (1)\n" in said
    assert "\nkind: " in said


@pytest.mark.parametrize(
    ("flags", "documents"),
    [
        (["--tag", "winter"], {"snow"}),
        (["--tag", "winter", "--tag", "weather"], {"snow", "clouds"}),
        (["--kind", "guide"], {"clouds"}),
        (["--author", "seafarer9"], {"tides"}),
        (["--language", "en"], {"tides", "clouds", "snow"}),
        (["--licence", "CC BY 4.0"], {"clouds"}),
        (["--from", "2026-01-02", "--to", "2026-01-02"], {"clouds"}),
        (["--from", "2026-01-03"], set()),
    ],
)
def test_filters_leave_the_documents_that_they_name(
    built: Collection, flags: list[str], documents: set[str]
) -> None:
    answer = json.loads(run(built, "--json", "-k", "50", *flags, TIDES))
    assert {c["document"]["id"] for c in answer["citations"]} == documents


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--risk", "1"], "risk must be above 0 and below 1"),
        (["--related", "21"], "related must be 0 to 20"),
        (["--facets", "colour"], "'colour' is no facet"),
        (["--from", "soon"], "'soon'"),
    ],
)
def test_a_wrong_flag_is_named(built: Collection, flags: list[str], says: str) -> None:
    done = CliRunner().invoke(app, ["ask", "--index", str(built.index), *flags, TIDES])
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr
