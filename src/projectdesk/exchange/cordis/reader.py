"""Reads CORDIS exports, whatever mixture of files they come as, one consortium at a time.

The organisation files are read first and kept small (each organisation once); then projects stream
by and take their participations along. So 25,000 projects with their long texts never lie in
memory together.

May import: domain, errors, exchange.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

from projectdesk.errors import NotFound, UnreadableFile
from projectdesk.exchange.cordis.cells import Cells
from projectdesk.exchange.cordis.columns import (
    ORGANISATION_COLUMNS,
    PROJECT_COLUMNS,
    ExportKind,
    OrganisationCells,
    recognise,
)
from projectdesk.exchange.cordis.json_export import read_items
from projectdesk.exchange.cordis.numbering import arrange
from projectdesk.exchange.cordis.records import ConsortiumRecord
from projectdesk.exchange.cordis.rows import (
    Directory,
    listed_participations,
    participation_record,
    project_record,
)
from projectdesk.exchange.cordis.workbooks import (
    SheetSource,
    bytes_read,
    packed_sheets,
    sheet_sources,
    table_of,
)
from projectdesk.exchange.cordis.xml_project import XML_BYTES_LIMIT, read_projects
from projectdesk.exchange.files import Source, is_archive, sources
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.sheets import is_workbook
from projectdesk.exchange.tables import Column, normalised
from projectdesk.exchange.values import clean_line
from projectdesk.worded import worded

Tick = Callable[[int, int], None]
"""Told (bytes done, bytes in all) every thousand rows; what it raises ends the reading."""

_TICK_ROWS = 1000
_BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"
_SUFFIXES = (".xml", ".json", ".csv", ".txt", ".tsv")
_EXPECTED = (
    "a CORDIS project XML, or CORDIS project and organization files as CSV, XLSX, JSON or ZIP"
)


def read_export(
    paths: Sequence[Path],
    findings: Findings,
    *,
    only: Collection[str] = (),
    tick: Tick | None = None,
) -> Generator[ConsortiumRecord]:
    """Yield each consortium of the given files; those without a project file last.

    Args:
        paths: XML, CSV, JSON, workbooks, or ZIP archives of these, in any order.
        findings: where oddities go; complete when the last record was yielded.
        only: grant numbers or acronyms (any case) of the projects wanted; empty = all.
        tick: progress.

    Raises:
        UnreadableFile, BadRow, FileTooLarge: see `errors`; the files as a whole are not taken.
        NotFound: a file, or a project of `only`, is not there.
    """
    books = [path for path in paths if is_archive(path) and is_workbook(path)]
    with sources([path for path in paths if path not in books]) as found, ExitStack() as opened:
        sheets = [sheet for path in books for sheet in sheet_sources(path, _EXPECTED, opened)]
        sheets += packed_sheets(found, findings, _EXPECTED, opened)
        yield from _Export([*found, *sheets], findings, only, tick).consortia()


class _Export:
    """One reading of one set of files."""

    def __init__(
        self, found: list[Source], findings: Findings, only: Collection[str], tick: Tick | None
    ) -> None:
        self.findings = findings
        self.tick = tick
        self.directory = Directory()
        self.groups: dict[str, ConsortiumRecord] = {}
        self.seen: set[str] = set()
        self.wanted = {text.strip().casefold() for text in only}
        self.met: set[str] = set()
        self.numbers: set[str] | None = None
        self.documents: list[Source] = []
        self.projects: list[Source] = []
        self.organisations: list[Source] = []
        for source in found:
            self._sort(source)
        used = self.documents + self.projects + self.organisations
        if not used:
            names = ", ".join(source.name for source in found) or "nothing"
            raise UnreadableFile(
                "not_cordis",
                "No CORDIS project in {file}. Expected {expected}.",
                file=names[:200],
                expected=_EXPECTED,
            )
        self.total = sum(source.size for source in used)
        self.before = 0

    def consortia(self) -> Iterator[ConsortiumRecord]:
        if self.wanted and self.organisations and self.projects:
            self._choose_numbers()
        for source in self.organisations:
            self._read_organisations(source)
            self.before += source.size
        for source in self.documents:
            yield from self._read_document(source)
            self.before += source.size
        for source in self.projects:
            yield from self._read_projects(source)
            self.before += source.size
        yield from self._rest()
        missing = sorted(self.wanted - self.met)
        if missing:
            raise NotFound(
                "project_not_in_file",
                "No project {missing} in these files.",
                missing=", ".join(missing)[:200],
            )
        self._tick(self.total, force=True)

    # --- which file is what -----------------------------------------------------------------------

    def _sort(self, source: Source) -> None:
        if source.member and not source.name.casefold().endswith(_SUFFIXES):
            return  # of workbooks each sheet is a source of its own
        if isinstance(source, SheetSource):
            self._sort_table(source, source.kind, ())
            return
        head = source.head().lstrip(_BEFORE_TEXT)
        if head.startswith((b"<", b"{", b"[")):
            # An organisation file has to be read before the projects that it belongs to.
            first = b'"projectID"' in head
            self.documents.insert(0 if first else len(self.documents), source)
            return
        with table_of(source, Findings()) as table:
            self._sort_table(source, recognise(table.header), table.header)

    def _sort_table(self, source: Source, kind: ExportKind | None, header: Sequence[str]) -> None:
        match kind:
            case ExportKind.PROJECT:
                self.projects.append(source)
            case ExportKind.ORGANISATION:
                self.organisations.append(source)
            case ExportKind.COMPANION if not source.member:
                text = worded("Neither projects nor organisations: not read.")
                self.findings.add(source.name, 0, "", "file_ignored", text)
            case None if not source.member:
                raise UnreadableFile(
                    "not_cordis",
                    "{file} has the columns {found}. Expected {expected}.",
                    file=source.name,
                    found=", ".join(header)[:200],
                    expected=_EXPECTED,
                )
            case _:
                pass

    def _wants(self, number: str, acronym: str) -> bool:
        if not self.wanted:
            return True
        names = {number.casefold(), acronym.casefold()} & self.wanted
        self.met |= names
        return bool(names)

    def _choose_numbers(self) -> None:
        """Find the wanted projects' numbers, to pass over the organisations of all others."""
        self.numbers = set()
        for source in self.projects:
            with table_of(source, Findings()) as table:
                for index, (_, cells) in enumerate(table.rows(PROJECT_COLUMNS[:2])):
                    if not index % _TICK_ROWS:
                        self._tick(0)
                    number, acronym = clean_line(cells[0]), clean_line(cells[1])
                    if self._wants(number, acronym):
                        self.numbers.add(number)

    def _tick(self, done: int, *, force: bool = False) -> None:
        if self.tick is not None:
            self.tick(done if force else self.before + done, self.total)

    # --- organisations ----------------------------------------------------------------------------

    def _read_organisations(self, source: Source) -> None:
        cells = Cells(source.name, self.findings)
        with table_of(source, self.findings) as table:
            rows = table.rows(ORGANISATION_COLUMNS)
            for index, (line, row) in enumerate(rows):
                if not index % _TICK_ROWS:
                    self._tick(bytes_read(table))
                cells.row = line
                self._add_organisation(cells, OrganisationCells._make(row))

    def _add_organisation(self, cells: Cells, row: OrganisationCells) -> None:
        number = row.project.strip()
        if self.numbers is not None:
            if number not in self.numbers:
                return
        elif self.wanted and not self._wants(number, clean_line(row.acronym)):
            return
        key = number or (f"rcn {row.project_rcn.strip()}" if row.project_rcn.strip() else "")
        group = self.groups.get(key)
        if group is None:
            acronym = clean_line(row.acronym)
            group = ConsortiumRecord(clean_line(number), acronym, file=cells.file, row=cells.row)
            self.groups[key] = group
        siblings = group.participations if key else []
        group.participations.append(participation_record(cells, row, self.directory, siblings))

    def _rest(self) -> Iterator[ConsortiumRecord]:
        for key, group in self.groups.items():
            if key:
                arrange(group, self.findings)
            yield group

    # --- projects ---------------------------------------------------------------------------------

    def _read_projects(self, source: Source) -> Iterator[ConsortiumRecord]:
        names = [column.name for column in PROJECT_COLUMNS]
        cells = Cells(source.name, self.findings)
        with table_of(source, self.findings) as table:
            for index, (line, row) in enumerate(table.rows(PROJECT_COLUMNS)):
                if not index % _TICK_ROWS:
                    self._tick(bytes_read(table))
                cells.row = line
                yield from self._project(cells, dict(zip(names, row, strict=True)), [])

    def _read_document(self, source: Source) -> Iterator[ConsortiumRecord]:
        cells = Cells(source.name, self.findings)
        self._tick(0)
        if source.head().lstrip(_BEFORE_TEXT).startswith(b"<"):
            content = source.read(XML_BYTES_LIMIT)
            for project, organisations in read_projects(content, source.name):
                yield from self._project(cells, project, organisations)
            return
        yield from self._read_json(source, cells)

    def _read_json(self, source: Source, cells: Cells) -> Iterator[ConsortiumRecord]:
        with source.open() as stream:
            items = read_items(stream, source.name)
            first = next(items)
            kind = recognise(first[0])
            if kind not in {ExportKind.ORGANISATION, ExportKind.PROJECT}:
                if source.member:
                    return
                raise UnreadableFile(
                    "not_cordis",
                    "{file} holds no CORDIS projects. Expected {expected}.",
                    file=source.name,
                    expected=_EXPECTED,
                )
            for cells.row, (item, parts) in enumerate(chain([first], items), start=1):
                if not cells.row % _TICK_ROWS:
                    self._tick(stream.tell())
                if kind is ExportKind.ORGANISATION:
                    row = _cells_of(item, ORGANISATION_COLUMNS)
                    self._add_organisation(cells, OrganisationCells._make(row))
                else:
                    row = _cells_of(item, PROJECT_COLUMNS)
                    names = (column.name for column in PROJECT_COLUMNS)
                    project = dict(zip(names, row, strict=True))
                    organisations = [
                        OrganisationCells._make(_cells_of(part, ORGANISATION_COLUMNS))
                        for part in parts
                    ]
                    yield from self._project(cells, project, organisations)

    def _project(
        self, cells: Cells, row: dict[str, str], organisations: list[OrganisationCells]
    ) -> Iterator[ConsortiumRecord]:
        if not self._wants(clean_line(row["id"]), clean_line(row["acronym"])):
            return
        project = project_record(cells, row)
        if project.number in self.seen:
            text = worded(
                "Project {number} is in these files twice: the first one stands.",
                number=project.number,
            )
            cells.note("id", "duplicate_project", text)
            return
        self.seen.add(project.number)
        record = self.groups.pop(project.number, None) or self.groups.pop(
            f"rcn {project.rcn}", None
        )
        if record is None:
            record = ConsortiumRecord(project.number, file=cells.file, row=cells.row)
        record.project, record.number, record.acronym = project, project.number, project.acronym
        for organisation in organisations:
            record.participations.append(
                participation_record(cells, organisation, self.directory, record.participations)
            )
        if not record.participations:
            record.participations = listed_participations(cells, row, self.directory)
        arrange(record, self.findings)
        yield record


def _cells_of(item: dict[str, str], columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the values of one JSON object in the order of `columns`."""
    by_name = {normalised(key): value for key, value in item.items()}
    return tuple(
        next((by_name[header] for header in column.headers() if header in by_name), "")
        for column in columns
    )
