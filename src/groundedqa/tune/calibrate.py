"""The calibrator of answerability: a logistic model, an isotonic curve over it, and the risks.

It starts from the one that comes with the package, which was fitted on labelled questions of other
corpora: that one tells answerable questions from others far better than any that is fitted on
questions a corpus asks itself (benchmarks/README.md). What a corpus's own pages tell is how its
scores are to be read: two numbers, a factor and a shift. Labelled questions may move every feature.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundedqa.ground import Calibrator, load_calibrator

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST = 40  # right answers, and as many wrong ones; with fewer the built-in calibrator serves
_FOR_CURVE = 100  # of each, before a curve is fitted over the logistic model
_FOR_FEATURES = 150  # of each, before the features are weighed anew
_FEATURES = 0.01  # inverse penalty of the features' own part: they say much the same
_LINE = 1.0  # and of factor and shift
_FOLDS = 5
_THRESHOLDS = 100
_CURVE_STEPS = 40


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions as the calibrator sees them: features (questions, features).

    ``right`` says of each whether what was shown for it answers it; ``shares`` how much of what is
    asked it stands for.
    """

    rows: Array
    right: Flags
    shares: Array

    def part(self, chosen: NDArray[np.int64]) -> Examples:
        """Some of them."""
        return Examples(self.rows[chosen], self.right[chosen], self.shares[chosen])


def fit_calibrator(
    examples: Examples, encoder: str, *, labelled: bool
) -> tuple[Calibrator, dict[str, Any]]:
    """The calibrator for these questions, and the evidence for it.

    With ``labelled`` ones the features are weighed anew where there are enough of them.
    """
    from groundedqa.tune import models  # scikit-learn: see there

    base = builtin(encoder)
    counts = {"right": int(examples.right.sum()), "wrong": int((~examples.right).sum())}
    fewest = min(counts.values())
    if fewest < LEAST:
        return base, {**counts, "fitted": "not at all: the built-in one serves"}
    anew = labelled and fewest >= _FOR_FEATURES
    out_of_fold = np.zeros(len(examples.rows))
    for train, test in models.folds(examples.right, _FOLDS):
        model = _fit(examples.part(train), base, anew=anew)
        out_of_fold[test] = model.probabilities(examples.rows[test])
    found = _fit(examples, base, anew=anew)
    curve: tuple[tuple[float, float], ...] = ()
    if fewest >= _FOR_CURVE:
        curve = _curve(out_of_fold, examples)
        steps, values = np.asarray(curve).T
        out_of_fold = np.interp(out_of_fold, steps, values)
    found = replace(found, curve=curve, risks=_risks(out_of_fold, examples))
    brier = float(np.average((out_of_fold - examples.right) ** 2, weights=examples.shares))
    fitted = "every feature" if anew else "factor and shift"
    return found, {**counts, "fitted": fitted, "curve": bool(curve), "brier": round(brier, 4)}


def builtin(encoder: str) -> Calibrator:
    """The calibrator that comes with the package, for corpora that tell too little."""
    text = files("groundedqa.tune").joinpath("builtin.json").read_text(encoding="utf-8")
    described = json.loads(text)
    return replace(
        load_calibrator(described, described["encoder"]), encoder=encoder, calibrated=False
    )


def _fit(examples: Examples, base: Calibrator, *, anew: bool) -> Calibrator:
    """A logistic model over the base's own sum and, if ``anew``, over each feature beside it."""
    from groundedqa.tune import models

    centre, scale = examples.rows.mean(axis=0), examples.rows.std(axis=0)
    scale[scale < 1e-9] = 1.0
    sums = base.sums(examples.rows)
    scaled = (examples.rows - centre) / scale
    weights = examples.shares / examples.shares.mean()
    factor, shift = _line(sums, examples.right, weights)
    own = np.zeros(len(centre))
    if anew:
        columns = np.column_stack([factor * sums + shift, scaled])
        (again, *rest), more = models.logistic(columns, examples.right, weights, _FEATURES)
        own, factor, shift = np.asarray(rest), factor * again, shift * again + more
    # Both parts are linear in the features: they come to one.
    spread = np.asarray(base.coefficients) / np.asarray(base.scale)
    moved = base.intercept + float(spread @ (centre - np.asarray(base.centre)))
    return Calibrator(
        encoder=base.encoder,
        calibrated=True,
        centre=_rounded(centre),
        scale=_rounded(scale),
        coefficients=_rounded(own + factor * spread * scale),
        intercept=float(shift + factor * moved),
        curve=(),
        risks=(),
    )


def _line(sums: Array, right: Flags, weights: Array) -> tuple[float, float]:
    """Factor and shift of the base's sums (Platt 1999); the factor is never below a tenth."""
    from groundedqa.tune import models

    (factor,), shift = models.logistic(sums[:, None], right, weights, _LINE)
    return max(float(factor), 0.1), shift


def _rounded(values: Array) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values)


def _curve(probabilities: Array, examples: Examples) -> tuple[tuple[float, float], ...]:
    """An isotonic curve, smoothed: it never says what no question can bear out (0 or 1)."""
    from groundedqa.tune import models

    steps = np.unique(np.quantile(probabilities, np.linspace(0, 1, _CURVE_STEPS)))
    values = models.isotonic(probabilities, examples.right, examples.shares, steps)
    # A little of the logistic model's own slope keeps questions apart that the steps make equal.
    mixed = 0.95 * values + 0.05 * steps
    return tuple((float(a), float(b)) for a, b in zip(steps, mixed, strict=True))


def _risks(probabilities: Array, examples: Examples) -> tuple[tuple[float, float], ...]:
    """For thresholds, ascending, the share of wrong answers to expect above them.

    One wrong answer more than was seen is counted, as conformal risk control does (Angelopoulos et
    al. 2022, arXiv 2208.02814): what was seen above a threshold is too good by chance.
    """
    found = []
    right, weights = examples.right, examples.shares
    one = float(weights.mean())
    for threshold in np.unique(np.quantile(probabilities, np.linspace(0, 1, _THRESHOLDS))):
        shown = probabilities >= threshold
        wrong = float(weights[shown & ~right].sum()) + one
        found.append((float(threshold), min(wrong / (float(weights[shown].sum()) + one), 1.0)))
    # A higher threshold is never riskier.
    expected = np.minimum.accumulate([risk for _, risk in found])
    return tuple((least, float(risk)) for (least, _), risk in zip(found, expected, strict=True))
