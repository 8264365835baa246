"""What stands within a paragraph of Word: its words as the page shows them.

Insertions, links, fields' results and content controls come through; what was deleted, moved
away or hidden, comments and the codes of fields do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from groundedqa.read.docx_symbols import symbol
from groundedqa.read.html_inline import script_text
from groundedqa.read.omml import formula, formulas
from groundedqa.read.ooxml import children, find, get, is_on, value
from groundedqa.read.raw import PAGE_BREAK

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTENTS = re.compile(r"\s*(?:TOC|INDEX|TOA)\b")
_INTO = frozenset(
    (
        *("w:hyperlink", "w:ins", "w:moveTo", "w:smartTag", "w:customXml", "w:bdo", "w:dir"),
        *("w:sdt", "w:sdtContent", "w:fldSimple", "w:ruby", "w:rubyBase"),
    )
)
_SIGNS = {"w:tab": "\t", "w:cr": "\n", "w:noBreakHyphen": "-", "w:ptab": "\t"}


@dataclass(slots=True)
class Words:
    """A paragraph's text, and what hangs on it: notes by (kind, id), boxes, drawings."""

    text: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    drawings: list[_Element] = field(default_factory=list)
    contents: bool = False  # it belongs to a table of contents


@dataclass(slots=True)
class _Field:
    code: str = ""
    shown: bool = False  # its code has ended and its result has begun


class Inline:
    """Reads paragraphs in their order: a field may reach over several."""

    def __init__(self) -> None:
        self._fields: list[_Field] = []
        self._words = Words()
        self._broken_by_hand = False  # no text has come since a page was ended by hand
        self.hidden: list[str] = []

    def read(self, paragraph: _Element, *, hidden: bool = False) -> Words:
        """The words of one paragraph; with ``hidden`` its style hides it."""
        self._words = Words(contents=self._in_contents())
        if hidden and not is_on(paragraph, "w:pPr/w:rPr/w:vanish"):
            self.hidden.append("".join(paragraph.itertext())[:200])
        else:
            self._walk(paragraph)
        self._words.contents = self._words.contents or self._in_contents()
        return self._words

    def page_by_hand(self) -> str:
        """A page that a paragraph or a section begins, as a break."""
        self._broken_by_hand = True
        return PAGE_BREAK

    def _in_contents(self) -> bool:
        return any(_CONTENTS.match(each.code) for each in self._fields)

    def _walk(self, element: _Element) -> None:
        for name, child in children(element):
            self._take(name, child)

    def _take(self, name: str, element: _Element) -> None:
        if name == "w:r":
            self._run(element)
        elif name == "w:fldSimple" and _CONTENTS.match(get(element, "w:instr") or ""):
            self._words.contents = True
        elif name == "w:sdt" and is_on(element, "w:sdtPr/w:showingPlcHdr"):
            return
        elif name in _INTO:
            self._walk(element)
        elif name == "m:oMath":
            self._maths([formula(element)], r"\({}\)")
        elif name == "m:oMathPara":
            self._maths(formulas(element), r"\[{}\]")

    def _maths(self, texts: list[str], form: str) -> None:
        self._say("\n".join(form.format(text) for text in texts if text))

    def _run(self, run: _Element) -> None:
        properties = find(run, "w:rPr")
        if is_on(properties, "w:vanish") or is_on(properties, "w:webHidden"):
            self.hidden.append("".join(run.itertext())[:200])
            return
        before = self._words.text
        for name, child in children(run):
            self._piece(name, child)
        raised = value(properties, "w:vertAlign")
        if raised in ("superscript", "subscript") and not self._words.contents:
            inner = self._words.text[len(before) :]
            mark = "sup" if raised == "superscript" else "sub"
            self._words.text = before + script_text(mark, inner, before)

    def _piece(self, name: str, element: _Element) -> None:
        take = _PIECES.get(name)
        if take:
            take(self, element)
        elif name in _SIGNS:
            self._say(_SIGNS[name])

    def _say(self, text: str) -> None:
        if self._fields and not all(each.shown for each in self._fields):
            return
        text = text.replace(PAGE_BREAK, "")
        if text.strip():
            self._broken_by_hand = False
        self._words.text += text

    def _text(self, element: _Element) -> None:
        self._say(element.text or "")

    def _break(self, element: _Element) -> None:
        if get(element, "w:type") == "page":
            self._words.text += self.page_by_hand()
        else:
            self._say("\n")

    def _rendered_break(self, _: _Element) -> None:
        """Where a page began when Word last laid it out; said again after a break by hand."""
        if not self._broken_by_hand:
            self._words.text += PAGE_BREAK
        self._broken_by_hand = False

    def _field(self, element: _Element) -> None:
        kind = get(element, "w:fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].shown = True
        elif kind == "end" and self._fields:
            self._words.contents = self._words.contents or self._in_contents()
            self._fields.pop()

    def _code(self, element: _Element) -> None:
        if self._fields and not self._fields[-1].shown:
            self._fields[-1].code += element.text or ""

    def _symbol(self, element: _Element) -> None:
        self._say(symbol(get(element, "w:font") or "", get(element, "w:char") or ""))

    def _footnote(self, element: _Element) -> None:
        self._words.notes.append(("footnote", get(element, "w:id") or ""))

    def _endnote(self, element: _Element) -> None:
        self._words.notes.append(("endnote", get(element, "w:id") or ""))

    def _drawing(self, element: _Element) -> None:
        for box in element.iter("{*}txbxContent"):
            if _stands_alone(box, element):
                self._words.boxes.append(box)
        self._words.drawings.append(element)


def _stands_alone(box: _Element, root: _Element) -> bool:
    """Whether a text box is in no other, and in no fallback for readers of old."""
    for each in box.iterancestors():
        if each is root:
            return True
        if isinstance(each.tag, str) and each.tag.endswith(("}Fallback", "}txbxContent")):
            return False
    return True


_PIECES: dict[str, Callable[[Inline, _Element], None]] = {
    "w:t": Inline._text,
    "m:t": Inline._text,
    "w:br": Inline._break,
    "w:lastRenderedPageBreak": Inline._rendered_break,
    "w:fldChar": Inline._field,
    "w:instrText": Inline._code,
    "w:sym": Inline._symbol,
    "w:footnoteReference": Inline._footnote,
    "w:endnoteReference": Inline._endnote,
    "w:drawing": Inline._drawing,
    "w:pict": Inline._drawing,
    "w:object": Inline._drawing,
    "w:ruby": Inline._walk,
}
