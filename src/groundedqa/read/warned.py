"""What a reader has to say of a whole source goes with its first document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from groundedqa.read.raw import Broken, RawDocument


def warned(
    found: Iterable[RawDocument | Broken], warnings: tuple[str, ...]
) -> Iterator[RawDocument | Broken]:
    """The same documents, the first of them with these warnings too."""
    for raw in found:
        if warnings and isinstance(raw, RawDocument):
            raw, warnings = replace(raw, warnings=(*warnings, *raw.warnings)), ()
        yield raw
