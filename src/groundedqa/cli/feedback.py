"""groundedqa feedback export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from groundedqa.cli.options import CollectionName, Index, KeyFile, keys_of, reporting_errors
from groundedqa.operate.feedback import Feedback
from groundedqa.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="What students found helpful, and what not.")


@app.callback()
def group() -> None:
    """What students found helpful, and what not."""


@app.command("export")
def export_command(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder to write to; it is made.")
    ],
    collection: CollectionName = None,
    index: Index = None,
    keys: KeyFile = None,
) -> None:
    """Write queries.jsonl and qrels.tsv, as evaluate and tune read them.

    A document is 1 where most callers found it helpful, 0 where most did not.

    Example: groundedqa feedback export --out labelled
    """
    with reporting_errors():
        settings = load_settings(index=index, collection=collection, keys=keys)
        found = Feedback(keys_of(settings)).judged(settings.collection)
        found.write(out)
        judged = sum(len(documents) for documents in found.qrels.values())
        print(f"{len(found.queries)} questions with {judged} judged documents written to {out}")
        if found.left_out:
            print(f"{found.left_out} questions left out: no document was helpful to most")
