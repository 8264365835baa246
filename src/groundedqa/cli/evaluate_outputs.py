"""The files that `groundedqa evaluate` writes beside what it prints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from groundedqa.cli.evaluate_table import write_queries
from groundedqa.evaluate import Comparison, Evaluation, compare, read_run, write_run


@dataclass(frozen=True, slots=True)
class Outputs:
    """What was asked for: a run, a comparison with an earlier one, a report, a table."""

    run: Path | None = None
    compared: Path | None = None
    report: Path | None = None
    per_query: Path | None = None

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
        return comparison
