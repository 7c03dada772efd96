"""The export of published deliverables (projectDeliverables), as CSV or workbook, one a row.

It says what was published and where, never when it was submitted, and gives no number but the one
that a title may begin with.

May import: domain, errors, exchange.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.files import sources
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.sheets import SheetTable, is_workbook, open_workbook
from projectdesk.exchange.tables import Column, Table, normalised
from projectdesk.exchange.values import clean_line, clean_text, read_date

COLUMNS = (
    Column("projectID", ("project ID", "grantNumber"), True),
    Column("title", ("deliverableTitle",), True),
    Column("projectAcronym", ("acronym",)),
    Column("deliverableType", ("type",)),
    Column("description"),
    Column("url", ("link",)),
    Column("contentUpdateDate", ("lastUpdateDate",)),
)
_LABEL = re.compile(
    r"(?:deliverable\s*)?D\s?([0-9]{1,3})\s?\.\s?([0-9]{1,3})(?:\s*[.:)_–—-]+\s*|\s+|$)(.*)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedDeliverable:
    """One row. work_package, number: of a title such as "D3.2 Report", 0 where it has none.

    updated_on: when CORDIS last changed what it says.
    """

    row: int
    project_number: str
    acronym: str
    work_package: int
    number: int
    title: str
    kind: str
    description: str
    url: str
    updated_on: date | None


class _Rows(Protocol):
    def rows(self, columns: tuple[Column, ...]) -> Iterator[tuple[int, tuple[str, ...]]]: ...


def is_deliverables(path: Path) -> bool:
    """Return whether a file has the columns of this export.

    Raises:
        NotFound, UnreadableFile: the file cannot be opened, or is no table.
    """
    with _opened(path, Findings()) as (_, header):
        words = {normalised(each) for each in header}
    return {"projectid", "title", "deliverabletype"} <= words


def read_deliverables(path: Path, findings: Findings) -> Iterator[PublishedDeliverable]:
    """Yield the rows.

    Args:
        path: CSV or workbook.
        findings: where oddities go.

    Raises:
        UnreadableFile, BadRow, FileTooLarge, NotFound: with the file's name, and where.
    """
    with _opened(path, findings) as (opened, _):
        for row, cells in opened.rows(COLUMNS):
            if not any(cell.strip() for cell in cells):
                continue
            project, title, acronym, kind, description, url, updated = cells
            yield _record(row, project, title, acronym, kind, description, url, updated)


@contextmanager
def _opened(path: Path, findings: Findings) -> Iterator[tuple[_Rows, tuple[str, ...]]]:
    if is_workbook(path):
        with open_workbook(path) as workbook:
            sheet = SheetTable(workbook, COLUMNS, findings)
            yield sheet, sheet.header
        return
    with sources([path]) as found:
        if len(found) != 1:
            raise UnreadableFile(
                "one_table",
                "{file} holds {count} files. Unpack it and give the one with the deliverables.",
                file=path.name,
                count=len(found),
                expected="one table",
            )
        with found[0].open() as stream, Table(stream, found[0].name, findings) as table:
            yield table, table.header


def _record(
    row: int,
    project: str,
    title: str,
    acronym: str,
    kind: str,
    description: str,
    url: str,
    updated: str,
) -> PublishedDeliverable:
    line = clean_line(title)
    found = _LABEL.fullmatch(line)
    try:
        updated_on = read_date(updated)
    except ValueError:
        updated_on = None
    link = url.strip()
    return PublishedDeliverable(
        row=row,
        project_number=clean_line(project).removesuffix(".0"),
        acronym=clean_line(acronym),
        work_package=int(found[1]) if found else 0,
        number=int(found[2]) if found else 0,
        title=(found[3].strip() if found else line) or line,
        kind=clean_line(kind),
        description=clean_text(description),
        url=link if link.startswith(("https://", "http://")) and link.isprintable() else "",
        updated_on=updated_on,
    )
