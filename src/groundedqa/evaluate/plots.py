"""Plots as inline SVG that takes its colours from the page around it, light or dark.

matplotlib draws; it comes with ``groundedqa[report]``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from groundedqa.evaluate.abstention import Bin, Curve

# Stand-ins that matplotlib draws with, and the page's own colours that they become.
_INK, _SOFT, _LINE, _ACCENT, _OTHER = "#010203", "#040506", "#070809", "#0a0b0c", "#0d0e0f"
_VARIABLES = {_INK: "ink", _SOFT: "soft", _LINE: "line", _ACCENT: "accent", _OTHER: "other"}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text
    "font.size": 11.5,
    "text.color": _INK,
    "axes.labelcolor": _SOFT,
    "axes.edgecolor": _LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": _LINE,
    "xtick.color": _LINE,
    "ytick.color": _LINE,
    "xtick.labelcolor": _SOFT,
    "ytick.labelcolor": _SOFT,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "lines.solid_capstyle": "round",
}
_WIDTH, _HEIGHT = 5.4, 3.6  # inches; the page scales it
_SHADES = 40


def measures(
    values: Mapping[str, float], intervals: Mapping[str, tuple[float | None, float | None]]
) -> str:
    """A dot for each measure, with its interval as a line."""
    with mpl.rc_context(_STYLE):
        figure, axes = _axes(0.45 * len(values) + 0.75)
        for place, (name, value) in enumerate(values.items()):
            low, high = intervals[name]
            if low is not None and high is not None:
                axes.plot([low, high], [place, place], color=_ACCENT, linewidth=4, alpha=0.4)
            axes.plot([value], [place], "o", color=_ACCENT, markersize=8)
        axes.set(xlim=(0, 1.02), ylim=(len(values) - 0.5, -0.5))
        _name_rows(axes, values)
        return _svg(figure, "measures")


def risk_coverage(curve: Curve) -> str:
    """What would be wrong if more were answered."""
    with mpl.rc_context(_STYLE):
        figure, axes = _axes()
        lines = (
            ("unanswerable", curve.risk, _ACCENT, "-"),
            ("without evidence in the first five", curve.unsupported, _OTHER, "--"),
        )
        for label, risk, colour, style in lines:
            axes.plot(curve.coverage, risk, style, color=colour, label=label, drawstyle="steps-mid")
        axes.axhline(0.05, color=_SOFT, linewidth=1, linestyle=":")
        axes.annotate(
            "5 %", (0.0, 0.05), (2, 3), textcoords="offset points", color=_SOFT, fontsize=10
        )
        axes.set(xlabel="coverage: share answered", ylabel="risk: share wrong", xlim=(0, 1))
        axes.set_ylim(0, max(0.1, *curve.risk, *curve.unsupported) * 1.25)
        axes.legend(loc="upper left")
        return _svg(figure, "risk")


def reliability(bins: Sequence[Bin]) -> str:
    """Probabilities against what came true; on the diagonal they are right."""
    with mpl.rc_context(_STYLE):
        figure, axes = _axes()
        axes.plot([0, 1], [0, 1], ":", color=_SOFT, linewidth=1.5)
        stated = [each.answerable for each in bins]
        true = [each.answered_by_corpus for each in bins]
        axes.plot(stated, true, "o-", color=_ACCENT, markersize=7)
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.04))
        axes.set(xlabel="answerable, as stated", ylabel="share the corpus answers")
        return _svg(figure, "reliability")


def latency(took_ms: Sequence[float]) -> str:
    """How long answers took; the last bar holds what took longer than 99.5 % did."""
    values = np.array(took_ms)
    top = max(float(np.percentile(values, 99.5)), 1e-3)
    with mpl.rc_context(_STYLE):
        figure, axes = _axes()
        axes.hist(np.minimum(values, top), bins=_SHADES, range=(0, top), color=_ACCENT)
        for share, style in ((50, "-"), (95, "--")):
            at = float(np.percentile(values, share))
            label = f"{'median' if share == 50 else 'p95'} {at:.1f} ms"
            axes.axvline(at, ymax=0.8, color=_OTHER, linestyle=style, linewidth=1.5, label=label)
        axes.set(xlabel="ms for an answer", ylabel="questions", xlim=(0, top))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.margins(y=0.3)  # the legend stands above the bars
        axes.grid(visible=False, axis="x")
        axes.legend(loc="upper right", ncols=2)
        return _svg(figure, "latency")


def bars(rows: Mapping[str, Mapping[str, float]], label: str, name: str) -> str:
    """A bar for each value of each row, the rows from top to bottom; values have one unit."""
    series = list(dict.fromkeys(each for values in rows.values() for each in values))
    thick = 0.8 / max(len(series), 1)
    with mpl.rc_context(_STYLE):
        figure, axes = _axes(0.3 * len(series) * len(rows) + 1.0)
        for place, (each, colour) in enumerate(zip(series, (_ACCENT, _OTHER), strict=False)):
            at = [row + (place - (len(series) - 1) / 2) * thick for row in range(len(rows))]
            values = [found.get(each, 0.0) for found in rows.values()]
            axes.barh(at, values, thick * 0.9, color=colour, label=each)
        axes.set(xlabel=label, ylim=(len(rows) - 0.4, -0.6))
        _name_rows(axes, rows)
        if len(series) > 1:
            axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
        return _svg(figure, name)


def _axes(height: float = _HEIGHT) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    return figure, axes


def _name_rows(axes: Axes, names: Collection[str]) -> None:
    axes.set_yticks(range(len(names)), list(names))
    axes.tick_params(axis="y", length=0, labelcolor=_INK)
    axes.grid(visible=False, axis="y")


def _svg(figure: Figure, name: str) -> str:
    """The drawing alone, scaled by the page; its ids don't meet those of another."""
    file = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": name}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    drawing = file.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r'style="([^"]*)"', lambda found: _attributes(found[1]), drawing)
    drawing = re.sub(r'\s(?:width|height|version|xmlns(?::\w+)?)="[^"]*"', "", drawing, count=5)
    drawing = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", drawing)
    for stand_in, variable in _VARIABLES.items():
        drawing = drawing.replace(stand_in, f"var(--{variable})")
    return drawing.replace("<svg", '<svg aria-hidden="true" stroke-linejoin="round"', 1)


def _attributes(style: str) -> str:
    """A style as the attributes of SVG: a page that allows no inline style shows those."""
    stated = (each.partition(":") for each in style.split(";"))
    return " ".join(f'{name.strip()}="{value.strip()}"' for name, _, value in stated)
