"""Delimited text from anywhere as rows of cells, streamed.

Readers say which columns they want by any of the names these go by; the table finds delimiter,
encoding and line ends by itself. Files come from outside: a row that lost its meaning is an error
with file, row and column; an odd one that kept it is a finding.

May import: errors, exchange.findings.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, Protocol

from projectdesk.errors import BadRow, UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.worded import worded

DELIMITERS = ";,|\t"
_HEADER_CHARACTERS = 1 << 16
_CHUNK = 1 << 20
_HEAD_BYTES = 4096
_FEW_CONTROLS = 8
"""Stray control characters that a short table may have and still be one."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NEGATIVE = re.compile(r"-[0-9]+(?:[.,][0-9]+)?", re.ASCII)
_END = "\ue000end of table\ue000"
"""A last line that no file has: a reader that swallows it was inside an open quote."""

_MAGIC = {
    b"PK\x03\x04": worded("a ZIP archive or an Excel workbook"),
    b"%PDF": worded("a PDF document"),
    b"\xd0\xcf\x11\xe0": worded("an old Excel or Word file"),
    b"\x1f\x8b": worded("a gzip archive"),
    b"\x89PNG": worded("a picture"),
    b"SQLite format 3": worded("a database"),
}


@dataclass(frozen=True)
class Column:
    """A column a reader wants. aliases: other headers it goes by; case and signs do not matter."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False

    def headers(self) -> tuple[str, ...]:
        """Return the normalised headers it goes by, the best first."""
        return tuple(normalised(header) for header in (self.name, *self.aliases))


class _Reader(Protocol):
    line_num: int

    def __next__(self) -> list[str]: ...


def normalised(header: str) -> str:
    """Return a header as it is compared: lower case, letters and digits only."""
    return re.sub(r"[\W_]+", "", header.casefold())


def positions_of(header: Sequence[str], columns: Iterable[Column]) -> dict[str, int]:
    """Return where the wanted columns are in a header; those it lacks are missing from it."""
    present: dict[str, int] = {}
    for index, cell in enumerate(header):
        if name := normalised(cell):
            present.setdefault(name, index)
    found: dict[str, int] = {}
    for column in columns:
        for name in column.headers():
            if name in present:
                found[column.name] = present[name]
                break
    return found


def require(file: str, header: Sequence[str], columns: Iterable[Column], sheet: str = "") -> None:
    """Refuse a table that lacks a required column.

    Args:
        file: its name.
        header: its header.
        columns: the wanted ones.
        sheet: of a workbook; "" = the file has one table.

    Raises:
        UnreadableFile: `columns_missing`.
    """
    required = [column for column in columns if column.required]
    places = positions_of(header, required)
    missing = [column.name for column in required if column.name not in places]
    if not missing:
        return
    place = "{file}, sheet {sheet}, has" if sheet else "{file} has"
    raise UnreadableFile(
        "columns_missing",
        place + " no column {missing}. Expected the columns {expected}; found {found}.",
        file=file,
        **({"sheet": sheet} if sheet else {}),
        missing=", ".join(missing),
        expected=", ".join(column.name for column in required),
        found=", ".join(header)[:300] or "none",
    )


def neutralised(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (security.md, Files from outside)."""
    return f"'{cell}" if _is_formula(cell.lstrip("'")) else cell


def restored(cell: str) -> str:
    """Return a cell without the apostrophe that `neutralised` put before it."""
    quoted = cell.startswith("'") and _is_formula(cell.lstrip("'"))
    return cell[1:] if quoted else cell


def _is_formula(text: str) -> bool:
    """Return whether a spreadsheet may compute a text: not a number below 0, which stays one.

    One with a plus is guarded, as telephone numbers would lose it.
    """
    return text.startswith(_FORMULA_STARTS) and not _NEGATIVE.fullmatch(text)


def _as_windows1252(error: UnicodeError) -> tuple[str, int]:
    """Decode bytes that are not UTF-8 as Excel on Windows would have written them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


WINDOWS_1252 = "projectdesk.windows1252"
"""What `errors=` of a decoding names: bytes that are not UTF-8, and only these, are taken so."""

codecs.register_error(WINDOWS_1252, _as_windows1252)


@dataclass
class _Form:
    """What one look over a file's bytes tells. open_end: its last line does not end."""

    encoding: str = "utf-8"
    errors: str = WINDOWS_1252
    nul: bool = False
    open_end: bool = False


