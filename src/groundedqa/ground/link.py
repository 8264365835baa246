"""Links that open a page at the very words: text directives as the WICG specification has them.

A browser looks for the first place where ``start`` stands (after ``prefix``), then for the first
``end`` after it, whole words only, each within one block, letter case and accents aside
(https://wicg.github.io/scroll-to-text-fragment/). So the words chosen here are unique in what the
page shows of the document, and never taken from maths or tables, which a page draws differently.
A prefix ends where nothing but white space stands before ``start``: the browser allows no more.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from urllib.parse import quote as percent_encode

from groundedqa.chunk import word_ends, words
from groundedqa.ground.drawn import drawn_spans
from groundedqa.types import Document

_MARKER = r"(?:[-*•–]|\(?\d{1,3}[.)])\s"
_LIST_MARKER = re.compile(_MARKER + r"\s*")
_NOT_SHOWN = rf"(?:[\s|]|{_MARKER})*"  # what a page has no character for, between two blocks
_LETTER_MARKER = re.compile(r"([A-Za-z])\.\s+")
_NOT_PROSE = re.compile(r"\||    ")  # a table's row, a line of code
_WHOLE = 8  # a quote of so few words is named whole
_FIRST = 4  # the fewest words that stand for the start or the end of a longer one
_AROUND = 12  # the most words taken before a start that is not unique
_BEFORE = 400  # characters in which those are looked for
_EDGE = 32  # characters from which it is told whether a word begins or ends somewhere

Span = tuple[int, int]


class _Folding(dict[int, str]):
    """One character for each, as a browser compares them: case, accents and quotes aside.

    A line break within a paragraph is a space to it; blocks stay two of them apart.
    """

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKD", chr(code)).casefold()[:1] or chr(code)
        self[code] = folded
        return folded


_FOLDING = _Folding(
    {ord(c): "'" for c in "‘’‚‛`´"} | {ord(c): '"' for c in "“”„‟«»"} | {ord("\n"): " "}
)


class TextDirectives:
    """Makes the directives of one document; the document's text is folded once."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._folded = document.text.translate(_FOLDING)
        headings = (s.heading for s in document.sections)
        beside = "\n".join((document.title, *headings, document.beside))
        self._beside = beside.translate(_FOLDING)
        self._alone = not document.beside  # nothing unknown stands between two blocks
        self._maths = drawn_spans(document.text)
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
        parts = [begin]
        if begin[1] != words[-1][0][1]:
            closing = self._closing(last, begin[1])
            if closing is None:
                return None
            parts.append(closing)
        return self._joined(prefix, parts)

    def _joined(self, prefix: Span | None, parts: list[Span]) -> str:
        encoded = [self._encode(part) for part in parts]
        return "text=" + ",".join([self._encode(prefix) + "-", *encoded] if prefix else encoded)

    def _whole(self, words: list[Span]) -> str | None:
        span = (words[0][0], words[-1][1])
        if self._is_unique(span):
            return self._joined(None, [span])
        prefix = self._prefix(span)
        return self._joined(prefix, [span]) if prefix else None

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
        text = self._text
        before = [word for word, _ in self._words(max(0, span[0] - _BEFORE), span[0])]
        line = text.rfind("\n", 0, span[0]) + 1
        stop = line + len(text[line : span[0]].rstrip())
        if before and before[-1][0] < line:  # it opens its block, after a marker at most
            if not (self._alone and re.fullmatch(_NOT_SHOWN, text[line : span[0]])):
                return None
            stop = len(text[:line].rstrip())
        for start, _ in reversed(before[-_AROUND:]):
            if "\n" in text[start:stop] or self._is_parted(start, span[0]):
                return None
            if self._leads_to(start, stop, span):
                return start, stop
        return None

    def _is_parted(self, start: int, end: int) -> bool:
        """Whether a page shows something else between two places: a heading, or maths."""
        heading = any(start < bound <= end for bound in self._bounds)
        return heading or any(first < end and last > start for first, last in self._maths)

    def _leads_to(self, start: int, stop: int, span: Span) -> bool:
        """Whether these words stand right before the span's, and nowhere else before the like."""
        prefix, wanted = self._folded[start:stop], self._folded[span[0] : span[1]]
        if prefix in self._beside or wanted in self._beside:
            return False
        both = re.compile(f"{re.escape(prefix)}{_NOT_SHOWN}{re.escape(wanted)}")
        found = both.search(self._folded)
        if found is None or found.start() != start:
            return False
        return both.search(self._folded, found.end()) is None  # a second is enough to know

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
        line = self._text.rfind("\n", 0, start) + 1
        while line < end:
            stop = self._text.find("\n", line, end)
            stop = end if stop < 0 else stop
            for first, last in self._prose(line, max(line, start), stop):
                run += 1
                for word in self._whole_words(first, last):
                    yield word, run
            line = stop + 1

    def _prose(self, line: int, start: int, end: int) -> Iterator[Span]:
        """The stretches of a line's slice that a page shows as they are.

        No list marker, row or code; no maths, nor what is written together with maths.
        """
        if _NOT_PROSE.match(self._text, line):
            return
        marker = _LIST_MARKER.match(self._text, line) or self._letter(line)
        start = max(start, marker.end()) if marker else start
        for index in range(max(bisect_right(self._maths, (line, line)) - 1, 0), len(self._maths)):
            first, last = self._maths[index]
            if first >= end:
                break
            if last <= start:
                continue
            before = self._text[start:first]
            if kept := before.rstrip() if before[-1:].isspace() else before.rpartition(" ")[0]:
                yield start, start + len(kept)
            space = self._text.find(" ", last, end)
            start = end if space < 0 else space
        if start < end:
            yield start, end

    def _letter(self, line: int) -> re.Match[str] | None:
        """The letter that numbers an item, where the line above or below has the next one."""
        marker = _LETTER_MARKER.match(self._text, line)
        if marker is None:
            return None
        above = self._text.rfind("\n", 0, max(line - 1, 0)) + 1
        below = self._text.find("\n", line) + 1
        code = ord(marker[1])
        is_item = (line and self._text.startswith(f"{chr(code - 1)}. ", above)) or (
            below and self._text.startswith(f"{chr(code + 1)}. ", below)
        )
        return marker if is_item else None

    def _whole_words(self, start: int, end: int) -> Iterator[Span]:
        """The words of a stretch; one that the stretch cuts is left out."""
        for first, last in words(self._text[start:end]):
            cut = (first == 0 and not self._is_bound(start)) or (
                start + last == end and not self._is_bound(end)
            )
            if not cut:
                yield start + first, start + last

    def _is_bound(self, place: int) -> bool:
        """Whether a word may begin or end here, by what stands on both sides."""
        around = max(0, place - _EDGE)
        text = self._text[around : place + _EDGE]
        return place in (0, len(self._text)) or place - around in word_ends(text)

    def _encode(self, span: Span) -> str:
        """Percent-encoded, the dash too: it has a meaning of its own here."""
        return percent_encode(self._text[span[0] : span[1]], safe="").replace("-", "%2D")


def with_directive(url: str, directive: str | None) -> str:
    """A URL with a text directive, beside the fragment that it may have."""
    if directive is None:
        return url
    return f"{url}{':~:' if '#' in url else '#:~:'}{directive}"
