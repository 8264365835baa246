"""What elements of HTML are called, and which of them nobody sees."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


BLOCKS = _names("""
    address article aside blockquote body caption center dd details dialog dir div dl dt
    fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html
    legend li main menu nav ol optgroup p pre search section summary table tbody td tfoot th
    thead tr ul
""")
# Their content is no text of the page, or not words that it says.
NEVER_SHOWN = _names("""
    area audio base button canvas col colgroup datalist embed frame head iframe input link
    map meta noembed noframes noscript object param rp rt script select source style svg
    template textarea title track video
""")
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PERMALINKS = frozenset(("#", "¶", "§", "🔗", "\uf0c1", "link", "permalink", "anchor"))
# Of the site's machinery, within what it shows: "edit", the way back from a note, line numbers.
_MACHINERY = frozenset(
    (
        *("mw-editsection", "mw-cite-backlink", "footnote-backref", "footnote-back", "headerlink"),
        *("gutter", "linenos", "lineno", "line-numbers-rows", "katex-html"),
    )
)
_HIDDEN_STYLE = re.compile(r"(?i)(?:display\s*:\s*none|visibility\s*:\s*hidden)\b")
_SPACES = re.compile(r"[ \t\n\r\f]+")


@lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def local_name(element: etree._Element) -> str:
    """The name without its namespace, in lower case; empty for a comment or the like."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


def classes(element: etree._Element) -> list[str]:
    """The element's classes."""
    return (element.get("class") or "").split()


def is_hidden(element: etree._Element) -> bool:
    """Whether the markup itself hides the element; style sheets are not read."""
    if not element.attrib:
        return False
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    if (element.get("aria-hidden") or "").lower() == "true":
        return True
    style = element.get("style")
    return bool(style and _HIDDEN_STYLE.search(style))


def heading_level(heading: etree._Element, name: str) -> int:
    """The level of a heading, or of what has a heading's role."""
    said = heading.get("aria-level") or ""
    return HEADINGS.get(name) or (int(said) if said in set("123456789") else 2)


def is_machinery(element: etree._Element) -> bool:
    """Whether the element works the page and says nothing: "edit", numbers of lines."""
    return bool(element.get("class")) and not _MACHINERY.isdisjoint(classes(element))


def is_permalink(element: etree._Element) -> bool:
    """Whether the element is the sign in a heading that links to the heading itself."""
    if local_name(element) != "a" or "#" not in (element.get("href") or ""):
        return False
    return "".join(element.itertext()).strip().lower() in _PERMALINKS


def collapsed(text: str) -> str:
    """White space as a browser shows it: one space; a space that does not break stays."""
    return _SPACES.sub(" ", text)
