"""Spreadsheets (XLSX): the visible sheets, each a table whose rows are documents."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from groundedqa.errors import SourceError
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, RawDocument, Reader, Source
from groundedqa.read.sheet_rows import Row, Table, documents_of
from groundedqa.read.warned import warned
from groundedqa.read.zip_package import Package

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_MAIN = "xl/workbook.xml"
_ENTITY = re.compile(rb"<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y")
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")
_MIDNIGHT = " 00:00:00"
# What openpyxl raises of a file that is not as it should be.
_FAULTS = (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OSError)


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The documents in the order of their sheets and rows.

    Raises:
        SourceError: it can't be opened, breaks a bound, or no sheet is a table of documents.
    """
    import openpyxl

    _check(source)
    with source.path.open("rb") as file:  # openpyxl would go by the suffix
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles and the like, which nobody reads here
                book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except _FAULTS as error:
            raise SourceError(f"a broken spreadsheet: {error}") from error
        yield from _documents(book, source, profile)


def _check(source: Source) -> None:
    """Raise a SourceError where a part is too large for its size, or declares entities."""
    with Package(source.path) as package:
        for name in package.names():
            if name.endswith((".xml", ".rels")) and _ENTITY.search(package.data(name)):
                raise SourceError(f"refused: {name} declares entities")


def _documents(
    book: Workbook, source: Source, profile: SiteProfile
) -> Iterator[RawDocument | Broken]:
    """Each sheet's; a sheet that is no table costs itself, unless it is the only one."""
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    notes = tuple(f'the sheet "{title}" is hidden, and was left out' for title in hidden)
    failed: list[Broken] = []
    found = False
    for sheet in shown:
        name = f'sheet "{sheet.title}"'
        rows = _rows(sheet, name if len(shown) > 1 else "")
        table = Table(source.name, rows, profile.tables, even=False)
        try:
            for raw in warned(documents_of(table), notes):
                found, notes = True, () if isinstance(raw, RawDocument) else notes
                yield raw
        except SourceError as error:
            failed.append(Broken(name, str(error)))
    if not found:
        raise SourceError(failed[0].reason if failed else "it has no visible sheet with a table")
    yield from failed


def _rows(sheet: Any, name: str) -> Iterator[Row]:
    """The rows with something in them."""
    sheet.reset_dimensions()  # what a file says of its size need not be so
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [_text(value) for value in values]
            if any(cells):
                yield Row(f"{name}, row {number}" if name else f"row {number}", tuple(cells))
    except _FAULTS as error:
        raise SourceError(f"a broken sheet: {error}") from error


def _text(value: object) -> str:
    """A cell as a person would read it; an error of a formula says nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return str(value).removesuffix(_MIDNIGHT)
    text = str(value)
    return "" if _ERROR.fullmatch(text) else text.strip()


READER = Reader("xlsx", (".xlsx", ".xlsm", ".xltx", ".xltm"), lambda _: False, read, (_MAIN,))
