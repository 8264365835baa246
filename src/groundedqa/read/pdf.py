"""PDF: text in reading order by PDFium, page by page; nothing is recognised from images."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from groundedqa.clean import clean_line
from groundedqa.errors import SourceError
from groundedqa.read import pdf_facts
from groundedqa.read.pdf_blocks import Block, blocks_of
from groundedqa.read.pdf_edges import without_edges
from groundedqa.read.pdf_glyphs import Box
from groundedqa.read.pdf_headings import Entry, headings_of
from groundedqa.read.pdf_lines import Line, lines_of
from groundedqa.read.pdf_order import in_order
from groundedqa.read.pdf_words import Sheet, read_sheet
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import PAGE_BREAK, Broken, RawDocument, RawSection, Reader, Source

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MAGIC = re.compile(rb"%PDF-\d")
_WITHIN = 1024  # readers have always allowed that much before it
_MOST_PAGES = 20_000
_PASSWORD, _SECURITY = 4, 5  # PDFium's FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
_REASONS = {
    _PASSWORD: "it is protected by a password; remove the password and try again",
    _SECURITY: "it is encrypted in a way that is not known here; save it without encryption",
}


def recognises(head: bytes) -> bool:
    """Whether the mark of a PDF stands within the first 1024 bytes."""
    mark = _MAGIC.search(head[:_WITHIN])
    # A text may speak of the mark; objects follow it in a PDF.
    return mark is not None and (not head[: mark.start()].strip() or b" obj" in head)


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The one document of a file.

    The date of the metadata is passed over: it says when the file was made, by the last program
    that printed it, and not when the work was published. A wrong date is worse than none.
    """
    del profile  # a PDF says itself what is what
    pdf = _open(source.path)
    try:
        yield _document(pdf, source.path)
    finally:
        pdf.close()


def _open(path: Path) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        pdf = PdfDocument(path, password="")
    except PdfiumError as error:
        raise SourceError(_REASONS.get(error.err_code or 0) or _why_broken(path)) from error
    if not 0 < len(pdf) <= _MOST_PAGES:
        pages = len(pdf)
        pdf.close()
        raise SourceError(f"it says it has {pages} pages; save it again, or split it")
    return pdf


def _why_broken(path: Path) -> str:
    data = path.read_bytes()
    if b"/Encrypt" in data and b"/Standard" not in data:
        return _REASONS[_SECURITY]
    if _is_cut_off(data):
        return "the PDF is cut off: its end is missing; get the whole file"
    if re.search(rb"/Type\s*/Pages\b[^>]*/Count\s+0\b|/Count\s+0\b[^>]*/Type\s*/Pages\b", data):
        return "the PDF has no pages; save it again with its pages"
    return "the PDF is broken; open it in a viewer and save it again"


def _is_cut_off(data: bytes) -> bool:
    return b"%%EOF" not in data[-2048:]


def _document(pdf: PdfDocument, path: Path) -> RawDocument:
    pages, faults = _pages(pdf)
    if not any(lines for lines, _ in pages):
        raise SourceError(_no_text(len(pages), faults))
    stem = path.stem
    blocks = blocks_of([in_order(lines) for lines in without_edges(pages)])
    levels, unseen = headings_of(blocks, pdf_facts.outline_of(pdf))
    shown = pdf_facts.title_shown(blocks)
    said = pdf_facts.title_said(pdf.get_metadata_value("Title"), stem)
    author = pdf_facts.author_said(pdf.get_metadata_value("Author"))
    title = said or (_plain(blocks[shown]) if shown is not None else None)
    title = title or next((_plain(blocks[i]) for i in sorted(levels)), None)
    if shown is not None and len(blocks) > 1:
        levels.pop(shown, None)
    kept_title = _shown_as_title(blocks, shown, title)
    return RawDocument(
        title=title or stem.replace("-", " ").replace("_", " "),
        sections=_with_author(
            _sections(blocks, levels, unseen, kept_title, len(pages)),
            author or pdf_facts.author_shown(blocks, shown),
        ),
        kind="article",
        language=pdf_facts.language_of(pdf),
        pages=tuple(pdf_facts.labels_of(pdf)),
        opens_at_pages=True,
        warnings=tuple(_warnings(path, len(pages), faults)),
    )


