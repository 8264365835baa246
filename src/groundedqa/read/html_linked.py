"""What a page says of itself for machines: schema.org in JSON-LD and in microdata, in one form.

An item is a dictionary of its properties, each a list of texts, items and elements; ``@type`` are
its types without their address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from groundedqa.read.html_names import local_name

Item = dict[str, list[Any]]

_MOST = 20_000  # parts of all items together
_WRAPPING = re.compile(
    r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)\s*;?\s*\Z"
)
_COMMA = re.compile(r",(\s*[}\]])")
_CONTROL = re.compile(r"[\x00-\x1f]+")
_VALUE_ATTRIBUTES = {
    "meta": "content",
    "time": "datetime",
    "data": "value",
    "a": "href",
    "link": "href",
    "area": "href",
    "img": "src",
    "meter": "value",
}


def json_ld(page: etree._Element) -> list[Item]:
    """The items of all scripts of JSON-LD, those in ``@graph`` and lists too, outer ones first."""
    found: list[Item] = []
    for script in page.iter("{*}script"):
        kind = (script.get("type") or "").lower()
        if "ld+json" in kind and script.text:
            found.extend(_items(_loaded(script.text)))
    return found


def _loaded(text: str) -> Any:
    """The JSON, with the faults mended that templates make."""
    text = _WRAPPING.sub("", text).strip().rstrip(";")
    for mended in (text, _COMMA.sub(r"\1", _CONTROL.sub(" ", text))):
        try:
            return json.JSONDecoder(strict=False).raw_decode(mended)[0]
        except (ValueError, RecursionError):
            continue
    return None


def _items(value: Any) -> Iterator[Item]:
    waiting = [value]
    for _ in range(_MOST):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value
        elif isinstance(value, dict):
            graph = value.get("@graph")
            if graph is not None:
                waiting.insert(0, graph)
            if "@type" in value:
                yield _item(value)


def _item(value: dict[str, Any]) -> Item:
    found = {str(k): v if isinstance(v, list) else [v] for k, v in value.items()}
    found["@type"] = [_bare(str(name)) for name in found.get("@type", [])]
    return found


def microdata(page: etree._Element) -> list[Item]:
    """The items of microdata that belong to no other."""
    found: list[Item] = []
    open_items: list[tuple[etree._Element, Item]] = []
    for event, element in etree.iterwalk(page, events=("start", "end")):
        if event == "end":
            if open_items and open_items[-1][0] is element:
                open_items.pop()
        elif "itemscope" in element.attrib or "itemprop" in element.attrib:
            _take(element, open_items, found)
    return found


def _take(
    element: etree._Element, open_items: list[tuple[etree._Element, Item]], found: list[Item]
) -> None:
    """Put an element that is an item, or a property, where it belongs."""
    scope = "itemscope" in element.attrib
    names = (element.get("itemprop") or "").split()
    value: Any = _value(element)
    if scope:
        value = {"@type": [_bare(name) for name in (element.get("itemtype") or "").split()]}
        if not (names and open_items):
            found.append(value)
    for name in names if open_items else ():
        open_items[-1][1].setdefault(name, []).append(value)
    if scope:
        open_items.append((element, value))


def _value(element: etree._Element) -> Any:
    """A value of an attribute, or the element whose words are the value."""
    if element.get("content") is not None:
        return element.get("content")
    attribute = _VALUE_ATTRIBUTES.get(local_name(element))
    return element.get(attribute) if attribute and element.get(attribute) else element


def _bare(name: str) -> str:
    return re.split(r"[/#:]", name.rstrip("/"))[-1]


def of_type(items: Iterable[Item], *names: str) -> Iterator[Item]:
    """The items of one of these types."""
    return (item for item in items if not set(names).isdisjoint(item.get("@type", [])))


def values(item: Item, *names: str) -> list[Any]:
    """The values of the first of these properties that has any; a nested item as an item."""
    for name in names:
        found = [v for v in item.get(name, []) if v is not None and v != ""]
        if found:
            return [_item(v) if isinstance(v, dict) and not _is_item(v) else v for v in found]
    return []


def _is_item(value: dict[str, Any]) -> bool:
    return all(isinstance(v, list) for v in value.values())


def first_text(item: Item, *names: str) -> str | None:
    """The first value that is a text, or the name of an item, on one line."""
    for value in values(item, *names):
        if isinstance(value, dict):
            value = first_text(value, "name", "@id", "url")
        elif isinstance(value, etree._Element):
            value = "".join(value.itertext())
        if isinstance(value, str | int | float) and str(value).strip():
            return " ".join(str(value).split())
    return None
