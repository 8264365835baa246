"""report.json: what became of each source, bounded however many there are."""

from __future__ import annotations

import json
from collections.abc import Collection as Members
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from groundedqa.errors import SnapshotCorruptError, SnapshotMissingError
from groundedqa.index.describe import SourceFacts, facts_by_source, overlaps
from groundedqa.snapshot.layout import Collection
from groundedqa.snapshot.manifest import REPORT
from groundedqa.snapshot.publish import current

LISTED = 10_000  # sources, problems, notices: the first of each
_OVERLAPS = 1_000
_LISTS = ("sources", "problems", "notices")
_SUMS = ("documents", "sections", "words", "passages", "without_fragment")

Report = dict[str, Any]


def complete(report: Mapping[str, Any], store: Path) -> Report:
    """The report with what a finished store holds of each source, sums and overlaps.

    ``report`` has a row for each source with its ``source`` and ``reader``. Lists are cut to
    `LISTED` rows, and ``not_listed`` counts the others; sums are over all.
    """
    facts = facts_by_source(store)
    notices = _counted(notice["source"] for notice in report["notices"])
    rows = []
    for row in report["sources"]:
        of = asdict(facts.get(row["source"], SourceFacts()))
        rows.append({**row, **of, "notices": notices.get(row["source"], 0)})
    count, pairs = overlaps(store, _OVERLAPS)
    # Before the cut: after one, the report of a build knows not all sources, and keeps its sums.
    whole = not report.get("not_listed", {}).get("sources")
    made = {
        **report,
        "sources": rows,
        "formats": _by_reader(rows) if whole else report["formats"],
        "languages": _by_language(facts.values()),
        "duplicates": [asdict(pair) for pair in pairs],
    }
    return _cut(made, count)


def without(report: Mapping[str, Any], doc_ids: Members[str]) -> Report:
    """The report that says no more of these documents than that they were removed."""
    notices = [notice for notice in report["notices"] if notice["doc_id"] not in doc_ids]
    removed = sorted({*report.get("removed", ()), *doc_ids})
    return {**report, "notices": notices, "removed": removed}


def read_report(collection: Collection, snapshot: str | None) -> tuple[str, Report]:
    """The id and the report of a snapshot: of the one named, else of the published one.

    Raises:
        SnapshotMissingError: there is none.
        SnapshotCorruptError: its report can't be read.
    """
    chosen = snapshot or current(collection)
    if chosen is None:
        raise SnapshotMissingError(
            f"nothing is published in {collection.home}; make a snapshot with: groundedqa build"
        )
    path = collection.snapshot(chosen) / REPORT
    try:
        report: Report = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SnapshotMissingError(
            f"there is no snapshot {chosen} in {collection.snapshots}"
        ) from error
    except (ValueError, OSError) as error:
        raise SnapshotCorruptError(
            f"{path} can't be read: {error}; rebuild with: groundedqa build"
        ) from error
    return chosen, report


def _cut(report: Report, pairs: int) -> Report:
    before = report.get("not_listed", {})
    left = {name: before.get(name, 0) + max(len(report[name]) - LISTED, 0) for name in _LISTS}
    left["duplicates"] = pairs - len(report["duplicates"])
    return {**report, **{name: report[name][:LISTED] for name in _LISTS}, "not_listed": left}


def _by_reader(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        of = sums.setdefault(row["reader"], {"sources": 0, **dict.fromkeys(_SUMS, 0)})
        of["sources"] += 1
        for name in _SUMS:
            of[name] += row[name]
    return sums


def _by_language(facts: Iterable[SourceFacts]) -> dict[str, int]:
    """Documents of each language, the most frequent first; "" is none."""
    counts: dict[str, int] = {}
    for each in facts:
        for language, count in each.languages.items():
            counts[language] = counts.get(language, 0) + count
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _counted(values: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts
