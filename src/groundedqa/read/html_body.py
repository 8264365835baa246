"""The body tag that HTML lets a page leave out.

libxml2 opens a body at the elements that it knows; ``main``, ``article`` and their like are younger
than that list, and a page that begins with one of them would stand in its head to the end.
"""

from __future__ import annotations

import re

_IN_HEAD = "html|head|title|meta|link|style|script|base|noscript|template"
_BODY = re.compile(r"(?i)<(?:body|frameset)[\s/>]")
# What may stand before the body: elements of the head, those with text as a whole, comments.
_BEFORE = re.compile(
    r"(?is)(?:\s+|<!--.*?-->|<![^>]*>|<\?[^>]*>"
    r"|<(title|style|script|noscript|template)\b[^>]*>.{0,500000}?</\1\s*>"
    rf"|</?(?:{_IN_HEAD})\b[^>]*>){{0,300}}"
)


def with_body(markup: str) -> str:
    """The page with its body opened where its content begins; as it is, where it opens that."""
    if _BODY.search(markup):
        return markup
    at = _BEFORE.match(markup)
    place = at.end() if at else 0
    return f"{markup[:place]}<body>{markup[place:]}"
