r"""Formulas in HTML: MathML, MathJax, KaTeX and pictures of learning platforms, each once, as TeX.

The TeX that the page holds is taken first (an annotation, MathJax's script, an attribute); else
MathML is turned into TeX. What a page draws beside it, the same formula in other clothes, is left
out with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from groundedqa.read.html_names import classes, local_name
from groundedqa.read.mathml import tex_of
from groundedqa.read.safe_xml import xml_parser

_DELIMITED = re.compile(
    r"(?s)\s*(?:\\\((?P<a>.*)\\\)|\\\[(?P<b>.*)\\\]|\$\$(?P<c>.*)\$\$|\$(?P<d>.*)\$)\s*"
)
_STYLED = re.compile(r"(?s)\{\\(?:displaystyle|textstyle) ?(.*)\}")
_COMMENT = re.compile(r"(?m)(?<!\\)%.*$")
_SPACES = re.compile(r"\s+")
_TEX_TYPES = ("application/x-tex", "tex", "latex", "application/x-latex", "text/latex", "text/tex")
_IMAGES = {"latex", "tex", "mathjax", "equation_image", "texrender"}
_FALLBACK = "mwe-math-fallback-image-"
# The same formula, drawn; MathJax 2 keeps its source in a script beside it.
_DRAWN = {"MathJax", "MathJax_Display", "MathJax_SVG", "MathJax_SVG_Display", "MathJax_CHTML"}
_UNITS = {"katex", "katex-display", "mwe-math-element", "mjx-container", "katex-block"}
_PROSE = {"p", "li", "h1", "h2", "h3", "h4", "article", "section"}
_NESTED = 40  # elements in which the formula of a unit is looked for
_WIRIS = str.maketrans({"«": "<", "»": ">", "¨": '"', "§": "&", "`": "'"})


@dataclass(frozen=True, slots=True)
class Formula:
    """TeX without delimiters; empty where the element only repeats a formula."""

    tex: str
    display: bool = False

    def __str__(self) -> str:
        r"""``\\( tex \\)``, or ``\\[ tex \\]`` where it stands on a line of its own."""
        if not self.tex:
            return ""
        return f"\\[{self.tex}\\]" if self.display else f"\\({self.tex}\\)"


def formula_of(element: etree._Element, name: str) -> Formula | None:
    """The formula that the element with all in it stands for; None where it is something else."""
    if name == "math":
        return Formula(_tex_of_math(element), element.get("display") == "block")
    if name == "script":
        return _of_script(element)
    if not element.attrib:
        return None
    if name == "mjx-container":
        return _of_container(element)
    marked = element.get("class")
    if marked or name == "img":
        found = _of_class(element, name, set((marked or "").split()))
        if found:
            return found
    return _of_attribute(element)


def _of_script(element: etree._Element) -> Formula | None:
    kind = (element.get("type") or "").lower().replace(" ", "")
    if kind.startswith("math/tex"):
        return Formula(plain_tex(element.text or ""), "mode=display" in kind)
    if kind.startswith("math/mml"):
        maths = _parsed(element.text or "")
        return None if maths is None else Formula(_tex_of_math(maths), _is_display(maths))
    return None


def _of_class(element: etree._Element, name: str, marks: set[str]) -> Formula | None:
    if name == "img":
        return _of_image(element, marks)
    if "MathJax_Preview" in marks:
        return Formula("") if _script_after(element) else None
    if marks & _DRAWN:
        return Formula("") if _script_after(element) else _of_container(element)
    if "ql-formula" in marks and element.get("data-value"):
        return Formula(plain_tex(element.get("data-value") or ""))
    if marks & _UNITS:
        display = bool(marks & {"katex-display", "katex-block"})
        return _of_container(element, display)
    if "math-container" in marks or ("math" in marks and marks & {"inline", "display"}):
        return _of_text(element, "display" in marks)
    return None


def _of_image(element: etree._Element, marks: set[str]) -> Formula | None:
    mathml = element.get("data-mathml")
    if mathml:
        maths = _parsed(mathml if "<" in mathml else mathml.translate(_WIRIS))
        return None if maths is None else Formula(_tex_of_math(maths), _is_display(maths))
    if (source := element.get("data-equation-content")) or (source := element.get("data-latex")):
        return Formula(plain_tex(source))
    fallback = next((mark for mark in marks if mark.startswith(_FALLBACK)), None)
    if element.get("alt") and (marks & _IMAGES or fallback):
        display = fallback == f"{_FALLBACK}display"
        return Formula(plain_tex(element.get("alt") or ""), display)
    return None


def _of_attribute(element: etree._Element) -> Formula | None:
    for attribute in ("data-math", "data-tex", "data-latex"):
        source = element.get(attribute)
        if not source:
            continue
        if source.lstrip().startswith("<"):
            maths = _parsed(source)
            return None if maths is None else Formula(_tex_of_math(maths), _is_display(maths))
        if len(source) < 5000 and not _SPACES.fullmatch(source):
            return Formula(plain_tex(source), "display" in (element.get("class") or ""))
    return None


def _of_text(element: etree._Element, display: bool) -> Formula | None:
    """An element that says it is maths and holds nothing but TeX."""
    if len(element) or not (element.text or "").strip():
        return None
    text = element.text or ""
    delimited = _DELIMITED.fullmatch(text)
    if delimited and (delimited["b"] is not None or delimited["c"] is not None):
        display = True
    return Formula(plain_tex(text), display)


def _of_container(element: etree._Element, display: bool = False) -> Formula | None:
    """The formula somewhere within a drawn one; None where there is only the drawing."""
    if any(local_name(inner) in _PROSE for inner in element.iter(etree.Element)):
        return None  # a page or a part of one, called so because it holds formulas
    display = display or element.get("display") in ("true", "block")
    display = display or "MathJax_Display" in classes(element)
    for inner in _within(element):
        name = local_name(inner)
        source = inner.get("data-latex")
        if source and name != "math" and not name.startswith("mjx-mrow"):
            return Formula(plain_tex(source), display)
        if name == "math":
            return Formula(_tex_of_math(inner), display or _is_display(inner))
        if (drawn := inner.get("data-mathml")) and (maths := _parsed(drawn)) is not None:
            return Formula(_tex_of_math(maths), display or _is_display(maths))
        if name == "img" and (image := formula_of(inner, name)):
            return Formula(image.tex, display or image.display)
    last = next((e for e in element.iter() if local_name(e) == "math"), None)
    return None if last is None else Formula(_tex_of_math(last), display or _is_display(last))


def _within(element: etree._Element) -> Iterator[etree._Element]:
    for count, inner in enumerate(element.iter(etree.Element)):
        if count > _NESTED:
            return
        yield inner


def _script_after(element: etree._Element) -> bool:
    """Whether MathJax's source follows, after at most the drawing's other parts."""
    following = element
    for _ in range(3):
        after = following.getnext()
        if after is None or (following.tail or "").strip():
            return False
        if local_name(after) == "script":
            return (after.get("type") or "").lower().startswith("math/")
        following = after
    return False


def _is_display(maths: etree._Element) -> bool:
    return maths.get("display") == "block" or maths.get("mode") == "display"


def _tex_of_math(maths: etree._Element) -> str:
    for annotation in maths.iter("{*}annotation", "annotation", "m:annotation"):
        if (annotation.get("encoding") or "").lower() in _TEX_TYPES:
            source = plain_tex("".join(annotation.itertext()))
            if source:
                return source
    alternative = maths.get("alttext") or ""
    if "\\" in alternative:
        return plain_tex(alternative)
    return tex_of(maths) or plain_tex(alternative)


def plain_tex(source: str) -> str:
    """TeX on one line, without delimiters, comments and the wrapping of Wikipedia."""
    source = source.strip().removeprefix("LaTeX:")
    delimited = _DELIMITED.fullmatch(source)
    if delimited:
        source = next(group for group in delimited.groups() if group is not None)
    source = _SPACES.sub(" ", _COMMENT.sub("", source)).strip()
    styled = _STYLED.fullmatch(source)
    return styled[1].strip() if styled and _balanced(styled[1]) else source


def _balanced(tex: str) -> bool:
    """Whether no brace closes what was opened outside."""
    depth = 0
    for mark in re.findall(r"\\.|[{}]", tex):
        depth += (mark == "{") - (mark == "}")
        if depth < 0:
            return False
    return depth == 0


def _parsed(markup: str) -> etree._Element | None:
    try:
        return etree.fromstring(markup.encode(), xml_parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
