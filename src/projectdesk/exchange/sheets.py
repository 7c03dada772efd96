"""Excel workbooks, and spreadsheets of LibreOffice, as rows of texts, streamed, and written.

Workbooks come from many programs: their stated size may be wrong, dates may be texts or numbers,
cells may hold no-break spaces, and blank columns and rows may trail. Readers get what a person
sees: dates as 2026-03-01, whole numbers without a fraction, texts trimmed.

`SheetTable` finds the header by the columns a reader wants and then reads like `tables.Table`.

May import: errors, exchange.findings, exchange.files, exchange.tables. openpyxl is loaded when a
workbook is opened, not before.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from projectdesk.errors import FileTooLarge, ImportError_, NotFound, UnreadableFile
from projectdesk.exchange.files import ARCHIVE_RATIO_LIMIT, too_large
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.open_document import workbook_of
from projectdesk.exchange.sheet_mending import is_strict, plain_copy
from projectdesk.exchange.tables import Column, positions_of, require
from projectdesk.exchange.values import clean_line
from projectdesk.worded import worded

if TYPE_CHECKING:
    import openpyxl

UNPACKED_BYTES_LIMIT = 1 << 30
"""A sheet of 200,000 organisations has about 250 MB of XML."""

SHARED_TEXT_BYTES_LIMIT = 256 << 20
"""The texts that cells share are held in memory; 200,000 organisations have about 60 MB."""

_SHARED_TEXTS = re.compile(rb"<[^<>]{0,300}sharedStrings\+xml[^<>]{0,300}>")
_PART_NAME = re.compile(rb"""PartName\s?=\s?["']/?([^"'<>]{1,200})["']""")
_PARTS = "[Content_Types].xml"
_PARTS_BYTES = 4 << 20

ROWS_LIMIT = 1 << 20
"""Rows that Excel itself can have."""

CELLS_LIMIT = 20_000_000
WIDTH_LIMIT = 2000
"""Columns that are looked at; Excel can have 16,384, but no table that people fill has so many."""

HEADER_ROWS = 30
"""Rows from the top in which a header may be, below titles and notes."""

_CHUNK = 500
_FORMULA_BYTES = 10_000
"""Excel allows 8,192 characters."""
_NO_RESULT = re.compile(
    rb"""<(?:\w+:)?c\b(?![^<>]{0,200}\bt=["']str)[^<>]{0,200}>\s{0,9}"""
    rb"<(?:\w+:)?f\b[^<>]{0,200}(?:/>|>[^<]{0,9000}</(?:\w+:)?f>)\s{0,9}"
    rb"(?:<(?:\w+:)?v\s?/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s{0,9}</(?:\w+:)?c>"
)
"""A cell that has a formula and no value; of kind "str" it has the empty text."""
_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_FORBIDDEN_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_TITLE_CHARACTERS = 31
_WIDEST = 60
_NO_TEXT = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])
"""Control characters that XML cannot hold."""


def is_workbook(path: Path) -> bool:
    """Return whether a file is, or claims to be, an Excel workbook, old ones included.

    Raises:
        NotFound: there is no such file.
        UnreadableFile: it cannot be opened.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
    except FileNotFoundError:
        raise NotFound("file_not_found", "{file} does not exist.", file=str(path)) from None
    except OSError as error:
        reason = error.strerror or "unknown"
        raise UnreadableFile(
            "cannot_open", "{file} cannot be read: {reason}.", file=str(path), reason=reason
        ) from error
    if head.startswith(_OLD_FORMAT):
        return True
    if head.startswith(_ZIP):
        return _is_office(path)
    return path.suffix.casefold() in {".xlsx", ".xlsm"}


def _is_office(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return path.suffix.casefold() in {".xlsx", ".xlsm"}
    return bool({"[Content_Types].xml", "xl/workbook.xml"} & names) or _is_open_document(path)


def _is_open_document(path: Path) -> bool:
    """Return whether an archive is a spreadsheet of LibreOffice: it says so uncompressed."""
    with path.open("rb") as stream:
        return b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in stream.read(200)


_OTHER_OFFICE = {
    "xl/workbook.bin": worded("a binary Excel workbook (.xlsb)"),
    "word/document.xml": worded("a Word document"),
    "ppt/presentation.xml": worded("a presentation of PowerPoint"),
}
"""What other documents of Office are, by a part that each has."""


def _refuse_others(path: Path) -> None:
    """Refuse other documents that are archives, too."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    what = next((words for name, words in _OTHER_OFFICE.items() if name in names), "")
    if what:
        raise UnreadableFile(
            "other_spreadsheet",
            "{file} is {what}, which is not read. Open it in its program and save it as an Excel"
            " workbook (.xlsx).",
            file=path.name,
            what=what,
            expected="an Excel workbook (.xlsx)",
        )


