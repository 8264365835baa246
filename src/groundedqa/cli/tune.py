"""groundedqa tune."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from groundedqa import tune
from groundedqa.cli.options import (
    CollectionName,
    Index,
    Json,
    collection_of,
    progress_bar,
    reporting_errors,
)
from groundedqa.errors import ConfigurationError
from groundedqa.evaluate import EvaluationData, load_data
from groundedqa.settings import load_settings
from groundedqa.snapshot import Collection

_SHOWN = 10  # documents named; --json names all


def tune_command(
    queries: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Labelled questions, JSON Lines of _id and text."),
    ] = None,
    qrels: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What answers them: query-id, corpus-id, score."),
    ] = None,
    unanswerable: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Questions that the corpus does not answer."),
    ] = None,
    own: Annotated[
        bool, typer.Option("--own", help="Forget labelled questions: the corpus asks itself.")
    ] = False,
    index: Index = None,
    collection: CollectionName = None,
    no_publish: Annotated[
        bool,
        typer.Option(
            "--no-publish",
            envvar="GROUNDEDQA_NO_PUBLISH",
            help="Leave what is published as it is.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Fit the published snapshot's weights and calibrator anew, and publish the outcome.

    On labelled questions, which are kept for the builds to come; without --queries on those that
    were kept, and where there are none, or with --own, on the corpus's own pages as a build does.
    Nothing is read or encoded again.

    Example: groundedqa tune --queries queries.jsonl --qrels qrels.tsv
    """
    with reporting_errors(), progress_bar() as tell:
        settings = load_settings(index=index, collection=collection)
        chosen = collection_of(settings)
        data = _data(chosen, queries, qrels, unanswerable, own=own)
        found = tune.retune(
            chosen, data, publishes=not no_publish, threads=settings.threads, tell=tell
        )
    if as_json:
        print(json.dumps({**asdict(found), "threshold": _threshold(found)}, ensure_ascii=False))
    else:
        _print(found)


def _data(
    collection: Collection,
    queries: Path | None,
    qrels: Path | None,
    unanswerable: Path | None,
    *,
    own: bool,
) -> EvaluationData | None:
    """The questions that were named or kept; None for the corpus's own pages."""
    if own and (queries or qrels or unanswerable):
        raise ConfigurationError("--own tunes without labelled questions: leave out the files")
    if queries and qrels:
        return load_data(queries, qrels, unanswerable=unanswerable)
    if queries or qrels or unanswerable:
        raise ConfigurationError("name both --queries and --qrels, or neither")
    return None if own else tune.labelled(collection)


def _threshold(found: tune.Retuned) -> float | None:
    """The least probability that is shown at the site's risk; None where none is safe enough."""
    risks: list[tuple[float, float]] = found.tuning["calibrator"]["risks"]
    return min((least for least, expected in risks if expected <= found.risk), default=None)


def _print(found: tune.Retuned) -> None:
    state = "published" if found.published else "made, not published"
    if found.reused:
        state += " (it was there already)"
    print(f"snapshot {found.snapshot} {state}")
    evidence: dict[str, Any] = found.tuning["evidence"]
    weights = found.tuning["weights"]
    print(f"tuned on {evidence['by']}")
    of_weights = evidence["weights"]
    print(
        f"weights: dense {weights['dense']:g}, section {weights['section']:g}; chosen by "
        f"{of_weights['questions']} questions: {of_weights['chosen_by']}"
    )
    print(_calibrator(evidence["calibrator"], found.tuning["calibrator"]["calibrated"]))
    threshold = _threshold(found)
    shown = "nothing is shown" if threshold is None else f"shown from {threshold:.3f} on"
    print(f"at a risk of {found.risk:g}: {shown}")
    if found.missing:
        more = ", ..." if len(found.missing) > _SHOWN else ""
        named = ", ".join(found.missing[:_SHOWN]) + more
        print(f"{len(found.missing)} documents of the qrels are not in the corpus: {named}")


def _calibrator(evidence: dict[str, Any], calibrated: bool) -> str:
    seen = f"{evidence['right']} right and {evidence['wrong']} wrong answers"
    if not calibrated:
        return f"calibrator: the built-in one; {seen} are too few, {tune.LEAST} of each are needed"
    return (
        f"calibrator: {evidence['fitted']} fitted on {seen}; Brier {evidence['brier']:.3f} on "
        "those left out"
    )
