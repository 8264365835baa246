"""groundedqa read."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from groundedqa.cli.options import FAILED, Json, readers_of, reporting_errors
from groundedqa.cli.read_print import markdown
from groundedqa.read import Dropped, Event, Notice, Problem, Source, load_profile, read_sources
from groundedqa.settings import load_settings
from groundedqa.types import Document


def read_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Sources to read.")],
    corpus: Annotated[
        Path | None,
        typer.Option(
            "--corpus",
            metavar="DIR",
            help="The folder whose site.toml applies.",
            show_default="the file's own",
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Also print what was left out, and by which rule."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Print what would be indexed of some files, as Markdown: to try a page or a site.toml.

    Exit status 2 if anything can't be read.
    """
    failed = False
    dropped: list[Dropped] | None = [] if explain else None
    with reporting_errors(), TemporaryDirectory(prefix="groundedqa-") as scratch:
        readers = readers_of(load_settings())
        for folder, paths in groupby(files, lambda path: corpus or path.parent):
            found = [Source(path, _name(path, corpus)) for path in paths]
            for event in read_sources(found, load_profile(folder), readers, scratch, dropped):
                failed |= isinstance(event, Problem)
                _print(event, dropped, as_json=as_json)
    if failed:
        raise typer.Exit(FAILED)


def _name(path: Path, corpus: Path | None) -> str:
    if corpus is not None and path.resolve().is_relative_to(corpus.resolve()):
        return path.resolve().relative_to(corpus.resolve()).as_posix()
    return path.name


def _print(event: Event, dropped: list[Dropped] | None, *, as_json: bool) -> None:
    if isinstance(event, Document):
        print(_json(event, dropped) if as_json else markdown(event, dropped))
        if dropped is not None:
            dropped.clear()  # the next document of the file has its own
    elif isinstance(event, Problem):
        print(json.dumps(asdict(event)) if as_json else f"[can't be read] {event}")
    elif as_json:
        return
    elif isinstance(event, Notice):
        print(f"[{event.source}: {event.text}]")
    else:
        print(f"[{event.source}: read as {event.reader}, by {event.chosen_by}]")


def _json(document: Document, dropped: list[Dropped] | None) -> str:
    described = asdict(document)
    if dropped is not None:
        described["dropped"] = [asdict(each) for each in dropped]
    return json.dumps(described, default=str, ensure_ascii=False)
