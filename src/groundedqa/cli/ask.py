"""groundedqa ask."""

from __future__ import annotations

import textwrap
from typing import Annotated

import typer

from groundedqa.ask import DEFAULT_CITATIONS, Asker
from groundedqa.cli.options import (
    CollectionName,
    Index,
    Json,
    Model,
    collection_of,
    reporting_errors,
)
from groundedqa.settings import load_settings
from groundedqa.types import Answer, Citation

_WIDTH = 88


def ask_command(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In a student's own words.")],
    k: Annotated[
        int,
        typer.Option("-k", metavar="K", envvar="GROUNDEDQA_K", help="Passages at most, 1 to 50."),
    ] = DEFAULT_CITATIONS,
    index: Index = None,
    collection: CollectionName = None,
    model: Model = None,
    as_json: Json = False,
) -> None:
    """Ask the published snapshot, and print the passages that answer with their citations.

    Example: groundedqa ask -k 2 "why did everyone starve in ukraine in the 30s"
    """
    with reporting_errors():
        settings = load_settings(index=index, collection=collection, model=model)
        asker = Asker(collection_of(settings), model=settings.model, threads=settings.threads)
        answer = asker.ask(question, k)
        asker.close()
    if as_json:
        from groundedqa.server.schemas import AnswerOut  # the names on the wire

        print(AnswerOut.of(answer).model_dump_json())
    else:
        _print(answer)


def _print(answer: Answer) -> None:
    if not answer.citations:
        print("Nothing in this corpus answers that.")
    for citation in answer.citations:
        print(f"{citation.rank}. {citation.document.title}")
        print(textwrap.indent(_wrapped(citation.quote), "   "))
        print(f"   -- {_source(citation)}\n   {citation.link}\n")


def _wrapped(quote: str) -> str:
    return "\n".join(
        textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in quote.split("\n")
    )


def _source(citation: Citation) -> str:
    who = [citation.author, citation.role, citation.credential]
    # The heading over an expert answer says nothing that the author beside it does not.
    headings = citation.section if citation.document.kind != "qa" else ()
    where = [*headings, f"page {citation.page}" if citation.page else None]
    when = str(citation.document.published) if citation.document.published else None
    parts = [*who, *where, when, citation.document.licence]
    return ", ".join(part for part in parts if part) or citation.document.source
