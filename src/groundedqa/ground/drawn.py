"""What a page may show in other characters than the text has; no link is made from it."""

from __future__ import annotations

import re
from bisect import bisect_right

from groundedqa.chunk import maths_spans

# Raised and lowered signs, which a page may write as such or as others set higher.
_RAISED = re.compile(r"\S*(?:[\u2070-\u209c\u00b2\u00b3\u00b9\u1d62-\u1d6a\u2c7c]|\^\(?\w)\S*")


def drawn_spans(text: str) -> list[tuple[int, int]]:
    """The maths of a text and its words with raised signs, as half-open spans in order."""
    maths = maths_spans(text)
    ends = [end for _, end in maths]
    raised = (found.span() for found in _RAISED.finditer(text))
    outside = []
    for start, end in raised:
        following = bisect_right(ends, start)
        if following == len(maths) or maths[following][0] >= end:
            outside.append((start, end))
    return sorted([*maths, *outside])
