"""How far a figure can be trusted: bootstrap intervals, and a test of paired differences.

Seeded, so that the same queries give the same figures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]

_SEED = 20_240_613
_RESAMPLES = 1_000
_FLIPS = 10_000
_AT_ONCE = 4_000_000  # numbers held while resampling
_EDGES = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval, both ends None where too little data has one."""

    value: float
    low: float | None
    high: float | None


def of_mean(values: Numbers) -> Estimate:
    """The mean and its percentile bootstrap interval (Efron and Tibshirani 1993) over queries."""
    if len(values) < 2:
        return Estimate(round(float(values.mean()), 4), None, None)
    random = np.random.default_rng(_SEED)
    block = max(1, _AT_ONCE // len(values))
    means: list[Numbers] = []
    for first in range(0, _RESAMPLES, block):
        shape = (min(block, _RESAMPLES - first), len(values))
        means.append(values[random.integers(len(values), size=shape)].mean(axis=1))
    return _estimate(float(values.mean()), np.concatenate(means))


def of_two_samples(
    statistics: Callable[[Rows, Rows], dict[str, float]], first: int, second: int
) -> dict[str, Estimate]:
    """Estimates of several statistics over rows of two samples, which are resampled each alone.

    Args:
        statistics: from rows of the first and of the second sample to figures by name.
        first: how many rows the first sample has.
        second: how many the second has.
    """
    values = statistics(np.arange(first), np.arange(second))
    if min(first, second) < 2:
        return {name: Estimate(round(value, 4), None, None) for name, value in values.items()}
    random = np.random.default_rng(_SEED)
    found: dict[str, list[float]] = {name: [] for name in values}
    for _ in range(_RESAMPLES):
        rows = random.integers(first, size=first), random.integers(second, size=second)
        for name, value in statistics(*rows).items():
            found[name].append(value)
    return {name: _estimate(values[name], np.array(found[name])) for name in values}


def randomisation_p(before: Numbers, now: Numbers) -> float:
    """The two-sided p-value that paired values differ in the mean by chance.

    Fisher's randomisation test: the signs of the differences are flipped at random 10,000 times
    (Smucker, Allan and Carterette 2007). The observed order counts as one of them.
    """
    differences = now - before
    differences = differences[differences != 0]  # the others have no sign to flip
    if not len(differences):
        return 1.0
    random = np.random.default_rng(_SEED)
    seen = abs(differences.sum()) * (1 - 1e-12)  # sums in another order differ in the last digit
    block = max(1, _AT_ONCE // len(differences))
    reached = 0
    for first in range(0, _FLIPS, block):
        shape = (min(block, _FLIPS - first), len(differences))
        signs = random.integers(2, size=shape, dtype=np.int8) * 2 - 1
        reached += int((np.abs(signs @ differences) >= seen).sum())
    return round((1 + reached) / (1 + _FLIPS), 5)


def _estimate(value: float, resampled: Numbers) -> Estimate:
    low, high = np.percentile(resampled, _EDGES)
    return Estimate(round(value, 4), round(float(low), 4), round(float(high), 4))
