"""Links that open a page at the very words: text directives as the WICG specification has them.

A browser looks for the first place where ``start`` stands (after ``prefix``), then for the first
``end`` after it, whole words only, each within one block, letter case and accents aside
(https://wicg.github.io/scroll-to-text-fragment/). So the words chosen here are unique in what the
page shows of the document, and never taken from maths or tables, which a page draws differently.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote as percent_encode

from icu4py.breakers import WordBreaker

from groundedqa.types import Document

_MATHS = re.compile(
    r"\\\(.*?\\\)|\\\[.*?\\\]|\\begin\{(\w+\*?)\}.*?\\end\{\1\}|\$\$.*?\$\$"
    r"|(?<![\\$\d])\$(?=\S)[^$\n]{1,300}?(?<=\S)\$(?!\d)",
    re.DOTALL,
)
_LIST_MARKER = re.compile(r"(?:[-*•–]|\(?\d{1,3}[.)])\s+")
_NOT_PROSE = re.compile(r"\||    ")  # a table's row, a line of code
_WHOLE = 8  # a quote of so few words is named whole
_FIRST = 4  # the fewest words that stand for the start or the end of a longer one
_AROUND = 12  # the most words taken before a start that is not unique

Span = tuple[int, int]


class _Folding(dict[int, str]):
    """One character for each, as a browser compares them: case, accents and quotes aside."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKD", chr(code)).casefold()[:1] or chr(code)
        self[code] = folded
        return folded


_FOLDING = _Folding({ord(c): "'" for c in "‘’‚‛`´"} | {ord(c): '"' for c in "“”„‟«»"})


class TextDirectives:
    """Makes the directives of one document; the document's text is folded once."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._folded = document.text.translate(_FOLDING)
        beside = "\n".join((document.title, *(s.heading for s in document.sections)))
        self._beside = beside.translate(_FOLDING)
        self._bounds = {s.start for s in document.sections} | {s.end for s in document.sections}

    def directive(self, start: int, end: int) -> str | None:
        """``text=...`` for a slice of the document; None where no words can name it."""
        words = list(self._words(start, end))
        if not words:
            return None
        if len(words) <= _WHOLE and len({block for _, block in words}) == 1:
            return self._whole([span for span, _ in words])
        first = [span for span, block in words if block == words[0][1]]
        last = [span for span, block in words if block == words[-1][1]]
        opening = self._opening(first)
        if opening is None:
            return None
        prefix, begin = opening
        closing = self._closing(last, begin[1])
        if closing is None:
            return None
        parts = [self._encode(begin), self._encode(closing)]
        return "text=" + ",".join([self._encode(prefix) + "-", *parts] if prefix else parts)

    def _whole(self, words: list[Span]) -> str | None:
        span = (words[0][0], words[-1][1])
        if self._is_unique(span):
            return "text=" + self._encode(span)
        prefix = self._prefix(span)
        return f"text={self._encode(prefix)}-,{self._encode(span)}" if prefix else None

    def _opening(self, words: list[Span]) -> tuple[Span | None, Span] | None:
        """The fewest first words that are unique; else all of the block's, with some before."""
        for count in range(min(_FIRST, len(words)), len(words) + 1):
            span = (words[0][0], words[count - 1][1])
            if self._is_unique(span):
                return None, span
        span = (words[0][0], words[min(_FIRST, len(words)) - 1][1])
        prefix = self._prefix(span)
        return (prefix, span) if prefix else None

    def _closing(self, words: list[Span], after: int) -> Span | None:
        """The fewest last words whose first place after the opening is their own."""
        words = [word for word in words if word[0] >= after]
        for count in range(min(_FIRST, len(words)), len(words) + 1):
            span = (words[-count][0], words[-1][1]) if words else (0, 0)
            wanted = self._folded[span[0] : span[1]]
            if (
                wanted
                and self._folded.find(wanted, after) == span[0]
                and wanted not in self._beside
            ):
                return span
        return None

    def _prefix(self, span: Span) -> Span | None:
        """Words right before a span that make it unique, from its own block or the one before."""
        before = [word for word, _ in self._words(max(0, span[0] - 400), span[0])]
        for count in range(1, min(_AROUND, len(before)) + 1):
            start = before[-count][0]
            between = self._text[before[-1][1] : span[0]]
            if any(start < bound <= span[0] for bound in self._bounds) or _MATHS.search(between):
                return None
            same_block = "\n" not in self._text[start : before[-1][1]]
            if same_block and self._is_unique((start, span[1])):
                return start, before[-1][1]
        return None

    def _is_unique(self, span: Span) -> bool:
        wanted = self._folded[span[0] : span[1]]
        first = self._folded.find(wanted)
        return (
            first == span[0]
            and self._folded.find(wanted, first + 1) < 0
            and wanted not in self._beside
        )

    def _words(self, start: int, end: int) -> Iterator[tuple[Span, int]]:
        """The words of prose within a slice, each with the number of its run.

        A run is what a page surely shows as one stretch of text: one line, outside maths.
        """
        run = 0
        text = self._text[start:end]
        at = 0
        for line in text.split("\n"):
            offset, at = at, at + len(line) + 1
            if _NOT_PROSE.match(line):
                continue
            marker = _LIST_MARKER.match(line)
            for first, last in _outside_maths(line, marker.end() if marker else 0):
                run += 1
                for word_start, word_end in WordBreaker(line[first:last], "en").segments():
                    word = line[first + word_start : first + word_end]
                    if any(character.isalnum() for character in word):
                        place = start + offset + first
                        yield (place + word_start, place + word_end), run

    def _encode(self, span: Span) -> str:
        """Percent-encoded, the dash too: it has a meaning of its own here."""
        return percent_encode(self._text[span[0] : span[1]], safe="").replace("-", "%2D")


def with_directive(url: str, directive: str | None) -> str:
    """A URL with a text directive, beside the fragment that it may have."""
    if directive is None:
        return url
    return f"{url}{':~:' if '#' in url else '#:~:'}{directive}"


def _outside_maths(line: str, start: int) -> Iterator[Span]:
    for match in _MATHS.finditer(line):
        if match.start() > start:
            yield start, match.start()
        start = max(start, match.end())
    if start < len(line):
        yield start, len(line)
