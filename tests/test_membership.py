"""Which sections each passage stands in, and what their scores are to it: equal to brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.index import Membership

_AROUND = st.lists(st.lists(st.integers(0, 9), max_size=4, unique=True).map(sorted), max_size=15)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(_AROUND, st.data())
def test_a_passage_has_the_mean_of_its_sections_scores_and_its_own_where_it_has_none(
    around: list[list[int]], data: st.DataObject
) -> None:
    places = st.integers(0, len(around) - 1)
    chosen = data.draw(st.lists(places, max_size=20)) if around else []
    chance = np.random.default_rng(data.draw(st.integers(0, 9)))
    by_section, own = chance.normal(size=10), chance.normal(size=len(chosen))

    membership = Membership(Membership.table(around), len(around))
    sections, per_row = membership.of(np.asarray(chosen, dtype=np.int64))

    assert sections.tolist() == sorted({s for row in chosen for s in around[row]})
    expected = [
        sum(by_section[s] for s in around[row]) / len(around[row]) if around[row] else own[place]
        for place, row in enumerate(chosen)
    ]
    assert per_row(by_section[sections], own).tolist() == pytest.approx(expected)


def test_a_table_is_bounds_and_then_the_sections_in_order() -> None:
    table = Membership.table([[0], [], [0, 1]])
    assert table.dtype == np.int64
    assert table.tolist() == [0, 1, 1, 3, 0, 0, 1]
    assert Membership.table([]).tolist() == [0]
