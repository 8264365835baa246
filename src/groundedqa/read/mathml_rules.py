"""What each element of MathML that holds others becomes in TeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml import etree

from groundedqa.read.mathml_symbols import BETWEEN, FUNCTIONS, LARGE, OVER, SYMBOLS, UNDER

_COMMAND_AT_END = re.compile(r"\\[A-Za-z]+\Z")
_ATOM = re.compile(r"\\[A-Za-z]+|\w|\d+|\\mathb[bf]\{\w\}")


@dataclass(frozen=True, slots=True)
class Term:
    """The TeX of one element; ``sign`` is an operator's own character."""

    tex: str
    sign: str = ""
    empty: bool = False


def join(terms: Sequence[Term]) -> str:
    """A row of terms: spaces around what stands between two others, none after a leading sign."""
    parts = []
    opened = True  # nothing before it that an operator could be between
    for term in terms:
        between = term.sign in BETWEEN and not opened
        parts.append(f" {term.tex} " if between else term.tex)
        if not term.empty:
            opened = term.sign in BETWEEN or term.sign in ("(", "[", "{", ",")
    return joined(parts)


def joined(parts: Sequence[str]) -> str:
    """The parts, with a space where a command would run into a letter."""
    out: list[str] = []
    for part in parts:
        if part and out and part[0].isalpha() and _COMMAND_AT_END.search(out[-1]):
            out.append(" ")
        if part:
            out.append(part)
    return "".join(out)


def _child(children: Sequence[Term], at: int) -> str:
    return children[at].tex.strip() if at < len(children) else ""


def _base(children: Sequence[Term]) -> str:
    tex = _child(children, 0)
    return tex if not tex or _ATOM.fullmatch(tex) or tex[-1] in ")]" else f"{{{tex}}}"


def _script(mark: str, tex: str) -> str:
    if not tex:
        return ""
    if tex in ("'", "''", "\\prime"):
        return tex if tex != "\\prime" else "'"
    return mark + (tex if len(tex) == 1 else f"{{{tex}}}")


def _fraction(element: etree._Element, children: list[Term]) -> str:
    top, bottom = _child(children, 0), _child(children, 1)
    if element.get("linethickness") in ("0", "0pt", "0em", "0px"):
        return f"{{{top} \\atop {bottom}}}"
    return f"\\frac{{{top}}}{{{bottom}}}"


def _root(_: etree._Element, children: list[Term]) -> str:
    return f"\\sqrt[{_child(children, 1)}]{{{_child(children, 0)}}}"


def _square_root(_: etree._Element, children: list[Term]) -> str:
    return f"\\sqrt{{{join(children).strip()}}}"


def _super(_: etree._Element, children: list[Term]) -> str:
    return _base(children) + _script("^", _child(children, 1))


def _sub(_: etree._Element, children: list[Term]) -> str:
    return _base(children) + _script("_", _child(children, 1))


def _sub_super(_: etree._Element, children: list[Term]) -> str:
    scripts = _script("_", _child(children, 1)) + _script("^", _child(children, 2))
    return _base(children) + scripts


def _takes_limits(children: Sequence[Term]) -> bool:
    sign = children[0].sign if children else ""
    return sign in LARGE or sign in FUNCTIONS


def _over(_: etree._Element, children: list[Term]) -> str:
    base, above = _child(children, 0), _child(children, 1)
    if _takes_limits(children):
        return base + _script("^", above)
    accent = OVER.get(children[1].sign) if len(children) > 1 else None
    return f"{accent}{{{base}}}" if accent else f"\\overset{{{above}}}{{{base}}}"


def _under(_: etree._Element, children: list[Term]) -> str:
    base, below = _child(children, 0), _child(children, 1)
    if _takes_limits(children) or base.startswith(("\\underbrace", "\\text{lim")):
        return base + _script("_", below)
    accent = UNDER.get(children[1].sign) if len(children) > 1 else None
    return f"{accent}{{{base}}}" if accent else f"\\underset{{{below}}}{{{base}}}"


def _under_over(element: etree._Element, children: list[Term]) -> str:
    if _takes_limits(children):
        return _sub_super(element, children)
    return f"\\overset{{{_child(children, 2)}}}{{{_under(element, children[:2])}}}"


def _fenced(element: etree._Element, children: list[Term]) -> str:
    opening, closing = element.get("open", "("), element.get("close", ")")
    separators = re.sub(r"\s", "", element.get("separators", ","))
    parts = []
    for at, child in enumerate(children):
        if at and separators:
            parts.append(separators[min(at - 1, len(separators) - 1)] + " ")
        parts.append(child.tex)
    inner = joined(parts)
    return f"{SYMBOLS.get(opening, opening)} {inner} {SYMBOLS.get(closing, closing)}".replace(
        "( ", "("
    ).replace(" )", ")")


def _row_of_table(_: etree._Element, children: list[Term]) -> str:
    return " & ".join(child.tex.strip() for child in children)


def _labelled_row(element: etree._Element, children: list[Term]) -> str:
    return _row_of_table(element, children[1:])


def _table(_: etree._Element, children: list[Term]) -> str:
    rows = " \\\\ ".join(child.tex.strip() for child in children)
    return f"\\begin{{matrix}} {rows} \\end{{matrix}}"


def _first(_: etree._Element, children: list[Term]) -> str:
    return _child(children, 0)


def _scripts_around(_: etree._Element, children: list[Term]) -> str:
    """``mmultiscripts``: the base, pairs behind it, and after ``mprescripts`` pairs before it."""
    at = next((i for i, c in enumerate(children) if c.sign == "mprescripts"), len(children))

    def pairs(terms: Sequence[Term]) -> str:
        marks = ("_" if i % 2 == 0 else "^" for i in range(len(terms)))
        return "".join(_script(m, t.tex.strip()) for m, t in zip(marks, terms, strict=True))

    before = pairs(children[at + 1 :])
    return (f"{{}}{before}" if before else "") + _base(children) + pairs(children[1:at])


RULES: dict[str, Callable[[etree._Element, list[Term]], str]] = {
    "mfrac": _fraction,
    "mroot": _root,
    "msqrt": _square_root,
    "msup": _super,
    "msub": _sub,
    "msubsup": _sub_super,
    "mover": _over,
    "munder": _under,
    "munderover": _under_over,
    "mfenced": _fenced,
    "mtr": _row_of_table,
    "mlabeledtr": _labelled_row,
    "mtable": _table,
    "semantics": _first,
    "maction": _first,
    "mmultiscripts": _scripts_around,
}
