"""The glyphs of a page as PDFium gives them, to words with their boxes and looks."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

HYPHEN = "\xad"  # a hyphen at the end of a line, which PDFium marks by a control character
SLANTED = -1
_MARKED_HYPHEN = re.compile("[\x02\xad\ufffe]")
_RUN = re.compile(
    "[^\0\t\n\r \xa0\u3000\u200b\ufeff\uffff\x02\ufffe]*[\x02\ufffe]"
    "|[^\0\t\n\r \xa0\u3000\u200b\ufeff\uffff\x02\ufffe]+"
)
_TWICE = re.compile(r"(.) ?\1", re.DOTALL)
_CONTROL = re.compile("[\x01\x03-\x1f]")
_BOLD = re.compile(rb"bold|black|heavy|-medi|cmbx|demi", re.IGNORECASE)
_MOST_GLYPHS = 200_000  # on one page; more than this is a drawing, or was made to stop us
_FORCED_BOLD = 1 << 18
_INVISIBLE, _FILL_AND_STROKE = 3, 2

Box = tuple[float, float, float, float]  # left, bottom, right, top
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)


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


def words_drawn(textpage: PdfTextPage) -> Iterator[Word]:
    """Runs of glyphs between blanks. PDFium adds the blanks and line ends that a page leaves out.

    Boxes are asked for at the edges of words alone: each call costs more than all else here.
    """
    glyphs = _Glyphs(textpage.raw)
    text = _letters(textpage)
    start = end = 0
    blank = ""
    for run in _RUN.finditer(text):
        between = text[end : run.start()]
        if end > start and between == " " and not glyphs.is_room(end - 1, run.start()):
            end = run.end()  # PDFium's guess, with no room for it
            continue
        if end > start:
            yield from glyphs.word(text, start, end, blank)
        start, end, blank = *run.span(), between
    if end > start:
        yield from glyphs.word(text, start, end, blank)


def _letters(textpage: PdfTextPage) -> str:
    """A character for each glyph of a page."""
    import pypdfium2.raw as pdfium

    count = min(textpage.count_chars(), _MOST_GLYPHS)
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(textpage.raw, 0, count, buffer) == count + 1:
        return "".join(map(chr, buffer[:count]))
    codes = (pdfium.FPDFText_GetUnicode(textpage.raw, place) for place in range(count))
    return "".join(chr(min(code, 0x10FFFF)) for code in codes)


@dataclass(frozen=True, slots=True)
class _Look:
    size: float
    turn: int
    mode: int
    font: str
    bold: bool


class _Glyphs:
    """The boxes and looks of a page's glyphs, by their places."""

    def __init__(self, handle: Any) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium = pdfium
        self._handle = handle
        self._box_of = pdfium.FPDFText_GetLooseCharBox
        self._rect = pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()
        self._name, self._flags = ctypes.create_string_buffer(128), ctypes.c_int()
        self._boxes: dict[int, Box] = {}
        self._looks: dict[int, _Look] = {}  # by the address of the text object
        self._bold: dict[tuple[bytes, int], bool] = {}  # by font

    def box(self, place: int) -> Box:
        """Where a glyph stands."""
        known = self._boxes.get(place)
        if known is None:
            rect = self._rect
            found = self._box_of(self._handle, place, rect)
            known = (rect.left, rect.bottom, rect.right, rect.top) if found else _NOWHERE
            self._boxes[place] = known
        return known

    def is_room(self, one: int, other: int) -> bool:
        """Whether a blank fits between two glyphs, or they stand in different rows."""
        before, after = self.box(one), self.box(other)
        height = max(before[3] - before[1], after[3] - after[1])
        if min(before[3], after[3]) - max(before[1], after[1]) < height / 2:
            return True
        return not -height < after[0] - before[2] < height * 0.05

    def word(self, text: str, start: int, end: int, blank: str) -> Iterator[Word]:
        """The word of some glyphs; none where it can't be placed."""
        first, last = self.box(start), self.box(end - 1)
        if end - start > 1 and _is_torn(first, last, end - start):
            middle = (start + end) // 2
            yield from self.word(text, start, middle, blank)
            yield from self.word(text, middle, end, "")
            return
        box = (
            *(min(first[0], last[0]), min(first[1], last[1])),
            *(max(first[2], last[2]), max(first[3], last[3])),
        )
        said = text[start:end].replace(" ", "")
        if _TWICE.search(said):
            places = [i for i in range(start, end) if text[i] != " "]
            said = "".join(text[i] for i in self._once(text, places))
        if not said.isascii():
            said = said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            said = _MARKED_HYPHEN.sub(HYPHEN, said)
        elif "\x02" in said:
            said = said.replace("\x02", HYPHEN)
        if all(map(math.isfinite, box)):
            yield self._word(said, box, start, not blank)

    def _word(self, said: str, box: Box, place: int, glued: bool) -> Word:
        look = self._look(place)
        unmapped = bool(_CONTROL.search(said)) and (
            self._pdfium.FPDFText_HasUnicodeMapError(self._handle, place) == 1
        )
        size = look.size
        size = size if math.isfinite(size) and size > 0 else max(box[3] - box[1], 1.0)
        hidden = look.mode == _INVISIBLE
        return Word(said, box, size, look.bold, look.turn, hidden, glued, look.font, unmapped)

    def _look(self, place: int) -> _Look:
        """How a glyph looks; all of one text object look alike."""
        shown = self._pdfium.FPDFText_GetTextObject(self._handle, place)
        key = ctypes.cast(shown, ctypes.c_void_p).value
        known = self._looks.get(key) if key else None
        if known is None:
            known = self._looked_at(place, shown)
            if key:
                self._looks[key] = known
        return known

    def _looked_at(self, place: int, shown: Any) -> _Look:
        pdfium, handle, matrix = self._pdfium, self._handle, self._matrix
        size, turn = pdfium.FPDFText_GetFontSize(handle, place), 0
        if pdfium.FPDFText_GetMatrix(handle, place, matrix):
            size *= math.hypot(matrix.c, matrix.d)
            if matrix.b or matrix.a < 0:
                quarters = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
                turn = round(quarters) % 4 if abs(quarters - round(quarters)) < 0.05 else SLANTED
        mode = pdfium.FPDFTextObj_GetTextRenderMode(shown) if shown else 0
        font, bold = self._font(place)
        return _Look(size, turn, mode, font, bold or mode == _FILL_AND_STROKE)

    def _font(self, place: int) -> tuple[str, bool]:
        """The name of a glyph's font, and whether it is bold."""
        length = self._pdfium.FPDFText_GetFontInfo(
            self._handle, place, self._name, 128, self._flags
        )
        name, flags = self._name.value if 0 < length <= 128 else b"", self._flags.value
        bold = self._bold.get((name, flags))
        if bold is None:
            weight = self._pdfium.FPDFText_GetFontWeight(self._handle, place)
            bold = bool(_BOLD.search(name)) or bool(flags & _FORCED_BOLD) or weight >= 600
            self._bold[name, flags] = bold
        return name.decode("latin-1"), bold

    def _once(self, text: str, places: Sequence[int]) -> Iterator[int]:
        """The glyphs that are not the one before, drawn again to make it look bold."""
        yield places[0]
        for before, place in pairwise(places):
            if text[before] != text[place] or not self._is_over(self.box(before), self.box(place)):
                yield place

    @staticmethod
    def _is_over(one: Box, other: Box) -> bool:
        near = 0.12 * max(one[2] - one[0], one[3] - one[1])
        return abs(one[0] - other[0]) < near and abs(one[1] - other[1]) < near


def _is_torn(first: Box, last: Box, count: int) -> bool:
    """Whether so many glyphs can't be one word: the last stands too far from the first."""
    reach = 1.6 * count * max(first[2] - first[0], first[3] - first[1], last[3] - last[1], 1.0)
    return abs(last[0] - first[0]) > reach or abs(last[1] - first[1]) > reach
