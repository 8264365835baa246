"""One slide: its title, the text of its shapes, tables, charts and diagrams, and its notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from groundedqa.clean import clean_line
from groundedqa.read.docx_numbering import number, written
from groundedqa.read.docx_tables import Cell, table_rows
from groundedqa.read.html_inline import script_text
from groundedqa.read.office_drawing import Drawings
from groundedqa.read.omml import formula, formulas
from groundedqa.read.ooxml import children, find, full, relations
from groundedqa.read.outline import Outline
from groundedqa.read.raw import PAGE_BREAK, Dropped
from groundedqa.read.zip_package import Package

if TYPE_CHECKING:
    from lxml.etree import _Element

_TITLES = ("title", "ctrTitle")
# What every slide of a master says again, and the pictures of slides on pages of notes.
_MACHINERY = ("dt", "ftr", "hdr", "sldNum", "sldImg")
_DEEPEST = 30  # of groups within one another
_AROUND_BREAKS = re.compile(r"[ \t]*[\n\v][ \t]*")
_LETTERS = {"alphaLc": "lowerLetter", "alphaUc": "upperLetter"}
_ROMAN = {"romanLc": "lowerRoman", "romanUc": "upperRoman"}


@dataclass(slots=True)
class Slide:
    """What one slide says."""

    title: str = ""
    text: str = ""
    notes: str = ""
    images: int = 0
    warnings: list[str] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)


def read_slide(package: Package, part: str, root: _Element) -> Slide:
    """The slide of that part."""
    related = relations(package, part)
    drawings = Drawings(package, related)
    shapes = _Shapes(drawings)
    tree = find(root, "p:cSld/p:spTree")
    if tree is not None:
        shapes.take(tree)
    slide = Slide(clean_line(" ".join(shapes.titles)), _text(shapes.outline), "")
    slide.images, slide.dropped = drawings.images, shapes.dropped
    for each in related.values():
        notes = package.optional(each.target) if each.kind == "notesSlide" else None
        tree = find(notes, "p:cSld/p:spTree")
        if tree is not None:
            said = _Shapes(Drawings(package, {}))
            said.take(tree)
            slide.notes = _text(said.outline)
    return slide


def _text(outline: Outline) -> str:
    return "\n\n".join(section.text for section in outline.sections() if section.text)


class _Shapes:
    """Takes the shapes of a slide, groups and all."""

    def __init__(self, drawings: Drawings) -> None:
        self.outline = Outline()
        self.titles: list[str] = []
        self.dropped: list[Dropped] = []
        self._drawings = drawings
        self._depth = 0

    def take(self, tree: _Element) -> None:
        """Take all shapes of a tree or a group."""
        if self._depth >= _DEEPEST:
            return
        self._depth += 1
        for name, child in children(tree):
            if name == "p:sp":
                self._shape(child)
            elif name == "p:grpSp":
                self.take(child)
            elif name == "p:graphicFrame":
                self._frame(child)
            elif name in ("p:pic", "p:contentPart"):
                self._drawings.images += 1
        self._depth -= 1

    def _shape(self, shape: _Element) -> None:
        placeholder = find(shape, "p:nvSpPr/p:nvPr/p:ph")
        kind = "" if placeholder is None else placeholder.get("type", "body")
        body = find(shape, "p:txBody")
        if body is None:
            return
        if kind in _MACHINERY:
            text = clean_line(" ".join(text for text, _ in _paragraphs(body)))
            if text:
                self.dropped.append(Dropped("placeholder of the master", text[:200]))
        elif kind in _TITLES:
            self.titles.extend(clean_line(text) for text, _ in _paragraphs(body))
        else:
            is_list = kind in ("body", "obj") and placeholder is not None
            self._write(body, bulleted=is_list)

    def _write(self, body: _Element, *, bulleted: bool) -> None:
        paragraphs = [(text, label) for text, label in _paragraphs(body) if text.strip()]
        # A placeholder's bullets are its master's: several short paragraphs are a list of items.
        plain = len(paragraphs) < 2 or not bulleted
        for text, label in paragraphs:
            if label is None and plain:
                self.outline.block(text)
            else:
                self.outline.block(text, "item", "- " if label is None else label)
        self.outline.block("")

    def _frame(self, frame: _Element) -> None:
        table = frame.find(f".//{full('a:tbl')}")
        if table is not None:
            rows = [list(_cells(row)) for row in table.iterfind(full("a:tr"))]
            for line in table_rows(rows):
                self.outline.block(line, "row")
            return
        for text, kind in self._drawings.blocks(frame):
            self.outline.block(text, kind)


def _cells(row: _Element) -> Iterator[Cell]:
    for cell in row.iterfind(full("a:tc")):
        if cell.get("hMerge") in ("1", "true"):
            continue
        body = find(cell, "a:txBody")
        text = "" if body is None else " ".join(text for text, _ in _paragraphs(body))
        continued = cell.get("vMerge") in ("1", "true")
        wide = min(max(number(cell.get("gridSpan"), 1), 1), 100)
        yield Cell(" ".join(text.split()), wide, continued)


def _paragraphs(body: _Element) -> Iterator[tuple[str, str | None]]:
    """The paragraphs with what stands before each: "- ", "2. ", "" for nothing, None: unsaid."""
    counts: dict[int, int] = {}
    for paragraph in body.iterfind(full("a:p")):
        properties = find(paragraph, "a:pPr")
        level = number(None if properties is None else properties.get("lvl"), 0)
        text = _AROUND_BREAKS.sub("\n", _words(paragraph)).replace(PAGE_BREAK, "")
        if text.strip():
            for deeper in [key for key in counts if key > level]:
                del counts[deeper]
            yield text, _label(properties, counts, level)


def _label(properties: _Element | None, counts: dict[int, int], level: int) -> str | None:
    automatic = find(properties, "a:buAutoNum")
    if automatic is None:
        counts.pop(level, None)
        if find(properties, "a:buNone") is not None:
            return ""
        bullet = find(properties, "a:buChar") is not None
        return "- " if bullet else None
    start = number(automatic.get("startAt"), 1)
    counts[level] = counts.get(level, start - 1) + 1
    kind = automatic.get("type", "arabicPeriod")
    forms = {**_LETTERS, **_ROMAN}
    form = next((form for name, form in forms.items() if kind.startswith(name)), "decimal")
    shown = written(counts[level], form)
    if kind.endswith("ParenBoth"):
        return f"({shown}) "
    return f"{shown}) " if kind.endswith("ParenR") else f"{shown}. "


def _words(paragraph: _Element) -> str:
    text = ""
    for name, child in children(paragraph):
        if name in ("a:r", "a:fld"):
            found = find(child, "a:t")
            said = "" if found is None else found.text or ""
            text += _scripted(child, said, text)
        elif name == "a:br":
            text += "\n"
        elif name == "a14:m":
            for inner, maths in children(child):
                if inner == "m:oMathPara":
                    text += "\n".join(rf"\[{tex}\]" for tex in formulas(maths))
                elif inner == "m:oMath" and (tex := formula(maths)):
                    text += rf"\({tex}\)"
    return text


def _scripted(run: _Element, said: str, before: str) -> str:
    properties = find(run, "a:rPr")
    shift = number(None if properties is None else properties.get("baseline"), 0)
    if not shift or not said.strip():
        return said
    return script_text("sup" if shift > 0 else "sub", said, before)
