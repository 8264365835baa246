"""Which weight of dense against lexical scores ranks a corpus's own answers best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from groundedqa.retrieve import Weights
from groundedqa.tune.scoring import Asked

_STEPS = np.round(np.arange(0, 1.0001, 0.05), 2)
_LEAST = 30  # questions; with fewer the default stands
_ERRORS = 2.0  # standard errors by which the best weight must beat the default
_BESIDE = 2  # steps on each side that a mean gain is smoothed over
_KERNEL = np.ones(2 * _BESIDE + 1) / (2 * _BESIDE + 1)
_DEPTH = 10


def fit_weights(asked: Sequence[Asked]) -> tuple[Weights, dict[str, Any]]:
    """The weights, and the evidence for them.

    A question's gain at a weight is its nDCG@10 with one right answer. The default stands where its
    mean gain is within two standard errors of the best one's, question by question; else the weight
    is taken at which the mean gain, smoothed over its neighbours, is highest. The section's weight
    is the default: a sentence that was taken out of its section has left all its neighbours there,
    which a student's question has not.
    """
    default = Weights()
    gains = np.array([[_gain(each.rank(weight)) for weight in _STEPS] for each in asked])
    evidence: dict[str, Any] = {"questions": len(asked), "weights": _STEPS.tolist()}
    if len(asked) < _LEAST:
        return default, {**evidence, "chosen_by": f"default: fewer than {_LEAST} questions"}
    means = gains.mean(axis=0)
    evidence["ndcg_10"] = [round(float(mean), 4) for mean in means]
    at_default = int(np.abs(_STEPS - default.dense).argmin())
    lost = gains[:, int(means.argmax())] - gains[:, at_default]
    error = float(lost.std(ddof=1)) / len(asked) ** 0.5
    if float(lost.mean()) <= _ERRORS * error:
        return default, {**evidence, "chosen_by": "default: as good as the best"}
    smooth = np.convolve(np.pad(means, _BESIDE, "edge"), _KERNEL, "valid")
    chosen = float(_STEPS[int(smooth.argmax())])
    return Weights(chosen, default.section), {**evidence, "chosen_by": "the best"}


def _gain(rank: int | None) -> float:
    return 1 / float(np.log2(rank + 1)) if rank is not None and rank <= _DEPTH else 0.0
