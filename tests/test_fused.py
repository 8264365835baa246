"""The fused retriever over exact indexes: candidates, true scores, filters, sections' support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.index import ExactBm25, ExactIndex, Membership, Rows, VectorBackground
from groundedqa.index.protocol import Vectors
from groundedqa.retrieve import FusedRetriever, Level, Levels, Method, Weights, fuse
from groundedqa.types import Filters, Hit, Passage

_WORDS = ["leaf", "root", "stone", "light", "sea", "salt"]
_EXAMPLES = settings(derandomize=True, deadline=None, max_examples=60)
DIM = 8


def unit(rows: Vectors) -> Vectors:
    lengths: Vectors = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / lengths).astype(np.float32)


class Encoding:
    """A question has the vector that its letters sum up to: any will do, as long as it stays."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        seeds = [sum(map(ord, text)) for text in texts]
        return unit(
            np.stack([np.random.default_rng(seed).normal(size=DIM) for seed in seeds]).astype(
                np.float32
            )
        )


@dataclass
class Store:
    """Passages by row; filters leave the rows whose numbers are their tags."""

    texts: Sequence[str]
    asked: list[Filters] = field(default_factory=list)

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        return [Passage(str(row), "d", row, row + 1, self.texts[row]) for row in rows]

    def rows(self, filters: Filters) -> Rows:
        self.asked.append(filters)
        return np.asarray(sorted(map(int, filters.tags)), dtype=np.int64)


class Corpus:
    """Passages, and the sections around each: all that a retriever is made of."""

    def __init__(self, texts: Sequence[str], around: Sequence[Sequence[int]] = ()) -> None:
        self.texts = texts
        self.around = around or [()] * len(texts)
        self.sections = sorted({section for each in self.around for section in each})
        self.vectors = unit(
            np.random.default_rng(len(texts)).normal(size=(len(texts), DIM)).astype(np.float32)
        )
        self.levels = Levels(
            _level(self.vectors, texts),
            _level(*self._of_sections()),
            Membership(Membership.table(self.around), len(texts)),
        )
        self.encoder, self.store = Encoding(), Store(texts)

    def members(self, section: int) -> list[int]:
        return [row for row, each in enumerate(self.around) if section in each]

    def _of_sections(self) -> tuple[Vectors, list[str]]:
        vectors = np.zeros((len(self.sections), DIM), dtype=np.float32)
        for section in self.sections:
            vectors[section] = unit(self.vectors[self.members(section)].mean(axis=0)[None, :])[0]
        return vectors, [
            " ".join(self.texts[row] for row in self.members(section)) for section in self.sections
        ]

    def retriever(self, weights: Weights, method: Method = "standard") -> FusedRetriever:
        return FusedRetriever(
            self.encoder,  # type: ignore[arg-type] # a part of an Encoder
            self.levels,
            self.store,  # type: ignore[arg-type] # a part of a DocumentStore
            weights,
            method,
        )


def _level(vectors: Vectors, texts: Sequence[str]) -> Level:
    words = ExactBm25([(text, "en") for text in texts])
    return Level(ExactIndex(vectors), words, VectorBackground.of(vectors))


def rows(hits: Sequence[Hit]) -> list[int]:
    return [int(hit.passage.passage_id) for hit in hits]


_TEXTS = st.lists(
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=5).map(" ".join), min_size=1, max_size=25
)
_QUESTIONS = st.lists(st.sampled_from([*_WORDS, "zebra"]), min_size=1, max_size=3).map(" ".join)


def brute_force(corpus: Corpus, question: str, weights: Weights) -> list[tuple[int, float]]:
    """Every passage scored on both levels, its sections' mean added; best first, ties by row."""
    vector = corpus.encoder.encode_queries([question])[0]
    every = np.arange(len(corpus.texts))
    own = fuse(corpus.levels.passages.score(vector, question, every), weights.dense)
    numbers = np.asarray(corpus.sections, dtype=np.int64)
    support = fuse(corpus.levels.sections.score(vector, question, numbers), weights.dense)
    scores = [
        own[row] + weights.section * (np.mean(support[list(each)]) if each else own[row])
        for row, each in enumerate(corpus.around)
    ]
    if not corpus.sections:
        scores = own.tolist()
    return sorted(enumerate(scores), key=lambda item: (-item[1], item[0]))


@_EXAMPLES
@given(_TEXTS, _QUESTIONS, st.sampled_from([0.0, 0.4, 1.0]), st.data())
def test_passages_come_as_if_every_one_had_been_scored(
    texts: list[str], question: str, dense: float, data: st.DataObject
) -> None:
    # The first section holds the first two passages, the second the first of them and more.
    chosen = data.draw(st.booleans()) and len(texts) > 3
    around = [(0, 1), (0,), (1,), *[()] * (len(texts) - 3)] if chosen else []
    corpus, weights = Corpus(texts, around), Weights(dense, 0.6)
    expected = brute_force(corpus, question, weights)
    hits = corpus.retriever(weights).retrieve(question, 50, Filters())
    assert [hit.score for hit in hits] == pytest.approx([score for _, score in expected], abs=1e-9)
    assert sorted(rows(hits)) == sorted(row for row, _ in expected)
    vector = corpus.encoder.encode_queries([question])
    for hit, row in zip(hits, rows(hits), strict=True):
        at = np.array([row])
        assert hit.dense == corpus.levels.passages.vectors.scores(vector, at)[0, 0]
        assert hit.lexical == corpus.levels.passages.words.scores(question, at)[0]
        assert hit.passage.text == texts[row]


