"""One page of a PDF to words with their boxes, by PDFium: its glyphs, once each, upright."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

HYPHEN = "\xad"  # a hyphen at the end of a line, which PDFium marks by a control character
_MARKED_HYPHENS = (0x2, 0xAD, 0xFFFE)
_BLANKS = frozenset((0, 9, 10, 13, 32, 0xA0, 0x3000, 0x200B, 0xFEFF, 0xFFFF))
_MOST_GLYPHS = 200_000  # on one page; more than this is a drawing, or was made to stop us
_SPACE = 32
_FORCED_BOLD = 1 << 18
_INVISIBLE, _FILL_AND_STROKE = 3, 2
_SLANTED = -1

Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Word:
    """Glyphs without a blank between them; ``turn`` counts quarters, or is -1 for a slant."""

    text: str
    box: Box
    size: float
    bold: bool
    turn: int
    hidden: bool
    glued: bool  # no blank stands between it and the word before
    font: str
    unmapped: bool  # its font does not say which letters its glyphs are


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on a page as it is read: upright, without what can't be seen."""

    words: tuple[Word, ...]
    box: Box
    image: bool  # something else than text is drawn
    garbled: bool = False  # text was left out whose font does not say what its letters are


def read_sheet(page: PdfPage) -> Sheet:
    """The words of a page in the order in which it draws them.

    Text that stands another way than most of the page is a stamp, a watermark or an axis: it is
    left out. Invisible text is kept where there is little else: it lies over a scan.
    """
    box: Box = page.get_bbox()
    textpage = page.get_textpage()
    try:
        words = [word for word in _words(textpage) if _is_inside(word.box, box)]
        image = any(True for _ in page.get_objects(max_depth=1)) if not words else False
    finally:
        textpage.close()
    seen = [word for word in words if not word.hidden]
    if sum(len(word.text) for word in seen) * 4 >= sum(len(word.text) for word in words):
        words = seen
    lettered = _lettered(words)
    garbled, words = len(lettered) < len(words), lettered
    turns = Counter[int]()
    for word in words:
        turns[word.turn] += len(word.text)
    turn = max((t for t in turns if t != _SLANTED), key=lambda t: turns[t], default=0)
    upright = (replace(w, box=_turned(w.box, turn)) for w in words if w.turn == turn)
    return Sheet(tuple(_once(upright)), _turned(box, turn), image, garbled)


def _lettered(words: Sequence[Word]) -> list[Word]:
    """Words without those in fonts that have no table of letters: those come as gibberish.

    Such a font is told by control characters, which no text has.
    """
    total, unmapped, odd = Counter[str](), Counter[str](), set[str]()
    for word in words:
        total[word.font] += 1
        unmapped[word.font] += word.unmapped
        if any(letter < " " for letter in word.text):
            odd.add(word.font)
    lost = {font for font in odd if unmapped[font] * 2 > total[font]}
    return [word for word in words if word.font not in lost]


def _is_inside(box: Box, page: Box) -> bool:
    across, along = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return page[0] <= across <= page[2] and page[1] <= along <= page[3]


def _turned(box: Box, turn: int) -> Box:
    left, bottom, right, top = box
    if turn == 1:
        return bottom, -right, top, -left
    if turn == 2:
        return -right, -top, -left, -bottom
    if turn == 3:
        return -top, left, -bottom, right
    return box


def _once(words: Iterator[Word]) -> Iterator[Word]:
    """Words without those drawn again over themselves, as fake bold and shadows are."""
    places: dict[str, list[Box]] = {}
    for word in words:
        near = word.size * 0.2
        before = places.setdefault(word.text, [])
        if any(abs(b[0] - word.box[0]) < near and abs(b[1] - word.box[1]) < near for b in before):
            continue
        before.append(word.box)
        yield word


@dataclass(frozen=True, slots=True)
class _Glyph:
    text: str
    box: Box
    place: int


