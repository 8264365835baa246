"""The paragraphs, lists, tables and boxes of a Word document, in their order, to an outline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from groundedqa.clean import clean_line
from groundedqa.read.docx_inline import Inline, Words
from groundedqa.read.docx_numbering import Numbering
from groundedqa.read.docx_styles import Style, Styles, own_level, own_list
from groundedqa.read.docx_tables import Cell, cells_of, heading_rows, is_layout, rows_of, table_rows
from groundedqa.read.office_drawing import Drawings
from groundedqa.read.omml import formulas
from groundedqa.read.ooxml import children, find, full, get, is_on, value
from groundedqa.read.outline import LONGEST_HEADING, Outline
from groundedqa.read.raw import PAGE_BREAK, Dropped
from groundedqa.read.tables import with_headers

if TYPE_CHECKING:
    from lxml.etree import _Element

_INTO = frozenset(("w:ins", "w:moveTo", "w:customXml", "w:sdtContent", "w:body", "w:txbxContent"))
_AROUND_BREAKS = re.compile(r"[ \t]*\n[ \t]*")
_DEEPEST = 40  # of tables and boxes within one another
_SHOWN = 200  # characters of what was dropped


class Body:
    """Takes a document's blocks. Title paragraphs are kept apart from the outline."""

    def __init__(self, styles: Styles, numbering: Numbering, drawings: Drawings) -> None:
        self.outline = Outline()
        self.titles: list[str] = []
        self.dropped: list[Dropped] = []
        self.unread = 0  # parts in other formats
        self.inline = Inline()
        self.notes: dict[tuple[str, str], _Element] = {}
        self._styles, self._numbering, self._drawings = styles, numbering, drawings
        self._endnotes: list[str] = []
        self._carried = ""  # text whose paragraph's end was deleted
        self._breaks: list[bool] = []  # whether each section begins a page, the next first
        self._depth = 0

    def take(self, body: _Element) -> None:
        """Take a whole document."""
        kinds = [value(each, "w:type") or "nextPage" for each in body.iter(full("w:sectPr"))]
        self._breaks = [kind != "continuous" and kind != "nextColumn" for kind in kinds][1:]
        self._blocks(body)
        self.outline.close("\n\n".join(self._endnotes))

    def drop(self, rule: str, text: str) -> None:
        """Remember what was left out."""
        if text := clean_line(text.replace(PAGE_BREAK, "")):
            self.dropped.append(Dropped(rule, text[:_SHOWN]))

    def _blocks(self, element: _Element) -> None:
        if self._depth >= _DEEPEST:
            return
        self._depth += 1
        for name, child in children(element):
            if name in _INTO:
                self._blocks(child)
            elif take := _TAKERS.get(name):
                take(self, child)
        self._depth -= 1

    def _formulas(self, element: _Element) -> None:
        self.outline.block("\n".join(rf"\[{tex}\]" for tex in formulas(element)))

    def _foreign(self, _: _Element) -> None:
        self.unread += 1

    def _control(self, element: _Element) -> None:
        gallery = value(element, "w:sdtPr/w:docPartObj/w:docPartGallery")
        content = find(element, "w:sdtContent")
        if content is None or is_on(element, "w:sdtPr/w:showingPlcHdr"):
            return
        if gallery == "Table of Contents":
            self.drop("table of contents", " ".join(_texts(content)))
            return
        self._blocks(content)

    def _paragraph(self, paragraph: _Element) -> None:
        properties = find(paragraph, "w:pPr")
        style = self._styles.of(value(properties, "w:pStyle"))
        if style.new_page or is_on(properties, "w:pageBreakBefore"):
            self._new_page()
        words = self.inline.read(paragraph, hidden=style.hidden)
        text = self._carried + _AROUND_BREAKS.sub("\n", words.text)
        self._carried = ""
        if find(properties, "w:rPr/w:del") is not None:
            self._carried = text
        elif words.contents or style.contents:
            self.drop("table of contents", text)
            self.outline.block(PAGE_BREAK * text.count(PAGE_BREAK))
        else:
            self._written(text, style, properties)
        self._attached(words)
        if find(properties, "w:sectPr") is not None and self._breaks and self._breaks.pop(0):
            self._new_page()

    def _new_page(self) -> None:
        self.inline.page_by_hand()
        if not self.outline.empty or self.titles:
            self.outline.page()

    def _written(self, text: str, style: Style, properties: _Element | None) -> None:
        bare = clean_line(text.replace(PAGE_BREAK, ""))
        label = self._label(style, properties) if bare else None
        level = own_level(properties, style)
        if style.title and bare and len(bare) <= LONGEST_HEADING and self.outline.empty:
            self.titles.append(bare)
            self.outline.block(PAGE_BREAK * text.count(PAGE_BREAK))
        elif level or (style.title and self.titles):
            self.outline.heading(text, min(level or 1, 9))
        elif style.code:
            lines = text.split("\n")
            self.outline.block("\n".join("    " + line for line in lines), "code")
        elif label is not None:
            self.outline.block(text, "item", "" if bare.startswith(label) else label)
        else:
            self.outline.block(text)

    def _label(self, style: Style, properties: _Element | None) -> str | None:
        """What stands before an item of a list; headings count too, though theirs isn't shown."""
        name, level = own_list(properties, style)
        if name is None:
            return None
        if level is None:
            level = self._numbering.level_of_style(name, value(properties, "w:pStyle"))
        return self._numbering.label(name, level)

    def _attached(self, words: Words) -> None:
        """The notes of a paragraph, the boxes beside it and the drawings in it."""
        for key in words.notes:
            text = " ".join(_texts_of_note(self.notes.get(key)))
            if key[0] == "footnote":
                self.outline.note(text)
            elif text:
                self._endnotes.append(text)
        for drawing in words.drawings:
            for text, kind in self._drawings.blocks(drawing):
                self.outline.block(text, kind)
        for box in words.boxes:
            self._blocks(box)

    def _table(self, table: _Element) -> None:
        rows = [list(cells_of(row)) for row in rows_of(table)]
        if is_layout(rows, self._styles):
            for row in rows:
                for cell in row:
                    self._blocks(cell)
            return
        attached: list[Words] = []
        texts = [[self._cell(cell, attached) for cell in row] for row in rows]
        part = 0  # each stands by itself
        for line in with_headers(list(table_rows(texts)), heading_rows(table)):
            part += not line
            self.outline.block(line, f"row {part}")
        for words in attached:
            self._attached(words)

    def _cell(self, cell: _Element, attached: list[Words]) -> Cell:
        parts = []
        for paragraph in cell.iter(full("w:p")):
            if _nearest(paragraph, cell) is not cell:
                continue  # of a box, which comes after the table
            properties = find(paragraph, "w:pPr")
            style = self._styles.of(value(properties, "w:pStyle"))
            words = self.inline.read(paragraph, hidden=style.hidden)
            label = self._label(style, properties) if words.text.strip() else None
            parts.append((label or "") + words.text.strip(" \t\n"))
            attached.append(words)
        text = " ".join(" ".join(parts).split())
        return Cell.of(text, cell)


_TAKERS: dict[str, Callable[[Body, _Element], None]] = {
    "w:p": Body._paragraph,
    "w:tbl": Body._table,
    "w:sdt": Body._control,
    "m:oMathPara": Body._formulas,
    "w:altChunk": Body._foreign,
}


def _nearest(paragraph: _Element, cell: _Element) -> _Element | None:
    for each in paragraph.iterancestors(full("w:tc"), full("w:txbxContent")):
        return each if each is cell or each.tag != full("w:tc") else cell
    return None


def _texts(element: _Element) -> Iterator[str]:
    return (each.text or "" for each in element.iter(full("w:t")))


def _texts_of_note(note: _Element | None) -> Iterator[str]:
    """The paragraphs of a footnote."""
    if note is None or get(note, "w:type") in ("separator", "continuationSeparator"):
        return
    inline = Inline()
    for paragraph in note.iter(full("w:p")):
        text = clean_line(inline.read(paragraph).text.replace(PAGE_BREAK, ""))
        if text:
            yield text
