"""Workbooks of CORDIS exports: each sheet with a table of one is a source of its own.

May import: errors, exchange.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.cordis.columns import (
    ORGANISATION_COLUMNS,
    PROJECT_COLUMNS,
    ExportKind,
    recognise,
)
from projectdesk.exchange.files import Source, unpacked
from projectdesk.exchange.findings import Findings, said_by
from projectdesk.exchange.sheets import HEADER_ROWS, SheetTable, Workbook, open_workbook
from projectdesk.exchange.tables import Column, Table

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class SheetSource(Source):
    """One sheet of an open workbook. size: bytes of the whole workbook."""

    workbook: Workbook | None = None
    sheet: str = ""
    kind: ExportKind = ExportKind.COMPANION


class _Sheet(SheetTable):
    """A sheet without the rows that say nothing in the wanted columns: notes beside the table."""

    def rows(self, columns: Sequence[Column]) -> Iterator[tuple[int, tuple[str, ...]]]:
        return (each for each in super().rows(columns) if any(each[1]))


@contextmanager
def table_of(source: Source, findings: Findings) -> Iterator[Table | SheetTable]:
    """Lend the table of a file or sheet; its rows have the numbers that the file has.

    Raises:
        UnreadableFile: see `Table` and `SheetTable`.
    """
    if isinstance(source, SheetSource) and source.workbook is not None:
        of_projects = source.kind is ExportKind.PROJECT
        columns = PROJECT_COLUMNS if of_projects else ORGANISATION_COLUMNS
        yield _Sheet(source.workbook, columns, findings, source.sheet)
        return
    with source.open() as stream, Table(stream, source.name, findings) as table:
        yield table


def bytes_read(table: Table | SheetTable) -> int:
    """Return how many bytes of a file are read, for progress; of a sheet it is not known: 0."""
    return table.done() if isinstance(table, Table) else 0


def is_packed_workbook(source: Source) -> bool:
    """Return whether a source is a workbook that lies in an archive, as CORDIS offers them."""
    return bool(source.member) and source.member.casefold().endswith(WORKBOOK_SUFFIXES)


def packed_sheets(
    found: Iterable[Source], findings: Findings, expected: str, opened: ExitStack
) -> list[SheetSource]:
    """Return the sheets with a table of an export of the workbooks that lie in archives.

    A workbook without one, as of topics, is passed over like any member that is not needed.

    Args:
        found: files and members.
        findings: takes what could not be read.
        expected: what would be read.
        opened: keeps the workbooks.
    """
    sheets: list[SheetSource] = []
    for source in filter(is_packed_workbook, found):
        copy = opened.enter_context(unpacked(source))
        try:
            read = sheet_sources(copy, expected, opened, source.name)
            sheets += [sheet for sheet in read if sheet.kind is not ExportKind.COMPANION]
        except UnreadableFile as error:
            if error.code != "not_cordis":
                findings.add(source.name, 0, "", "file_ignored", said_by(error))
    return sheets


def sheet_sources(
    path: Path, expected: str, opened: ExitStack, name: str = ""
) -> list[SheetSource]:
    """Return the sheets of a workbook that hold a table of an export.

    Args:
        path: the workbook.
        expected: what would be read, for the refusal.
        opened: keeps the workbook open.
        name: what it is called; "" = as its file.

    Raises:
        UnreadableFile: `not_cordis`, or no workbook. FileTooLarge, NotFound.
    """
    found: list[SheetSource] = []
    first: list[str] = []
    workbook = opened.enter_context(open_workbook(path))
    size = path.stat().st_size
    for sheet in workbook.sheets:
        head = [cells for _, cells in islice(workbook.rows(sheet), HEADER_ROWS)]
        first = first or (head[0] if head else [])
        kind = next((kind for kind in map(recognise, head) if kind is not None), None)
        if kind is not None:
            shown = f"{name or path.name}, sheet {sheet}"
            found.append(SheetSource(shown, path, size, workbook=workbook, sheet=sheet, kind=kind))
    if not found:
        raise UnreadableFile(
            "not_cordis",
            "{file} has the columns {found}. Expected {expected}.",
            file=path.name,
            found=", ".join(first)[:200] or "none",
            expected=expected,
        )
    return found
