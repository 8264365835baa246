"""An answer as ``groundedqa ask`` prints it."""

from __future__ import annotations

import re
import textwrap

import typer

from groundedqa.types import Answer, Citation, Document, Reason

_WIDTH = 88
_WHY: dict[Reason, str] = {
    "not_covered": "nothing in this corpus answers that.",
    "filtered_out": "the corpus may answer that, but not in what the filters leave.",
    "unknown_words": "this corpus has none of the question's words; check their spelling.",
    "empty_corpus": "there is nothing in this corpus.",
}


def print_answer(answer: Answer) -> None:
    """Print an answer for a person; on a terminal the best sentences are bold."""
    if answer.reason:
        print(f"Not answered: {_WHY[answer.reason]}\n")
    for citation in answer.citations:
        _print_citation(citation)
    if answer.near_misses:
        print("Nearest pages:\n")
        for citation in answer.near_misses:
            _print_citation(citation)
    if answer.related:
        print("Related questions:")
        print(*(f"   {related.question}" for related in answer.related), sep="\n", end="\n\n")
    for field, values in answer.facets.items():
        counted = ", ".join(f"{value.value} ({value.count})" for value in values)
        print(f"{field}: {counted or 'none'}")
    if answer.answerable is not None:
        by = "" if answer.calibrated else ", not calibrated on this corpus"
        print(f"Probability that the corpus answers: {_percent(answer.answerable)}{by}")


def _percent(probability: float) -> str:
    """Whole percents; never 0 or 100, for no probability is either."""
    return f"{min(max(round(probability * 100), 1), 99)} %"


def _print_citation(citation: Citation) -> None:
    pinned = " (chosen by the site)" if citation.pinned else ""
    print(f"{citation.rank}. {citation.document.title}{pinned}")
    # What is no terminal gets the text alone: echo() takes the styles off.
    typer.echo(textwrap.indent(_quoted(citation), "   "))
    print(f"   -- {_source(citation)}\n   {citation.link}")
    for place in citation.also_at:
        print(f"   also at: {_named(place.document)}, {place.link}")
    print()


def _named(document: Document) -> str:
    return document.title or document.doc_id


def _quoted(citation: Citation) -> str:
    """The quote in lines, its best sentence bold."""
    lines = _wrapped(citation.quote)
    best = citation.best_sentence
    if best is None:
        return lines
    # Wrapping changes white space alone: places are told by the signs before them.
    signs = [found.start() for found in re.finditer(r"\S", lines)]
    before = _signs(citation.quote[: best.start - citation.start])
    first = signs[before]
    end = signs[before + _signs(best.text) - 1] + 1
    bold = typer.style(lines[first:end], bold=True)
    return f"{lines[:first]}{bold}{lines[end:]}"


def _signs(text: str) -> int:
    return len(re.findall(r"\S", text))


def _wrapped(quote: str) -> str:
    return "\n".join(
        textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in quote.split("\n")
    )


def _addressed(name: str | None, url: str | None) -> str | None:
    return f"{name} ({url})" if name and url and url != name else name


def _source(citation: Citation) -> str:
    owed = citation.attribution
    publisher = owed.publisher if owed.publisher != owed.author else None
    who = [_addressed(owed.author, owed.author_url), citation.role, citation.credential]
    # The heading over an expert answer says nothing that the author beside it does not.
    headings = citation.section if citation.document.kind != "qa" else ()
    where = [*headings, f"page {citation.page}" if citation.page else None]
    when = str(citation.document.published) if citation.document.published else None
    parts = [*who, *where, publisher, when, _addressed(owed.licence, owed.licence_url)]
    return ", ".join(part for part in parts if part) or citation.document.source
