"""What of calibration scikit-learn does.

Imported where something is fitted and nowhere else: it takes a second and 100 MB to import, and
whoever serves has no need of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]


def folds(right: Flags, count: int) -> Iterator[tuple[Numbers, Numbers]]:
    """Rows to fit on and rows to try on, with the same share of right ones; the same every time."""
    split = StratifiedKFold(count, shuffle=True, random_state=0).split(right, right)
    yield from split


def logistic(
    rows: Array, right: Flags, weights: Array, inverse_penalty: float
) -> tuple[Array, float]:
    """The coefficients of these columns, and the intercept; both kinds must be among ``right``."""
    model = LogisticRegression(C=inverse_penalty, max_iter=2000)
    model.fit(rows, right, sample_weight=weights)
    return model.coef_[0], float(model.intercept_[0])


def isotonic(probabilities: Array, right: Flags, weights: Array, at: Array) -> Array:
    """The share of right ones at these probabilities; it never falls and is never 0 or 1."""
    model = IsotonicRegression(y_min=0.005, y_max=0.995, out_of_bounds="clip")
    model.fit(probabilities, right, sample_weight=weights)
    found: Array = model.predict(at)
    return found
