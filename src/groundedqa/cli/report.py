"""groundedqa report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from groundedqa.build.report_page import report_page
from groundedqa.cli.build import print_problems
from groundedqa.cli.options import CollectionName, Index, Json, collection_of, reporting_errors
from groundedqa.cli.snapshots import SnapshotId
from groundedqa.settings import load_settings
from groundedqa.snapshot import read_report


def report_command(
    snapshot: SnapshotId = None,
    index: Index = None,
    collection: CollectionName = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            envvar="GROUNDEDQA_HTML",
            help="Write it as one HTML page, without script or network.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell what a build made of each source: of the published snapshot, or of the one named.

    What could not be read and why, what to look at, sums by format and by language.
    """
    with reporting_errors():
        chosen = collection_of(load_settings(index=index, collection=collection))
        name, report = read_report(chosen, snapshot)
        if html is not None:
            html.write_text(report_page(name, report), encoding="utf-8")
        if as_json:
            print(json.dumps({"snapshot": name, **report}, ensure_ascii=False))
            return
        counts = report["counts"]
        print(f"snapshot {name}: {counts['documents']} documents, {counts['passages']} passages")
        for reader, sums in sorted(report["formats"].items()):
            print(f"  {reader}: {sums['sources']} sources, {sums['documents']} documents")
        print_problems(report)
        print(f"{len(report['notices'])} notices, {len(report['duplicates'])} pairs of copies")
        if html is not None:
            print(f"written to {html}")
