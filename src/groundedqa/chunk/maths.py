"""Where TeX stands in a text: no sentence ends within it, and a page draws it as something else."""

from __future__ import annotations

import re

_ENVIRONMENTS = (
    "equation|multline|gather|align|alignat|flalign|eqnarray|aligned|gathered|split|cases|array|"
    "matrix|pmatrix|bmatrix|Bmatrix|vmatrix|Vmatrix"
)
# A single dollar opens maths only where the closing one is near and neither is an amount of money.
_OPENING = re.compile(
    rf"(?P<delimiter>\\\(|\\\[|\$\$|\\begin\{{(?P<name>(?:{_ENVIRONMENTS})\*?)\}})"
    r"|(?<![\\$\d])\$(?=\S)[^$\n]{1,300}?(?<=\S)\$(?!\d)"
)
_CLOSING = {r"\(": r"\)", r"\[": r"\]", "$$": "$$"}
_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?!\n))+")


def maths_spans(text: str) -> list[tuple[int, int]]:
    """The TeX of a text with its delimiters, as half-open spans in order.

    TeX never reaches over a blank line, so that an opening which is never closed costs no more
    than its own paragraph.
    """
    return [
        span
        for paragraph in _PARAGRAPH.finditer(text)
        for span in _in_paragraph(text, *paragraph.span())
    ]


def _in_paragraph(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    absent = set()  # closings that don't come any more: looking once keeps this linear
    while opening := _OPENING.search(text, start, end):
        start = opening.end()
        if opening["delimiter"] is None:
            spans.append(opening.span())
            continue
        name = opening["name"]
        closing = rf"\end{{{name}}}" if name else _CLOSING[opening["delimiter"]]
        found = -1 if closing in absent else text.find(closing, start, end)
        if found < 0:
            absent.add(closing)
            continue
        start = found + len(closing)
        spans.append((opening.start(), start))
    return spans