def _words(textpage: PdfTextPage) -> Iterator[Word]:
    import pypdfium2.raw as pdfium

    handle = textpage.raw
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    rect = pdfium.FS_RECTF()
    word: list[_Glyph] = []
    glued = doubtful = False
    for place in range(min(textpage.count_chars(), _MOST_GLYPHS)):
        code = unicode_of(handle, place)
        if code == _SPACE and word and pdfium.FPDFText_IsGenerated(handle, place) == 1:
            doubtful = True  # PDFium's guess
            continue
        if code in _BLANKS:
            if word:
                yield _word(word, handle, glued)
            word, glued = [], False
            continue
        if not box_of(handle, place, rect):
            continue
        text = HYPHEN if code in _MARKED_HYPHENS else chr(min(code, 0x10FFFF))
        glyph = _Glyph(text, (rect.left, rect.bottom, rect.right, rect.top), place)
        if not all(map(math.isfinite, glyph.box)):
            continue
        if word and doubtful and _is_apart(word[-1].box, glyph.box):
            yield _word(word, handle, glued)
            word, glued = [], False
        elif word and _jumps(word[-1].box, glyph.box):
            yield _word(word, handle, glued)
            word, glued = [], not doubtful
        doubtful = False
        word.append(glyph)
    if word:
        yield _word(word, handle, glued)


def _is_apart(before: Box, after: Box) -> bool:
    """Whether there is room for a blank between two glyphs, or they stand in different rows."""
    height = max(before[3] - before[1], after[3] - after[1])
    if min(before[3], after[3]) - max(before[1], after[1]) < height / 2:
        return True
    return not -height < after[0] - before[2] < height * 0.05


def _jumps(before: Box, after: Box) -> bool:
    """Whether a glyph stands elsewhere than right behind the one before, in any direction."""
    reach = 1.5 * max(before[3] - before[1], before[2] - before[0], after[3] - after[1], 1.0)
    across = abs((after[0] + after[2]) - (before[0] + before[2])) / 2
    along = abs((after[1] + after[3]) - (before[1] + before[3])) / 2
    return across > reach or along > reach or (across > reach / 2 and along > reach / 2)


def _word(glyphs: list[_Glyph], handle: Any, glued: bool) -> Word:
    kept = [glyphs[0]]
    for before, glyph in pairwise(glyphs):
        near = 0.12 * max(before.box[2] - before.box[0], before.box[3] - before.box[1])
        is_again = (
            glyph.text == before.text
            and abs(glyph.box[0] - before.box[0]) < near
            and abs(glyph.box[1] - before.box[1]) < near
        )
        if not is_again:
            kept.append(glyph)
    text = "".join(glyph.text for glyph in kept)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    boxes = [glyph.box for glyph in kept]
    box = (
        *(min(b[0] for b in boxes), min(b[1] for b in boxes)),
        *(max(b[2] for b in boxes), max(b[3] for b in boxes)),
    )
    style = _style(handle, kept[0].place)
    size = style.size or max(box[3] - box[1], 1.0)
    return Word(
        *(text, box, size, style.bold, style.turn, style.hidden, glued),
        *(style.font, style.unmapped),
    )


@dataclass(frozen=True, slots=True)
class _Style:
    size: float  # in points, as it is seen
    bold: bool
    turn: int
    hidden: bool
    font: str
    unmapped: bool


def _style(handle: Any, place: int) -> _Style:
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    size, turn = pdfium.FPDFText_GetFontSize(handle, place), 0
    if pdfium.FPDFText_GetMatrix(handle, place, matrix):
        size *= math.hypot(matrix.c, matrix.d)
        quarters = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
        turn = round(quarters) % 4 if abs(quarters - round(quarters)) < 0.05 else _SLANTED
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(handle, place, name, 128, flags)
    font = name.value.lower() if 0 < length <= 128 else b""
    shown = pdfium.FPDFText_GetTextObject(handle, place)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(shown) if shown else 0
    bold = (
        any(part in font for part in (b"bold", b"black", b"heavy", b"-medi", b"cmbx", b"demi"))
        or bool(flags.value & _FORCED_BOLD)
        or mode == _FILL_AND_STROKE
        or pdfium.FPDFText_GetFontWeight(handle, place) >= 600
    )
    return _Style(
        *(size if math.isfinite(size) else 0.0, bold, turn, mode == _INVISIBLE),
        font=font.decode("latin-1"),
        unmapped=pdfium.FPDFText_HasUnicodeMapError(handle, place) == 1,
    )
