"""One page of a PDF to words with their boxes: upright, once each, without what can't be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groundedqa.read.pdf_glyphs import SLANTED, Box, Word, words_drawn

if TYPE_CHECKING:
    from pypdfium2 import PdfPage


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
        words = [word for word in words_drawn(textpage) if _is_inside(word.box, box)]
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
    turn = max((t for t in turns if t != SLANTED), key=lambda t: turns[t], default=0)
    upright: Iterable[Word] = (word for word in words if word.turn == turn)
    if turn:
        upright = (replace(word, box=_turned(word.box, turn)) for word in upright)
    return Sheet(tuple(_once(upright)), _turned(box, turn), image, garbled)


def _lettered(words: Sequence[Word]) -> list[Word]:
    """Words without those in fonts that have no table of letters: those come as gibberish.

    Such a font is told by control characters, which no text has.
    """
    total, odd = Counter[str](), Counter[str]()
    for word in words:
        total[word.font] += 1
        odd[word.font] += word.unmapped
    lost = {font for font in odd if odd[font] * 10 > total[font]}
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


def _once(words: Iterable[Word]) -> Iterator[Word]:
    """Words without those drawn again over themselves, as fake bold and shadows are."""
    places: dict[str, list[Box]] = {}
    for word in words:
        near = word.size * 0.2
        before = places.setdefault(word.text, [])
        if any(abs(b[0] - word.box[0]) < near and abs(b[1] - word.box[1]) < near for b in before):
            continue
        before.append(word.box)
        yield word
