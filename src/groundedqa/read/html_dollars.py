r"""TeX between dollar signs in HTML, as MathJax reads it on question sites, made ``\( \)``.

Money stays money: as in Pandoc, what stands between two dollar signs is a formula only if no white
space is at either of its ends and no digit follows the second; or if it holds what only TeX does.
"""

from __future__ import annotations

import re

from lxml import etree

from groundedqa.read.html_maths import plain_tex
from groundedqa.read.html_names import local_name

_ENVIRONMENTS = "align|alignat|aligned|cases|eqnarray|equation|gather|multline"
_FORMULA = re.compile(
    r"(?s)\\\((?P<done>.{0,5000}?)\\\)|\\\[(?P<too>.{0,5000}?)\\\]"
    r"|(?<![\\$])\$\$(?P<block>(?:[^$\\]|\\.){1,10000}?)\$\$"
    r"|(?<![\\$])\$(?P<inline>(?:[^$\\]|\\.){1,5000}?)\$(?![\d$])"
    r"|\\\$(?P<escaped>(?:[^$\\]|\\[^$]){1,5000}?)\\\$(?!\d)"
    r"|(?P<whole>\\begin\{(?P<name>(?:" + _ENVIRONMENTS + r")\*?)\}.{0,10000}?\\end\{(?P=name)\})"
)
_SURELY_TEX = re.compile(r"\\[A-Za-z]|[\^_{}]")
_LITERAL = ("code", "pre", "script", "style", "kbd", "samp", "textarea")


def mark_formulas(element: etree._Element) -> None:
    r"""Change ``$a$``, ``$$a$$`` and ``\begin{align}...`` in an element's text, outside of code."""
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "start":
            if local_name(inner) in _LITERAL:
                walk.skip_subtree()
            elif inner.text:
                inner.text = _marked(inner.text)
        elif inner is not element and inner.tail:
            inner.tail = _marked(inner.tail)


def _marked(text: str) -> str:
    if "$" not in text and "\\begin{" not in text:
        return text
    return _FORMULA.sub(_formula, text)


def _formula(found: re.Match[str]) -> str:
    whole = found["whole"] or found["block"]
    if whole is not None:
        return f"\\[{plain_tex(whole)}\\]" if whole.strip() else found[0]
    inner = found["inline"] if found["inline"] is not None else found["escaped"]
    if inner is None or not inner.strip():
        return found[0]
    close = inner == inner.strip()
    return f"\\({plain_tex(inner)}\\)" if close or _SURELY_TEX.search(inner) else found[0]
