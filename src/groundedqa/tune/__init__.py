"""Weights and calibrator, fitted on a corpus's own questions or on labelled ones."""

from __future__ import annotations

from groundedqa.tune.calibrate import LEAST, builtin, fit_calibrator
from groundedqa.tune.fit import Subject, tune_on_labelled, tune_on_own_pages, untuned
from groundedqa.tune.labelled import (
    VERSION,
    forget_labelled,
    labelled,
    save_labelled,
    tuning_input,
)
from groundedqa.tune.published import Retuned, retune
from groundedqa.tune.trials import Trial, own_trials
from groundedqa.tune.weights import fit_weights

__all__ = [
    "LEAST",
    "VERSION",
    "Retuned",
    "Subject",
    "Trial",
    "builtin",
    "fit_calibrator",
    "fit_weights",
    "forget_labelled",
    "labelled",
    "own_trials",
    "retune",
    "save_labelled",
    "tune_on_labelled",
    "tune_on_own_pages",
    "tuning_input",
    "untuned",
]
