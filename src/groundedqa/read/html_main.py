"""Which blocks of a page are its content.

trafilatura chooses, for it was measured on hundreds of sites; but it flattens what it takes and
drops formulas, code and captions. So it is asked only which words are content. The blocks of the
page itself are held against its answer, and what it can't judge (a formula, a table, a caption)
goes with the blocks around it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from groundedqa.read.html_chrome import ChromeOfElements
from groundedqa.read.html_names import HEADINGS, local_name
from groundedqa.read.html_sections import Block

_WORD = re.compile(r"\w+")
_RUN = 4  # words that are looked up as one
_SHARE = 0.6  # of a block's runs that must be in the text that was chosen
_FEW = 25  # words; a choice of fewer is not trusted where the page has more
_LINKS = 0.5  # the share of a block's characters in links from which it is a list of links
_SENTENCE = 8  # words that make a line prose, if a full stop or the like ends it
_ENDS = re.compile(r"[.!?…:;。！？]['\"”’)\]]*(?:\[\d+\])*\Z")
_STRUCTURE = ("table", "code", "caption")
_MATHS = re.compile(r"\\\(|\\\[|\$\$")
_REACH = 4  # blocks on each side that are neighbours
_NO_CONTENT = ("nav", "footer", "aside", "dialog")
NOT_MAIN = "not the main text"


@dataclass(frozen=True, slots=True)
class Judged:
    """A block and the rule that drops it; None for content."""

    block: Block
    rule: str | None


def judged(blocks: Sequence[Block], chosen: Sequence[str]) -> list[Judged]:
    """Each block with its judgement; ``chosen`` are the lines that trafilatura took."""
    kept = by_words(blocks, chosen)
    sizes = [len(_WORD.findall(block.text)) for block in blocks]
    if sum(size for size, keep in zip(sizes, kept, strict=True) if keep) < _FEW:
        kept = [False] * len(blocks)
    trusted = any(kept)
    counted = [n if k or not trusted else 0 for n, k in zip(sizes, kept, strict=True)]
    holders = _Holders(blocks, counted)
    content = holders.above(0.5)
    if not trusted:  # a menu may be most of what there is
        content = frozenset(e for e in content if local_name(e) not in _NO_CONTENT)
    chrome = ChromeOfElements(content)
    rules = [chrome.rule(block.holder) for block in blocks]
    _drop_repeated(blocks, kept, rules)
    free = [not keep and rule is None for keep, rule in zip(kept, rules, strict=True)]
    within = holders.above(0.8) if trusted else frozenset()
    main = max(within, key=_depth) if within else None
    if main is not None:
        _drop_outside(blocks, kept, rules, main)
    for at in range(len(blocks) - 1, -1, -1):
        if free[at] and _belongs(blocks[at], sizes[at], main, near=_is_near(blocks, kept, at)):
            kept[at] = True
    _judge_headings(blocks, kept, free)
    found = zip(blocks, kept, rules, strict=True)
    return [Judged(b, None if keep else rule or NOT_MAIN) for b, keep, rule in found]


def by_words(blocks: Sequence[Block], chosen: Sequence[str]) -> list[bool]:
    """For each block, whether its words are among those of the lines ``chosen``."""
    words = [word for line in chosen for word in _words(line)]
    runs = {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
    lines = {" ".join(_words(line)) for line in chosen}
    return [_is_chosen(_words(block.text), lines, runs) for block in blocks]


def _is_chosen(words: list[str], lines: set[str], runs: set[tuple[str, ...]]) -> bool:
    if " ".join(words) in lines:
        return bool(words)
    if len(words) < _RUN:
        return False
    count = len(words) - _RUN + 1
    return sum(tuple(words[at : at + _RUN]) in runs for at in range(count)) >= _SHARE * count


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


class _Holders:
    """How many words each element holds, of those that count."""

    def __init__(self, blocks: Sequence[Block], sizes: Sequence[int]) -> None:
        self._total = sum(sizes)
        self._counts: Counter[etree._Element] = Counter()
        own: Counter[etree._Element] = Counter()
        for block, size in zip(blocks, sizes, strict=True):
            own[block.holder] += size
        for holder, size in own.items():
            if size:
                self._counts[holder] += size
                for above in holder.iterancestors():
                    self._counts[above] += size

    def above(self, share: float) -> frozenset[etree._Element]:
        """The elements that hold more than a share of all."""
        least = share * self._total
        return frozenset(e for e, count in self._counts.items() if count > least)


def _up_to(element: etree._Element, main: etree._Element) -> Iterator[etree._Element]:
    """The element and those around it, until ``main``, or the page where it is not in that."""
    at: etree._Element | None = element
    while at is not None:
        yield at
        at = at.getparent() if at is not main else None


def _is_named(element: etree._Element) -> bool:
    """Whether it has a class or an id: the site means something by it that is not known here."""
    return bool(element.get("class") or element.get("id")) and local_name(element) not in HEADINGS


def _drop_outside(
    blocks: Sequence[Block],
    kept: list[bool],
    rules: Sequence[str | None],
    main: etree._Element,
) -> None:
    """Drop links and what is called by a name of chrome, where they stand apart from the rest."""
    for at, block in enumerate(blocks):
        doubtful = rules[at] or block.linked >= _LINKS * len(block.text)
        if kept[at] and doubtful and list(_up_to(block.holder, main))[-1] is not main:
            kept[at] = False


def _depth(element: etree._Element) -> int:
    return sum(1 for _ in element.iterancestors())


def _is_near(blocks: Sequence[Block], kept: Sequence[bool], at: int) -> bool:
    """Whether it is an item with content on both sides, or stands right over a table."""
    if blocks[at].marker:
        return any(kept[max(at - _REACH, 0) : at]) and any(kept[at + 1 : at + 1 + _REACH])
    below = at + 1
    return below < len(blocks) and kept[below] and blocks[below].kind in ("table", "code")


def _drop_repeated(blocks: Sequence[Block], kept: list[bool], rules: Sequence[str | None]) -> None:
    """Drop what was taken for content in a menu or a list of links that only repeats it."""
    said = {b.text for b, keep, rule in zip(blocks, kept, rules, strict=True) if keep and not rule}
    headings = {block.text for block in blocks if block.kind == "heading"}
    for at, block in enumerate(blocks):
        if not kept[at] or block.kind == "heading":
            continue
        is_link = block.linked >= _LINKS * len(block.text)
        if (rules[at] and (is_link or block.text in said)) or (is_link and block.text in headings):
            kept[at] = False


def _belongs(block: Block, size: int, main: etree._Element | None, *, near: bool) -> bool:
    """Whether a block that nobody judged is content, by its form and its place."""
    if block.kind == "heading" or block.linked >= _LINKS * len(block.text):
        return False
    is_sentence = size >= _SENTENCE and _ENDS.search(block.text) is not None
    if main is None:  # there is no choice to go by
        return size > 0
    way = list(_up_to(block.holder, main))
    if not way or way[-1] is not main:
        return False
    is_sentence = is_sentence and not any(_is_named(element) for element in way[:-1])
    structure = block.kind in _STRUCTURE or _MATHS.search(block.text) is not None
    return structure or is_sentence or (near and bool(block.marker))


def _judge_headings(blocks: Sequence[Block], kept: list[bool], free: Sequence[bool]) -> None:
    """A heading goes with what stands right under it."""
    below = False
    for at in range(len(blocks) - 1, -1, -1):
        if blocks[at].kind != "heading":
            below = kept[at]
        elif below and free[at]:
            kept[at] = True
