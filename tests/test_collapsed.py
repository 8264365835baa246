"""Copies and overlapping spans show once, with the other places."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.retrieve.collapsed import CollapsedRetriever, overlap
from groundedqa.types import Filters, Hit, Passage

_DOCUMENTS_OF_A = Filters(tags=("a",))


def _passage(row: int, doc_id: str, start: int = 0, end: int = 10) -> Passage:
    return Passage(str(row), doc_id, start, end, "x" * (end - start))


class _Corpus:
    """A retriever that ranks by row, and the copy groups of its passages."""

    def __init__(self, passages: Sequence[Passage], groups: Sequence[int]) -> None:
        self._passages = passages
        self._groups = groups
        self.asked: list[int] = []

    def retrieve(self, question: str, k: int, filters: Filters) -> list[Hit]:
        assert question == "why?"
        self.asked.append(k)
        left = [passage for passage in self._passages if _passes(passage, filters)]
        return [Hit(passage, score=-float(passage.passage_id)) for passage in left[:k]]

    def groups(self, passage_ids: Sequence[str]) -> list[int]:
        return [self._groups[int(passage_id)] for passage_id in passage_ids]

    def members(
        self, groups: Sequence[int], filters: Filters, most: int
    ) -> dict[int, list[Passage]]:
        pairs = list(zip(self._passages, self._groups, strict=True))
        return {
            group: [p for p, g in pairs if g == group and _passes(p, filters)][:most]
            for group in groups
        }


def _passes(passage: Passage, filters: Filters) -> bool:
    return not filters or passage.doc_id.startswith(filters.tags)


def _collapsed(corpus: _Corpus, k: int, filters: Filters = Filters()) -> dict[str, list[str]]:  # noqa: B008 - frozen
    hits = CollapsedRetriever(corpus, corpus).retrieve("why?", k, filters)
    return {hit.passage.passage_id: [p.passage_id for p in hit.also_at] for hit in hits}


def test_copies_stand_beside_the_best_of_them_also_those_that_were_not_retrieved() -> None:
    passages = [_passage(row, f"a{row}") for row in range(40)]
    corpus = _Corpus(passages, [0, 1, 0, *range(3, 39), 1])
    assert _collapsed(corpus, 2) == {"0": ["2"], "1": ["39"]}
    assert corpus.asked == [5]


def test_a_copy_that_the_filters_exclude_is_no_place() -> None:
    passages = [_passage(0, "a0"), _passage(1, "b1"), _passage(2, "a2")]
    assert _collapsed(_Corpus(passages, [0, 0, 0]), 5, _DOCUMENTS_OF_A) == {"0": ["2"]}


def test_of_overlapping_spans_the_better_stays_and_neighbours_both_stay() -> None:
    passages = [
        _passage(0, "a", 0, 10),
        _passage(1, "a", 9, 20),
        _passage(2, "a", 20, 30),
        _passage(3, "b", 0, 10),
    ]
    assert _collapsed(_Corpus(passages, [0, 1, 2, 3]), 5) == {"0": [], "2": [], "3": []}


def test_more_is_asked_for_until_there_are_k_or_no_more() -> None:
    passages = [_passage(row, f"a{row}") for row in range(60)]
    corpus = _Corpus(passages, [*([0] * 50), *range(50, 60)])
    places = [str(row) for row in range(1, 11)]
    assert _collapsed(corpus, 3) == {"0": places, "50": [], "51": []}
    assert corpus.asked == [6, 12, 24, 48, 96]
    assert len(_collapsed(corpus, 30)) == 11


def test_no_hits_are_asked_for_and_none_come() -> None:
    corpus = _Corpus([], [])
    assert _collapsed(corpus, 0) == {}
    assert _collapsed(corpus, 3) == {}


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abc"), st.integers(0, 50))),
    st.integers(1, 20),
)
def test_what_stays_is_the_wrapped_ones_order_without_copies_and_overlaps(
    drawn: list[tuple[int, str, int]], k: int
) -> None:
    passages = [_passage(row, doc, 5 * at, 5 * at + 10) for row, (_, doc, at) in enumerate(drawn)]
    corpus = _Corpus(passages, [group for group, _, _ in drawn])
    expected: list[int] = []
    for row, (group, _, _) in enumerate(drawn):
        if all(
            group != drawn[other][0] and not overlap(passages[row], passages[other])
            for other in expected
        ):
            expected.append(row)
    assert [int(row) for row in _collapsed(corpus, k)] == expected[:k]
