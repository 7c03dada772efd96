"""The organisations of CORDIS exports, each once: what a directory to choose partners from needs.

An organisation has a row for every project it is in, so a file of 150,000 rows tells the same one
hundreds of times. Of rows that differ, the most recently updated stands (equally recent ones: the
more complete); what it leaves blank is filled from the others.

May import: domain, errors, exchange.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.cordis.cells import Cells
from projectdesk.exchange.cordis.columns import ORGANISATION_COLUMNS, ExportKind, recognise
from projectdesk.exchange.cordis.json_export import read_objects
from projectdesk.exchange.cordis.reader import Tick
from projectdesk.exchange.cordis.records import OrganisationRecord
from projectdesk.exchange.cordis.roles import organisation_type
from projectdesk.exchange.cordis.workbooks import is_packed_workbook
from projectdesk.exchange.files import Source, sources, unpacked
from projectdesk.exchange.findings import Findings, said_by
from projectdesk.exchange.sheets import SheetTable, is_workbook, open_workbook
from projectdesk.exchange.tables import Column, Table, normalised
from projectdesk.exchange.values import clean_line
from projectdesk.worded import worded

_WANTED = (
    *("organisationID", "name", "shortName", "vatNumber", "SME", "activityType", "street"),
    *("postCode", "city", "country", "nutsCode", "geolocation", "organizationURL"),
)
COLUMNS = (
    *(column for name in _WANTED for column in ORGANISATION_COLUMNS if column.name == name),
    Column("contentUpdateDate", ("updateDate", "lastUpdateDate")),
)
_TICK_ROWS = 1000
_BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"
_EXPECTED = worded(
    "a CORDIS organization file (CSV, XLSX, JSON or ZIP) with the columns organisationID and name"
)
_Rows = Iterator[tuple[int, tuple[str, ...]]]


class _Row(NamedTuple):
    """The cells of `COLUMNS`, in their order."""

    pic: str
    name: str
    short_name: str
    vat_number: str
    sme: str
    activity_type: str
    street: str
    post_code: str
    city: str
    country: str
    nuts_code: str
    geolocation: str
    website: str
    updated: str


@dataclass(slots=True)
class _Known:
    """What is known of one organisation. said: hash of its last row, which most rows repeat."""

    record: OrganisationRecord
    updated: str
    filled: int
    said: int
    rows: int = 1


def read_organisations(
    paths: Sequence[Path], findings: Findings, *, tick: Tick | None = None
) -> list[OrganisationRecord]:
    """Return the organisations with a PIC, those in most projects first.

    Args:
        paths: organisation files of CORDIS exports as CSV, XLSX or JSON, or ZIP archives of whole
            exports, of which other members are passed over.
        findings: where oddities go; rows without PIC or name are left out and told there.
        tick: told (bytes read, bytes in all) every thousand rows; what it raises ends the reading.

    Raises:
        UnreadableFile: `not_organisations`, or see `errors`. BadRow, FileTooLarge, NotFound.
    """
    reading = _Reading(findings, tick)
    books = [path for path in paths if is_workbook(path)]
    with sources([path for path in paths if path not in books]) as found:
        tables = [source for source in found if _is_wanted(source)]
        packed = [source for source in found if is_packed_workbook(source)]
        if not tables and not books and not packed:
            raise _refused(", ".join(path.name for path in paths), "")
        whole = sum(path.stat().st_size for path in books)
        reading.total = whole + sum(source.size for source in (*tables, *packed))
        for source in tables:
            reading.read_source(source)
        for path in books:
            reading.read_workbook(path)
        read = [reading.read_packed(source) for source in packed]
        if not tables and not books and not any(read):
            raise _refused(", ".join(path.name for path in paths), "")
    return reading.result()


def _refused(file: str, columns: str) -> UnreadableFile:
    found = worded(" It has the columns {columns}.", columns=columns[:250]) if columns else ""
    return UnreadableFile(
        "not_organisations",
        "No CORDIS organisations in {file}.{found} Expected {expected}.",
        file=file[:200],
        found=found,
        expected=_EXPECTED,
    )


def _is_wanted(source: Source) -> bool:
    """Return whether a source has organisations; refuse a file, pass over an archive's member.

    Raises:
        UnreadableFile: `not_organisations`.
    """
    if source.member and not source.name.casefold().endswith((".csv", ".txt", ".tsv", ".json")):
        return False
    head = source.head().lstrip(_BEFORE_TEXT)
    columns: Sequence[str] = ()
    if head.startswith((b"{", b"[")):
        with source.open() as stream:
            columns = list(next(read_objects(stream, source.name), {}))
    elif not head.startswith(b"<"):
        with source.open() as stream, Table(stream, source.name, Findings()) as table:
            columns = table.header
    if recognise(columns) is ExportKind.ORGANISATION:
        return True
    if source.member:
        return False
    raise _refused(source.name, ", ".join(columns))


class _Reading:
    """One reading of one set of files."""

    def __init__(self, findings: Findings, tick: Tick | None) -> None:
        self.findings = findings
        self.total = 0
        self._tick = tick
        self._before = 0
        self._known: dict[str, _Known] = {}

    def result(self) -> list[OrganisationRecord]:
        """Return what was read, those with most rows first."""
        if self._tick is not None:
            self._tick(self.total, self.total)
        known = sorted(self._known.values(), key=lambda each: -each.rows)
        return [each.record for each in known]

    def read_source(self, source: Source) -> None:
        """Read a CSV or JSON file, or such a member of an archive."""
        if source.head().lstrip(_BEFORE_TEXT).startswith((b"{", b"[")):
            with source.open() as stream:
                self._take(source.name, _rows_of_objects(read_objects(stream, source.name)))
        else:
            with source.open() as stream, Table(stream, source.name, self.findings) as table:
                self._take(source.name, table.rows(COLUMNS), table)
        self._before += source.size

    def read_packed(self, source: Source) -> bool:
        """Read a workbook in an archive; False = it holds no organisations, as that of topics."""
        with unpacked(source) as path:
            try:
                self.read_workbook(path, source.name)
            except UnreadableFile as error:
                if error.code != "not_organisations":
                    self.findings.add(source.name, 0, "", "file_ignored", said_by(error))
                return False
        return True

    def read_workbook(self, path: Path, name: str = "") -> None:
        """Read the first sheet of a workbook that has organisations; name: "" = as its file."""
        shown = name or path.name
        with open_workbook(path) as workbook:
            table = SheetTable(workbook, COLUMNS, self.findings)
            if recognise(table.header) is not ExportKind.ORGANISATION:
                raise _refused(shown, ", ".join(table.header))
            self._take(shown, table.rows(COLUMNS))
        self._before += path.stat().st_size

    def _take(self, file: str, rows: _Rows, table: Table | None = None) -> None:
        cells = Cells(file, self.findings)
        for index, (line, row) in enumerate(rows):
            if self._tick is not None and not index % _TICK_ROWS:
                self._tick(self._before + (table.done() if table else 0), self.total)
            cells.row = line
            self._add(cells, _Row._make(row))

    def _add(self, cells: Cells, row: _Row) -> None:
        pic = cells.pic(row.pic, "organisationID")
        said = hash(row)
        known = self._known.get(pic)
        if known is not None and known.said == said:
            known.rows += 1
            return
        name = clean_line(row.name)
        if not pic or not name:
            if not row.pic.strip():
                cells.note("organisationID", "no_pic", worded("A row without a PIC: left out."))
            elif pic:
                cells.note("name", "no_name", worded("{pic} has no name: left out.", pic=pic))
            return
        record = _record(cells, pic, name, row)
        updated, filled = _update_date(row.updated), _filled(record)
        if known is None:
            self._known[pic] = _Known(record, updated, filled, said)
            return
        known.rows += 1
        known.said = said
        if (updated, filled) > (known.updated, known.filled):
            known.record, record = record, known.record
            known.updated = updated
        _fill(known.record, record)
        known.filled = _filled(known.record)


def _rows_of_objects(objects: Iterator[dict[str, str]]) -> _Rows:
    for number, item in enumerate(objects, start=1):
        by_name = {normalised(key): value for key, value in item.items()}
        yield (
            number,
            tuple(
                next((by_name[name] for name in column.headers() if name in by_name), "")
                for column in COLUMNS
            ),
        )


def _update_date(cell: str) -> str:
    """Return a date that compares as text: exports write 2024-01-02 and then a time."""
    text = cell.strip()
    return text if text[:4].isdigit() else ""


def _record(cells: Cells, pic: str, name: str, row: _Row) -> OrganisationRecord:
    latitude, longitude = cells.position(row.geolocation, "geolocation")
    return OrganisationRecord(
        legal_name=name,
        country=cells.country(row.country, "country"),
        pic=pic,
        short_name=clean_line(row.short_name),
        vat_number=clean_line(row.vat_number),
        type=organisation_type(row.activity_type),
        sme=cells.flag(row.sme, "SME"),
        street=clean_line(row.street),
        post_code=clean_line(row.post_code),
        city=clean_line(row.city),
        nuts_code=clean_line(row.nuts_code),
        website=clean_line(row.website),
        latitude=latitude,
        longitude=longitude,
    )


_FIELDS = tuple(field.name for field in fields(OrganisationRecord) if field.name != "occurrence")
_BLANK = OrganisationRecord("")


def _filled(record: OrganisationRecord) -> int:
    """Return how many fields say something."""
    return sum(getattr(record, name) != getattr(_BLANK, name) for name in _FIELDS)


def _fill(record: OrganisationRecord, other: OrganisationRecord) -> None:
    """Fill what a record leaves blank."""
    for name in _FIELDS:
        if getattr(record, name) == getattr(_BLANK, name):
            setattr(record, name, getattr(other, name))
