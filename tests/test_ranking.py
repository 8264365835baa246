"""How hits are ordered otherwise than the tuning says: a reranker, a method, a weight, by flags."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from groundedqa.ask import Asker, Ranking
from groundedqa.cli.main import app
from groundedqa.encode.export_cross import exported_cross_encoder
from groundedqa.errors import ConfigurationError
from groundedqa.retrieve import Weights
from groundedqa.settings import load_settings
from groundedqa.snapshot import Collection
from groundedqa.types import Filters, Hit
from tests.conftest import BuildTiny
from tests.support.tiny_cross import exported_cross, tiny_cross

TIDES = "why are there two tides a day"

_EXPORTED_BEFORE = """
import sys
from pathlib import Path
from groundedqa.encode.export_cross import exported_cross_encoder
exported_cross_encoder(sys.argv[1], Path(sys.argv[2])).score("why?", ["so"])
print(sorted({"torch", "sentence_transformers"} & set(sys.modules)))
"""


@pytest.fixture
def built(build_tiny: BuildTiny, collection: Collection) -> Collection:
    build_tiny()
    return collection


@pytest.fixture(scope="module")
def cross() -> Path:
    return tiny_cross()


class _ShortestFirst:
    name = "shortest first"

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        assert question in (TIDES, "ready")  # a snapshot is asked once when it is opened
        return np.array([-len(text) for text in passages], dtype=np.float32)


def retrieved(collection: Collection, ranking: Ranking | None = None) -> list[Hit]:
    with closing(Asker(collection, ranking=ranking)) as asker:
        return asker.retrieve(TIDES, 3, Filters())


def run(command: str, *words: str | Path) -> str:
    done = CliRunner().invoke(app, [command, *map(str, words)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_reranker_orders_anew_and_its_scores_are_shown(built: Collection) -> None:
    hits = retrieved(built, Ranking(reranker=_ShortestFirst()))
    lengths = [len(hit.passage.text) for hit in hits]
    assert lengths == sorted(lengths)
    assert [hit.score for hit in hits] == [-length for length in lengths]
    assert [hit.passage for hit in hits] != [hit.passage for hit in retrieved(built)]


def test_without_time_for_it_the_order_before_stands(built: Collection) -> None:
    late = Ranking(reranker=_ShortestFirst(), rerank_ms=0)
    assert retrieved(built, late) == retrieved(built)


def test_a_weight_takes_the_place_of_the_snapshot_s_and_leaves_that_of_sections() -> None:
    tuned = Weights(dense=0.7, section=0.3)
    assert Ranking(dense_weight=0.0).weights(tuned) == Weights(dense=0.0, section=0.3)
    assert Ranking().weights(tuned) == tuned


def test_weights_of_0_and_1_rank_by_one_side_alone(built: Collection) -> None:
    # Min-max leaves the sections out, and keeps each side's order.
    by_meaning = retrieved(built, Ranking("min-max", dense_weight=1))
    by_word = retrieved(built, Ranking("min-max", dense_weight=0))
    dense = [hit.dense or 0 for hit in by_meaning]
    lexical = [hit.lexical or 0 for hit in by_word]
    assert dense == sorted(dense, reverse=True)
    assert lexical == sorted(lexical, reverse=True)
    assert by_meaning[0].score == by_word[0].score == 1


def test_ask_reranks_by_flag_and_by_variable(
    built: Collection, cross: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("--index", built.index, "--json", "--near-misses", "-k", "3", TIDES)
    time = ("--rerank-ms", "60000")
    by_flag = json.loads(run("ask", "--reranker", cross, *time, *asked))
    cited = by_flag["citations"] or by_flag["near_misses"]
    model = exported_cross_encoder(str(cross), built.encoders)
    expected = model.score(TIDES, [citation["quote"] for citation in cited])
    assert [citation["score"] for citation in cited] == pytest.approx(expected, abs=1e-5)
    assert (built.encoders / model.name / "model.onnx").exists()
    monkeypatch.setenv("GROUNDEDQA_RERANKER", str(cross))
    monkeypatch.setenv("GROUNDEDQA_RERANK_MS", "60000")
    by_variable = json.loads(run("ask", *asked))
    assert {**by_variable, "took_ms": 0} == {**by_flag, "took_ms": 0}


def test_an_exported_reranker_is_loaded_without_torch(cross: Path) -> None:
    home = exported_cross(cross)
    command = [sys.executable, "-c", _EXPORTED_BEFORE, str(cross), str(home)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_a_time_below_0_is_refused_with_flag_and_variable() -> None:
    with pytest.raises(ConfigurationError, match="--rerank-ms or GROUNDEDQA_RERANK_MS: "):
        load_settings(rerank_ms=-1)


def test_serve_names_a_reranker_that_is_nowhere_and_ends(built: Collection) -> None:
    flags = ["--index", str(built.index), "--port", "0", "--reranker", "no/such-model"]
    done = CliRunner().invoke(app, ["serve", *flags])
    assert done.exit_code == 2
    assert "hf download no/such-model" in done.stderr


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "queries.jsonl").write_text(
        json.dumps({"_id": "q1", "text": TIDES}) + "\n", encoding="utf-8"
    )
    (folder / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\ttides\t1\n", encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize(
    ("flags", "ranking"),
    [
        (("--fusion", "reciprocal-rank"), Ranking("reciprocal-rank")),
        (("--fusion", "min-max", "--dense-weight", "0"), Ranking("min-max", dense_weight=0)),
        (("--dense-weight", "1"), Ranking(dense_weight=1)),
    ],
)
def test_evaluate_ranks_as_its_flags_say(
    built: Collection, data: Path, flags: tuple[str, ...], ranking: Ranking
) -> None:
    run("evaluate", "--data", data, "--index", built.index, "--run", data / "run", *flags)
    lines = (data / "run").read_text(encoding="utf-8").splitlines()
    best = retrieved(built, ranking)[0]
    first = lines[0].split()
    assert first[2] == best.passage.doc_id
    assert float(first[4]) == pytest.approx(best.score, abs=1e-4)


@pytest.mark.parametrize(
    "flags", [("--fusion", "min-max"), ("--dense-weight", "1"), ("--reranker", "x")]
)
def test_a_running_service_can_t_be_told_how_to_rank(data: Path, flags: tuple[str, str]) -> None:
    words = ["evaluate", "--data", str(data), "--url", "http://127.0.0.1:9", *flags]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2
    assert done.stderr == (
        f"groundedqa: {flags[0]} can't change how a service ranks; name --index\n"
    )
