"""What everything above asks of an index: three protocols, later two more implementations each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from groundedqa.types import Document, FacetValue, Filters, Passage

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]
Vectors = NDArray[np.float32]


class QueryWord(NamedTuple):
    """A word of a query: its most frequent term, how many rows have that, and how rare that is."""

    term: str
    rows: int  # 0: no row has the word
    idf: float


class VectorIndex(Protocol):
    """Unit vectors by row, searched by inner product.

    Equal scores stand in the order of their rows, also where the cut at k goes through them.
    """

    def __len__(self) -> int:
        """How many vectors there are; rows count from 0."""
        ...

    def search(
        self, vectors: Vectors, k: int, allowed: Rows | None = None
    ) -> list[tuple[Rows, Scores]]:
        """For each query vector its best rows with their inner products, best first.

        Only rows in ``allowed`` come back; fewer than k where there are no more.
        """
        ...

    def scores(self, vectors: Vectors, rows: Rows) -> Scores:
        """The inner products of each query vector with these rows: (queries, rows)."""
        ...


class LexicalIndex(Protocol):
    """Texts by row, searched by their words. A row's text is that of the same row's vector.

    Scores are BM25's, 0 for a row without a term of the query. Equal ones stand in the order of
    their rows, also where the cut at k goes through them.
    """

    def __len__(self) -> int:
        """How many texts there are; rows count from 0."""
        ...

    def search(self, query: str, k: int, allowed: Rows | None = None) -> tuple[Rows, Scores]:
        """The best rows that have a term of the query, with their scores, best first.

        Only rows in ``allowed`` come back; fewer than k where there are no more.
        """
        ...

    def scores(self, query: str, rows: Rows) -> Scores:
        """The scores of these rows."""
        ...

    def background(self, query: str) -> tuple[float, float]:
        """Mean and standard deviation of the query's scores over all rows."""
        ...

    def attainable(self, query: str) -> float:
        """About what a text of average length scores that holds each word of the query once."""
        ...

    def scores_of(self, query: str, texts: Sequence[str], tag: str | None) -> Scores:
        """What the query would score in texts in this language, if they stood in the index."""
        ...

    def terms(self, query: str) -> Sequence[QueryWord]:
        """The query's words, each once, with how many rows have them."""
        ...

    def coverage(self, query: str, rows: Rows) -> Scores:
        """The share of the query's words that each row has, weighted by their rarity: 0 to 1."""
        ...

    def coverage_of(self, query: str, texts: Sequence[str], tag: str | None) -> Scores:
        """The same of texts in this language that are not in the index."""
        ...


class DocumentStore(Protocol):
    """The documents and passages of a snapshot. A passage's row is its vector's row."""

    def document(self, doc_id: str) -> Document:
        """The document of this id.

        Raises:
            DocumentNotFoundError: there is none.
        """
        ...

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of these rows, in the order asked for."""
        ...

    def rows(self, filters: Filters) -> Rows:
        """The rows of all passages that the filters leave, ascending."""
        ...

    def facets(
        self, filters: Filters, fields: Sequence[str]
    ) -> Mapping[str, tuple[FacetValue, ...]]:
        """For each field its values with the number of documents that the filters leave."""
        ...

    def groups(self, passage_ids: Sequence[str]) -> list[int]:
        """The copy group of each of these passages: those of one group say the same."""
        ...

    def members(
        self, groups: Sequence[int], filters: Filters, most: int
    ) -> dict[int, list[Passage]]:
        """The passages of each group that the filters leave, by row, and at most so many."""
        ...

    def rows_of(self, passage_ids: Sequence[str]) -> dict[str, int]:
        """The rows of those of these passages that are here."""
        ...

    def questions(self, rows: Sequence[int]) -> list[tuple[str, str, str | None]]:
        """Question, doc_id and URL of these question pages, in the order asked for."""
        ...

    def fragment(self, passage_id: str) -> str | None:
        """The text directive that names the passage's words in a link; None where none can."""
        ...
