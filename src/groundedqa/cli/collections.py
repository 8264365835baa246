"""groundedqa collections: list, remove."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from groundedqa import snapshot as snapshots
from groundedqa.cli.options import Index, Json, reporting_errors
from groundedqa.errors import GroundedQAError
from groundedqa.settings import load_settings
from groundedqa.snapshot import Collection

app = typer.Typer(
    help="List and remove the collections that an index holds. A build makes one: groundedqa build "
    "--collection NAME.",
    no_args_is_help=True,
)


@app.command("list")
def list_command(index: Index = None, as_json: Json = False) -> None:
    """Each collection that has something published, and what that is."""
    with reporting_errors():
        found = snapshots.collections(load_settings(index=index).index)
        if as_json:
            print(json.dumps([asdict(snapshots.served(each)) for each in found], default=str))
            return
        for collection in found:
            print(_line(collection))


@app.command("remove")
def remove_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The collection.")],
    index: Index = None,
) -> None:
    """Delete a collection with all of its snapshots, now; a running service drops it by itself."""
    with reporting_errors():
        chosen = Collection(load_settings(index=index).index, name)
        if not chosen.home.is_dir():
            raise snapshots.not_found(name)
        with snapshots.build_lock(chosen.build_lock):
            snapshots.remove_collection(chosen)
        print(f"collection {name} removed")


def _line(collection: Collection) -> str:
    try:
        served = snapshots.served(collection)
    except GroundedQAError as error:  # one that is damaged does not hide the others
        return f"{collection.name}\t{error}"
    counts = f"{served.documents} documents\t{served.passages} passages"
    return (
        f"{served.collection}\t{served.snapshot}\t{counts}\t{served.published:%Y-%m-%d %H:%M} UTC"
    )