class Workbook:
    """One open workbook. sheets: names of its visible sheets that have cells, in their order."""

    def __init__(self, name: str, book: openpyxl.Workbook) -> None:
        self.name = name
        self._book = book
        self.sheets = tuple(
            sheet.title
            for sheet in book.worksheets
            if getattr(sheet, "sheet_state", "visible") == "visible"
        )

    def rows(
        self, sheet: str | None = None, *, errors: bool = False
    ) -> Iterator[tuple[int, list[str]]]:
        """Yield (row as Excel counts, cells) of a sheet, rows without any text left out.

        Blank cells at the end of a row are left out too, so rows differ in length.

        Args:
            sheet: its name; None = the first one.
            errors: whether cells whose formula failed say so ("#NUM!"), or are blank.

        Raises:
            NotFound: `no_such_sheet`.
            UnreadableFile: the sheet is damaged.
            FileTooLarge: it has more rows or cells than Excel and we take.
        """
        chosen = self._chosen(sheet)
        cells = 0
        for number, values in self._values(chosen):
            if number > ROWS_LIMIT or cells > CELLS_LIMIT:
                raise FileTooLarge(
                    "too_many_rows",
                    "{file} has too many rows or cells; the limit is {limit} rows.",
                    file=self.name,
                    limit=ROWS_LIMIT,
                )
            texts = [_text(value) for value in values[:WIDTH_LIMIT]]
            if not errors:
                texts = [without_error(text) for text in texts]
            while texts and not texts[-1]:
                texts.pop()
            cells += len(values)
            if texts:
                yield number, texts

    def uncalculated(self, sheet: str) -> int:
        """Return how many formulas of a sheet have no result: nobody ever calculated them.

        Raises:
            UnreadableFile: the sheet is damaged.
        """
        found, end = 0, b""
        with _blaming(self.name):
            part: Any = self._book[self._chosen(sheet)]
            with part._get_source() as stream:
                while chunk := stream.read(1 << 20):
                    text = end + chunk
                    ends = [each.end() for each in _NO_RESULT.finditer(text)]
                    found += len(ends)
                    end = text[max(len(text) - _FORMULA_BYTES, *ends, 0) :]
        return found

    def _chosen(self, sheet: str | None) -> str:
        if sheet is None:
            return self.sheets[0]
        for name in self.sheets:
            if name.casefold() == sheet.strip().casefold():
                return name
        raise NotFound(
            "no_such_sheet",
            "{file} has no sheet {sheet}. It has: {found}.",
            file=self.name,
            sheet=sheet,
            found=", ".join(self.sheets)[:300],
        )

    def _values(self, sheet: str) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield rows as openpyxl gives them; what it trips over is a damaged file."""
        worksheet: Any = self._book[sheet]
        # Some programs write "A1" as the size of a full sheet: it is not believed.
        with _blaming(self.name):
            worksheet.reset_dimensions()
            rows = worksheet.iter_rows(values_only=True)
        number = 0
        while True:
            with _blaming(self.name):
                chunk = list(islice(rows, _CHUNK))
            if not chunk:
                return
            for values in chunk:
                number += 1
                yield number, values


@contextmanager
def _blaming(name: str) -> Iterator[None]:
    """Turn what openpyxl raises over a damaged file into an error that names the file."""
    with warnings.catch_warnings():
        # It warns of styles and extensions that it leaves out; no cell is lost by that.
        warnings.simplefilter("ignore")
        try:
            yield
        except ImportError_:
            raise
        except Exception as error:
            raise UnreadableFile(
                "damaged_workbook",
                "{file} is damaged, or no Excel workbook (.xlsx). Open it in Excel or LibreOffice"
                " and save it again as .xlsx.",
                file=name,
                expected="an Excel workbook (.xlsx)",
            ) from error


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """Open a workbook for reading; nothing of it is calculated, the last results are read.

    Raises:
        NotFound: the file is not there.
        UnreadableFile: `old_workbook` (.xls, or protected by a password), `damaged_workbook`,
            `no_sheets`.
        FileTooLarge: it unpacks to more than `UNPACKED_BYTES_LIMIT`.
    """
    is_workbook(path)
    with path.open("rb") as stream, ExitStack() as opened:
        if stream.read(8) == _OLD_FORMAT:
            raise UnreadableFile(
                "old_workbook",
                "{file} is an old Excel file (.xls), or protected by a password. Open it in Excel"
                " or LibreOffice and save it as an Excel workbook (.xlsx) without a password.",
                file=path.name,
                expected="an Excel workbook (.xlsx)",
            )
        stream.seek(0)
        with _blaming(path.name):
            _refuse_bomb(path)
            _refuse_others(path)
            book = _loaded(path, stream, opened)
        try:
            workbook = Workbook(path.name, book)
            if not workbook.sheets:
                raise UnreadableFile(
                    "no_sheets",
                    "{file} has no visible sheet with cells.",
                    file=path.name,
                    expected="a sheet with a table",
                )
            yield workbook
        finally:
            book.close()


def _loaded(path: Path, stream: BinaryIO, opened: ExitStack) -> openpyxl.Workbook:
    """Load a workbook; one that openpyxl stumbles over, as the plain copy of its cells.

    A spreadsheet of LibreOffice is loaded as the workbook that Excel would keep its cells in.
    """
    from openpyxl import load_workbook

    def load(source: IO[bytes]) -> openpyxl.Workbook:
        return load_workbook(source, read_only=True, data_only=True, keep_links=False)

    if _is_open_document(path):
        return load(opened.enter_context(workbook_of(path)))
    if not is_strict(path):
        # Whatever it is that it raises: the copy tells whether the cells can be read.
        with suppress(Exception):
            return load(stream)
    return load(opened.enter_context(plain_copy(path)))


def _refuse_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        shared = _shared_texts(archive)
    for member in members:
        if member.filename in shared and member.file_size > SHARED_TEXT_BYTES_LIMIT:
            raise too_large(path.name, member.file_size, SHARED_TEXT_BYTES_LIMIT)
    unpacked = sum(member.file_size for member in members)
    limit = min(UNPACKED_BYTES_LIMIT, ARCHIVE_RATIO_LIMIT * path.stat().st_size + (1 << 20))
    if unpacked > limit:
        raise too_large(path.name, unpacked, limit)


def _shared_texts(archive: zipfile.ZipFile) -> set[str]:
    """Return the names of the parts with the texts that cells share; the list of parts says them.

    Raises:
        zipfile.BadZipFile: it is damaged.
    """
    if _PARTS not in archive.namelist():
        return set()
    with archive.open(_PARTS) as stream:
        parts = stream.read(_PARTS_BYTES)
    named = (_PART_NAME.search(each[0]) for each in _SHARED_TEXTS.finditer(parts))
    return {each[1].decode("utf-8", "replace") for each in named if each}


def _text(value: object) -> str:
    """Return a cell as a person sees it."""
    match value:
        case None:
            return ""
        case str():
            return _trimmed(value)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
        case datetime():
            rounded = value + timedelta(microseconds=500_000)
            at = rounded.replace(microsecond=0, tzinfo=None)
            return at.date().isoformat() if at.time() == time() else at.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
        case _:
            return _trimmed(str(value))


_ERRORS = frozenset(
    {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA"}
)


def without_error(text: str) -> str:
    """Return a cell, "" for one whose formula failed."""
    return "" if text in _ERRORS else text


def _trimmed(text: str) -> str:
    """Return a text with ordinary spaces and lines, trimmed on each line."""
    if text.isascii() and text.isprintable():
        return text.strip()
    # Excel writes control characters as _x000D_; a carriage return is all that is met.
    whole = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    lines = (clean_line(line) for line in whole.split("\n"))
    return "\n".join(lines).strip("\n")


# --- a table in a sheet ---------------------------------------------------------------------------


class SheetTable:
    """The table in one sheet, read as `tables.Table` reads a CSV.

    The header is the row, within the first `HEADER_ROWS`, that has most of the wanted columns.
    """

    def __init__(
        self,
        workbook: Workbook,
        columns: Sequence[Column],
        findings: Findings,
        sheet: str | None = None,
    ) -> None:
        """Find the header.

        Args:
            workbook: open.
            columns: what a reader wants.
            findings: where oddities go.
            sheet: where the table is; None = the first sheet that has any of the columns.

        Raises:
            NotFound: `no_such_sheet`.
            UnreadableFile, FileTooLarge: as `Workbook.rows`.
        """
        self.name = workbook.name
        self.findings = findings
        self.sheet = ""
        self.header: tuple[str, ...] = ()
        self._workbook = workbook
        self._header_row = 0
        best = 0
        for name in workbook.sheets if sheet is None else [sheet]:
            found, row, header = self._look(name, columns)
            if found > best or not self.sheet:
                best, self.sheet = found, name
                self._header_row, self.header = row, header
            if best:
                break

    def _look(self, sheet: str, columns: Sequence[Column]) -> tuple[int, int, tuple[str, ...]]:
        """Return (wanted columns, row, header) of the best header of a sheet."""
        best: tuple[int, int, tuple[str, ...]] = (0, 0, ())
        for number, cells in islice(self._workbook.rows(sheet), HEADER_ROWS):
            found = len(positions_of(cells, columns))
            if found > best[0] or not best[1]:
                best = found, number, tuple(clean_line(cell) for cell in cells)
        return best

    def positions(self, columns: Iterable[Column]) -> dict[str, int]:
        """Return where the wanted columns are; those the table lacks are missing from it."""
        return positions_of(self.header, columns)

    def rows(self, columns: Sequence[Column]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield (row of the sheet, cells in the order of `columns`); "" where one is missing.

        Args:
            columns: at least two.

        Raises:
            UnreadableFile: a required column is missing, or the sheet is damaged.
            FileTooLarge: see `Workbook.rows`.
        """
        places = self.positions(columns)
        require(self.name, self.header, columns, self.sheet)
        width = max(len(self.header), 1)
        pick = itemgetter(*(places.get(column.name, width) for column in columns))
        for number, cells in self._workbook.rows(self.sheet):
            if number <= self._header_row:
                continue
            del cells[width:]
            cells.extend([""] * (width + 1 - len(cells)))
            yield number, pick(cells)


