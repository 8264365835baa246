"""What trafilatura takes of a page, line by line."""

from __future__ import annotations

import logging

from lxml import etree

_FEW = 40  # words; where it takes fewer it is asked to take more
_LARGEST = 3_000_000  # bytes; of a larger page nobody waits for the answer


def chosen_lines(markup: str) -> list[str]:
    """The lines of the main text; none where the page is too large or defeats trafilatura."""
    if len(markup) > _LARGEST:
        return []
    import trafilatura  # half a second, which only a page of HTML is worth

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    lines: list[str] = []
    for generous in (False, True):
        try:
            found = trafilatura.bare_extraction(
                markup, include_comments=False, with_metadata=False, favor_recall=generous
            )
        except (ValueError, LookupError, AttributeError, TypeError, RuntimeError, etree.LxmlError):
            continue
        if found is None or isinstance(found, dict) or found.body is None:
            continue
        elements = found.body.iter(etree.Element)
        lines = [line for element in elements for line in _lines(element)]
        if sum(len(line.split()) for line in lines) >= _FEW:
            break
    return lines


def _lines(element: etree._Element) -> list[str]:
    """The text of a block, whole and by its lines."""
    if element.tag in ("p", "head", "item", "cell", "quote", "code", "ab", "hi", "ref", "del"):
        return ["".join(element.itertext())]
    return [text for text in (element.text, element.tail) if text and text.strip()]
