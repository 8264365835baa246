"""What a Word document's styles say of a paragraph: heading, title, list, code, contents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groundedqa.read.docx_numbering import number
from groundedqa.read.ooxml import find, full, get, is_on, value

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADING = re.compile(r"(?i)heading ([1-9])\b.*")
_CODE = re.compile(
    r"(?i)(?:source |code ?|program )(?:code|text|block|listing)|code|html preformatted|"
    r"preformatted text|macro text|plain code|listing|verbatim"
)
_CONTENTS = re.compile(r"(?i)(?:toc|contents) (?:[1-9]|heading)|table of figures")
_DEEPEST = 20  # of styles that are based on one another


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph's look, with what it takes from the styles it is based on."""

    title: bool = False
    level: int | None = None  # of a heading, from 1
    code: bool = False
    contents: bool = False  # an entry in the table of contents
    list_id: str | None = None
    list_level: int | None = None
    hidden: bool = False
    new_page: bool = False


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: _Element | None) -> None:
        self._elements: dict[str, _Element] = {}
        self._known: dict[str | None, Style] = {}
        self.default: str | None = None
        for each in () if root is None else root.iterfind(full("w:style")):
            name = get(each, "w:styleId") or ""
            self._elements.setdefault(name, each)
            if get(each, "w:type") == "paragraph" and get(each, "w:default") in ("1", "true"):
                self.default = self.default or name

    def of(self, name: str | None) -> Style:
        """The style of that id; a plain one where there is none."""
        name = name or self.default
        if name not in self._known:
            self._known[name] = self._made(self._chain(name))
        return self._known[name]

    def list_of(self, name: str) -> str | None:
        """The list (numId) that a style of lists names."""
        return value(self._elements.get(name), "w:pPr/w:numPr/w:numId")

    def _chain(self, name: str | None) -> list[_Element]:
        """The style and all it is based on, itself first."""
        found: list[_Element] = []
        while name in self._elements and len(found) < _DEEPEST:
            found.append(self._elements[name])
            name = value(found[-1], "w:basedOn")
        return found

    def _made(self, chain: list[_Element]) -> Style:
        names = [value(each, "w:name") or "" for each in chain]
        heading = next((match for name in names if (match := _HEADING.fullmatch(name))), None)
        outline = first(chain, "w:pPr/w:outlineLvl")
        level = int(heading[1]) if heading else None
        if outline is not None:
            level = outline_level(outline)
        title = any(name.lower() == "title" for name in names)
        return Style(
            title=title and level in (None, 1),
            level=None if title else level,
            code=any(_CODE.fullmatch(name) for name in names),
            contents=any(_CONTENTS.fullmatch(name) for name in names),
            list_id=first(chain, "w:pPr/w:numPr/w:numId"),
            list_level=_optional(first(chain, "w:pPr/w:numPr/w:ilvl")),
            hidden=any(is_on(each, "w:rPr/w:vanish") for each in chain),
            new_page=any(is_on(each, "w:pPr/w:pageBreakBefore") for each in chain[:1]),
        )


def first(chain: list[_Element], names: str) -> str | None:
    """The nearest style's value."""
    return next((found for each in chain if (found := value(each, names)) is not None), None)


def outline_level(text: str) -> int | None:
    """A heading's level from 1; None for the level that stands for body text."""
    level = number(text, 9)
    return level + 1 if 0 <= level < 9 else None


def _optional(text: str | None) -> int | None:
    return None if text is None else number(text, 0)


def own_level(properties: _Element | None, style: Style) -> int | None:
    """A paragraph's level as a heading; its own outline level wins over its style's."""
    own = value(properties, "w:outlineLvl")
    return style.level if own is None else outline_level(own)


def own_list(properties: _Element | None, style: Style) -> tuple[str | None, int | None]:
    """A paragraph's list and level; its own wins over its style's, and list 0 is none."""
    own = find(properties, "w:numPr")
    name, level = value(own, "w:numId"), _optional(value(own, "w:ilvl"))
    name = style.list_id if name is None else name
    return (None if name == "0" else name), (style.list_level if level is None else level)
