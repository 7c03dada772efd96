"""Importing what others put into calendars: as meetings of a project, or as somebody's busy times.

A calendar at an address is read outside of any transaction: a server may take its time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Person, Project
from projectdesk.domain.preparation import BusySource, BusySourceKind
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.exchange.calendar import Calendar, Method, read_calendar, read_calendar_file
from projectdesk.exchange.findings import Findings
from projectdesk.services import busy_times
from projectdesk.services.importing.calendar_meetings import CalendarMeetings, repeats_too_often
from projectdesk.services.importing.own_edits import IMPORT_LABEL
from projectdesk.services.importing.taking import Taking
from projectdesk.services.importing.tally import Tally
from projectdesk.services.importing.ticking import ticking
from projectdesk.services.mine import is_me
from projectdesk.services.rows import Changes, ImportReport, Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.worded import worded

REFRESHED: Final = "Read calendars again"
_ANSWERS: Final = frozenset({Method.REPLY, Method.COUNTER, Method.REFRESH, Method.DECLINECOUNTER})
Fetch = Callable[[str], bytes]


@dataclass(frozen=True)
class Refreshed:
    """What reading calendars again did. read: names; failed: (name, why)."""

    read: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    changes: Changes


def import_calendar(
    workspace: Workspace,
    file: Path,
    project_id: UUID,
    *,
    zone: str = "",
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Import the events of a calendar file or a saved mail as meetings of a project.

    A meeting that is here already, by its UID, is changed or cancelled as the file says, unless
    what is here is newer. Attendees are matched to people by their addresses.

    Args:
        workspace: the open database.
        file: .ics, .eml, or a ZIP archive of these.
        project_id: the project whose meetings they become.
        zone: IANA name, in which times without a zone are read; "" = that of who uses this desktop.
        dry_run: count and show what would change, and change nothing.
        progress: told (calendars taken, calendars in all), on this thread.
        cancelled: asked before every calendar; True ends the import with nothing changed.

    Raises:
        NotFound, UnreadableFile, FileTooLarge: nothing was changed.
        DomainError: `is_an_answer`, the file answers an invitation; `nothing_to_meet`, it has no
            events; `repeats_too_often`, all of them repeat in less than days; `unknown_zone`;
            `import_cancelled`.
    """
    taking = Taking(dry_run=dry_run)
    tick = ticking(progress, cancelled)
    calendars = _read(file, taking.tally.findings)
    _refuse_answers(file, calendars)
    if not any(calendar.events for calendar in calendars):
        raise DomainError(
            "nothing_to_meet",
            "{file} holds no events: {what}. It can be read as busy times of a person.",
            file=file.name,
            what=worded("only busy times")
            if any(one.busy for one in calendars)
            else worded("no meetings"),
        )
    _refuse_too_often(file, calendars)
    with taking.unit(workspace, f"{IMPORT_LABEL}meetings from {file.name}") as unit:
        unit.get(Project, project_id)
        chosen = zone or _own_zone(unit)
        zone_of(chosen)
        meetings = CalendarMeetings(unit, taking.tally, file.name, project_id, chosen)
        for done, calendar in enumerate(calendars):
            tick(done, len(calendars))
            meetings.take(calendar)
        unit.session.flush()
    return taking.report()


