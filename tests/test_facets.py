"""The contract of a DocumentStore's facets: plain counts of what filters leave."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.errors import QuestionError
from groundedqa.types import Document, FacetValue, Filters
from tests.test_store import (
    _BASE,
    _EXAMPLES,
    _FILTERS,
    STORES,
    Opened,
    _documents,
    _passages,
    _passes,
)

_FIELDS = ["tags", "kind", "author", "language", "licence", "published"]


def _values(document: Document, field: str) -> set[str]:
    """What a document counts for in a facet, in plain words."""
    if field == "author":
        return {section.author for section in document.sections if section.author}
    if field == "published":
        return {str(document.published.year)} if document.published else set()
    value = getattr(document, field)
    return set(value) if field == "tags" else {value} - {None}


@pytest.mark.unmeasured
@STORES
@settings(_EXAMPLES, max_examples=250)
@given(
    _documents(),
    _FILTERS,
    st.sets(st.sampled_from(list(Filters.__slots__)), max_size=3),
    st.lists(st.sampled_from(_FIELDS), unique=True),
)
def test_facets_count_the_documents_that_pass_the_filters(
    opened: Opened, documents: list[Document], filters: Filters, kept: set[str], fields: list[str]
) -> None:
    chosen = Filters(**{name: getattr(filters, name) for name in kept})
    expected = {}
    for field in fields:
        counts = Counter(
            value
            for document in documents
            if _passes(document, chosen)
            for value in _values(document, field)
        )
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        expected[field] = tuple(FacetValue(value, count) for value, count in ranked)
    with opened(documents, _passages(documents)) as store:
        assert store.facets(chosen, fields) == expected


@STORES
@pytest.mark.parametrize("filters", [Filters(), Filters(kind=("qa",))], ids=["all", "filtered"])
def test_a_facet_shows_its_hundred_most_frequent_values(opened: Opened, filters: Filters) -> None:
    tags = [f"t{number:03}" for number in range(120)]
    documents = [
        replace(_BASE, doc_id="all", tags=tuple(tags)),
        replace(_BASE, doc_id="last", tags=("t119",)),
    ]
    with opened(documents, _passages(documents)) as store:
        found = store.facets(filters, ["tags"])["tags"]
    assert found[0] == FacetValue("t119", 2)
    assert [value.value for value in found[1:]] == tags[:99]


@STORES
def test_an_unknown_facet_is_refused_with_the_names_of_the_known(opened: Opened) -> None:
    with opened([], []) as store, pytest.raises(QuestionError, match=r"'colour'; .*tags, kind"):
        store.facets(Filters(), ["colour"])


@STORES
def test_frequent_conditions_add_up_as_rare_ones_do(opened: Opened) -> None:
    documents = [
        replace(_BASE, doc_id=f"{number:04}", tags=("even" if number % 2 == 0 else "odd",))
        for number in range(4400)
    ]
    filters = Filters(tags=("even",), kind=("qa",), published_to=date(2020, 1, 2))
    with opened(documents, _passages(documents)) as store:
        rows = store.rows(filters)
        assert rows.tolist() == [row for row in range(8800) if row % 4 < 2]
        assert store.facets(filters, ["tags"]) == {"tags": (FacetValue("even", 2200),)}
