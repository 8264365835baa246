"""Blocks of text out of a walk over the elements of a page; see `html_blocks.sections_of`."""

from __future__ import annotations

from typing import Final

from lxml import etree

from groundedqa.read.html_anchors import Anchors
from groundedqa.read.html_inline import Inline
from groundedqa.read.html_lists import LISTS, Lists
from groundedqa.read.html_maths import formula_of
from groundedqa.read.html_names import (
    BLOCKS,
    HEADINGS,
    NEVER_SHOWN,
    heading_level,
    is_hidden,
    is_machinery,
    is_permalink,
    local_name,
)
from groundedqa.read.html_sections import Block, Kind
from groundedqa.read.html_tables import captions_of, is_data, table_lines

_LONGEST_HEADING = 300  # characters; what is longer is a paragraph in large type
_EVENTS: Final = ("start", "end", "comment", "pi")


class Writer:
    """Writes the blocks of one element, from the first to the last, to ``written``."""

    def __init__(self, without: frozenset[etree._Element], *, tables: bool = True) -> None:
        self._without = without
        self._tables = tables
        self.written: list[Block] = []
        self._inline = Inline()
        self._anchors = Anchors()
        self._lists = Lists()
        self._marker = ""  # of an item whose first line is still to come
        self._term: object = None  # the group of a definition list's term
        self._code: list[str] | None = None
        self._holder: etree._Element | None = None  # the heading or the code that is open
        self._quotes = 0
        self._blocks: list[etree._Element] = []  # those that are open
        self._links = 0  # that are open
        self._linked = 0  # characters in them
        self._caption = False
        self._passed: etree._Element | None = None  # the element passed over, until it ends

    def walk(self, root: etree._Element) -> None:
        """Write all that an element says."""
        self._blocks.append(root)
        walk = etree.iterwalk(root, events=_EVENTS)
        for event, element in walk:
            if event == "start":
                if self._passes_over(element):
                    self._passed = element
                    walk.skip_subtree()
                elif element.text:
                    self._say(element.text)
                continue
            if event == "end":
                if element is self._passed:
                    self._passed = None
                else:
                    self._close(element, local_name(element))
            if element is not root and element.tail:
                self._say(element.tail)
        self._flush()

    def _passes_over(self, element: etree._Element) -> bool:
        """Begin an element; True where all in it has been dealt with."""
        name = local_name(element)
        if element in self._without:
            return True
        formula = formula_of(element, name)
        if formula is not None:
            if self._holder is None:
                self._anchors.said()
            self._inline.write(str(formula))
            return True
        if name in NEVER_SHOWN or is_hidden(element) or self._is_machinery(element):
            self._part(name)
            return True
        is_heading = name in HEADINGS or element.get("role") == "heading"
        if is_heading and self._holder is None:
            self._flush()
            self._anchors.open_heading()
            self._holder = element
        self._anchors.open(element, name)
        if name == "table" and self._holder is None:
            self._part(name)
            return self._table(element)
        self._open(element, name)
        return False

    def _is_machinery(self, element: etree._Element) -> bool:
        in_heading = self._holder is not None and self._code is None
        return is_machinery(element) or (in_heading and is_permalink(element))

    def _open(self, element: etree._Element, name: str) -> None:
        if name in ("sup", "sub"):
            self._inline.open_script(name)
        elif name == "br":
            self._break()
        elif name in BLOCKS:
            self._part(name)
            self._blocks.append(element)
            if self._holder is None:
                self._open_block(element, name)
        elif name == "a":
            self._links += 1

    def _open_block(self, element: etree._Element, name: str) -> None:
        if name in LISTS:
            self._lists.open(element)
        elif name == "li":
            self._marker = self._lists.marker(element)
        elif name == "blockquote":
            self._quotes += 1
        elif name in ("dt", "dd"):
            self._define(element, name)
        elif name == "pre":
            self._holder, self._code = element, []
        elif name == "figcaption":
            self._caption = True

    def _define(self, element: etree._Element, name: str) -> None:
        """A term begins a paragraph, which holds what is said of it; so does one of many terms."""
        # Terms that were not closed stand one in another.
        before = element.getprevious() if element.getprevious() is not None else element.getparent()
        follows = before is not None and local_name(before) == "dt"
        if self._term is None or (name == "dt" and not follows):
            self._term = object()

    def _close(self, element: etree._Element, name: str) -> None:
        """An element ends."""
        if name in ("sup", "sub"):
            self._inline.close_script()
        elif element is self._holder:
            self._close_holder(element, name)
        elif name in BLOCKS:
            self._part(name)
            if self._holder is None:
                self._close_block(element, name)
        elif name == "a":
            self._links = max(self._links - 1, 0)
        if len(self._blocks) > 1 and self._blocks[-1] is element:
            self._blocks.pop()
        self._anchors.close(element)

    def _close_block(self, element: etree._Element, name: str) -> None:
        if name in LISTS:
            self._lists.close(element)
        elif name == "li":
            self._marker = ""
        elif name == "dl":
            self._term = None
        elif name == "figcaption":
            self._caption = False
        elif name == "blockquote":
            self._quotes = max(self._quotes - 1, 0)

    def _close_holder(self, element: etree._Element, name: str) -> None:
        self._holder = None
        if self._code is not None:
            self._write_code("".join(self._code))
            self._code = None
            return
        heading = " ".join(" ".join(self._inline.take()).split())
        if not heading:
            return
        anchor = self._anchors.take(element)
        if len(heading) > _LONGEST_HEADING or self._quotes or not self._tables:
            self._emit("text", heading)
            return
        self._marker = ""
        self._emit("heading", heading, heading_level(element, name), anchor)

    def _say(self, text: str) -> None:
        if self._code is not None:
            self._code.append(text)
            return
        self._inline.say(text)
        if self._links:
            self._linked += len(text)
        if self._holder is None and not text.isspace():
            self._anchors.said()

    def _break(self) -> None:
        if self._code is not None:
            self._code.append("\n")
        else:
            self._inline.write(" " if self._holder is not None else "\n")

    def _part(self, name: str) -> None:
        """Words on both sides of a block's edge stand apart."""
        if name not in BLOCKS:
            return
        if self._code is not None:
            if self._code and not self._code[-1].endswith("\n"):
                self._code.append("\n")
        elif self._holder is not None:
            self._inline.write(" ")
        else:
            self._flush()

    def _flush(self) -> None:
        """End the paragraph that is open."""
        for paragraph in self._inline.take():
            self._emit("caption" if self._caption else "text", paragraph)
        self._linked = 0

    def _emit(self, kind: Kind, text: str, level: int = 0, anchor: str | None = None) -> None:
        group: object = self._lists.outermost
        if group is None:
            group = self._term if self._term is not None else object()
        marker, self._marker = self._marker, ""
        holder = self._blocks[-1]
        linked, self._linked = self._linked, 0
        self.written.append(Block(kind, text, group, holder, marker, level, anchor, linked))

    def _write_code(self, code: str) -> None:
        code = code.expandtabs(4).replace("\r\n", "\n").strip("\n")
        if code.strip():
            self._anchors.said()
            self._emit("code", code)

    def _table(self, table: etree._Element) -> bool:
        """Write a table of data; False for one whose cells read as prose."""
        if not self._tables or not is_data(table):
            return False
        self._anchors.said()
        for caption in captions_of(table):
            if said := _line_of(caption, self._without):
                self._emit("caption", said)
        lines = table_lines(table, lambda cell: _line_of(cell, self._without))
        if lines:
            self._linked = sum(len(t) for a in table.iter("{*}a") for t in a.itertext())
            self._emit("table", "\n".join(lines))
        return True


def _line_of(element: etree._Element, without: frozenset[etree._Element]) -> str:
    """A cell or a caption on one line; tables within it read as prose."""
    writer = Writer(without, tables=False)
    writer.walk(element)
    text = " ".join(map(str, writer.written))
    return " ".join(text.split())
