"""groundedqa evaluate."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from groundedqa.cli.evaluate_outputs import Outputs, kept_of
from groundedqa.cli.evaluate_subject import Subject, opened
from groundedqa.cli.evaluate_table import table
from groundedqa.cli.options import (
    CollectionName,
    Corpus,
    Index,
    Json,
    Model,
    RerankerModel,
    RerankMs,
    progress_bar,
    reporting_errors,
)
from groundedqa.errors import ConfigurationError
from groundedqa.evaluate import (
    Evaluation,
    EvaluationData,
    EvaluationFiles,
    Level,
    evaluate_system,
    judge_of,
    load_files,
)
from groundedqa.retrieve import Method
from groundedqa.settings import Settings, load_settings


def _file(help_text: str, beside: str) -> Any:
    return typer.Option(metavar="FILE", help=help_text, show_default=f"{beside} in --data")


def _out(flag: str, help_text: str) -> Any:
    return typer.Option(flag, metavar="FILE", help=help_text)


Queries = Annotated[Path | None, _file("Questions, JSON Lines of _id and text.", "queries.jsonl")]
Qrels = Annotated[Path | None, _file("What answers: query-id, corpus-id, score.", "qrels.tsv")]
Spans = Annotated[Path | None, _file("Where in the documents the answers stand.", "spans.jsonl")]
Unanswerable = Annotated[
    Path | None,
    _file(
        "Questions that the corpus does not answer; kind tells sorts apart.", "unanswerable.jsonl"
    ),
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="A folder in BEIR's form: queries.jsonl, qrels.tsv, and corpus.jsonl to build.",
    ),
]
Url = Annotated[
    str | None, typer.Option("--url", metavar="URL", help="A running service, asked over HTTP.")
]
LevelOption = Annotated[
    Level,
    typer.Option(
        "--level",
        metavar="LEVEL",
        help="What the qrels name: document or section; or span, the gold of --spans.",
    ),
]
Fusion = Annotated[
    Method,
    typer.Option(
        "--fusion",
        metavar="METHOD",
        help="How both sides' scores become one: standard, reciprocal-rank or min-max.",
    ),
]
DenseWeight = Annotated[
    float | None,
    typer.Option(
        "--dense-weight",
        metavar="W",
        min=0,
        max=1,
        help="Of meaning against words: 0 words alone, 1 meaning alone.",
        show_default="the snapshot's own",
    ),
]


def evaluate_command(
    context: typer.Context,
    queries: Queries = None,
    qrels: Qrels = None,
    spans: Spans = None,
    unanswerable: Unanswerable = None,
    data: Data = None,
    corpus: Corpus = None,
    index: Index = None,
    collection: CollectionName = None,
    url: Url = None,
    level: LevelOption = "document",
    run: Annotated[Path | None, _out("--run", "Write the ranking as a TREC run.")] = None,
    compared: Annotated[
        Path | None, _out("--compare", "An earlier run: each measure's difference and its p.")
    ] = None,
    report: Annotated[Path | None, _out("--report", "Write a page to look at.")] = None,
    per_query: Annotated[
        Path | None, _out("--per-query", "Write each query's measures, parted by tabs.")
    ] = None,
    model: Model = None,
    fusion: Fusion = "standard",
    dense_weight: DenseWeight = None,
    reranker: RerankerModel = None,
    rerank_ms: RerankMs = None,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Keep measures and page with the snapshot, for /admin."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Measure how well questions find what answers them, and whether the rest is abstained from.

    A service is asked with --url, a published snapshot with --index. Otherwise the folder that
    --corpus names, or the corpus.jsonl of --data, is built in a temporary index. A section's id in
    the qrels is doc_id#Heading, or one of the corpus.jsonl beside them. Intervals are of 95 %.

    Example: groundedqa evaluate --data benchmarks/questions/test --index index --report out.html
    """
    files = {"queries": queries, "qrels": qrels, "spans": spans, "unanswerable": unanswerable}
    outputs = Outputs(run, compared, report, per_query)
    with reporting_errors():
        outputs.check()
        settings = load_settings(
            index=index,
            collection=collection,
            corpus=corpus,
            model=model,
            reranker=reranker,
            rerank_ms=rerank_ms,
        )
        found_data = load_files(_files(data, files, level))
        subject = replace(
            _subject(context, settings, url, data), method=fusion, dense_weight=dense_weight
        )
        if keep:
            outputs = replace(outputs, kept=kept_of(subject))
        found = _evaluated(subject, found_data)
        comparison = outputs.write(found, subject.name)
    described = {**found.as_dict(), "comparison": [asdict(each) for each in comparison]}
    print(json.dumps(described) if as_json else table(found, comparison))


def _evaluated(subject: Subject, data: EvaluationData) -> Evaluation:
    with opened(subject, data) as ready, progress_bar() as tell:
        judge = judge_of(data, ready.outlines() if data.level == "section" else ())
        return evaluate_system(
            ready.system, data, judge, lambda done, total: tell("asking", done, total)
        )


def _subject(
    context: typer.Context, settings: Settings, url: str | None, data: Path | None
) -> Subject:
    """What the command line names; variables say where things are, not which is evaluated."""
    named = {name for name in ("index", "corpus", "url") if _on_command_line(context, name)}
    ranked = {"fusion": "--fusion", "dense_weight": "--dense-weight", "reranker": "--reranker"}
    for name, flag in ranked.items():
        if url and _on_command_line(context, name):
            raise ConfigurationError(f"{flag} can't change how a service ranks; name --index")
    if "index" in named and len(named) > 1:
        raise ConfigurationError("name one to evaluate: --index, --url, or --corpus to build")
    corpus = settings.corpus if "corpus" in named else None
    if url:
        return Subject(settings, url=url, corpus=corpus)
    beside = data / "corpus.jsonl" if data and not named else None
    return Subject(settings, built=corpus or (beside if beside and beside.exists() else None))


def _on_command_line(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _files(folder: Path | None, named: dict[str, Path | None], level: Level) -> EvaluationFiles:
    """The files that were named, else those that the folder holds."""

    def chosen(name: str, *beside: str) -> Path | None:
        places = [folder / file for file in beside] if folder else []
        return named[name] or next((place for place in places if place.exists()), None)

    queries = chosen("queries", "queries.jsonl")
    qrels = chosen("qrels", "qrels.tsv", "qrels/test.tsv")
    if queries is None or (qrels is None and level != "span"):
        raise ConfigurationError(
            "name --queries and --qrels, or with --data a folder that holds queries.jsonl and "
            "qrels.tsv"
        )
    spans = chosen("spans", "spans.jsonl")
    return EvaluationFiles(
        queries, qrels, spans, chosen("unanswerable", "unanswerable.jsonl"), level
    )
