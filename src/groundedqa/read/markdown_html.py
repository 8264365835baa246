"""HTML in Markdown: its tags go, its words stay."""

from __future__ import annotations

import html
import re

_DROPPED_HTML = re.compile(r"(?i)<(?:(script|style)\b|!--)")
_CLOSING_HTML = {
    "--": re.compile("-->"),
    "script": re.compile(r"(?i)</script\s*>"),
    "style": re.compile(r"(?i)</style\s*>"),
}
LINE_BREAK = re.compile(r"(?i)<br\s*/?>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def strip_tags(text: str) -> str:
    """The text that a block of HTML shows."""
    text = LINE_BREAK.sub("\n", _without_dropped_html(text))
    return html.unescape(_TAG.sub("", text))


def _without_dropped_html(text: str) -> str:
    """The text without comments, scripts and styles; each kind is sought in vain once at most."""
    kept, position = [], 0
    never_closed = set()
    for opening in _DROPPED_HTML.finditer(text):
        kind = (opening[1] or "--").lower()
        if opening.start() < position or kind in never_closed:
            continue
        closing = _CLOSING_HTML[kind].search(text, opening.end())
        if not closing:
            never_closed.add(kind)
            continue
        kept.append(text[position : opening.start()])
        position = closing.end()
    return "".join(kept) + text[position:]
