"""Which id leads to a heading: its own, or one that nothing parts from it."""

from __future__ import annotations

from lxml import etree

_TARGETS = frozenset(("a", "span"))  # they mark a place; others hold what the id names


class Anchors:
    """The ids seen since the last words of the page."""

    def __init__(self) -> None:
        self._seen: list[tuple[etree._Element, bool, str]] = []
        self._inside = 0

    def open(self, element: etree._Element, name: str) -> None:
        """An element begins."""
        found = element.get("id") or (element.get("name") if name == "a" else None)
        if found and not any(c.isspace() for c in found):
            self._seen.append((element, name in _TARGETS, found))

    def close(self, element: etree._Element) -> None:
        """An element ends: what follows is not in it."""
        if self._seen and self._seen[-1][0] is element and not self._seen[-1][1]:
            self._seen.pop()

    def said(self) -> None:
        """Words came, which ids before them lead to."""
        self._seen.clear()

    def open_heading(self) -> None:
        """A heading begins, and is seen as an element next."""
        self._inside = len(self._seen)

    def take(self, heading: etree._Element) -> str | None:
        """The id of the heading that ends."""
        own = heading.get("id")
        inside = [found for _, _, found in self._seen[self._inside :]]
        before = [found for _, _, found in self._seen[: self._inside]]
        self._seen.clear()
        return own or next(iter(inside), None) or (before[-1] if before else None)
