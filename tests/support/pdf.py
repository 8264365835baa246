"""PDFs made in code, as printers make them: words at places, and what a file says of itself."""

from __future__ import annotations

import random
from pathlib import Path

from fpdf import FPDF

from groundedqa.read import Broken, RawDocument, SiteProfile, Source, pdf
from groundedqa.read.assemble import assemble
from groundedqa.types import Document

PROSE = (
    "The harbour wall was built by hand over eleven summers and never once gave way. "
    "Each stone was carried along the shore at low water and set before the tide came back. "
    "Nobody wrote down the names of the people who did it, and the parish kept no accounts. "
)


_THINGS = ("stones", "boats", "nets", "tides", "gulls", "ropes", "lamps", "crews", "storms", "maps")


def varied(seed: str, count: int = 4) -> str:
    """Sentences that are others for another seed."""
    choose = random.Random(seed)
    return " ".join(
        f"{choose.choice(_THINGS).capitalize()} of the {choose.randint(2, 40)}th year were counted"
        f" with the {choose.choice(_THINGS)} and left to the {choose.choice(_THINGS)} below."
        for _ in range(count)
    )


class Paper(FPDF):
    """A4 in points; a head and a foot on each page where they are given, ``#`` is its number."""

    def __init__(self, head: str = "", foot: str = "") -> None:
        super().__init__(unit="pt", format="A4")
        self._head, self._foot = head, foot
        self.set_margins(72, 90, 72)
        self.set_auto_page_break(True, margin=90)
        self.set_font("helvetica", size=11)
        self.add_page()

    def header(self) -> None:
        """Called by fpdf2 for every page."""
        self._edge(40, self._head)

    def footer(self) -> None:
        """Called by fpdf2 for every page."""
        self._edge(800, self._foot)

    def _edge(self, height: float, text: str) -> None:
        if text:
            self.set_font("helvetica", size=9)
            self.set_xy(72, height)
            self.cell(text=text.replace("#", str(self.page)))
            self.set_xy(72, 90)
            self.set_font("helvetica", size=11)

    def say(self, text: str, size: float = 11, style: str = "", after: float = 8) -> None:
        """A paragraph or a heading, as wide as the page."""
        self.set_font("helvetica", style, size)
        self.multi_cell(0, size * 1.25, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(after)

    def column(self, left: float, top: float, width: float, text: str) -> None:
        """A paragraph of its own width at a place."""
        self.set_font("helvetica", size=10)
        self.set_xy(left, top)
        self.multi_cell(width, 12, text, align="L")

    def lines(self, *lines: str, top: float = 100, step: float = 14) -> None:
        """Lines broken where the test wants them."""
        for number, line in enumerate(lines):
            self.text(72, top + number * step, line)

    def written(self, folder: Path, name: str = "the-file.pdf") -> Path:
        """The file."""
        path = folder / name
        self.output(str(path))
        return path


def parsed(path: Path) -> RawDocument:
    """What the reader makes of a file."""
    (raw,) = pdf.READER.read(Source(path, path.name), SiteProfile())
    assert not isinstance(raw, Broken)
    return raw


def document_of(path: Path, profile: SiteProfile | None = None) -> Document:
    """The document of a file."""
    return assemble(parsed(path), Source(path, path.name), "0", profile or SiteProfile())


def outline(document: Document) -> list[tuple[str, int]]:
    """The headings with their levels."""
    return [(section.heading, section.level) for section in document.sections]


def page_at(document: Document, words: str) -> str:
    """The label of the page on which some words begin."""
    at = document.text.index(words)
    return next(page.label for page in document.pages if page.start <= at < page.end)