def _look_over(stream: BinaryIO, name: str, findings: Findings) -> _Form:
    """Find out how a table is written; leaves the stream at its start."""
    start = stream.read(_CHUNK)
    wide = _wide_encoding(start)
    if what := _no_text(start, wide):
        raise UnreadableFile(
            "not_a_table",
            "{file} is {what}, not a table as text. Save it as CSV.",
            file=name,
            what=what,
            expected="CSV",
        )
    form = _Form()
    if wide:
        form.encoding, form.errors = wide, "replace"
        if wide != "utf-16":
            findings.add(
                name,
                0,
                "",
                "encoding_guessed",
                worded("No mark of an encoding: {wide}.", wide=wide),
            )
    elif start.startswith(codecs.BOM_UTF8):
        form.encoding = "utf-8-sig"
    marked = form.encoding in {"utf-8-sig", "utf-16"}
    if not marked and not _is_text(start[:_HEAD_BYTES], form.encoding):
        raise UnreadableFile(
            "not_a_table", "{file} holds no text. Save it as CSV.", file=name, expected="CSV"
        )
    decoder = None if wide else codecs.getincrementaldecoder("utf-8")()
    nul, last, chunk = 0, b"", start
    while chunk:
        last = chunk[-2:]
        nul += 0 if wide else chunk.count(0)
        if decoder is not None and not _decodes(decoder, chunk):
            decoder = None
            text = worded("The file is not UTF-8: the bytes in question were read as Windows-1252.")
            findings.add(name, 0, "", "encoding_guessed", text)
        chunk = stream.read(_CHUNK)
    stream.seek(0)
    form.open_end = bool(last) and not last.strip(b"\0").endswith((b"\n", b"\r"))
    form.nul = nul > 0
    if nul:
        findings.add(
            name, 0, "", "nul_removed", worded("{count} NUL characters were left out.", count=nul)
        )
    return form


def _is_text(start: bytes, encoding: str) -> bool:
    """Return whether the beginning of a file reads as text: control characters are rare there."""
    wide = encoding.startswith("utf-16")
    text = (start if wide else start.replace(b"\0", b"")).decode(encoding, errors="replace")
    controls = sum(1 for c in text if unicodedata.category(c) == "Cc" and c not in "\t\n\r")
    return controls <= _FEW_CONTROLS or controls * 20 <= len(text)


def _no_text(start: bytes, wide: str) -> str:
    """Return what a file is that begins so and is no table, "" if it may be one."""
    for magic, what in _MAGIC.items():
        if start.startswith(magic):
            return what
    if not wide and start.count(0) > len(start) // 2:
        return worded("binary data")
    if len(start) == _CHUNK and not {*b"\r\n"} & {*start}:
        return worded("one endless line")
    return ""