def _pages(pdf: PdfDocument) -> tuple[list[tuple[list[Line], Box]], Counter[str]]:
    """The lines of each page, and how many pages have which fault."""
    from pypdfium2 import PdfiumError

    pages: list[tuple[list[Line], Box]] = []
    faults: Counter[str] = Counter()
    for number in range(len(pdf)):
        try:
            page = pdf[number]
        except PdfiumError:
            pages.append(([], (0, 0, 0, 0)))
            faults["broken"] += 1
            continue
        try:
            sheet = read_sheet(page)
        except PdfiumError:
            sheet = Sheet((), (0, 0, 0, 0), image=False)
            faults["broken"] += 1
        finally:
            page.close()
        pages.append((lines_of(sheet.words), sheet.box))
        faults["image"] += sheet.image
        faults["garbled"] += sheet.garbled
    return pages, faults


def _no_text(pages: int, faults: Mapping[str, int]) -> str:
    if faults["broken"] == pages:
        return "none of its pages can be read; open it in a viewer and save it again"
    if faults["garbled"]:
        return "its fonts do not say which letters they draw; use OCR on it and try again"
    if faults["image"]:
        return "it holds images and no text; make its text readable with OCR and try again"
    return "its pages are empty; check that it is the right file"


def _warnings(path: Path, pages: int, faults: Mapping[str, int]) -> Iterator[str]:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2048))
        if _is_cut_off(file.read()):
            yield "the PDF's end is missing, and pages may be with it; get the whole file"
    said = {
        "image": "hold images and no text; OCR would make them readable",
        "broken": "can't be read; open it in a viewer and save it again",
        "garbled": "hold text whose font does not say its letters, which was left out",
    }
    yield from (f"{faults[f]} of {pages} pages {what}" for f, what in said.items() if faults[f])


def _plain(block: Block) -> str:
    return clean_line(block.text.replace(PAGE_BREAK, ""))


def _shown_as_title(blocks: Sequence[Block], shown: int | None, title: str | None) -> int | None:
    """The block that repeats the title, which is then no text."""
    if shown is None or len(blocks) < 2 or title is None:
        return None
    return shown if _plain(blocks[shown]).casefold() == title.casefold() else None


def _sections(
    blocks: Sequence[Block],
    levels: Mapping[int, int],
    unseen: Mapping[int, Sequence[Entry]],
    title: int | None,
    pages: int,
) -> list[RawSection]:
    """The text under its headings. Every page but the first is opened by one break."""
    sections: list[RawSection] = []
    heading, level, page = "", 0, 0
    parts: list[str] = []
    waiting = ""  # breaks before a heading, which stand before the text that follows it
    for index, block in enumerate(blocks):
        waiting += PAGE_BREAK * (block.page - page)
        page = block.page
        starts = [(entry.title, entry.level) for entry in unseen.get(index, ())]
        if index in levels:
            starts.append((_plain(block), levels[index]))
        for start in starts:
            sections.append(RawSection("\n\n".join(parts), heading, level))
            parts, (heading, level) = [], start
        page += len(block.ends)
        if index in levels or index == title:
            waiting += PAGE_BREAK * len(block.ends)
            continue
        parts.append(waiting + block.text)
        waiting = ""
    waiting += PAGE_BREAK * (pages - 1 - page)
    sections.append(RawSection("\n\n".join(parts) + waiting, heading, level))
    return [section for section in sections if section.text or section.heading]


def _with_author(sections: list[RawSection], author: str | None) -> tuple[RawSection, ...]:
    if not author or not sections:
        return tuple(sections)
    first = sections[0]
    if first.level == 0:
        return (RawSection(first.text, "", 0, author), *sections[1:])
    return (RawSection("", "", 0, author), *sections)


READER = Reader("pdf", (".pdf",), recognises, read)
