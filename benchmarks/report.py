"""One measured line, with the bound that it is held to where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A figure with its unit; ``least`` and ``most`` are bounds."""

    what: str
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the bounds hold."""
        above = self.least is None or self.value >= self.least
        return above and (self.most is None or self.value <= self.most)

    def __str__(self) -> str:
        """One line of the report."""
        bound = "" if self.least is None else f"at least {self.least:g}"
        bound += "" if self.most is None else f"at most {self.most:g}"
        verdict = f"  {bound}: {'met' if self.is_met else 'MISSED'}" if bound else ""
        return f"{self.what:<58} {self.value:>9.2f} {self.unit:<12}{verdict}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
