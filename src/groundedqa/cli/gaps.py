"""groundedqa gaps."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from groundedqa.ask import Asker, Encoders
from groundedqa.cli.options import (
    CollectionName,
    Index,
    Json,
    KeyFile,
    collection_of,
    keys_of,
    progress_bar,
    ranking_of,
    reporting_errors,
)
from groundedqa.errors import ConfigurationError
from groundedqa.operate.gaps import Gap, Gaps, find_gaps
from groundedqa.operate.question_log import LoggedQuestion, first_of, logged
from groundedqa.settings import Settings, load_settings

_COLUMNS = ("question", "times", "first", "last", "answerable", "phrasings", "nearest")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run (OWASP, CSV injection)
_PHRASINGS = 3  # are printed for a person
_WIDTH = 88


def gaps_command(
    days: Annotated[
        int | None,
        typer.Option("--days", min=1, metavar="N", help="Only what was asked in the last N days."),
    ] = None,
    top: Annotated[
        int, typer.Option("--top", min=1, metavar="N", help="The N that were asked most.")
    ] = 20,
    collection: CollectionName = None,
    index: Index = None,
    keys: KeyFile = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV for a spreadsheet.")] = False,
    as_json: Json = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write to a file.")
    ] = None,
) -> None:
    """Print what students asked and the corpus does not answer, gathered by meaning.

    It reads what serve --question-log-days N logged, and asks each question again: one that is
    answered by now is no gap.

    Example: groundedqa gaps --days 30 --csv --out gaps.csv
    """
    with reporting_errors(), progress_bar() as tell:
        if as_csv and as_json:
            raise ConfigurationError("name one form: --csv or --json")
        settings = load_settings(index=index, collection=collection, keys=keys)
        rows = _logged(settings, days)
        encoders, ranking = Encoders(settings.threads), ranking_of(settings)
        asker = Asker(collection_of(settings), encoders=encoders, ranking=ranking)
        with closing(asker):
            found = find_gaps(asker, rows, top=top, tell=tell)
        written = _csv(found) if as_csv else _json(found) if as_json else _text(found)
        if out:
            # A spreadsheet takes a file without the mark for one in the machine's own encoding.
            out.write_text(written, encoding="utf-8-sig" if as_csv else "utf-8", newline="")
    print(f"{len(found.gaps)} gaps written to {out}" if out else written, end="\n" if out else "")


def _logged(settings: Settings, days: int | None) -> list[LoggedQuestion]:
    since = first_of(days) if days else date.min
    rows = logged(keys_of(settings), settings.collection, since)
    if not rows:
        raise ConfigurationError(
            f"no question of the collection {settings.collection!r} is logged"
            + (f" of the last {days} days" if days else "")
            + "; questions are logged by: groundedqa serve --question-log-days 90"
        )
    return rows


def _json(found: Gaps) -> str:
    return json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n"


def _csv(found: Gaps) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    for gap in found.gaps:
        phrasings = "; ".join(f"{each.question} ({each.times})" for each in gap.phrasings)
        nearest = "; ".join(f"{each.title} ({each.url or each.doc_id})" for each in gap.nearest)
        values = (gap.question, gap.times, gap.first, gap.last, round(gap.answerable, 3))
        writer.writerow(_cell(value) for value in (*values, phrasings, nearest))
    return file.getvalue()


def _cell(value: object) -> object:
    """A text that a spreadsheet shows and never runs."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value


def _text(found: Gaps) -> str:
    lines = [line for gap in found.gaps for line in (*_lines(gap), "")]
    if not found.gaps:
        lines = ["Everything that was asked is answered.", ""]
    if found.further:
        lines.append(f"And {found.further} more: --top {len(found.gaps) + found.further}")
    if found.answered_now:
        lines.append(f"{found.answered_now} questions that were not answered are by now.")
    if found.left_out:
        lines.append(f"{found.left_out} questions that were asked least were not looked at.")
    return "\n".join(lines).rstrip("\n") + "\n"


def _lines(gap: Gap) -> Iterator[str]:
    asked = f"{gap.times}x, {gap.first}" + (f" to {gap.last}" if gap.last != gap.first else "")
    yield from textwrap.wrap(f"{gap.question}  ({asked})", _WIDTH)
    others = [each.question for each in gap.phrasings if each.question != gap.question]
    for other in others[:_PHRASINGS]:
        yield from textwrap.wrap(
            other, _WIDTH, initial_indent="   also: ", subsequent_indent=" " * 9
        )
    if len(others) > _PHRASINGS:
        yield f"   and {len(others) - _PHRASINGS} other ways"
    for near in gap.nearest:
        yield f"   near: {near.title} ({near.url or near.doc_id})"
