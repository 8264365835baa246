"""groundedqa questions list, delete."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from groundedqa.cli.options import Index, Json, KeyFile, keys_of, reporting_errors
from groundedqa.errors import ConfigurationError
from groundedqa.operate.question_log import LoggedQuestion, forget, logged
from groundedqa.settings import load_settings

app = typer.Typer(
    no_args_is_help=True, help="What was asked, where the service was told to log it."
)
# Without a variable: what deletes goes by what is said there and then.
OneCollection = Annotated[
    str | None,
    typer.Option("--collection", metavar="NAME", help="Of one collection; else of all."),
]


@app.command("list")
def list_command(
    collection: OneCollection = None,
    index: Index = None,
    keys: KeyFile = None,
    as_json: Json = False,
) -> None:
    """List what was asked, by day: how often, how it was decided, and how likely an answer was."""
    with reporting_errors():
        found = logged(keys_of(load_settings(index=index, keys=keys)), collection)
        if as_json:
            print(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2))
            return
        for each in found:
            print(_line(each))


@app.command("delete")
def delete_command(
    collection: OneCollection = None,
    before: Annotated[
        str | None,
        typer.Option("--before", metavar="DAY", help="Only of earlier days than this one (UTC)."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Of all days and collections.")] = False,
    index: Index = None,
    keys: KeyFile = None,
) -> None:
    """Delete what was asked: of a collection, of the days before one, or all of it.

    Example: groundedqa questions delete --collection biology --before 2026-09-01
    """
    with reporting_errors():
        if every == bool(collection or before):
            raise ConfigurationError(
                "name what to delete: --collection NAME, --before DAY or both; or --all, alone"
            )
        database = keys_of(load_settings(index=index, keys=keys))
        deleted = forget(database, collection, _day(before) if before else date.max)
        print(f"{deleted} {'question' if deleted == 1 else 'questions'} deleted")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(f"--before {text!r}: give a day as 2026-09-01") from error


def _line(each: LoggedQuestion) -> str:
    likely = "" if each.answerable is None else f" {each.answerable:.2f}"
    why = f" ({each.reason})" if each.reason else ""
    told = f"{each.decision}{likely}{why}"
    return f"{each.day}  {each.collection}  {each.times}x  {told}  {each.question}"
