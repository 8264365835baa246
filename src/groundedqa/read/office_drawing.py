"""What drawings say in words: charts as tables, diagrams as lists; and how many say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groundedqa.clean import clean_line
from groundedqa.read.docx_numbering import number
from groundedqa.read.ooxml import Relation, find, full, get, tag
from groundedqa.read.zip_package import Package

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_POINTS = 2_000
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"


@dataclass(slots=True)
class Drawings:
    """Reads the drawings of one part; counts the images and objects that have no words."""

    package: Package
    relations: dict[str, Relation]
    images: int = 0
    objects: int = 0

    def blocks(self, element: _Element) -> Iterator[tuple[str, str]]:
        """Texts within a drawing, each with its kind ("row", "item", "text")."""
        for each in element.iter(full("c:chart"), f"{_DIAGRAM}relIds"):
            attribute = "r:id" if tag(each) == "c:chart" else "r:dm"
            related = self.relations.get(get(each, attribute) or "")
            root = None if related is None else self.package.optional(related.target)
            if root is not None:
                yield from _chart(root) if attribute == "r:id" else _diagram(root)
        self.images += sum(1 for _ in element.iter(full("pic:pic"), full("v:imagedata")))
        self.objects += sum(1 for _ in element.iter("{*}OLEObject"))

    def warnings(self) -> list[str]:
        """How much of what was seen has no words."""
        found = []
        if self.images:
            found.append(f"{_counted(self.images, 'image')} no text")
        if self.objects:
            found.append(f"{_counted(self.objects, 'embedded object')} not read")
        return found


def _counted(count: int, what: str) -> str:
    has = "has" if what == "image" else "was"
    have = "have" if what == "image" else "were"
    return f"1 {what} {has}" if count == 1 else f"{count} {what}s {have}"


def _chart(root: _Element) -> Iterator[tuple[str, str]]:
    """A chart's title, and a row for each category with the values of all series."""
    title = find(root, "c:chart/c:title/c:tx")
    if title is not None and (text := _written(title)):
        yield text, "text"
    names, columns = [""], []
    rows: dict[int, str] = {}
    for series in root.iter(full("c:ser")):
        name = find(series, "c:tx")
        names.append("" if name is None else _cached(name).get(0) or _written(name))
        categories = find(series, "c:cat")
        categories = find(series, "c:xVal") if categories is None else categories
        values = find(series, "c:val")
        values = find(series, "c:yVal") if values is None else values
        if categories is not None:
            rows = {**_cached(categories), **rows}
        columns.append({} if values is None else _cached(values))
    if not columns or not any(columns):
        return
    if any(names):
        yield _row(names), "row"
    for at in sorted({at for column in columns for at in column})[:_MOST_POINTS]:
        yield _row([rows.get(at, ""), *(column.get(at, "") for column in columns)]), "row"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cached(element: _Element) -> dict[int, str]:
    """The points that a chart keeps of its sheet."""
    return {
        number(point.get("idx"), 0): clean_line(_text(find(point, "c:v")))
        for point in element.iter(full("c:pt"))
    }


def _text(element: _Element | None) -> str:
    return "" if element is None else element.text or ""


def _written(element: _Element) -> str:
    return clean_line("".join(_text(each) for each in element.iter(full("a:t"))))


def _diagram(root: _Element) -> Iterator[tuple[str, str]]:
    """The texts of SmartArt in the order of its points."""
    for point in root.iter(full("dgm:pt")):
        if point.get("type") in ("pres", "parTrans", "sibTrans"):
            continue
        if text := _written(point):
            yield f"- {text}", "item"
