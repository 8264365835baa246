"""A snapshot to its tuning: what was asked, what counts as its answer, the same every time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from groundedqa.encode import Vectors, load_exported
from groundedqa.evaluate import EvaluationData
from groundedqa.ground import load_calibrator
from groundedqa.index import ExactBm25, ExactIndex, VectorBackground
from groundedqa.retrieve import Level, Weights
from groundedqa.snapshot import Collection, open_current
from groundedqa.snapshot import manifest as files
from groundedqa.tune import Subject, Trial, tune_on_labelled, tune_on_own_pages, untuned
from groundedqa.tune.scoring import Scorer
from tests.conftest import BuildTiny


@pytest.fixture
def subject(collection: Collection, corpus: Path, build_tiny: BuildTiny) -> Iterator[Subject]:
    """A built corpus with fifty question pages more, each on a matter of its own."""
    lines = (
        json.dumps(
            {
                "_id": f"q{n:02}",
                "title": f"What does the word {word} mean here?",
                "text": f"The {word} is a {word} of old. It stands for number {n} in this list.",
                "kind": "qa",
            }
        )
        for n, word in enumerate(a + b for a in "bdfgk" for b in "alemonurix")
    )
    (corpus / "words.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    build_tiny()
    with closing(open_current(collection)) as snapshot:
        encoder = load_exported(collection.encoders, str(snapshot.manifest.encoder["name"]))
        yield Subject(snapshot.parts, snapshot.folder / files.DOCUMENTS, encoder)


def test_the_corpus_s_own_pages_are_asked_and_so_again_with_the_same_outcome(
    subject: Subject,
) -> None:
    tuning = tune_on_own_pages(subject)
    assert json.loads(json.dumps(tuning)) == json.loads(json.dumps(tune_on_own_pages(subject)))
    evidence = tuning["evidence"]
    assert evidence["by"] == "the corpus's own pages"
    assert evidence["weights"]["questions"] >= 51
    counts = evidence["calibrator"]
    # 51 pages asked with their answer and without, 17 salads, 12 other subjects of 16 questions.
    assert counts["right"] + counts["wrong"] >= 51 + 51 + 17 + 192
    assert 0 <= tuning["weights"]["dense"] <= 1
    assert tuning["weights"]["section"] == Weights().section
    assert load_calibrator(tuning["calibrator"], subject.encoder.name).encoder


def test_labelled_questions_are_tried_with_and_without_their_documents(subject: Subject) -> None:
    queries = {f"l{n}": f"what is number {n}" for n in range(50)}
    data = EvaluationData(queries, {f"l{n}": {f"q{n:02}": 1} for n in range(50)})
    evidence = tune_on_labelled(subject, data)["evidence"]
    assert evidence["by"] == "labelled questions"
    assert evidence["weights"]["questions"] == 50
    counts = evidence["calibrator"]
    assert counts["right"] + counts["wrong"] == 50 + 50 + 192


def test_the_order_of_labelled_questions_changes_nothing(subject: Subject) -> None:
    queries = {f"l{n}": f"what is number {n}" for n in range(50)}
    qrels = {f"l{n}": {f"q{n:02}": 1} for n in range(50)}
    turned = EvaluationData(dict(reversed(queries.items())), dict(reversed(qrels.items())))
    found = tune_on_labelled(subject, turned)
    assert found == tune_on_labelled(subject, EvaluationData(queries, qrels))


def test_where_unanswerable_questions_were_labelled_none_are_made(subject: Subject) -> None:
    data = EvaluationData(
        {"a": "what is number 1", "b": "gone", "c": "no gain"},
        {"a": {"q01": 1}, "b": {"nowhere": 1}, "c": {"q02": 0}},
        unanswerable={"u1": "tax law", "u2": "the weather on Mars"},
    )
    evidence = tune_on_labelled(subject, data)["evidence"]
    assert evidence["weights"]["questions"] == 1
    counts = evidence["calibrator"]
    assert counts["right"] + counts["wrong"] == 3


def test_a_corpus_that_is_not_tuned_has_the_defaults() -> None:
    tuning = untuned("e@1+1")
    assert tuning["weights"] == {"dense": Weights().dense, "section": Weights().section}
    assert tuning["evidence"] == {"by": "defaults"}
    calibrator = load_calibrator(tuning["calibrator"], "e@1+1")
    assert calibrator.calibrated is False


def unit(rows: Vectors) -> Vectors:
    lengths: Vectors = np.linalg.norm(rows, axis=-1, keepdims=True)
    return (rows / lengths).astype(np.float32)


class Encoding:
    """Texts to the vectors of their letters' sums."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        seeds = [sum(map(ord, text)) for text in texts]
        rows = [np.random.default_rng(seed).normal(size=8) for seed in seeds]
        return unit(np.asarray(rows, dtype=np.float32).reshape(len(texts), 8))

    encode_passages = encode_queries