def import_busy(
    workspace: Workspace,
    file: Path,
    person_id: UUID,
    *,
    name: str = "",
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Import a calendar file as the busy times of a person; importing it again replaces them.

    Args:
        workspace: the open database.
        file: .ics, .eml, or a ZIP archive of these.
        person_id: whose calendar it is.
        name: what it is called; "" = as the calendar, or the file, is.
        dry_run: count and show what would change, and change nothing.
        progress: told (0, 0) once it is read, on this thread.
        cancelled: asked then; True ends the import with nothing changed.

    Raises:
        NotFound, UnreadableFile, FileTooLarge: nothing was changed.
        DomainError: `import_cancelled`.
    """
    taking = Taking(dry_run=dry_run)
    calendars = _read(file, taking.tally.findings)
    ticking(progress, cancelled)(0, 0)
    named = name.strip() or next((one.name for one in calendars if one.name), "") or file.name
    with taking.unit(workspace, f"{IMPORT_LABEL}busy times from {file.name}") as unit:
        person = unit.get(Person, person_id)
        source = _file_source(unit, person_id, named)
        _take(unit, taking.tally, source or _added(unit, person_id, named), person, calendars,
              new=source is None)  # fmt: skip
        unit.session.flush()
    return taking.report()


def add_busy_address(
    workspace: Workspace,
    person_id: UUID,
    address: str,
    *,
    name: str = "",
    fetch: Fetch | None = None,
) -> tuple[UUID, Changes]:
    """Read a calendar at an address of the web, and keep the address to read it again.

    Args:
        workspace: the open database.
        person_id: whose calendar it is.
        address: https or webcal.
        name: what it is called; "" = as the calendar is.
        fetch: reads an address; None = over the network.

    Returns:
        The id of the calendar's record, and what changed.

    Raises:
        DomainError: `bad_calendar_address`; `calendar_is_here`, it has this address already.
        EnvironmentFailure, UnreadableFile, FileTooLarge: it cannot be read; nothing was changed.
    """
    from projectdesk.exchange.calendar.web import calendar_address

    address = calendar_address(address)
    calendar = read_calendar((fetch or _fetch)(address), "calendar")
    tally = Tally()
    with workspace.change("Add a calendar") as unit:
        person = unit.get(Person, person_id)
        columns = schema.busy_source.c
        twice = select(columns.id).where(columns.person_id == person_id, columns.address == address)
        if unit.session.scalar(twice.limit(1)) is not None:
            raise DomainError(
                "calendar_is_here",
                "{name} has this calendar already: it can be refreshed.",
                name=person.name or person.email,
            )
        source = BusySource(
            person_id=person_id,
            kind=BusySourceKind.ADDRESS,
            name=name.strip() or calendar.name or "Calendar",
            address=address,
        )
        unit.label = f"Add the calendar {source.name}"
        unit.add(source)
        _take(unit, tally, source, person, [calendar], new=True)
    return source.id, unit.changes


def refresh_busy(
    workspace: Workspace,
    source_ids: Collection[UUID] | None = None,
    *,
    fetch: Fetch | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Refreshed:
    """Read calendars at their addresses again. What one says replaces what it said before.

    One that cannot be read keeps its times, and says why in its record.

    Args:
        workspace: the open database.
        source_ids: which; None = all that have an address.
        fetch: reads an address; None = over the network.
        cancelled: asked before each; True leaves the others as they are.

    Raises:
        DomainError: `import_cancelled`; nothing was changed.
    """
    tick = ticking(None, cancelled)
    columns = schema.busy_source.c
    wanted = select(columns.id, columns.name, columns.address).where(columns.address != "")
    if source_ids is not None:
        wanted = wanted.where(columns.id.in_(source_ids))
    with workspace.read() as session:
        sources = session.execute(wanted.order_by(columns.name, columns.id)).all()
    found: dict[UUID, Calendar | ProjectDeskError] = {}
    for number, source in enumerate(sources):
        tick(number, len(sources))
        try:
            found[source.id] = read_calendar((fetch or _fetch)(source.address), source.name)
        except ProjectDeskError as error:
            found[source.id] = error
    read, failed = [], []
    with workspace.change(REFRESHED, undoable=False) as unit:
        for source_id, result in found.items():
            record = unit.session.get(BusySource, source_id)
            if record is None:
                continue  # removed meanwhile
            if isinstance(result, ProjectDeskError):
                record.problem = result.text
                failed.append((record.name, result.text))
                continue
            person = unit.get(Person, record.person_id)
            _take(unit, Tally(), record, person, [result], new=False)
            read.append(record.name)
    return Refreshed(tuple(read), tuple(failed), unit.changes)


# --- inside ---------------------------------------------------------------------------------------


def _fetch(address: str) -> bytes:
    from projectdesk.exchange.calendar.web import fetch_calendar

    return fetch_calendar(address)


def _read(file: Path, findings: Findings) -> tuple[Calendar, ...]:
    read = read_calendar_file(file)
    for found in read.findings:
        findings.add(found.file, found.row, found.column, found.code, found.text)
    return read.calendars


def _refuse_answers(file: Path, calendars: Sequence[Calendar]) -> None:
    answers = [one.method for one in calendars if one.method in _ANSWERS]
    if answers and len(answers) == len(calendars):
        raise DomainError(
            "is_an_answer",
            "{file} is an answer to an invitation ({method}), not an invitation. It is read with "
            "“projectdesk mail read”, or by dropping it on the window.",
            file=file.name,
            method=answers[0].value,
        )


def _refuse_too_often(file: Path, calendars: Sequence[Calendar]) -> None:
    events = [event for calendar in calendars for event in calendar.events]
    often = next((event for event in events if event.rules), None)
    if often is not None and all(map(repeats_too_often, events)):
        raise DomainError(
            "repeats_too_often",
            "{file} holds what repeats in less than days ({rule}), as no meeting does. It can be "
            "read as busy times of a person.",
            file=file.name,
            rule=often.rules[0][:40],
        )


def _own_zone(unit: Unit) -> str:
    own = select(schema.person.c.zone).where(is_me(unit.session)).limit(1)
    return unit.session.scalar(own) or "UTC"


def _file_source(unit: Unit, person_id: UUID, name: str) -> BusySource | None:
    columns = schema.busy_source.c
    query = select(BusySource).where(
        columns.person_id == person_id,
        columns.name == name,
        columns.kind == BusySourceKind.FILE,
    )
    return unit.session.scalar(query.limit(1))


def _added(unit: Unit, person_id: UUID, name: str) -> BusySource:
    source = BusySource(person_id=person_id, kind=BusySourceKind.FILE, name=name)
    unit.add(source)
    return source


def _take(
    unit: Unit,
    tally: Tally,
    source: BusySource,
    person: Person,
    calendars: Sequence[Calendar],
    *,
    new: bool,
) -> None:
    mine = select(schema.person.c.id).where(is_me(unit.session))
    rows = busy_times.times_of(
        calendars,
        person,
        unit.now,
        titles=person.id in set(unit.session.scalars(mine)),
        file=source.name,
        findings=tally.findings,
    )
    before = busy_times.count_of(unit, source.id)
    busy_times.replace_times(unit, source, rows)
    title = f"{source.name}, {len(rows)} busy times"
    if new:
        tally.count_added(Kind.BUSY_SOURCE, lambda: title)
    else:
        tally.count_kept(Kind.BUSY_SOURCE, title, [("times", str(before), str(len(rows)))])
