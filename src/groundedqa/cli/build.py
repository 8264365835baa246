"""groundedqa build."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from groundedqa.build import BuildResult, BuildSettings, build
from groundedqa.cli.options import (
    CollectionName,
    Corpus,
    Index,
    Json,
    Model,
    collection_of,
    progress_bar,
    readers_of,
    reporting_errors,
)
from groundedqa.encode import DEFAULT
from groundedqa.settings import load_settings

_INTERRUPTED = "interrupted; what was encoded is kept for the next build"
_SHOWN = 20  # problems printed; the report has more


def build_command(
    corpus: Corpus = None,
    index: Index = None,
    collection: CollectionName = None,
    model: Model = None,
    passage_tokens: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            envvar="GROUNDEDQA_PASSAGE_TOKENS",
            help="Where a passage is closed, in tokens.",
            show_default="200",
        ),
    ] = None,
    no_publish: Annotated[
        bool,
        typer.Option(
            "--no-publish",
            envvar="GROUNDEDQA_NO_PUBLISH",
            help="Leave what is published as it is.",
        ),
    ] = False,
    no_tune: Annotated[
        bool,
        typer.Option(
            "--no-tune",
            envvar="GROUNDEDQA_NO_TUNE",
            help="Take the default weights and calibrator; fit none on this corpus.",
        ),
    ] = False,
    vectors: Annotated[
        Path | None,
        typer.Option(
            "--vectors",
            metavar="FILE",
            envvar="GROUNDEDQA_VECTORS",
            help="The passages' vectors, made elsewhere: a .npy array of float32 unit rows.",
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            envvar="GROUNDEDQA_STRICT",
            help="Fail, and publish nothing, if any source can't be read.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Build a snapshot of the corpus, verify it, publish it, and print its id.

    A source that can't be read is named with its reason, and the rest is built. A snapshot of the
    same content is found and used again. A running server changes to what is published by itself.

    Example: groundedqa build --corpus corpus --index index
    """
    with reporting_errors(_INTERRUPTED), progress_bar() as tell:
        settings = load_settings(
            corpus=corpus,
            index=index,
            collection=collection,
            model=model,
            passage_tokens=passage_tokens,
        )
        result = build(
            settings.corpus,
            collection_of(settings),
            BuildSettings(
                settings.model or DEFAULT,
                settings.passage_tokens,
                settings.threads,
                tunes=not no_tune,
                vectors=vectors,
                readers=readers_of(settings),
            ),
            publishes=not no_publish,
            strict=strict,
            progress=tell,
        )
    if as_json:
        described = {
            "snapshot": result.snapshot,
            "reused": result.reused,
            "published": result.published,
            "warnings": result.report["counts"]["problems"],
            **result.report,
        }
        print(json.dumps(described, ensure_ascii=False))
    else:
        _print(result)


def _print(result: BuildResult) -> None:
    counts = result.report["counts"]
    state = "published" if result.published else "built, not published"
    if result.reused:
        state += " (it was there already)"
    print(f"snapshot {result.snapshot} {state}")
    print(
        f"{counts['documents']} documents, {counts['passages']} passages from {counts['sources']} "
        f"sources; {counts['without_fragment']} passages without a link to their words"
    )
    if result.report["removed"]:
        print(f"left out, since they were removed: {', '.join(result.report['removed'])}")
    print_problems(result.report)


def print_problems(report: Mapping[str, Any]) -> None:
    """How many sources could not be read, and the first of them with the reason."""
    count = report["counts"]["problems"]
    print(f"{count} warnings")
    for problem in report["problems"][:_SHOWN]:
        place = f", {problem['place']}" if problem["place"] else ""
        print(f"  {problem['source']}{place}: {problem['reason']}")
    if count > _SHOWN:
        print(f"  and {count - _SHOWN} more: see them with groundedqa report --html FILE")
