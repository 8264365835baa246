r"""MathML to TeX, for pages that hold no TeX of their own.

Presentation MathML as OpenStax, LaTeXML, Pandoc and the editors of learning platforms write it. No
package does this and is typed and looked after, so it is done here: one rule for each element,
applied from the leaves up, so that no depth of nesting can exhaust the stack.
"""

from __future__ import annotations

import re

from lxml import etree

from groundedqa.read.html_names import local_name
from groundedqa.read.mathml_rules import RULES, Term, join, joined
from groundedqa.read.mathml_symbols import FUNCTIONS, SYMBOLS, VARIANTS

_MOST = 20_000  # elements; what is larger is no formula
_SPACES = re.compile(r"\s+")


def tex_of(maths: etree._Element) -> str:
    """The TeX of a ``math`` element, without delimiters; empty where it shows nothing."""
    open_terms: list[list[Term]] = [[]]
    count = 0
    walk = etree.iterwalk(maths, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            count += 1
            if local_name(element) in ("annotation", "annotation-xml") or count > _MOST:
                walk.skip_subtree()
            open_terms.append([])
            continue
        children = open_terms.pop()
        open_terms[-1].append(_term(element, children))
    return _SPACES.sub(" ", open_terms[0][0].tex).strip()


def _term(element: etree._Element, children: list[Term]) -> Term:
    name = local_name(element)
    if name in ("mi", "mn", "mo", "mtext", "ms", "ci", "cn"):
        return _token(name, element, children)
    if name in ("annotation", "annotation-xml", "mphantom", "none", "mprescripts"):
        return Term("", sign=name, empty=True)
    if name == "mspace":
        return Term(" ", empty=True)
    rule = RULES.get(name)
    if rule is None:
        return Term(join(children), children[0].sign if len(children) == 1 else "")
    return Term(rule(element, children))


def _token(name: str, element: etree._Element, children: list[Term]) -> Term:
    text = _SPACES.sub(" ", "".join(element.itertext())).strip()
    if name == "mtext" or name == "ms":
        return Term(_text(element, text))
    if not text:
        return Term(join(children), empty=True)
    if name in ("mo", "mi") and text in FUNCTIONS:
        return Term(f"\\{text}", text)
    variant = VARIANTS.get(element.get("mathvariant") or "")
    tex = joined([SYMBOLS.get(c, c) for c in text]) if text not in SYMBOLS else SYMBOLS[text]
    if variant:
        tex = f"{variant}{{{tex}}}"
    elif name == "mi" and len(text) > 1 and text.isalpha():
        tex = f"\\mathrm{{{tex}}}"
    return Term(tex, text if name == "mo" else "")


def _text(element: etree._Element, text: str) -> str:
    whole = _SPACES.sub(" ", "".join(element.itertext()))
    if not text:
        return " "
    escaped = re.sub(r"([%#&$_{}])", r"\\\1", whole)
    return f"\\text{{{escaped}}}"