# --- writing --------------------------------------------------------------------------------------

_PRODUCT = "ProjectDesk"
Cell = str | int | float | date | None


@dataclass(frozen=True)
class Sheet:
    """One sheet to write. title: of its tab. A text that begins with "=" stays a text."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    right_to_left: bool = False


@dataclass(frozen=True)
class About:
    """What a workbook says of itself.

    title, author: of its properties; an author "" is the product. heading: the first line of every
    sheet, above the header; "" = none.
    """

    title: str = ""
    author: str = ""
    heading: str = ""


def sign(book: Any, about: About) -> None:
    """Set the properties of a workbook of openpyxl, which otherwise names itself as the author."""
    book.properties.title = about.title.translate(_NO_TEXT) or None
    book.properties.creator = about.author.translate(_NO_TEXT) or _PRODUCT
    book.properties.lastModifiedBy = book.properties.creator


def write_workbook(path: Path, sheets: Sequence[Sheet], about: About = About()) -> None:
    """Write tables as a workbook: bold header that stays in view, filters, columns wide enough.

    Raises:
        OSError: the file cannot be written.
    """
    from openpyxl import Workbook as Book

    book: Any = Book()
    book.remove(book.active)
    titles: set[str] = set()
    for sheet in sheets:
        _write_sheet(book.create_sheet(_title(sheet.title, titles)), sheet, about.heading)
    sign(book, about)
    book.save(path)
    book.close()


def _title(wanted: str, taken: set[str]) -> str:
    """Return a title that Excel allows and no other sheet has."""
    base = wanted.translate(_FORBIDDEN_IN_TITLES).strip(" '")[:_TITLE_CHARACTERS] or "Sheet"
    title, number = base, 2
    while title.casefold() in taken:
        end = f" ({number})"
        title, number = f"{base[: _TITLE_CHARACTERS - len(end)]}{end}", number + 1
    taken.add(title.casefold())
    return title


def write_heading(worksheet: Any, heading: str) -> None:
    """Write the first line of a sheet: a text, whatever it begins with."""
    from openpyxl.styles import Font

    _write_row(worksheet, 1, [heading])
    worksheet["A1"].font = Font(bold=True, size=14)


def _write_sheet(worksheet: Any, sheet: Sheet, heading: str) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    worksheet.sheet_view.rightToLeft = sheet.right_to_left
    widths = [len(cell) for cell in sheet.header]
    top = 1
    if heading:
        write_heading(worksheet, heading)
        top = 2
    _write_row(worksheet, top, sheet.header)
    bold = Font(bold=True)
    for cell in worksheet[top]:
        cell.font = bold
    number = top
    for number, row in enumerate(sheet.rows, start=top + 1):
        _write_row(worksheet, number, row)
        for index, cell in enumerate(row[: len(widths)]):
            longest = max((len(line) for line in str(cell or "").splitlines()), default=0)
            widths[index] = max(widths[index], min(longest, _WIDEST))
    for index, width in enumerate(widths, start=1):
        worksheet.column_dimensions[get_column_letter(index)].width = width + 2
    worksheet.freeze_panes = f"A{top + 1}"
    if widths:
        worksheet.auto_filter.ref = f"A{top}:{get_column_letter(len(widths))}{number}"


def _write_row(worksheet: Any, number: int, row: Sequence[Cell]) -> None:
    for index, value in enumerate(row, start=1):
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            worksheet.cell(number, index, value)
            continue
        cell = worksheet.cell(number, index)
        cell.value = value.translate(_NO_TEXT)[:32_767]
        cell.data_type = "s"  # never a formula, whatever it begins with
