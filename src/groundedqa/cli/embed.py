"""groundedqa embed."""

from __future__ import annotations

from html import escape
from typing import Annotated
from urllib.parse import quote, urlsplit

import typer

from groundedqa.cli.options import reporting_errors
from groundedqa.errors import ConfigurationError


def embed_command(
    url: Annotated[
        str,
        typer.Option(
            "--url",
            metavar="URL",
            envvar="GROUNDEDQA_URL",
            help="The service's address, as pages reach it.",
        ),
    ],
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="KEY", help="A site key for the pages' origin."),
    ] = None,
    collection: Annotated[
        str | None,
        typer.Option("--collection", metavar="NAME", help="Which site's, if not the default one."),
    ] = None,
    pinned: Annotated[
        bool,
        typer.Option("--pinned", help="Load exactly this version, checked by its digest."),
    ] = False,
) -> None:
    """Print the tag that puts the search into a page, with a form in it that needs no script."""
    with reporting_errors():
        print(tag(url, key, collection, pinned=pinned))


def tag(url: str, key: str | None, collection: str | None, *, pinned: bool) -> str:
    """The two elements that a page holds.

    Raises:
        ConfigurationError: the address is none of the web, or the key must not stand in a page.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ConfigurationError(
            f"--url {url!r}: give the service's address as https://qa.example.org"
        )
    if key is not None and not key.startswith("site_"):
        raise ConfigurationError(
            "--key: only a site key may stand in a page, for everyone to read; make one with: "
            "groundedqa keys create site --origin https://www.example.org"
        )
    base = url.rstrip("/")
    page = f"{base}/collections/{quote(collection, safe='')}/" if collection else f"{base}/"
    told = {"src": base, "collection": collection, "key": key}
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in told.items() if value)
    return "\n".join(
        (
            f'<script type="module" {_script(base, pinned=pinned)}></script>',
            f"<grounded-qa {attributes}>",
            f'  <form method="get" action="{escape(page)}">'
            '<input name="q" aria-label="Ask this site"></form>',
            "</grounded-qa>",
        )
    )


def _script(base: str, *, pinned: bool) -> str:
    from groundedqa.server.widget_files import SCRIPT, pinned_name, widget_files

    name = pinned_name() if pinned else SCRIPT
    told = f'src="{escape(f"{base}/widget/{name}")}"'
    if pinned:
        told += f' integrity="{widget_files()[name].integrity}" crossorigin'
    return told
