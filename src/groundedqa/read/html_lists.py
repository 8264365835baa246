"""The markers of lists: a dash, or the number that the page gives the item."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from groundedqa.read.html_names import local_name

LISTS = frozenset(("ul", "ol", "menu", "dir"))
_OWN_MARKS = ("•", "·", "‣", "▪", "–", "●", "○", "■", "- ", "* ")


@dataclass(slots=True)
class _List:
    element: etree._Element
    number: int | None  # of its next item; None where items have a dash
    step: int
    letters: str


class Lists:
    """The lists that are open, the outermost first."""

    def __init__(self) -> None:
        self._open: list[_List] = []

    def __bool__(self) -> bool:
        """Whether any list is open."""
        return bool(self._open)

    @property
    def outermost(self) -> etree._Element | None:
        """The list that holds all others."""
        return self._open[0].element if self._open else None

    def open(self, element: etree._Element) -> None:
        """A list begins."""
        ordered = local_name(element) == "ol"
        backwards = element.get("reversed") is not None
        start = _number(element.get("start"))
        if ordered and start is None:
            items = sum(1 for item in element if local_name(item) == "li")
            start = items if backwards else 1
        letters = element.get("type") or ""
        number = start if ordered else None
        self._open.append(_List(element, number, -1 if backwards else 1, letters))

    def close(self, element: etree._Element) -> None:
        """A list ends, and what was left open in it."""
        while self._open and self._open.pop().element is not element:
            pass

    def marker(self, item: etree._Element) -> str:
        """What stands before an item."""
        if not self._open:
            return "- "
        current = self._open[-1]
        own = _number(item.get("value"))
        if current.number is None:
            return "- "
        number = current.number if own is None else own
        current.number = number + current.step
        return f"{_written(number, current.letters)}. "


def marked(marker: str, text: str) -> str:
    """The text behind its marker, unless a bullet was typed in the text itself."""
    return text if marker == "- " and text.startswith(_OWN_MARKS) else marker + text


def _number(value: str | None) -> int | None:
    value = (value or "").strip()
    digits = value.removeprefix("-")
    return int(value) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else None


def _written(number: int, letters: str) -> str:
    """A letter where the page has letters, for its text may speak of "answer b"."""
    if letters in ("a", "A") and 1 <= number <= 26:
        return chr(ord(letters) + number - 1)
    return str(number)
