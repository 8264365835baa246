"""XML from outside: nothing expands, nothing is fetched, and memory does not grow with the file."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from lxml import etree

from groundedqa.errors import SourceError
from groundedqa.read.safe_xml import elements_of, opening, root_of, xml_parser

LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(9)
)
BOMB = f'<?xml version="1.0"?>\n<!-- a --><!DOCTYPE r [{LAUGHS}]><r><x a="&l8;">&l8;</x></r>'


@pytest.mark.parametrize(
    "bomb",
    [
        BOMB,
        '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r>&f;</r>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]><r/>',
    ],
)
def test_what_declares_entities_is_refused_in_any_encoding(tmp_path: Path, bomb: str) -> None:
    path = tmp_path / "x.xml"
    for encoding in ("utf-8", "utf-16"):
        path.write_bytes(bomb.encode(encoding))
        for read in (lambda: root_of(path), lambda: list(elements_of(path, "x"))):
            with pytest.raises(SourceError, match="declares entities, which could expand without"):
                read()


def test_a_parser_for_parts_keeps_entities_as_they_are() -> None:
    root = etree.fromstring(b'<!DOCTYPE r [<!ENTITY a "ha">]><r>b&a;</r>', xml_parser())
    assert "".join(text for text in (root.text, root[0].text) if text) == "b&a;"


def test_a_doctype_alone_is_no_bomb(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text('<!DOCTYPE r SYSTEM "http://127.0.0.1:9/r.dtd"><r>text</r>', encoding="utf-8")
    assert root_of(path).text == "text"


def test_a_cut_file_gives_what_stands_before_and_then_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text('<r><!-- c --><a n="1"/><b/><a n="2">t</a><a n="3"', encoding="utf-8")
    found = []
    with pytest.raises(SourceError, match=r"the XML is cut off: .+, line 1, column 5"):
        for element in elements_of(path, "a"):
            found.append(element.get("n"))
    assert found == ["1", "2"]
    path.write_text("<r><a></b></r>", encoding="utf-8")
    with pytest.raises(SourceError, match="not well-formed XML"):
        root_of(path)


def test_elements_are_freed_as_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write("<r>")
        for _ in range(5000):
            file.write(f"<a><b>{'x' * 1000}</b></a>\n")
        file.write("</r>")
    tracemalloc.start()
    siblings = [
        sum(1 for _ in element.itersiblings(preceding=True)) for element in elements_of(path, "a")
    ]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(siblings), max(siblings)) == (5000, 1)
    assert peak < 1 << 20


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (b"<?xml version='1.0'?><!-- <x> -->\n<posts>\n <row Id='1'/><row", ("posts", "row")),
        (b"\xef\xbb\xbf<quiz><question", ("quiz",)),
        ("<a:b xmlns:a='u'/>".encode("utf-16"), ("a:b",)),
        (b"no <xml>", ()),
        (b"", ()),
        (b"<", ()),
        (b"<?xml version='1.0' encoding='nonsense'?><a/>", ("a",)),
    ],
)
def test_the_first_elements_tell_what_a_file_is(head: bytes, names: tuple[str, ...]) -> None:
    assert opening(head) == names
