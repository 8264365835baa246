"""Blocks of text: what a page shows between two edges, and how they are put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from lxml import etree

from groundedqa.read.html_lists import marked
from groundedqa.read.raw import RawSection

Kind = Literal["text", "heading", "table", "code", "caption"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block; those of one ``group`` that follow each other stand without a blank line.

    ``holder`` is the innermost block element around it, ``linked`` the characters that stand in
    links; both are for those who judge whether it is content.
    """

    kind: Kind
    text: str
    group: object
    holder: etree._Element
    marker: str = ""
    level: int = 0
    anchor: str | None = None
    linked: int = 0

    def __str__(self) -> str:
        """The text as it stands in a section."""
        if self.kind == "code":
            lines = "\n".join(f"    {line}" for line in self.text.split("\n"))
            return f"{self.marker.rstrip()}\n{lines}" if self.marker else lines
        return marked(self.marker, self.text) if self.marker else self.text


def put_together(blocks: Iterable[Block]) -> tuple[RawSection, ...]:
    """The sections that blocks make, a heading opening each."""
    done: list[RawSection] = []
    opening = RawSection("")
    body: list[Block] = []

    def close() -> None:
        grouped = groupby(body, key=lambda block: id(block.group))
        text = "\n\n".join("\n".join(map(str, group)) for _, group in grouped)
        if text or opening.heading:
            done.append(replace(opening, text=text))
        body.clear()

    for block in blocks:
        if block.kind == "heading":
            close()
            opening = RawSection("", block.text, block.level, anchor=block.anchor)
        else:
            body.append(block)
    close()
    return tuple(done)
