"""groundedqa keys create, list, revoke."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from groundedqa.cli.options import Index, Json, keys_of, reporting_errors
from groundedqa.errors import ConfigurationError
from groundedqa.operate import (
    DEFAULT_RATE,
    DOCUMENT_WORDS,
    MOST_A_MINUTE,
    PREVIEW_WORDS,
    Access,
    Database,
    Key,
    KeyKind,
)
from groundedqa.settings import load_settings
from groundedqa.snapshot import Collection

_DAYS = re.compile(r"([0-9]{1,5})d")

KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        metavar="FILE",
        envvar="GROUNDEDQA_KEYS",
        help="The operator's database.",
        show_default="operator.sqlite beside the index",
    ),
]

app = typer.Typer(
    no_args_is_help=True,
    help="Make, list and revoke the keys that a service asks for. A running one follows at once.",
)


def _several(flag: str, metavar: str, told: str) -> Any:
    return typer.Option(flag, metavar=metavar, help=told, show_default=False)


@app.command("create")
def create_command(
    kind: Annotated[KeyKind, typer.Argument(help="Where it stands: in a page, or in secret.")],
    name: Annotated[
        str, typer.Option("--name", metavar="TEXT", help="What it is for, to tell it by.")
    ] = "",
    collection: Annotated[
        list[str] | None,
        _several("--collection", "NAME", "A collection that it opens; may be repeated. Else all."),
    ] = None,
    origin: Annotated[
        list[str] | None,
        _several("--origin", "ORIGIN", "Of a site key: whose pages may use it; may be repeated."),
    ] = None,
    rate: Annotated[
        int,
        typer.Option("--rate", min=1, max=MOST_A_MINUTE, metavar="N", help="Requests a minute."),
    ] = DEFAULT_RATE,
    expires: Annotated[
        str | None,
        typer.Option(
            "--expires",
            metavar="WHEN",
            help="A day as 2027-01-31 (it ends with that day, UTC), or a number of days as 90d.",
            show_default="never",
        ),
    ] = None,
    access: Annotated[
        Access, typer.Option("--access", help="How much of the texts is shown.")
    ] = "full",
    words: Annotated[
        int, typer.Option("--words", min=1, metavar="N", help="Of a quote, under preview.")
    ] = PREVIEW_WORDS,
    document_words: Annotated[
        int,
        typer.Option(
            "--document-words", min=1, metavar="M", help="Of a document a day, under preview."
        ),
    ] = DOCUMENT_WORDS,
    index: Index = None,
    keys: KeyFile = None,
    as_json: Json = False,
) -> None:
    """Make a key and print it: this once, for only its digest is kept."""
    with reporting_errors():
        settings = load_settings(index=index, keys=keys)
        for each in collection or ():
            Collection(settings.index, each)
        token, key = Database(keys_of(settings)).create(
            kind,
            name,
            collections=tuple(collection or ()),
            origins=tuple(origin or ()),
            rate=rate,
            access=access,
            words=words,
            document_words=document_words,
            expires=_moment(expires) if expires else None,
        )
        print(json.dumps({"key": token, **_shown(key)}, indent=2) if as_json else token)


@app.command("list")
def list_command(index: Index = None, keys: KeyFile = None, as_json: Json = False) -> None:
    """List every key that was made, oldest first, and whether it opens anything."""
    with reporting_errors():
        found = Database(keys_of(load_settings(index=index, keys=keys))).all_keys()
        if as_json:
            print(json.dumps([_shown(key) for key in found], indent=2))
            return
        for key in found:
            print(_line(key))


@app.command("revoke")
def revoke_command(
    key_id: Annotated[
        str, typer.Argument(metavar="ID", help="As in the list, or the beginning of it.")
    ],
    index: Index = None,
    keys: KeyFile = None,
) -> None:
    """Revoke a key: it stops within a second, without a restart."""
    with reporting_errors():
        key = Database(keys_of(load_settings(index=index, keys=keys))).revoke(key_id)
        print(f"key {key.key_id} is revoked")


def _moment(when: str) -> datetime:
    """When a key ends that was given as a number of days, or as its last day.

    Raises:
        ConfigurationError: it is neither.
    """
    days = _DAYS.fullmatch(when)
    try:
        if days:
            return datetime.now(UTC).replace(microsecond=0) + timedelta(days=int(days[1]))
        return datetime.combine(date.fromisoformat(when) + timedelta(days=1), time(), tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise ConfigurationError(
            f"--expires {when!r}: give a day as 2027-01-31, or a number of days as 90d"
        ) from error


def _shown(key: Key) -> dict[str, Any]:
    """A key as JSON, without its digest."""
    values = asdict(key)
    del values["digest"]
    for name in ("created", "expires", "revoked"):
        values[name] = values[name].isoformat() if values[name] else None
    return {**values, "state": key.state(datetime.now(UTC))}


def _line(key: Key) -> str:
    told = [key.key_id, key.kind, key.state(datetime.now(UTC)), f"{key.rate} a minute", key.access]
    if key.access == "preview":
        told[-1] += f" ({key.words} words of a quote, {key.document_words} of a document a day)"
    told.append(", ".join(key.collections) or "all collections")
    told += [*key.origins]
    told += [f"until {key.expires:%Y-%m-%d %H:%M} UTC"] if key.expires else []
    return "  ".join([*told, key.name]).rstrip()
