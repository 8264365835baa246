"""A long table has its header again wherever a passage may begin, whatever it was read from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from docx import Document as Word
from docx.oxml import OxmlElement
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.chunk import ChunkSettings, chunk
from groundedqa.read import SiteProfile, Source, read_source
from groundedqa.read.tables import with_headers
from groundedqa.types import Document

HEADER = ("Year", "Harbour", "Boats lost")
ROWS = [(f"{1700 + n}", f"The harbour of Sandwick, part {n}", f"{n} of them") for n in range(60)]
SHOWN = "| Year | Harbour | Boats lost |"


def _html(path: Path) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in ROWS)
    head = "".join(f"<th>{cell}</th>" for cell in HEADER)
    path.write_text(
        "<title>Boats</title><main><h1>Boats</h1><p>What follows was counted by the parish, year "
        f"by year.</p><table><tr>{head}</tr>{rows}</table></main>",
        encoding="utf-8",
    )


def _markdown(path: Path) -> None:
    rows = "\n".join("| " + " | ".join(row) + " |" for row in ROWS)
    path.write_text(f"# Boats\n\n{SHOWN}\n|---|---|---|\n{rows}\n", encoding="utf-8")


def _docx(path: Path) -> None:
    word = Word()
    word.add_heading("Boats", 0)
    table = word.add_table(rows=0, cols=3)
    for row in (HEADER, *ROWS):
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    marks = table.rows[0]._tr.get_or_add_trPr()
    marks.append(OxmlElement("w:tblHeader"))
    word.save(str(path))


@pytest.mark.parametrize(("suffix", "make"), [("html", _html), ("md", _markdown), ("docx", _docx)])
def test_every_passage_of_a_long_table_has_its_header(
    tmp_path: Path, suffix: str, make: Callable[[Path], None]
) -> None:
    path = tmp_path / f"boats.{suffix}"
    make(path)
    (document,) = (
        event
        for event in read_source(Source(path, path.name), SiteProfile())
        if isinstance(event, Document)
    )
    for row in ROWS:
        assert document.text.count("| " + " | ".join(row) + " |") == 1
    passages = chunk(
        document, lambda texts: [len(t.split()) for t in texts], ChunkSettings(256, 120)
    )
    tables = [passage.text for passage in passages if "Sandwick" in passage.text]
    assert len(tables) > 3
    assert all(SHOWN in text for text in tables)
    assert all(text[text.index("|") :].startswith(SHOWN) for text in tables)


def _count(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


@settings(derandomize=True, deadline=None)
@given(st.lists(st.text("ab ", min_size=1, max_size=300), max_size=60), st.integers(0, 4))
def test_no_row_is_lost_or_said_twice(cells: list[str], heads: int) -> None:
    rows = [f"| {number} | {cell} |" for number, cell in enumerate(cells)]
    lines = with_headers(rows, heads)
    header = rows[:heads]
    again = [line for line in lines if line and line not in header]
    assert lines[:heads] == header
    assert again == rows[heads:]
    for at, line in enumerate(lines):
        if not line:
            assert lines[at + 1 : at + 1 + heads] == header
