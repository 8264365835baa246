"""groundedqa evaluate."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from groundedqa.ask import Asker
from groundedqa.build import BuildSettings, build
from groundedqa.cli.options import (
    CollectionName,
    Index,
    Json,
    Model,
    collection_of,
    progress_bar,
    reporting_errors,
)
from groundedqa.encode import DEFAULT
from groundedqa.errors import ConfigurationError
from groundedqa.evaluate import Evaluation, EvaluationData, evaluate, load_data
from groundedqa.settings import Settings, load_settings
from groundedqa.snapshot import Collection


def _file(help_text: str, beside: str) -> Any:
    return typer.Option(metavar="FILE", help=help_text, show_default=f"{beside} in --data")


Queries = Annotated[Path | None, _file("Questions, JSON Lines of _id and text.", "queries.jsonl")]
Qrels = Annotated[
    Path | None, _file("Which documents answer: query-id, corpus-id, score.", "qrels.tsv")
]
Spans = Annotated[Path | None, _file("Where in the documents the answers stand.", "spans.jsonl")]
Unanswerable = Annotated[
    Path | None, _file("Questions that the corpus does not answer.", "unanswerable.jsonl")
]


def evaluate_command(
    queries: Queries = None,
    qrels: Qrels = None,
    spans: Spans = None,
    unanswerable: Unanswerable = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="DIR",
            help="A folder in BEIR's form: queries.jsonl, qrels.tsv, and corpus.jsonl to build.",
        ),
    ] = None,
    index: Index = None,
    collection: CollectionName = None,
    model: Model = None,
    as_json: Json = False,
) -> None:
    """Measure how well questions find what answers them, on queries and qrels in BEIR's form.

    With --data DIR and a corpus.jsonl in it, that corpus is built in a temporary index.

    Example: groundedqa evaluate --data benchmarks/questions/test
    """
    with reporting_errors():
        settings = load_settings(index=index, collection=collection, model=model)
        given = _data(data, {"queries": queries, "qrels": qrels, "spans": spans}, unanswerable)
        with _asker(data, settings) as asker, progress_bar() as tell:
            found = evaluate(asker, given, lambda done, total: tell("asking", done, total))
    print(json.dumps(found.as_dict()) if as_json else _table(found))


def _data(
    folder: Path | None, files: dict[str, Path | None], unanswerable: Path | None
) -> EvaluationData:
    def chosen(given: Path | None, name: str) -> Path | None:
        beside = folder / name if folder else None
        return given or (beside if beside and beside.exists() else None)

    queries = chosen(files["queries"], "queries.jsonl")
    qrels = chosen(files["qrels"], "qrels.tsv")
    if queries is None or qrels is None:
        raise ConfigurationError(
            "name --queries and --qrels, or with --data a folder that holds queries.jsonl and "
            "qrels.tsv"
        )
    return load_data(
        queries,
        qrels,
        chosen(files["spans"], "spans.jsonl"),
        chosen(unanswerable, "unanswerable.jsonl"),
    )


@contextmanager
def _asker(data: Path | None, settings: Settings) -> Iterator[Asker]:
    """The published snapshot, or one that is built of the folder's own corpus for this run."""
    if data is None or not (data / "corpus.jsonl").exists():
        asker = Asker(collection_of(settings), model=settings.model, threads=settings.threads)
        yield asker
        asker.close()
        return
    with tempfile.TemporaryDirectory(prefix="groundedqa-") as name, progress_bar() as tell:
        corpus = Path(name) / "corpus"
        corpus.mkdir()
        (corpus / "corpus.jsonl").symlink_to((data / "corpus.jsonl").resolve())
        collection = Collection(Path(name) / "index")
        chosen = BuildSettings(settings.model or DEFAULT, settings.passage_tokens, settings.threads)
        build(corpus, collection, chosen, progress=tell)
        asker = Asker(collection, threads=settings.threads)
        yield asker
        asker.close()


def _table(found: Evaluation) -> str:
    rows = [("queries", str(found.queries))]
    rows += [(name, f"{value:.4f}") for name, value in found.measures.items()]
    if found.spans_at_5 is not None:
        rows.append(("spans in the first 5 quotes", f"{found.spans_at_5:.4f}"))
    if found.auroc is not None:
        rows.append(("AUROC of the best score", f"{found.auroc:.4f}"))
    return "\n".join(f"{name:<28} {value:>8}" for name, value in rows)
