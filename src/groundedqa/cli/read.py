"""groundedqa read."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from groundedqa.cli.options import FAILED, Json, reporting_errors
from groundedqa.read import Notice, Problem, SiteProfile, Source, load_profile, read_source
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
    as_json: Json = False,
) -> None:
    """Print what would be indexed of some files, as Markdown: to try a page or a site.toml.

    Exit status 2 if anything can't be read.
    """
    failed = False
    with reporting_errors():
        for path in files:
            profile = load_profile(corpus or path.parent)
            failed |= _read(path, profile, corpus, as_json=as_json)
    if failed:
        raise typer.Exit(FAILED)


def _read(path: Path, profile: SiteProfile, corpus: Path | None, *, as_json: bool) -> bool:
    inside = corpus is not None and path.resolve().is_relative_to(corpus.resolve())
    name = (
        path.resolve().relative_to(corpus.resolve()).as_posix() if inside and corpus else path.name
    )
    failed = False
    for event in read_source(Source(path, name), profile):
        if isinstance(event, Problem):
            failed = True
            print(json.dumps(asdict(event)) if as_json else f"[can't be read] {event}")
        elif isinstance(event, Document):
            print(
                json.dumps(asdict(event), default=str, ensure_ascii=False)
                if as_json
                else _markdown(event)
            )
        elif isinstance(event, Notice):
            if not as_json:
                print(f"[{event.source}: {event.text}]")
        elif not as_json:
            print(f"[{event.source}: read as {event.reader}, by {event.chosen_by}]")
    return failed


def _markdown(document: Document) -> str:
    """The document with its headings and authors in their places."""
    lines = [f"# {document.title}", ""]
    facts = (("id", document.doc_id), ("kind", document.kind), ("url", document.url))
    lines += [f"{name}: {value}" for name, value in facts if value] + [""]
    position = 0
    for paragraph in document.text.split("\n\n"):
        for section in document.sections:
            if section.start == position:
                by = ", ".join(p for p in (section.author, section.role, section.credential) if p)
                head = f"{'#' * (section.level + 1)} {section.heading}" if section.heading else ""
                lines += [head, f"*{by}*" if by else "", ""]
        lines += [paragraph, ""]
        position += len(paragraph) + 2
    return "\n".join(lines)