def _wide_encoding(start: bytes) -> str:
    """Return the UTF-16 that a file begins with, "" if it is none."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = start[::2], start[1::2]
    for encoding, zeros, text in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if len(zeros) > 1 and zeros.count(0) > 0.9 * len(zeros) and text.count(0) < len(text) // 2:
            return encoding
    return ""


def as_utf8(content: bytes) -> bytes:
    """Return a table as it is, one in UTF-16 as UTF-8: a line of it ends with one byte then."""
    wide = _wide_encoding(content[:_HEAD_BYTES])
    return content.decode(wide, errors="replace").encode() if wide else content


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _delimiter(header: str) -> str:
    """Return the delimiter that the header has most of outside quotes."""
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


class Table:
    """One open table. `header` holds its cells as the file spells them."""

    def __init__(self, stream: BinaryIO, name: str, findings: Findings, *, above: int = 0) -> None:
        """Read the header.

        Args:
            stream: seekable bytes of the whole table; closed with the table.
            name: of the file, for findings and errors.
            findings: where oddities go.
            above: lines of the file that stand before the stream; rows are counted with them.

        Raises:
            UnreadableFile: no text, empty, or a quote of the header never closes.
        """
        self.name = name
        self.findings = findings
        form = _look_over(stream, name, findings)
        self._stream = stream
        self._text = io.TextIOWrapper(
            stream, encoding=form.encoding, errors=form.errors, newline=""
        )
        self._open_end = form.open_end
        self._skipped = above
        # Nothing of ours runs for each line: of 150,000 lines that would be felt.
        lines = _without_nul(self._text) if form.nul else iter(self._text)
        self._lines = chain(lines, ("\n", _END) if form.open_end else (_END,))
        self.delimiter = ";"
        self._reader = self._open()
        self.header: tuple[str, ...] = ()
        self.header = tuple(cell.strip() for cell in self._first_record())

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()

    def done(self) -> int:
        """Return how many bytes of the file are read, for progress."""
        return self._stream.tell()

    def positions(self, columns: Iterable[Column]) -> dict[str, int]:
        """Return where the wanted columns are; those the table lacks are missing from it."""
        return positions_of(self.header, columns)

    def rows(self, columns: Sequence[Column]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield (line of the file, cells in the order of `columns`); "" where a column is missing.

        Args:
            columns: at least two.

        Raises:
            UnreadableFile: a required column is missing, or the table ends inside a quote or row.
            BadRow: a row has more cells than the header, or too few to have a meaning.
        """
        places = self.positions(columns)
        require(self.name, self.header, columns)
        width = len(self.header)
        needed = 1 + max((places[c.name] for c in columns if c.required), default=0)
        pick = itemgetter(*(places.get(column.name, width) for column in columns))
        for line, cells in self._records():
            if len(cells) != width:
                self._mend(line, cells, width, needed)
            cells.append("")
            yield line, pick(cells)

    # --- inside -----------------------------------------------------------------------------------

    def _open(self) -> _Reader:
        first = next(self._lines)
        while first != _END and not first.strip(" \r\n\t\ufeff"):
            first = next(self._lines)
            self._skipped += 1
        if first == _END:
            raise UnreadableFile("empty_file", "{file} is empty.", file=self.name)
        first = first.removeprefix("\ufeff")
        if first.casefold().startswith("sep=") and len(first.strip()) == 5:
            self.delimiter = first.strip()[-1]
            first = next(self._lines)
            self._skipped += 1
        else:
            self.delimiter = _delimiter(first[:_HEADER_CHARACTERS])

        return csv.reader(chain((first,), self._lines), delimiter=self.delimiter, strict=False)

    def _first_record(self) -> list[str]:
        for _, cells in self._records():
            return cells
        return []

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        reader = self._reader
        while True:
            line = self._skipped + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self._open_quote(line) from error
            if not cells:
                continue
            if _END in cells[-1]:
                if len(cells) > 1 or cells[0] != _END:
                    raise self._open_quote(line)
                return
            yield line, cells

    def _open_quote(self, line: int) -> UnreadableFile:
        return UnreadableFile(
            "quote_never_closes",
            "{file}, row {row}: a quoted cell never ends. Is the file cut off?",
            file=self.name,
            row=line,
            expected='a closing "',
        )

    def _mend(self, line: int, cells: list[str], width: int, needed: int) -> None:
        """Bring a row to the header's width, or refuse it."""
        extra = cells[width:]
        if any(cell.strip() for cell in extra) or len(cells) < needed:
            raise BadRow(
                "wrong_number_of_cells",
                "{file}, row {row}: {cells} cells where the header has {expected}.",
                file=self.name,
                row=line,
                column=self.header[min(len(cells), width) - 1],
                cells=len(cells),
                expected=width,
            )
        if not extra and self._open_end:
            raise UnreadableFile(
                "cut_off",
                "{file} ends in the middle of row {row}: it is cut off.",
                file=self.name,
                row=line,
                column=self.header[len(cells) - 1],
                expected=f"{width} cells and the end of the line",
            )
        if not extra:
            text = worded(
                "{count} cells where the header has {width}: the rest is taken as empty.",
                count=len(cells),
                width=width,
            )
            self.findings.add(self.name, line, "", "short_row", text)
            cells.extend([""] * (width - len(cells)))
        del cells[width:]


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table that Excel and every reader here opens: UTF-8 with BOM, `;`, CRLF.

    Cells that a spreadsheet would take for a formula get an apostrophe before them.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows([neutralised(cell) for cell in row] for row in rows)