@_EXAMPLES
@given(_TEXTS, _QUESTIONS, st.integers(0, 30), st.data())
def test_only_what_the_filters_leave_comes_and_all_of_it(
    texts: list[str], question: str, k: int, data: st.DataObject
) -> None:
    left = data.draw(st.sets(st.integers(0, len(texts) - 1), min_size=1))
    filters = Filters(tags=tuple(map(str, sorted(left))))
    corpus = Corpus(texts)
    found = rows(corpus.retriever(Weights()).retrieve(question, k, filters))
    assert len(found) == min(k, len(left))
    assert set(found) <= left
    assert corpus.store.asked == [filters]


def test_weight_1_orders_as_the_dense_side_and_0_as_the_lexical() -> None:
    corpus = Corpus([" ".join(_WORDS[: 1 + n % 6]) for n in range(12)])
    question = "salt sea"
    vector = corpus.encoder.encode_queries([question])
    [(by_meaning, _)] = corpus.levels.passages.vectors.search(vector, 12)
    by_word, _ = corpus.levels.passages.words.search(question, 12)
    dense = corpus.retriever(Weights(1.0, 0.0)).retrieve(question, 12, Filters())
    lexical = corpus.retriever(Weights(0.0, 0.0)).retrieve(question, 12, Filters())
    assert rows(dense) == by_meaning.tolist()
    assert rows(lexical)[: len(by_word)] == by_word.tolist()
    assert {hit.lexical for hit in lexical[len(by_word) :]} == {0.0}


def test_one_side_s_candidate_beyond_the_hundredth_has_its_true_score_from_the_other() -> None:
    corpus = Corpus([*["leaf"] * 150, "salt"])
    hits = corpus.retriever(Weights(0.0, 0.0)).retrieve("salt", 3, Filters())
    vector = corpus.encoder.encode_queries(["salt"])
    assert rows(hits)[0] == 150
    assert hits[0].dense == corpus.levels.passages.vectors.scores(vector, np.array([150]))[0, 0]
    assert [hit.lexical for hit in hits[1:]] == [0.0, 0.0]


def test_a_passage_alone_in_its_section_supports_itself() -> None:
    texts = ["leaf light", "leaf", "stone leaf"]
    alone = Corpus(texts, [(0,), (0,), ()])
    weights = Weights(0.5, 0.6)
    own = Corpus(texts).retriever(weights).retrieve("leaf", 3, Filters())
    found = alone.retriever(weights).retrieve("leaf", 3, Filters())
    by_row = dict(zip(rows(own), own, strict=True))
    [third] = [hit for hit in found if hit.passage.passage_id == "2"]
    assert third.score == pytest.approx(1.6 * by_row[2].score)


def test_of_two_like_passages_the_one_in_the_section_on_the_matter_comes_first() -> None:
    texts = ["salt", "stone stone", "salt", "sea sea salt", "light", "root"]
    corpus = Corpus(texts, [(0,), (0,), (1,), (1,), (), ()])
    plain = rows(corpus.retriever(Weights(0.0, 0.0)).retrieve("sea salt", 6, Filters()))
    found = rows(corpus.retriever(Weights(0.0, 0.6)).retrieve("sea salt", 6, Filters()))
    assert plain.index(0) < plain.index(2)
    assert found.index(2) < found.index(0)


def test_a_question_is_encoded_once_for_hits_evidence_and_vector() -> None:
    corpus = Corpus(["leaf light", "salt"])
    retriever = corpus.retriever(Weights())
    hits = retriever.retrieve("leaf", 2, Filters())
    evidence = retriever.evidence("leaf", Filters())
    vector = retriever.vector("leaf")
    assert corpus.encoder.asked == ["leaf"]
    assert not vector.flags.writeable
    assert evidence.cosines.max() == pytest.approx(max(hit.dense or -1 for hit in hits))


def test_evidence_is_of_the_passages_own_scores_without_their_sections() -> None:
    texts = ["salt", "stone stone", "salt", "sea sea salt", "light", "root"]
    with_sections = Corpus(texts, [(0,), (0,), (1,), (1,), (), ()])
    found = with_sections.retriever(Weights(0.4, 0.6)).evidence("sea salt", Filters())
    plain = Corpus(texts).retriever(Weights(0.4, 0.0)).evidence("sea salt", Filters())
    assert found.fused.tolist() == plain.fused.tolist()


@pytest.mark.parametrize("method", ["reciprocal-rank", "min-max"])
def test_the_methods_to_compare_with_take_no_support(method: Method) -> None:
    texts = ["salt", "stone", "salt", "sea salt"]
    corpus = Corpus(texts, [(0,), (0,), (1,), (1,)])
    supported = corpus.retriever(Weights(0.5, 0.6), method).retrieve("sea", 4, Filters())
    plain = corpus.retriever(Weights(0.5, 0.0), method).retrieve("sea", 4, Filters())
    assert supported == plain


def test_a_filter_that_leaves_nothing_has_no_hits() -> None:
    filters = Filters(tags=("7",))
    corpus = Corpus(["leaf"] * 8)
    retriever = corpus.retriever(Weights())
    assert rows(retriever.retrieve("leaf", 5, filters)) == [7]
    nothing = Filters(kind=("none",))
    assert retriever.retrieve("root", 5, nothing) == []
    assert len(retriever.evidence("root", nothing).fused) == 0
