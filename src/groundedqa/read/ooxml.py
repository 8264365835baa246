"""Office Open XML: short names for its elements, and which part belongs to which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from groundedqa.errors import SourceError
from groundedqa.read.zip_package import Package, resolve

if TYPE_CHECKING:
    from lxml.etree import _Element

_OPEN = "http://schemas.openxmlformats.org"
_SPACES = {
    "w": f"{_OPEN}/wordprocessingml/2006/main",
    "p": f"{_OPEN}/presentationml/2006/main",
    "a": f"{_OPEN}/drawingml/2006/main",
    "c": f"{_OPEN}/drawingml/2006/chart",
    "dgm": f"{_OPEN}/drawingml/2006/diagram",
    "pic": f"{_OPEN}/drawingml/2006/picture",
    "r": f"{_OPEN}/officeDocument/2006/relationships",
    "m": f"{_OPEN}/officeDocument/2006/math",
    "rel": f"{_OPEN}/package/2006/relationships",
    "mc": f"{_OPEN}/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "a14": "http://schemas.microsoft.com/office/drawing/2010/main",
    "cp": f"{_OPEN}/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}
_PREFIXES = {space: prefix for prefix, space in _SPACES.items()}


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: the kind is the last word of its type, such as "slide"."""

    kind: str
    target: str  # the entry's name; an address where ``outside``
    outside: bool


def tag(element: _Element) -> str:
    """The element's name as ``w:p``; a name as it stands where its namespace is another's."""
    return _short(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=4096)
def _short(name: str) -> str:
    space, _, local = name.removeprefix("{").rpartition("}")
    prefix = _PREFIXES.get(space)
    return f"{prefix}:{local}" if prefix else name


@lru_cache(maxsize=4096)
def full(name: str) -> str:
    """``w:p`` as lxml has it."""
    prefix, _, local = name.rpartition(":")
    return f"{{{_SPACES[prefix]}}}{local}" if prefix else local


def path(names: str) -> str:
    """``w:pPr/w:rPr`` as `find` and `iterfind` want it."""
    return "/".join(full(name) if ":" in name else name for name in names.split("/"))


def find(element: _Element | None, names: str) -> _Element | None:
    """The first element down that way, if there is one."""
    return None if element is None else element.find(path(names))


def get(element: _Element | None, name: str) -> str | None:
    """An attribute by its short name."""
    return None if element is None else element.get(full(name))


def value(element: _Element | None, names: str, attribute: str = "w:val") -> str | None:
    """The attribute of an element further down; None where either is missing."""
    return get(find(element, names), attribute)


def is_on(element: _Element | None, names: str) -> bool:
    """Whether a switch such as ``w:vanish`` stands there and isn't turned off."""
    switch = find(element, names)
    return switch is not None and get(switch, "w:val") not in ("0", "false", "off", "none")


def children(element: _Element) -> Iterator[tuple[str, _Element]]:
    """The elements within, by their short names; of alternatives only the first that is known."""
    for child in element:
        name = tag(child)
        if name == "mc:AlternateContent":
            chosen = _alternative(child)
            if chosen is not None:
                yield from children(chosen)
        elif name:
            yield name, child


def _alternative(element: _Element) -> _Element | None:
    choices = [child for child in element if tag(child) == "mc:Choice" and len(child)]
    return choices[0] if choices else find(element, "mc:Fallback")


def relations(package: Package, part: str) -> dict[str, Relation]:
    """What a part refers to, by the ids that it uses."""
    folder, _, name = part.rpartition("/")
    root = package.optional(f"{folder}/_rels/{name}.rels".lstrip("/"))
    found = {}
    for each in () if root is None else root.iterfind(full("rel:Relationship")):
        outside = each.get("TargetMode") == "External"
        target = each.get("Target", "")
        kind = each.get("Type", "").rpartition("/")[2]
        where = target if outside else resolve(part, target)
        found[each.get("Id", "")] = Relation(kind, where, outside)
    return found


def main_part(package: Package, usual: str) -> str:
    """The part that holds the document.

    Raises:
        SourceError: there is none.
    """
    for relation in relations(package, "").values():
        if relation.kind == "officeDocument" and relation.target in package:
            return relation.target
    if usual not in package:
        raise SourceError(f"a part is missing: {usual}")
    return usual
