"""Which sections each passage stands in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from groundedqa.index.protocol import Rows

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]


class Membership:
    """For each passage the rows of the sections around it, as one array.

    ``table`` holds, for P passages, P + 1 bounds and then the sections of all passages in order:
    those of passage p stand at ``table[P + 1:][table[p]:table[p + 1]]``.
    """

    def __init__(self, table: Numbers, passages: int) -> None:
        self._bounds = table[: passages + 1]
        self._sections = table[passages + 1 :]

    @classmethod
    def table(cls, around: Sequence[Sequence[int]]) -> Numbers:
        """The array for passages that stand in these sections."""
        bounds = np.cumsum([0, *(len(each) for each in around)])
        sections = [section for each in around for section in each]
        return np.concatenate([bounds, np.asarray(sections, dtype=np.int64)]).astype(np.int64)

    def of(self, rows: Rows) -> tuple[Rows, Callable[[Array, Array], Array]]:
        """The sections around these passages, ascending, and how their scores come to passages.

        The function takes the sections' scores and the passages' own, and gives for each passage
        the mean of its sections' scores; its own where it stands in none.
        """
        firsts, lasts = self._bounds[rows], self._bounds[rows + 1]
        counts = lasts - firsts
        places = np.repeat(np.arange(len(rows)), counts)
        # The places of each row's sections: its first, and so many after it.
        steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        held = self._sections[np.repeat(firsts, counts) + steps]
        sections, inverse = np.unique(held, return_inverse=True)

        def per_row(scores: Array, own: Array) -> Array:
            sums = np.bincount(places, weights=scores[inverse], minlength=len(rows))
            return np.where(counts > 0, sums / np.maximum(counts, 1), own)

        return sections, per_row
