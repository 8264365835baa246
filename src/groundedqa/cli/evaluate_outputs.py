"""The files that `groundedqa evaluate` writes beside what it prints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from groundedqa.cli.evaluate_subject import Subject
from groundedqa.cli.evaluate_table import write_queries
from groundedqa.cli.options import collection_of
from groundedqa.errors import ConfigurationError
from groundedqa.evaluate import Comparison, Evaluation, compare, read_run, write_run
from groundedqa.snapshot import current, replace_text


@dataclass(frozen=True, slots=True)
class Outputs:
    """What was asked for: a run, a comparison with an earlier one, a report, a table.

    ``kept`` is the file of measures that stands with a snapshot, its page beside it.
    """

    run: Path | None = None
    compared: Path | None = None
    report: Path | None = None
    per_query: Path | None = None
    kept: Path | None = None

    def check(self) -> None:
        """Refuse before an hour of asking what can't be done after it.

        Raises:
            ConfigurationError: the earlier run can't be read, or matplotlib is not installed.
        """
        if self.compared:
            read_run(self.compared)
        if self.report:
            from groundedqa.evaluate.report import plots_module

            plots_module()

    def write(self, found: Evaluation, subject: str) -> list[Comparison]:
        """Write the files; the comparison, empty where none was asked for."""
        comparison = compare(found, self.compared) if self.compared else []
        if self.run:
            write_run(found.run, self.run)
        if self.per_query:
            write_queries(found, self.per_query)
        if self.report:
            from groundedqa.evaluate.report import write_report

            write_report(found, self.report, subject, comparison)
        if self.kept:
            _keep(found, self.kept, subject)
        return comparison


def kept_of(subject: Subject) -> Path:
    """Where the evaluation of a published snapshot is kept.

    Raises:
        ConfigurationError: the subject is none.
    """
    collection = collection_of(subject.settings)
    published = current(collection)
    if subject.url or subject.built or published is None:
        raise ConfigurationError(
            "--keep is for a published snapshot: name it with --index, and neither --url nor "
            "a corpus to build"
        )
    return collection.evaluation(published)


def _keep(found: Evaluation, path: Path, subject: str) -> None:
    """Write the measures, and the page beside them where matplotlib is here to draw it."""
    path.parent.mkdir(exist_ok=True)
    if find_spec("matplotlib"):
        from groundedqa.evaluate.report import write_report

        write_report(found, path.with_suffix(".html"), subject, [])
    described = {name: value for name, value in found.as_dict().items() if name != "per_query"}
    replace_text(path, json.dumps(described) + "\n")
