"""The command line: one file per command."""

from __future__ import annotations

from typing import Annotated

import typer

import groundedqa
from groundedqa.cli.ask import ask_command
from groundedqa.cli.build import build_command
from groundedqa.cli.collections import app as collections_app
from groundedqa.cli.embed import embed_command
from groundedqa.cli.evaluate import evaluate_command
from groundedqa.cli.feedback import app as feedback_app
from groundedqa.cli.gaps import gaps_command
from groundedqa.cli.keys import app as keys_app
from groundedqa.cli.mcp import mcp_command
from groundedqa.cli.questions import app as questions_app
from groundedqa.cli.read import read_command
from groundedqa.cli.report import report_command
from groundedqa.cli.serve import serve_command
from groundedqa.cli.snapshots import (
    allow_command,
    prune_command,
    publish_command,
    remove_command,
    rollback_command,
    verify_command,
)
from groundedqa.cli.tune import tune_command

app = typer.Typer(
    name="groundedqa",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        print(f"groundedqa {groundedqa.__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The passages of a corpus that answer a question, word for word, with citations to check.

    First: groundedqa build, then: groundedqa ask "...", or: groundedqa serve. Flags can be set by
    variables too: each command's --help names them. A command that fails ends with status 2 and
    one line that names the mend.
    """
    del version  # its callback has answered


app.command("build")(build_command)
app.command("tune")(tune_command)
app.command("publish")(publish_command)
app.command("rollback")(rollback_command)
app.command("verify")(verify_command)
app.command("prune")(prune_command)
app.command("remove")(remove_command)
app.command("allow")(allow_command)
app.command("ask")(ask_command)
app.command("serve")(serve_command)
app.command("embed")(embed_command)
app.command("mcp")(mcp_command)
app.add_typer(keys_app, name="keys")
app.add_typer(collections_app, name="collections")
app.add_typer(feedback_app, name="feedback")
app.add_typer(questions_app, name="questions")
app.command("gaps")(gaps_command)
app.command("read")(read_command)
app.command("report")(report_command)
app.command("evaluate")(evaluate_command)
