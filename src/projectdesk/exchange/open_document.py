"""OpenDocument spreadsheets (ISO/IEC 26300), as LibreOffice keeps tables, as Excel workbooks.

One reader knows workbooks; this writes a workbook of the same sheets and cells for it. Values are
taken, not how they look: a date is a date. Comments, tracked changes and formulas are left out.

May import: errors, exchange.files.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from itertools import repeat
from math import isfinite
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from projectdesk.errors import FileTooLarge, UnreadableFile
from projectdesk.exchange.files import too_large

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

CONTENT_BYTES_LIMIT = 256 << 20
CELLS_LIMIT = 2_000_000
"""Cells that are written; 20,000 rows of 100 columns."""

ROWS_LIMIT = 1 << 20
_WIDTH_LIMIT = 2000
_TEXT_LIMIT = 32_767
_TITLE_LIMIT = 31

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_SHEET, _ROW = f"{_TABLE}table", f"{_TABLE}table-row"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_CHANGES, _NOTE = f"{_TABLE}tracked-changes", f"{_OFFICE}annotation"
_NUMBERS = frozenset({"float", "percentage", "currency"})
_FORBIDDEN_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_NO_TEXT = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])

Value = str | int | float | bool | date | None


def workbook_of(path: Path) -> IO[bytes]:
    """Return an Excel workbook of the same cells; the caller closes it.

    Raises:
        UnreadableFile: `old_workbook`, it is protected by a password.
        FileTooLarge: it has more cells than are taken.
        Exception: whatever a damaged archive or its XML raises.
    """
    from openpyxl import Workbook

    with zipfile.ZipFile(path) as archive:
        _refuse_protected(archive, path.name)
        size = archive.getinfo("content.xml").file_size
        if size > CONTENT_BYTES_LIMIT:
            raise too_large(path.name, size, CONTENT_BYTES_LIMIT)
        with archive.open("content.xml") as content:
            book = Workbook(write_only=True)
            _Copy(book, path.name).take(content)
    copy = TemporaryFile()  # noqa: SIM115 - the caller's
    book.save(copy)
    copy.seek(0)
    return copy


def _refuse_protected(archive: zipfile.ZipFile, name: str) -> None:
    with suppress(KeyError), archive.open("META-INF/manifest.xml") as manifest:
        if b"encryption-data" in manifest.read(1 << 20):
            raise UnreadableFile(
                "old_workbook",
                "{file} is an old Excel file (.xls), or protected by a password. Open it in Excel"
                " or LibreOffice and save it as an Excel workbook (.xlsx) without a password.",
                file=name,
                expected="an Excel workbook (.xlsx)",
            )


class _Copy:
    """Writes the sheets of a document into a workbook."""

    def __init__(self, book: Any, name: str) -> None:
        self._book = book
        self._name = name
        self._sheet: Any = None
        self._rows = 0
        self._written = 0
        self._cells = 0
        self._hidden: set[str] = set()
        self._style = ""

    def take(self, content: IO[bytes]) -> None:
        """Read the document; tables in tables and what was changed and dropped are passed over."""
        from defusedxml.ElementTree import iterparse

        around: list[Element] = []
        aside = tables = 0
        for event, element in iterparse(content, events=("start", "end")):
            if event == "start":
                around.append(element)
                aside += element.tag == _CHANGES
                tables += element.tag == _SHEET
                if element.tag == f"{_STYLE}style":
                    self._style = element.get(f"{_STYLE}name", "")
                elif element.tag == _SHEET and not aside and tables == 1:
                    self._begin(element)
                continue
            around.pop()
            aside -= element.tag == _CHANGES
            tables -= element.tag == _SHEET
            if element.tag == f"{_STYLE}table-properties":
                if element.get(f"{_TABLE}display") == "false":
                    self._hidden.add(self._style)
            elif element.tag == _ROW and not aside and tables == 1:
                self._row(element)
            else:
                continue
            element.clear()
            for each in around[-1:]:
                each.remove(element)

    def _begin(self, table: Element) -> None:
        title = table.get(f"{_TABLE}name", "").translate(_NO_TEXT).translate(_FORBIDDEN_IN_TITLES)
        self._sheet = self._book.create_sheet(title.strip(" '")[:_TITLE_LIMIT].rstrip() or None)
        if table.get(f"{_TABLE}style-name", "") in self._hidden:
            self._sheet.sheet_state = "hidden"
        self._rows = self._written = 0

    def _row(self, row: Element) -> None:
        """Write a row as often as it stands for; blank ones only where one with cells follows."""
        times = _times(row, "number-rows-repeated", ROWS_LIMIT)
        values = list(self._values(row))
        self._rows += times
        if not values:
            return
        self._cells += times * len(values)
        if self._cells > CELLS_LIMIT or self._rows > ROWS_LIMIT:
            raise FileTooLarge(
                "too_many_rows",
                "{file} has too many rows or cells; the limit is {limit} rows.",
                file=self._name,
                limit=ROWS_LIMIT,
            )
        for _ in range(self._written, self._rows - times):
            self._sheet.append(())
        for _ in range(times):
            self._sheet.append([self._cell(value) for value in values])
        self._written = self._rows

    def _cell(self, value: Value) -> object:
        from openpyxl.cell import WriteOnlyCell

        if not isinstance(value, str):
            return value
        cell: Any = WriteOnlyCell(self._sheet, value.translate(_NO_TEXT)[:_TEXT_LIMIT])
        cell.data_type = "s"  # never a formula, whatever it begins with
        return cell

    def _values(self, row: Element) -> Iterator[Value]:
        """Yield what cells hold up to the last that is not blank: rows end in thousands of them."""
        left, blank = _WIDTH_LIMIT, 0
        for cell in row:
            if cell.tag in _CELLS:
                times = min(left, _times(cell, "number-columns-repeated", _WIDTH_LIMIT))
                left -= times
                value = _value(cell)
                if value is None:
                    blank += times
                    continue
                yield from repeat(None, blank)
                yield from repeat(value, times)
                blank = 0


def _times(element: Element, name: str, most: int) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return min(most, max(1, int(text))) if text.isdecimal() and len(text) < 10 else 1


def _value(cell: Element) -> Value:
    """Return what a cell holds; as it is shown where that is a text or a span of time."""
    kind = cell.get(f"{_OFFICE}value-type", "")
    try:
        if kind in _NUMBERS:
            number = float(cell.get(f"{_OFFICE}value", ""))
            if isfinite(number):
                return int(number) if number.is_integer() and abs(number) < 1e15 else number
        if kind == "boolean":
            return cell.get(f"{_OFFICE}boolean-value") == "true"
        if kind == "date":
            text = cell.get(f"{_OFFICE}date-value", "")
            return datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        pass  # what is shown then
    return cell.get(f"{_OFFICE}string-value") or _shown(cell) or None


def _shown(cell: Element) -> str:
    return "\n".join("".join(_words(each)) for each in cell if each.tag == f"{_TEXT}p")


def _words(element: Element) -> Iterator[str]:
    """Yield the pieces of a paragraph; runs of spaces are counted in an element of their own."""
    yield element.text or ""
    for each in element:
        if each.tag == f"{_TEXT}s":
            count = each.get(f"{_TEXT}c", "1")
            yield " " * (int(count) if count.isdecimal() and len(count) < 4 else 1)
        elif each.tag == f"{_TEXT}tab":
            yield "\t"
        elif each.tag == f"{_TEXT}line-break":
            yield "\n"
        elif each.tag != _NOTE:
            yield from _words(each)
        yield each.tail or ""