TEXTS = ["green leaf", "leaf", "root leaf", "stone", "light on a leaf"]


@pytest.fixture
def scorer() -> Scorer:
    vectors = Encoding().encode_passages(TEXTS)
    words = ExactBm25([(text, "en") for text in TEXTS])
    level = Level(ExactIndex(vectors), words, VectorBackground.of(vectors))
    return Scorer(level, Encoding())  # type: ignore[arg-type] # a part of an Encoder


def test_a_trial_is_scored_by_its_texts_and_its_rows_are_out_of_the_index(scorer: Scorer) -> None:
    trial = Trial("green leaf", (0,), ("a leaf",), (4,), "en", of_page=False)
    [asked] = scorer.trials([trial])
    vector = Encoding().encode_queries(["green leaf"])[0]
    words = ExactBm25([(text, "en") for text in TEXTS])
    own = Encoding().encode_passages(["a leaf"])[0]
    assert (asked.right, asked.scored.rows.tolist()) == (1, [0, 1, 2, 3])
    assert asked.scored.dense[0] == pytest.approx(float(own @ vector))
    assert asked.scored.lexical[0] == words.scores_of("green leaf", ["a leaf"], "en")[0]
    assert asked.scored.lexical[1:].tolist() == words.scores("green leaf", np.arange(1, 4)).tolist()
    assert asked.coverage[0] == words.coverage_of("green leaf", ["a leaf"], "en")[0]
    assert asked.without_answer().scored.rows.tolist() == [1, 2, 3]


def test_many_trials_are_each_scored_as_one_alone(scorer: Scorer) -> None:
    trials = [
        Trial(
            question=f"leaf {n}",
            rows=(n % 5, (n + 1) % 5)[: 1 + n % 2],
            texts=(f"text {n}", "b")[: 1 + n % 2],
            beside=(),
            language=None,
            of_page=True,
        )
        for n in range(70)
    ]
    for trial, together in zip(trials, scorer.trials(trials), strict=True):
        [alone] = scorer.trials([trial])
        assert together.scored.rows.tolist() == alone.scored.rows.tolist()
        assert together.scored.dense.tolist() == alone.scored.dense.tolist()
        assert together.right == len(trial.texts)


def test_a_labelled_question_has_its_rows_first_with_their_scores_in_the_index(
    scorer: Scorer,
) -> None:
    asked = scorer.labelled("green leaf", np.array([2, 4]))
    assert (asked.right, asked.scored.rows.tolist()) == (2, [2, 4, 0, 1, 3])
    words = ExactBm25([(text, "en") for text in TEXTS])
    rows = np.array([2, 4, 0, 1, 3])
    assert asked.scored.lexical.tolist() == words.scores("green leaf", rows).tolist()
    assert asked.coverage.tolist() == words.coverage("green leaf", rows).tolist()


def test_a_question_that_nothing_answers_has_all_candidates_and_no_rank(scorer: Scorer) -> None:
    [asked] = scorer.questions(["stone"])
    assert (asked.right, asked.scored.rows.tolist()) == (0, [0, 1, 2, 3, 4])
    assert asked.rank(0.5) is None
    assert scorer.questions([]) == scorer.trials([]) == []
