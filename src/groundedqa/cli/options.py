"""The flags that several commands share, and what they all do with an error."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from groundedqa.ask import Ranking
from groundedqa.build import Progress as Tell
from groundedqa.errors import GroundedQAError
from groundedqa.retrieve import Method
from groundedqa.retrieve.reranked import CrossEncoder
from groundedqa.settings import Settings
from groundedqa.snapshot import Collection

FAILED = 2
INTERRUPTED = 130

Index = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        envvar="GROUNDEDQA_INDEX",
        help="The folder of snapshots.",
        show_default="index",
    ),
]
CollectionName = Annotated[
    str | None,
    typer.Option(
        "--collection",
        metavar="NAME",
        envvar="GROUNDEDQA_COLLECTION",
        help="Which site's.",
        show_default="default",
    ),
]
Corpus = Annotated[
    Path | None,
    typer.Option(
        "--corpus",
        metavar="DIR",
        envvar="GROUNDEDQA_CORPUS",
        help="The folder of pages.",
        show_default="corpus",
    ),
]
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
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="MODEL",
        envvar="GROUNDEDQA_MODEL",
        help="A sentence-transformers model by name or folder.",
        show_default="all-MiniLM-L6-v2, or the one that made the snapshot",
    ),
]
RerankerModel = Annotated[
    str | None,
    typer.Option(
        "--reranker",
        metavar="MODEL",
        envvar="GROUNDEDQA_RERANKER",
        help="Order the best passages anew with this sentence-transformers CrossEncoder.",
        show_default="none",
    ),
]
RerankMs = Annotated[
    float | None,
    typer.Option(
        "--rerank-ms",
        metavar="MS",
        envvar="GROUNDEDQA_RERANK_MS",
        help="Milliseconds for that; when they are over, the order before it stands.",
        show_default="300",
    ),
]
Json = Annotated[
    bool, typer.Option("--json", envvar="GROUNDEDQA_JSON", help="Print JSON for a script.")
]


def collection_of(settings: Settings) -> Collection:
    """The collection that the settings name."""
    return Collection(settings.index, settings.collection)


def readers_of(settings: Settings) -> int:
    """How many processes read."""
    return settings.readers if settings.readers is not None else os.cpu_count() or 1


def keys_of(settings: Settings) -> Path:
    """The operator's database: the one that is named, else the one beside the index."""
    return settings.keys or settings.index.absolute().parent / "operator.sqlite"


def ranking_of(
    settings: Settings, method: Method = "standard", dense_weight: float | None = None
) -> Ranking:
    """The ranking that settings and flags name; a reranker is exported where it never was.

    Raises:
        EncoderError: the reranker is not here, or can't be exported.
    """
    reranker: CrossEncoder | None = None
    if settings.reranker:
        from groundedqa.encode.export_cross import exported_cross_encoder  # few commands need it

        home = collection_of(settings).encoders
        reranker = exported_cross_encoder(settings.reranker, home, settings.threads)
    return Ranking(method, dense_weight, reranker, settings.rerank_ms)


@contextmanager
def reporting_errors(interrupted: str = "interrupted") -> Iterator[None]:
    """End the command with one line for whatever went wrong on purpose, and status 2."""
    try:
        yield
    except GroundedQAError as error:
        print(f"groundedqa: {error}", file=sys.stderr)
        raise typer.Exit(FAILED) from error
    except OSError as error:  # a path that is no folder, or that may not be read
        print(f"groundedqa: {error.filename}: {error.strerror or error}", file=sys.stderr)
        raise typer.Exit(FAILED) from error
    except KeyboardInterrupt:
        print(f"groundedqa: {interrupted}", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def progress_bar() -> Iterator[Tell]:
    """A bar with rate and time left on standard error; nothing where that is no terminal.

    Whoever tells of progress is interrupted then, if an interruption was lost before: Python
    drops what is raised in a finalizer or in a library's callback.
    """
    pressed = threading.Event()

    def interrupt(*_: object) -> None:
        pressed.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        with _drawn() as draw:

            def tell(what: str, done: int, total: int) -> None:
                if pressed.is_set():
                    raise KeyboardInterrupt
                draw(what, done, total)

            yield tell
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _drawn() -> Iterator[Tell]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda *_: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield _teller(bar)


def _teller(bar: Progress) -> Tell:
    tasks: dict[str, TaskID] = {}

    def tell(what: str, done: int, total: int) -> None:
        if what not in tasks:
            for task in tasks.values():
                bar.update(task, visible=False)
            tasks[what] = bar.add_task(what, total=total or None, rate="")
        speed: Any = bar.tasks[tasks[what]].speed
        rate = f"{speed:.1f} documents/s" if speed else ""
        bar.update(tasks[what], completed=done, rate=rate)

    return tell
