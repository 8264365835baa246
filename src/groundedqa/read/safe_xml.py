"""XML that nobody vouches for: no entity is expanded, no DTD and no address is fetched.

What declares entities is refused where a whole file is XML: libxml2 expands them within attributes
whatever it is told, and no export of a study platform has a use for them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from lxml import etree

from groundedqa.errors import SourceError

_STEP = 8192
_LONGEST_PROLOGUE = 1 << 20  # bytes before the root element
_OPENING = 2  # elements that `opening` names


class _SeenEnoughError(Exception):
    """The root element has come."""


class _EntityDeclaredError(Exception):
    """An entity was declared before the root element."""


def xml_parser(*, recover: bool = False) -> etree.XMLParser:
    """A parser for one document: entities stay as they are, comments are left out.

    ``recover``: what can't be parsed is mended or passed over.
    """
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def opening(head: bytes) -> tuple[str, ...]:
    """The names of the first two elements, as they are written; none where it is no XML."""
    if not head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith((b"<", b"\x00<")):
        return ()
    # A head that was put into UTF-8 may still say that it is in another encoding.
    return _first_names(head, None) or _first_names(head, "utf-8")


def _first_names(head: bytes, encoding: str | None) -> tuple[str, ...]:
    names: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        del attributes
        names.append(name)
        if len(names) == _OPENING:
            raise _SeenEnoughError

    parser = expat.ParserCreate(encoding)
    parser.StartElementHandler = begin
    # What came before a fault has been seen.
    with suppress(_SeenEnoughError, expat.ExpatError, ValueError, LookupError):
        parser.Parse(head.lstrip(b" \t\r\n"), False)
    return tuple(names)


def local(name: object) -> str:
    """An element's name without its namespace or prefix; "" for comments and the like."""
    return name.rpartition("}")[2].rpartition(":")[2] if isinstance(name, str) else ""


def root_of(path: Path) -> etree._Element:
    """The root of a whole file.

    Raises:
        SourceError: it declares entities, or is not XML from beginning to end.
    """
    with path.open("rb") as file:
        refuse_entities(file)
        try:
            return etree.parse(file, xml_parser()).getroot()
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            raise _broken(error, file) from error


def elements_of(path: Path, *names: str) -> Iterator[etree._Element]:
    """The elements of these names right below the root, one by one, whatever the file's size.

    Each is whole when it comes and is freed when the next one is asked for.

    Raises:
        SourceError: the file declares entities; or, after the elements before it, where it is
            broken or ends.
    """
    with path.open("rb") as file:
        refuse_entities(file)
        walk = etree.iterparse(
            file,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        depth = 0
        try:
            for event, element in walk:
                depth += 1 if event == "start" else -1
                if event == "end" and depth == 1:
                    if local(element.tag) in names:
                        yield element
                    _free(element)
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            raise _broken(error, file) from error


def _free(element: etree._Element) -> None:
    """Take it out of the tree, and what stood before it."""
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def refuse_entities(file: BinaryIO) -> None:
    """Raise a SourceError if entities are declared before the root element; else back to the start.

    Raises:
        SourceError: they are, or the root element does not come.
    """
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _declared
    parser.StartElementHandler = _begun
    try:
        for _ in range(0, _LONGEST_PROLOGUE, _STEP):
            data = file.read(_STEP)
            parser.Parse(data, not data)
            if not data:
                break
        else:
            raise SourceError(f"no element in the first {_LONGEST_PROLOGUE >> 20} MB of the XML")
    except _EntityDeclaredError:
        reason = "declares entities, which could expand without end; take the DOCTYPE out"
        raise SourceError(reason) from None
    except (_SeenEnoughError, expat.ExpatError, ValueError, LookupError):
        pass  # what is no XML, the parser that reads it says better
    file.seek(0)


def _declared(*_: object) -> None:
    raise _EntityDeclaredError


def _begun(*_: object) -> None:
    raise _SeenEnoughError


def _broken(error: Exception, file: BinaryIO) -> SourceError:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _STEP, 0))
    # Whole files end with the end of an element; in what encoding does not matter.
    whole = file.read().rstrip(b" \t\r\n\x00").endswith((b">", b">\x00"))
    said = str(error).split("\n")[0]
    what = "not well-formed XML" if whole else "the XML is cut off"
    return SourceError(f"{what}: {said}")
