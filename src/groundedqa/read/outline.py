"""Blocks in reading order to sections: what readers of word processors' files have in common."""

from __future__ import annotations

import re
from dataclasses import replace

from groundedqa.clean import clean_line
from groundedqa.read.raw import PAGE_BREAK, RawSection

# A style for headings that was put on a whole paragraph makes no heading of it.
LONGEST_HEADING = 250
_INDENTED = re.compile(r"[ \t]*")


class Outline:
    """Takes headings and blocks as they come; ``pages`` counts the pages that hold text."""

    def __init__(self) -> None:
        self.pages = 1
        self._sections: list[RawSection] = [RawSection("")]
        self._parts: list[str] = []
        self._last = "text"  # the kind of the block that came last
        self._breaks = 0  # that wait for the first character of their page
        self._notes: list[str] = []

    @property
    def empty(self) -> bool:
        """Whether nothing has come yet but page breaks."""
        return len(self._sections) == 1 and not self._parts and not self._notes

    def heading(self, text: str, level: int, anchor: str | None = None) -> None:
        """Begin a section; text that is too long for a heading is a paragraph."""
        words = clean_line(text.replace(PAGE_BREAK, ""))
        if not words or len(words) > LONGEST_HEADING:
            self.block(text)
            return
        self._end_section()
        self._breaks += text.count(PAGE_BREAK)
        self._sections.append(RawSection("", words, level, anchor=anchor))

    def block(self, text: str, kind: str = "text", label: str = "") -> None:
        """A paragraph; of items, rows and lines of code, neighbours of one kind stand together."""
        bare = text.replace(PAGE_BREAK, "")
        if not bare.strip():
            self._breaks += text.count(PAGE_BREAK)
            return
        inner = text.strip(PAGE_BREAK + (" \t\n" if kind != "code" else ""))
        before, after = text.split(inner, 1)
        self._breaks += before.count(PAGE_BREAK)
        if self._breaks:
            self._end_notes()
        if self._parts:
            self._parts.append("\n" if kind == self._last and kind != "text" else "\n\n")
        self._parts.append(self._broken(f"{label}{inner}"))
        self.pages += inner.count(PAGE_BREAK)
        self._breaks = after.count(PAGE_BREAK)
        self._last = kind

    def page(self) -> None:
        """A new page begins here."""
        self._breaks += 1

    def note(self, text: str) -> None:
        """A footnote; it stands where its page or section ends."""
        if clean_line(text):
            self._notes.append(clean_line(text.replace(PAGE_BREAK, "")))

    def close(self, text: str) -> None:
        """Endnotes: text after all sections, of none of them."""
        if text.strip():
            self._end_section()
            self._sections.append(RawSection(text.replace(PAGE_BREAK, "")))

    def sections(self) -> list[RawSection]:
        """All sections; the first is what stands before any heading, empty or not."""
        self._end_section(keep=True)
        return self._sections

    def _broken(self, text: str) -> str:
        """The text with the breaks that waited for its first character."""
        indent = _INDENTED.match(text)
        start = indent.end() if indent else 0
        breaks, self._breaks = self._breaks, 0
        self.pages += breaks
        return text[:start] + PAGE_BREAK * breaks + text[start:]

    def _end_notes(self) -> None:
        notes, self._notes = self._notes, []
        for note in notes:
            self._parts.append(("\n\n" if self._parts else "") + note)
            self._last = "text"

    def _end_section(self, *, keep: bool = False) -> None:
        self._end_notes()
        text = "".join(self._parts)
        if not keep or text:
            joined = "\n\n".join(part for part in (self._sections[-1].text, text) if part)
            self._sections[-1] = replace(self._sections[-1], text=joined)
        self._parts, self._last = [], "text"


def take_title(sections: list[RawSection]) -> str | None:
    """Take the first heading off as the title where it opens the document.

    Where others stand beside it, it stays as their section: it heads its own text alone.
    """
    if len(sections) < 2 or sections[0].text:
        return None
    first = sections[1]
    if not any(section.level <= first.level for section in sections[2:]):
        sections[:2] = [RawSection(first.text)]
    return first.heading
