"""What a PDF says of itself: title, author, language, outline and the labels of its pages."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from groundedqa.clean import clean_line
from groundedqa.read.pdf_blocks import Block
from groundedqa.read.pdf_headings import Entry, body

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_ENTRIES = 5000
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b.*|untitled.*|unnamed.*|document ?\d*|title|no title|"
    r"(?:slide|sheet|page|layout|doc|presentation) ?\d*|\(?anonymous\)?|unspecified|"
    r".*\.(?:docx?|pdf|indd|qxd|tex|dvi|rtf|odt|pptx?|xlsx?|ps|eps|html?|txt|md|fm|pmd|cdr)|"
    r"(?:file|https?)://.*|[\W\d_]*|powerpoint presentation|print.*\.tmp|.*[\\/]\S*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:user|admin(?:istrator)?|owner|author|root|unknown|unspecified|anonymous|\(?anonymous\)?|"
    r"default|guest|test|none|null|n/?a|me|pc|home|office|windows|mac|laptop)( ?\d+)?( user)?|"
    r".*(?:microsoft|adobe|acrobat|libreoffice|openoffice|latex|\btex\b|pdf|quartz|word\b|"
    r"chrom|skia|wkhtml|reportlab|scan|printer|ghostscript|canva|docs renderer).*|"
    r"[\W\d_]*|\S*[\\/@]\S*",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NAME = r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|de|van|von|der|la|di|bin)){1,3}"
_NAMES = re.compile(rf"{_NAME}(?:(?:,| and|, and| &) {_NAME}){{0,7}}")


def outline_of(pdf: PdfDocument) -> list[Entry]:
    """The outline's titles that name a page, in order."""
    found = []
    for bookmark in islice(pdf.get_toc(max_depth=6), _MOST_ENTRIES):
        title = clean_line(bookmark.get_title())
        dest = bookmark.get_dest()
        page = dest.get_index() if dest else None
        if not title or dest is None or page is None or page < 0:
            continue
        found.append(Entry(title, min(bookmark.level + 1, 6), page, _height(dest.raw)))
    return found


def _height(dest: object) -> float | None:
    import pypdfium2.raw as pdfium

    has = [ctypes.c_int() for _ in range(3)]
    values = [ctypes.c_float() for _ in range(3)]
    if pdfium.FPDFDest_GetLocationInPage(dest, *has, *values) and has[1].value:
        return values[1].value + 2
    return None


def labels_of(pdf: PdfDocument) -> list[str]:
    """What each page is called: its label, else its number."""
    count = len(pdf)
    return [clean_line(pdf.get_page_label(i) or "")[:40] or str(i + 1) for i in range(count)]


def language_of(pdf: PdfDocument) -> str | None:
    """The language that the catalogue names, as BCP 47."""
    import pypdfium2.raw as pdfium

    buffer = (ctypes.c_ushort * 64)()
    length = pdfium.FPDFCatalog_GetLanguage(pdf, buffer, ctypes.sizeof(buffer))
    named = bytes(buffer)[: max(length - 2, 0)].decode("utf-16-le", "replace").replace("_", "-")
    return named if _LANGUAGE.fullmatch(named) and named.lower() != "und" else None


def title_said(said: str, stem: str) -> str | None:
    """The title of the metadata, unless a program made it up."""
    title = clean_line(said)
    if not 3 <= len(title) <= 300 or _NO_TITLE.fullmatch(title) or "\ufffd" in title:
        return None
    if re.fullmatch(r"[\w.]+[-_.][\w.-]+", title):  # a file's name, this one's or an older one's
        return None
    return None if _plain(title) == _plain(stem) and " " not in title else title


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def author_said(said: str) -> str | None:
    """The author of the metadata, unless it is an account's or a program's name."""
    author = clean_line(said)
    if not 3 <= len(author) <= 300 or _NO_AUTHOR.fullmatch(author) or "\ufffd" in author:
        return None
    return author


def title_shown(blocks: Sequence[Block]) -> int | None:
    """The block that is the title: the largest text in the upper part of the first page."""
    first = [i for i, block in enumerate(blocks[:12]) if block.page == 0 and not block.is_table]
    usual = body(blocks)
    sizes = [i for i in first if len(blocks[i].text) >= 4 and len(blocks[i].lines) <= 4]
    if not sizes:
        return None
    best = max(sizes, key=lambda i: (round(blocks[i].first.size), -i))
    large = blocks[best].first.size > usual[0] * 1.15
    return best if large and len(blocks[best].text) <= 250 else None


def author_shown(blocks: Sequence[Block], title: int | None) -> str | None:
    """The names below the title, where the next line is nothing else."""
    if title is None or title + 1 >= len(blocks) or blocks[title + 1].page != 0:
        return None
    text = clean_line(blocks[title + 1].text)
    block = blocks[title + 1]
    if block.first.size >= blocks[title].first.size or len(text) > 200:
        return None
    named = re.match(r"(?:written )?by:? |authors?: ", text, re.IGNORECASE)
    names = text[named.end() :] if named else text
    if not _NAMES.fullmatch(names) or not (named or " and " in names or ", " in names):
        return None
    return names
