"""groundedqa ask."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import Annotated, Any

import typer

from groundedqa.ask import DEFAULT_CITATIONS, Asker, Encoders, Wanted
from groundedqa.cli.ask_print import print_answer
from groundedqa.cli.options import (
    CollectionName,
    Index,
    Json,
    Model,
    RerankerModel,
    RerankMs,
    collection_of,
    ranking_of,
    reporting_errors,
)
from groundedqa.index import FACET_FIELDS
from groundedqa.settings import load_settings
from groundedqa.types import Filters

_DAY = "%Y-%m-%d"


def _values(flag: str, metavar: str, help_text: str) -> Any:
    return typer.Option(flag, metavar=metavar, help=f"{help_text}; may be repeated.")


def _day(flag: str, help_text: str) -> Any:
    return typer.Option(flag, metavar="DAY", formats=[_DAY], help=help_text)


Count = Annotated[
    int, typer.Option("-k", metavar="K", envvar="GROUNDEDQA_K", help="Passages at most, 1 to 50.")
]
Risk = Annotated[
    float | None,
    typer.Option(
        "--risk",
        metavar="SHARE",
        envvar="GROUNDEDQA_RISK",
        help="At most this share of what is shown may be wrong; only below the site's own.",
    ),
]
NearMisses = Annotated[
    bool,
    typer.Option(
        "--near-misses",
        envvar="GROUNDEDQA_NEAR_MISSES",
        help="Where nothing answers, print the nearest pages.",
    ),
]
Related = Annotated[
    int,
    typer.Option(
        "--related",
        metavar="N",
        envvar="GROUNDEDQA_RELATED",
        help="The corpus's own questions nearest in meaning, 0 to 20.",
    ),
]
Values = list[str] | None
Facets = Annotated[Values, _values("--facets", "FIELD", f"Count {', '.join(FACET_FIELDS)}")]
Tag = Annotated[Values, _values("--tag", "TAG", "Pages with this tag")]
Kind = Annotated[Values, _values("--kind", "KIND", "Pages of this kind")]
Author = Annotated[Values, _values("--author", "NAME", "Pages with a text by this author")]
Language = Annotated[Values, _values("--language", "LANGUAGE", "Pages in this language")]
Licence = Annotated[Values, _values("--licence", "LICENCE", "Pages under this licence")]
From = Annotated[datetime | None, _day("--from", "Not published before this day.")]
To = Annotated[datetime | None, _day("--to", "Not published after this day.")]


def ask_command(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In a student's own words.")],
    k: Count = DEFAULT_CITATIONS,
    risk: Risk = None,
    near_misses: NearMisses = False,
    related: Related = 0,
    facets: Facets = None,
    tag: Tag = None,
    kind: Kind = None,
    author: Author = None,
    language: Language = None,
    licence: Licence = None,
    published_from: From = None,
    published_to: To = None,
    index: Index = None,
    collection: CollectionName = None,
    model: Model = None,
    reranker: RerankerModel = None,
    rerank_ms: RerankMs = None,
    as_json: Json = False,
) -> None:
    """Ask the published snapshot, and print the passages that answer with their citations.

    Where nothing answers it says why; that is an answer too, and ends with status 0.

    Example: groundedqa ask -k 2 "why did everyone starve in ukraine in the 30s"
    """
    filters = Filters(
        tags=tuple(tag or ()),
        kind=tuple(kind or ()),
        author=tuple(author or ()),
        language=tuple(language or ()),
        licence=tuple(licence or ()),
        published_from=published_from.date() if published_from else None,
        published_to=published_to.date() if published_to else None,
    )
    wanted = Wanted(k, risk, near_misses, related, tuple(dict.fromkeys(facets or ())))
    with reporting_errors():
        settings = load_settings(
            index=index,
            collection=collection,
            model=model,
            reranker=reranker,
            rerank_ms=rerank_ms,
        )
        opened = Asker(
            collection_of(settings),
            model=settings.model,
            encoders=Encoders(settings.threads),
            ranking=ranking_of(settings),
        )
        with closing(opened) as asker:
            answer = asker.ask(question, filters, wanted)
    if as_json:
        from groundedqa.server.schemas import AnswerOut  # the names on the wire

        print(AnswerOut.of(answer).model_dump_json())
    else:
        print_answer(answer)
