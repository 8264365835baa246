"""The build report as one HTML file for people: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_SHOWN = 2_000  # rows of a table; report.json has more
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def report_page(snapshot: str, report: Mapping[str, Any]) -> str:
    """The page of a snapshot's report; of each list as many rows as a browser shows at ease."""
    left = report["not_listed"]
    tables = {
        name: {
            "rows": report[name][:_SHOWN],
            "more": left.get(name, 0) + max(len(report[name]) - _SHOWN, 0),
        }
        for name in ("sources", "problems", "notices", "duplicates")
    }
    return _TEMPLATES.get_template("report.html").render(
        snapshot=snapshot, report=report, tables=tables
    )
