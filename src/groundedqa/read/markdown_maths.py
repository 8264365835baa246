r"""TeX in Markdown, in time that grows with the page and not with its square.

The plugins look for the end of a formula from each opening anew, to the end of the page where
there is none: 100 KB of ``\(`` took them a minute. Here the closings of a text are listed once,
and an opening that has none is left alone without a search.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.amsmath import amsmath_block as find_environment
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar

BlockRule = Callable[[StateBlock, int, int, bool], bool]

_BEGIN = re.compile(r"\\begin\{([A-Za-z]+\*?)\}")
_CLOSINGS = {"\\(": r"\\\)", "\\[": r"\\\]"}
_DOLLARS_AT_END = r"(?m)\$\$[^\S\n]*(?:\([^)$\r\n]+\)[^\S\n]*)?$"
_BLANK_LINE = r"\n[^\S\n]*(?=\n)"
_AMSMATH_ENDS = ["paragraph", "reference", "blockquote", "list", "footnote_def"]
_find_dollars = math_block_dollar()


def maths_plugin(parser: MarkdownIt) -> None:
    r"""Take ``$a$``, ``$$a$$``, ``\(a\)``, ``\[a\]`` and the environments of amsmath as TeX."""
    parser.use(dollarmath_plugin, allow_space=False, double_inline=True)
    parser.block.ruler.at("math_block", _dollars)
    parser.inline.ruler.before("escape", "brackets", _brackets)
    parser.block.ruler.before("fence", "brackets", _brackets_block)
    parser.use(amsmath_plugin)
    parser.block.ruler.at("amsmath", _environment, {"alt": _AMSMATH_ENDS})


@lru_cache(maxsize=32)
def _places(pattern: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(pattern, text)]


def _next(pattern: str, text: str, start: int) -> int:
    """Where ``pattern`` next stands at or after ``start``; the end of the text if nowhere."""
    places = _places(pattern, text)
    index = bisect_left(places, start)
    return places[index] if index < len(places) else len(text)


def _dollars(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    begin, _ = _reach(state, start_line, end_line)
    if not state.src.startswith("$$", begin):
        return False
    closing = _next(_DOLLARS_AT_END, state.src, begin + 2)
    if closing == len(state.src) or closing > _next(_BLANK_LINE, state.src, begin):
        return False
    return _find_dollars(state, start_line, end_line, silent)


def _environment(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    begin, end = _reach(state, start_line, end_line)
    opening = _BEGIN.match(state.src, begin, end)
    if not opening:
        return False
    closing = rf"(?m)\\end\{{{re.escape(opening[1])}\}}[^\S\n]*$"
    if _next(closing, state.src, begin) >= end:
        return False
    return find_environment(state, start_line, end_line, silent)


def _brackets(state: StateInline, silent: bool) -> bool:
    r"""``\(a\)`` within a line, and ``\[a\]`` where words stand beside it."""
    start = state.pos
    opening = state.src[start : start + 2]
    if opening not in _CLOSINGS:
        return False
    closing = _next(_CLOSINGS[opening], state.src, start + 3)
    if closing == len(state.src):
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content, token.markup = state.src[start + 2 : closing], opening
    state.pos = closing + 2
    return True


def _brackets_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    r"""``\[a\]`` on lines of its own."""
    begin, end = _reach(state, start_line, end_line)
    if not state.src.startswith("\\[", begin):
        return False
    closing = _next(r"\\\]", state.src, begin + 3)
    if closing >= end:
        return False
    last = closing + 2
    line_end = state.src.find("\n", last, end)
    if state.src[last : end if line_end < 0 else line_end].strip():
        return False  # words follow on the line: it is part of a paragraph
    if not silent:
        token = state.push("math_block", "math", 0)
        token.block = True
        token.content, token.markup = state.src[begin + 2 : closing], "\\["
    # The first line that ends at or behind the closing.
    state.line = bisect_left(state.eMarks, last, start_line, end_line) + 1
    return True


def _reach(state: StateBlock, start_line: int, end_line: int) -> tuple[int, int]:
    """Where the text of the first line begins, and where the last one ends."""
    return state.bMarks[start_line] + state.tShift[start_line], state.eMarks[end_line - 1]
