"""Files of work plans of every format: recognised by what is in them, read to a `Plan`, written.

May import: domain, errors, exchange.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from projectdesk.errors import DomainError, UnreadableFile
from projectdesk.exchange.files import sources
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.ganttproject import (
    is_ganttproject,
    read_ganttproject,
    write_ganttproject,
)
from projectdesk.exchange.mspdi import is_mspdi, read_mspdi, write_mspdi
from projectdesk.exchange.plans import (
    Plan,
    PlanLine,
    PlanTable,
    read_plan,
    read_plan_workbook,
    write_plan,
    write_plan_workbook,
)
from projectdesk.exchange.plans.members import plan_in, refused
from projectdesk.exchange.plans.outlined import plan_of
from projectdesk.exchange.plans.reader import opened_csv
from projectdesk.exchange.plans.unfolded import (
    entries_of,
    say_what_bars_lack,
    say_what_no_file_holds,
    say_what_shrinks,
)
from projectdesk.exchange.plans.workbook import table_of_header
from projectdesk.exchange.plans.xml import (
    PROJECTLIBRE_MARK,
    SERIALISED_JAVA,
    XML_BYTES_LIMIT,
    local,
    read_xml,
)
from projectdesk.exchange.sheets import is_workbook
from projectdesk.worded import Worded, worded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class PlanFormat(StrEnum):
    """What a work plan is kept in. CSV: one table a file."""

    MSPDI = "mspdi"
    GAN = "gan"
    XLSX = "xlsx"
    CSV = "csv"


SUFFIXES: dict[str, PlanFormat] = {
    ".xml": PlanFormat.MSPDI,
    ".mspdi": PlanFormat.MSPDI,
    ".gan": PlanFormat.GAN,
    ".xlsx": PlanFormat.XLSX,
    ".csv": PlanFormat.CSV,
}
"""What a file to write is by its name."""

_SAVE_AS_XML = worded("Open it in its program and save or export it as Microsoft Project XML.")
_SAVE_AS_TABLES = worded("Save the tables as .xlsx or CSV.")
_READ = worded("Microsoft Project's XML and .gan are read.")
_OTHERS: tuple[tuple[bytes, Worded, Worded], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        worded("a Microsoft Project file (.mpp), an old Excel file (.xls) or one with a password"),
        worded(
            "In Project choose Save As and the type XML; in Excel save it as .xlsx without"
            " password."
        ),
    ),
    (b"MPX,", worded("an MPX file of Microsoft Project 98"), _SAVE_AS_XML),
    (b"ERMHDR", worded("a Primavera file (.xer)"), _SAVE_AS_XML),
    (b"%PDF", worded("a PDF document"), _SAVE_AS_TABLES),
    (b"{\\rtf", worded("a text document (.rtf)"), _SAVE_AS_TABLES),
    (b"SQLite format 3", worded("a database"), _SAVE_AS_XML),
    (SERIALISED_JAVA, worded("a file of an old ProjectLibre or OpenProj (.pod)"), _SAVE_AS_XML),
)
_ROOTS: dict[str, tuple[Worded, Worded]] = {
    "APIBusinessObjects": (worded("XML of Primavera (PMXML)"), _SAVE_AS_XML),
    "html": (
        worded("a web page, whatever its name says"),
        worded("Open it in Excel or LibreOffice and save it as .xlsx."),
    ),
    "Workbook": (
        worded("a workbook as XML of Excel 2003"),
        worded("Open it in Excel or LibreOffice and save it as .xlsx."),
    ),
    "icalendar": (worded("a calendar as XML"), _READ),
}
"""Other XML by its root: what it is and what to do instead."""

_HEAD = 4096


def format_by_name(out: Path) -> PlanFormat:
    """Return the format that the name of a file to write asks for.

    Raises:
        DomainError: `unknown_plan_format`.
    """
    try:
        return SUFFIXES[out.suffix.casefold()]
    except KeyError:
        raise DomainError(
            "unknown_plan_format",
            "{file}: no work plan is written so. Name it .xml (Microsoft Project), .gan, .xlsx or"
            " .csv.",
            file=out.name,
        ) from None


def recognised(path: Path) -> PlanFormat:
    """Return the format of a file, by what is in it.

    Raises:
        UnreadableFile: `no_work_plan`: it is of a format that is not read, which is named.
        NotFound: it is not there.
        FileTooLarge: too large for a plan.
    """
    if is_workbook(path) and not _head(path).startswith(_OTHERS[0][0]):
        return PlanFormat.XLSX
    with sources([path]) as found:
        source = plan_in(found, path)
        head = source.head()
        if head.startswith(SERIALISED_JAVA) and PROJECTLIBRE_MARK in source.read(XML_BYTES_LIMIT):
            return PlanFormat.MSPDI
        for magic, what, instead in _OTHERS:
            if head.startswith(magic):
                raise refused(source.name, what, instead)
        if not _is_xml(head):
            return PlanFormat.CSV
        return _of_root(read_xml(source), source.name)


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_HEAD)


def _is_xml(head: bytes) -> bool:
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<")


def _of_root(root: Element, name: str) -> PlanFormat:
    if is_mspdi(root):
        return PlanFormat.MSPDI
    if is_ganttproject(root):
        return PlanFormat.GAN
    if root.get("mrproject-version") is not None:
        raise refused(name, worded("a file of GNOME Planner"), _SAVE_AS_XML)
    if local(root) in _ROOTS:
        raise refused(name, *_ROOTS[local(root)])
    raise refused(name, worded("XML with <{root}>", root=local(root)[:60]), _READ)


def read_plan_file(
    path: Path,
    findings: Findings,
    *,
    format: PlanFormat | None = None,  # noqa: A002 - what it is
    start: date | None = None,
    own_start: bool = False,
) -> Plan:
    """Return the plan that a file holds.

    Args:
        path: the file.
        findings: where what was not understood or does not fit is said.
        format: of the file; None = by what is in it.
        start: the project's start, to bring dates into months; None = the file's own.
        own_start: whether months are counted from the file's own start all the same.

    Raises:
        UnreadableFile, BadRow, FileTooLarge, NotFound: with the file's name, and where.
    """
    chosen = format or recognised(path)
    zero = None if own_start else start
    match chosen:
        case PlanFormat.XLSX:
            return read_plan_workbook(path, findings, start)
        case PlanFormat.CSV:
            return _read_csv(path, findings, start)
        case PlanFormat.MSPDI | PlanFormat.GAN:
            with sources([path]) as found:
                read = read_mspdi if chosen is PlanFormat.MSPDI else read_ganttproject
                source = plan_in(found, path)
                root = read_xml(source, findings)
                return plan_of(read(root, source.name, findings), findings, zero)


def _read_csv(path: Path, findings: Findings, start: date | None) -> Plan:
    table = table_of_csv(path)
    lines: tuple[PlanLine, ...] = tuple(read_plan(path, table, findings, start))
    return Plan(**{table.value: lines})  # type: ignore[arg-type]


def table_of_csv(path: Path) -> PlanTable:
    """Return which table of a plan a CSV holds, by its header.

    Raises:
        UnreadableFile: `no_plan_table`, or it is no text.
    """
    with sources([path]) as found:
        source = plan_in(found, path)
        with opened_csv(source, Findings(), lambda t: table_of_header(t.header) is not None) as csv:
            table = table_of_header(csv.header)
            if table is None:
                raise UnreadableFile(
                    "no_plan_table",
                    "{file} has no columns of a work plan's table; found {found}.",
                    file=source.name,
                    found=", ".join(csv.header)[:300] or "none",
                    expected="columns such as WP no., Title, Start month, End month",
                )
            return table


def say_what_is_lost(plan: Plan, format: PlanFormat, name: str, findings: Findings) -> None:  # noqa: A002
    """Say what of a plan a format cannot hold.

    Args:
        plan: the plan.
        format: what it is to be written as.
        name: of the file.
        findings: where it is said.
    """
    if format in (PlanFormat.MSPDI, PlanFormat.GAN):
        say_what_bars_lack(plan, name, findings)
    if format is PlanFormat.GAN:
        say_what_shrinks(plan, name, findings)
    say_what_no_file_holds(plan, name, findings)


def write_plan_file(
    plan: Plan,
    out: Path,
    findings: Findings,
    format: PlanFormat,  # noqa: A002
    name: str = "",
    author: str = "",
) -> None:
    """Write a plan.

    Args:
        plan: every number known.
        out: the file to write; for CSV the folder that gets a file for each table.
        findings: where what the format cannot hold is said.
        format: what to write.
        name: what the file will be called in the end; "" = as `out`.
        author: who writes it, where the file has a place for that.

    Raises:
        DomainError: `no_start_date`, where months become dates.
        OSError: it cannot be written.
    """
    called = name or out.name
    say_what_is_lost(plan, format, called, findings)
    match format:
        case PlanFormat.MSPDI:
            write_mspdi(entries_of(plan, called), out)
        case PlanFormat.GAN:
            write_ganttproject(entries_of(plan, called), out)
        case PlanFormat.XLSX:
            write_plan_workbook(out, plan, findings, called, author)
        case PlanFormat.CSV:
            out.mkdir(exist_ok=True)
            for table in PlanTable:
                if lines := plan.table(table):
                    write_plan(out / f"{table.value}.csv", table, lines)
