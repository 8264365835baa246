"""The numbers and bullets that Word shows before paragraphs and does not store in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groundedqa.read.ooxml import find, full, get, value

if TYPE_CHECKING:
    from lxml.etree import _Element

_PLACE = re.compile(r"%([1-9])")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


@dataclass(frozen=True, slots=True)
class _Level:
    form: str = "decimal"
    text: str = "%1."
    start: int = 1
    legal: bool = False  # all numbers in it are decimal
    style: str | None = None


class Numbering:
    """The lists of a document; `label` counts, so paragraphs must come in their order."""

    def __init__(self, root: _Element | None, list_of_style: Callable[[str], str | None]) -> None:
        self._lists: dict[str, str] = {}  # of each numId the abstract list
        self._levels: dict[str, dict[int, _Level]] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        linked: dict[str, str] = {}
        for each in root.iterfind(full("w:abstractNum")):
            name = get(each, "w:abstractNumId") or ""
            self._levels[name] = _levels(each)
            if style := value(each, "w:numStyleLink"):
                linked[name] = style
        for each in root.iterfind(full("w:num")):
            name = get(each, "w:numId") or ""
            self._lists[name] = value(each, "w:abstractNumId") or ""
            self._override(name, each)
        for name, style in linked.items():
            target = self._lists.get(list_of_style(style) or "", "")
            self._levels[name] = self._levels.get(target, {})

    def _override(self, name: str, element: _Element) -> None:
        for each in element.iterfind(full("w:lvlOverride")):
            level = number(get(each, "w:ilvl"), 0)
            start = value(each, "w:startOverride")
            if start is not None:
                self._restarts.setdefault(name, {})[level] = number(start, 1)
            own = find(each, "w:lvl")
            if own is not None:
                levels = dict(self._levels.get(self._lists[name], {}))
                levels[level] = _level(own)
                self._levels[f"{name}'s own"] = levels
                self._lists[name] = f"{name}'s own"

    def level_of_style(self, name: str, style: str | None) -> int:
        """The level of a list that a style of paragraphs stands for."""
        levels = self._levels.get(self._lists.get(name, ""), {})
        return next((at for at, level in levels.items() if style and level.style == style), 0)

    def label(self, name: str, at: int) -> str | None:
        """What stands before the next paragraph of a list: "- " or "2. "; None: no such list."""
        abstract = self._lists.get(name)
        if abstract is None:
            return None
        levels = self._levels.get(abstract, {})
        level = levels.get(at, _Level())
        counts = self._counts.setdefault(abstract, {})
        restarts = self._restarts.get(name, {})
        start = restarts.pop(at, None)
        if start is not None:
            counts[at] = start
        else:
            counts[at] = counts.get(at, level.start - 1) + 1
        for deeper in [key for key in counts if key > at]:
            del counts[deeper]
        if level.form == "bullet":
            return "- "
        if level.form == "none":
            return ""
        return _filled(level, levels, counts)


def _filled(level: _Level, levels: dict[int, _Level], counts: dict[int, int]) -> str:
    def shown(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        other = levels.get(at, _Level())
        form = "decimal" if level.legal else other.form
        return written(counts.get(at, other.start), form)

    text = _PLACE.sub(shown, level.text).strip()
    return f"{text} " if text else ""


def _levels(element: _Element) -> dict[int, _Level]:
    found = element.iterfind(full("w:lvl"))
    return {number(get(each, "w:ilvl"), 0): _level(each) for each in found}


def _level(element: _Element) -> _Level:
    return _Level(
        form=value(element, "w:numFmt") or "decimal",
        text=value(element, "w:lvlText") or "",
        start=number(value(element, "w:start"), 1),
        legal=find(element, "w:isLgl") is not None,
        style=value(element, "w:pStyle"),
    )


def number(text: str | None, otherwise: int) -> int:
    """A whole number of at most nine digits, or what holds otherwise."""
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,9}", text) else otherwise


def written(count: int, form: str) -> str:
    """A number in a form of Word's: letters, Roman or Arabic."""
    if form in ("lowerLetter", "upperLetter") and 0 < count <= 780:
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        roman = _roman(count)
        return roman.upper() if form == "upperRoman" else roman
    return f"{count:02}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    letters = []
    for worth, letter in _ROMAN:
        letters.append(letter * (count // worth))
        count %= worth
    return "".join(letters)
