"""CNXML as HTML, element by element, so that it takes the one way from HTML to text."""

from __future__ import annotations

from lxml import etree

from groundedqa.read.safe_xml import local

_DEEPEST = 6
# What of an element is not its text: its attributes are cleared, for HTML knows others.
_RENAMED = {
    **dict.fromkeys(
        (
            *("para", "note", "example", "exercise", "problem", "solution", "commentary", "rule"),
            *("statement", "proof", "equation", "footnote", "injected-exercise", "meaning"),
        ),
        "div",
    ),
    **dict.fromkeys(("emphasis", "term", "cite", "cite-title", "foreign", "label"), "span"),
    **dict.fromkeys(("image", "iframe", "video", "audio", "object", "download", "colspec"), "meta"),
    "section": "section",
    "glossary": "section",
    "figure": "figure",
    "subfigure": "div",
    "caption": "figcaption",
    "definition": "dl",
    "item": "li",
    "link": "a",
    "newline": "br",
    "preformat": "pre",
    "sup": "sup",
    "sub": "sub",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tfoot": "tfoot",
    "row": "tr",
    "media": "div",
    "content": "body",
    "metadata": "template",
    "span": "span",
    "div": "div",
}
_STYLES = {"lower-alpha": "a", "upper-alpha": "A"}
_BESIDE_TEXT = ("para", "item", "entry", "caption", "meaning")


def as_html(content: etree._Element) -> etree._Element:
    """The element itself, with all in it, as HTML; formulas stay MathML."""
    for footnote in list(content.iter("{*}footnote")):
        _below_its_paragraph(footnote)
    for element in list(_outside_formulas(content)):
        name = local(element.tag)
        special = _SPECIAL.get(name)
        found = special(element) if special else _RENAMED.get(name, "span")
        # Titles come after what they head, and ask what that was.
        element.set("was", name)
        element.tag = found
    for element in list(_outside_formulas(content)):
        _strip(element)
    return content


def _outside_formulas(content: etree._Element) -> list[etree._Element]:
    found: list[etree._Element] = []
    walk = etree.iterwalk(content, events=("start",))
    for _, element in walk:
        if local(element.tag) == "math":
            parent = element.getparent()
            if parent is not None and "equation" in (local(parent.tag), parent.get("was")):
                element.set("display", "block")
            walk.skip_subtree()
        elif isinstance(element.tag, str):
            found.append(element)
    return found


def _below_its_paragraph(footnote: etree._Element) -> None:
    """A note stands below the paragraph that it is of, as a page shows it below the text."""
    holder = next((e for e in footnote.iterancestors() if local(e.tag) in _BESIDE_TEXT), None)
    parent = footnote.getparent()
    if holder is None or parent is None:
        return
    tail, footnote.tail = footnote.tail or "", None
    before = footnote.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(footnote)
    if local(holder.tag) == "para":
        footnote.tail, holder.tail = holder.tail, None
        holder.addnext(footnote)
    else:
        holder.append(footnote)


def _title(element: etree._Element) -> str:
    parent = element.getparent()
    was = "" if parent is None else parent.get("was", "")
    if was in ("section", "glossary"):
        depth = sum(e.get("was") in ("section", "glossary") for e in element.iterancestors())
        return f"h{min(depth + 1, _DEEPEST)}"
    return "caption" if was == "table" else "p"


def _list(element: etree._Element) -> str:
    if element.get("display") == "inline":
        for item in element[:-1]:
            item.tail = "; "
        return "span"
    return "ol" if element.get("list-type") == "enumerated" else "ul"


def _item(element: etree._Element) -> str:
    parent = element.getparent()
    return "span" if parent is not None and parent.tag == "span" else "li"


def _entry(element: etree._Element) -> str:
    columns = [c.get("colname") for c in _columns(element)]
    first, last = element.get("namest"), element.get("nameend")
    if first in columns and last in columns:
        element.set("colspan", str(columns.index(last) - columns.index(first) + 1))
    more = element.get("morerows") or ""
    if more.isdecimal() and len(more) < 5:
        element.set("rowspan", str(int(more) + 1))
    headed = any(e.get("was") == "thead" for e in element.iterancestors())
    return "th" if headed else "td"


def _columns(element: etree._Element) -> list[etree._Element]:
    group = next((e for e in element.iterancestors() if e.get("was") == "tgroup"), None)
    return [] if group is None else [c for c in group if c.get("was") == "colspec"]


def _figure(element: etree._Element) -> str:
    """A picture without a caption is told by the words that stand for it."""
    if not any(local(e.tag) == "caption" for e in element.iter(etree.Element)):
        said = next((m.get("alt") for m in element.iter("{*}media") if m.get("alt")), None)
        if said:
            etree.SubElement(element, "p").text = said
    return "figure"


def _code(element: etree._Element) -> str:
    return "pre" if element.get("display") == "block" else "code"


def _quote(element: etree._Element) -> str:
    return "span" if element.get("display") == "inline" else "blockquote"


def _term(element: etree._Element) -> str:
    parent = element.getparent()
    return "dt" if parent is not None and parent.get("was") == "definition" else "span"


def _meaning(element: etree._Element) -> str:
    parent = element.getparent()
    return "dd" if parent is not None and parent.get("was") == "definition" else "div"


def _glossary(element: etree._Element) -> str:
    if not any(local(child.tag) == "title" for child in element):
        title = etree.Element("h2")
        title.text = "Glossary"
        element.insert(0, title)
    return "section"


_SPECIAL = {
    "title": _title,
    "list": _list,
    "item": _item,
    "entry": _entry,
    "figure": _figure,
    "code": _code,
    "quote": _quote,
    "term": _term,
    "meaning": _meaning,
    "glossary": _glossary,
}


def _strip(element: etree._Element) -> None:
    """Leave the attributes that HTML knows, and take groups of rows out of their wrapping."""
    was = element.get("was")
    kept = {n: element.get(n) for n in ("id", "colspan", "rowspan") if element.get(n)}
    if element.tag == "ol":
        kept["start"] = element.get("start-value") or "1"
        kept["type"] = _STYLES.get(element.get("number-style") or "", "1")
    element.attrib.clear()
    for name, value in kept.items():
        element.set(name, str(value))
    parent = element.getparent()
    if was == "tgroup" and parent is not None:
        at = parent.index(element)
        parent[at : at + 1] = list(element)
