r"""Word's equations (Office MathML) to TeX, by way of MathML: one formula, one TeX in every format.

Fractions, scripts, radicals, large operators, matrices, delimiters, accents, bars, functions,
limits. Of what has no rule here its parts come in their order.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from groundedqa.read.mathml import tex_of
from groundedqa.read.ooxml import children, find, full, is_on, tag, value

Element = etree._Element

_DEEPEST = 60
_TOKENS = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]|\s+|.")
_VARIANTS = {"double-struck": "double-struck", "script": "script", "fraktur": "fraktur"}


def formula(element: Element) -> str:
    """The TeX of an ``m:oMath`` element, without delimiters."""
    return tex_of(_row(element, 0))


def formulas(element: Element) -> list[str]:
    """The TeX of each line of an ``m:oMathPara``."""
    texts = [formula(child) for child in element if tag(child) == "m:oMath"]
    return [text for text in texts if text]


def _new(name: str, *inner: Element, **attributes: str) -> Element:
    made = etree.Element(name, attributes)
    made.extend(inner)
    return made


def _sign(text: str) -> Element:
    made = etree.Element("mo")
    made.text = plain(text)
    return made


def plain(text: str) -> str:
    """Text that XML can hold."""
    return re.sub(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def _row(element: Element | None, depth: int) -> Element:
    """All parts of an element side by side; alone where there is one."""
    parts: list[Element] = []
    if element is not None and depth < _DEEPEST:
        for name, child in children(element):
            parts.extend(_parts(name, child, depth + 1))
    return parts[0] if len(parts) == 1 else _new("mrow", *parts)


def _parts(name: str, element: Element, depth: int) -> list[Element]:
    if name == "m:r":
        return _run(element)
    if name in _MAKERS:
        return [_MAKERS[name](element, depth)]
    if name.endswith("Pr") or name in ("w:del", "w:moveFrom"):
        return []
    row = _row(element, depth)
    return list(row) if row.tag == "mrow" else [row]


def _run(element: Element) -> list[Element]:
    text = plain("".join(each.text or "" for each in element.iter(full("m:t"), full("w:t"))))
    properties = find(element, "m:rPr")
    upright = value(properties, "m:sty", "m:val") == "p"
    if is_on(properties, "m:nor"):
        return [_token("mtext", text)]
    if upright and re.fullmatch(r"\s*[A-Za-z]{2,}\s*", text):
        return [_token("mi", text.strip())]
    variant = _VARIANTS.get(value(properties, "m:scr", "m:val") or "")
    made = []
    for piece in _TOKENS.findall(text):
        if piece.isspace():
            made.append(_new("mspace"))
            continue
        name = "mn" if piece[0].isdigit() else "mi" if piece.isalpha() else "mo"
        made.append(_token(name, piece))
        if variant and name == "mi":
            made[-1].set("mathvariant", variant)
    return made


def _token(name: str, text: str) -> Element:
    made = etree.Element(name)
    made.text = text
    return made


def _of(element: Element, name: str, depth: int) -> Element:
    return _row(find(element, f"m:{name}"), depth)


def _shows(element: Element) -> bool:
    return any((each.text or "").strip() for each in element.iter())


def _with(name: str, *parts: str) -> Callable[[Element, int], Element]:
    """A rule that puts parts into an element in their order."""
    return lambda element, depth: _new(name, *(_of(element, part, depth) for part in parts))


def _before(element: Element, depth: int) -> Element:
    scripts = (_of(element, "sub", depth), _of(element, "sup", depth))
    return _new("mmultiscripts", _of(element, "e", depth), etree.Element("mprescripts"), *scripts)


def _fraction(element: Element, depth: int) -> Element:
    top, bottom = _of(element, "num", depth), _of(element, "den", depth)
    kind = value(element, "m:fPr/m:type", "m:val")
    if kind == "lin":
        return _new("mrow", top, _sign("/"), bottom)
    if kind == "noBar":
        return _new("mfrac", top, bottom, linethickness="0")
    return _new("mfrac", top, bottom)


def _radical(element: Element, depth: int) -> Element:
    degree = _of(element, "deg", depth)
    inner = _of(element, "e", depth)
    return _new("mroot", inner, degree) if _shows(degree) else _new("msqrt", inner)


def _large(element: Element, depth: int) -> Element:
    sign = value(element, "m:naryPr/m:chr", "m:val")
    operator = _sign("∫" if sign is None else sign)
    sub, sup = _of(element, "sub", depth), _of(element, "sup", depth)
    if _shows(sub) and _shows(sup):
        operator = _new("munderover", operator, sub, sup)
    elif _shows(sub):
        operator = _new("munder", operator, sub)
    elif _shows(sup):
        operator = _new("mover", operator, sup)
    return _new("mrow", operator, _new("mspace"), _of(element, "e", depth))


def _delimited(element: Element, depth: int) -> Element:
    def given(name: str, otherwise: str) -> str:
        found = value(element, f"m:dPr/m:{name}", "m:val")
        return otherwise if found is None else found

    parts: list[Element] = []
    for each in element.iterfind(full("m:e")):
        if parts:
            parts.append(_sign(given("sepChr", "|")))
        parts.append(_row(each, depth))
    opening, closing = given("begChr", "("), given("endChr", ")")
    before = [_sign(opening)] if opening else []
    return _new("mrow", *before, *parts, *([_sign(closing)] if closing else []))


def _matrix(element: Element, depth: int) -> Element:
    rows = element.iterfind(full("m:mr"))
    return _new("mtable", *(_matrix_row(row, depth) for row in rows))


def _matrix_row(row: Element, depth: int) -> Element:
    cells = row.iterfind(full("m:e"))
    return _new("mtr", *(_new("mtd", _row(cell, depth)) for cell in cells))


def _lines(element: Element, depth: int) -> Element:
    rows = element.iterfind(full("m:e"))
    return _new("mtable", *(_new("mtr", _new("mtd", _row(row, depth))) for row in rows))


def _accent(element: Element, depth: int) -> Element:
    sign = value(element, "m:accPr/m:chr", "m:val") or "\u0302"
    return _new("mover", _of(element, "e", depth), _sign(sign))


def _bar(element: Element, depth: int) -> Element:
    above = value(element, "m:barPr/m:pos", "m:val") == "top"
    return _new("mover" if above else "munder", _of(element, "e", depth), _sign("¯"))


def _group(element: Element, depth: int) -> Element:
    sign = value(element, "m:groupChrPr/m:chr", "m:val") or "⏟"
    above = value(element, "m:groupChrPr/m:pos", "m:val") == "top"
    return _new("mover" if above else "munder", _of(element, "e", depth), _sign(sign))


def _function(element: Element, depth: int) -> Element:
    return _new("mrow", _of(element, "fName", depth), _new("mspace"), _of(element, "e", depth))


def _phantom(element: Element, depth: int) -> Element:
    shown = value(element, "m:phantPr/m:show", "m:val") not in ("0", "off", "false")
    return _of(element, "e", depth) if shown else _new("mrow")


_MAKERS: dict[str, Callable[[Element, int], Element]] = {
    "m:f": _fraction,
    "m:sSub": _with("msub", "e", "sub"),
    "m:sSup": _with("msup", "e", "sup"),
    "m:sSubSup": _with("msubsup", "e", "sub", "sup"),
    "m:sPre": _before,
    "m:rad": _radical,
    "m:nary": _large,
    "m:d": _delimited,
    "m:m": _matrix,
    "m:eqArr": _lines,
    "m:acc": _accent,
    "m:bar": _bar,
    "m:groupChr": _group,
    "m:func": _function,
    "m:limLow": _with("munder", "e", "lim"),
    "m:limUpp": _with("mover", "e", "lim"),
    "m:phant": _phantom,
}
