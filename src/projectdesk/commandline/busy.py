"""Commands on calendars of others: import them, list and read again whom they keep busy."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from projectdesk.commandline.data import opened
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.kinds import in_words
from projectdesk.services.rows import ImportReport, Kind, PersonRow, ProjectRow
from projectdesk.services.workspace import Workspace

_SOURCES: Final = ("person", "name", "kind", "times", "until", "read_at", "problem")
_TIMES: Final = ("from", "to", "sure", "title", "calendar")


def is_calendar(options: argparse.Namespace) -> bool:
    """Return whether `projectdesk import` is asked for a calendar."""
    from projectdesk.exchange.calendar.files import SUFFIXES

    return bool(options.taken_as) or all(
        file.suffix.lower() in SUFFIXES for file in options.files
    )  # fmt: skip


def import_calendar(
    workspace: Workspace, options: argparse.Namespace, asked: Callable[[], bool]
) -> ImportReport:
    """`projectdesk import FILE.ics [--project ACRONYM] [--as meeting|busy --person EMAIL]`.

    The project need not be said where there is one only.

    Raises:
        DomainError: `one_calendar`, `calendar_for_whom`.
    """
    if len(options.files) != 1:
        raise DomainError("one_calendar", "Give one calendar file at a time.")
    file: Path = options.files[0]
    taken_as = options.taken_as or ("busy" if options.person else "meeting")
    if taken_as == "busy":
        person = _person(workspace, options.person)
        return commands.import_busy(
            workspace, file, person.id, dry_run=options.dry_run, cancelled=asked
        )
    project = _project(workspace, options.project, file)
    return commands.import_calendar(
        workspace, file, project.id, dry_run=options.dry_run, cancelled=asked
    )


def _project(workspace: Workspace, acronym: str | None, file: Path) -> ProjectRow:
    """Return the project that is named, else the only one, which is said then."""
    if acronym:
        return queries.project_by_acronym(workspace, acronym)
    known = queries.projects(workspace)
    if len(known) != 1:
        raise DomainError(
            "calendar_for_whom",
            "{file} is a calendar file: add --project ACRONYM for meetings of a project, or "
            "--as busy --person EMAIL for the busy times of a person.",
            file=file.name,
        )
    print(
        f"As meetings of {known[0].acronym}, the only project; --as busy --person EMAIL reads busy "
        "times.",
        file=sys.stderr,
    )
    return known[0]


def list_busy(options: argparse.Namespace) -> int:
    """`projectdesk list busy [--project ACRONYM]`: whose calendars are read here."""
    with opened(options) as workspace:
        project = None
        if options.project:
            project = queries.project_by_acronym(workspace, options.project).id
        rows = queries.busy_sources(workspace, project_id=project)[: options.limit]
    if options.json:
        print_json(rows)
    else:
        headers = [name.replace("_", " ").capitalize() for name in _SOURCES]
        print_table(([getattr(row, name) for name in _SOURCES] for row in rows), headers)
    return 0


def show(options: argparse.Namespace) -> int:
    """`projectdesk busy times EMAIL [--days N]`: when somebody is taken, in UTC."""
    with opened(options) as workspace:
        person = _person(workspace, options.person)
        now = datetime.now(UTC)
        rows = queries.busy_times(workspace, person.id, now, now + timedelta(days=options.days))
    if options.json:
        print_json(rows)
    else:
        lines = (
            (
                row.starts_at or row.first_day,
                row.ends_at or row.last_day,
                "perhaps" if row.tentative else "yes",
                row.title,
                row.source,
            )
            for row in rows
        )
        print_table(lines, [name.capitalize() for name in _TIMES])
    return 0


def add(options: argparse.Namespace) -> int:
    """`projectdesk busy add EMAIL ADDRESS [--name TEXT]`."""
    with opened(options) as workspace:
        person = _person(workspace, options.person)
        source, _ = commands.add_busy_address(
            workspace, person.id, options.address, name=options.name
        )
        row = next(one for one in queries.busy_sources(workspace, person.id) if one.id == source)
    if options.json:
        print_json(row)
    else:
        print(f"{row.name} of {row.person}: {row.times} busy times.")
    return 0


def refresh(options: argparse.Namespace) -> int:
    """`projectdesk busy refresh [EMAIL]`; exits with 1 when one could not be read."""
    with opened(options) as workspace:
        chosen = None
        if options.person:
            person = _person(workspace, options.person)
            chosen = [one.id for one in queries.busy_sources(workspace, person.id)]
        done = commands.refresh_busy(workspace, chosen)
    if options.json:
        print_json({"read": done.read, "failed": dict(done.failed)})
    else:
        for name, why in done.failed:
            print(f"{name}: {why}")
        print(f"{in_words(Kind.BUSY_SOURCE, len(done.read))} read again.")
    return 1 if done.failed else 0


def remove(options: argparse.Namespace) -> int:
    """`projectdesk busy remove EMAIL NAME`."""
    with opened(options) as workspace:
        person = _person(workspace, options.person)
        found = [
            one
            for one in queries.busy_sources(workspace, person.id)
            if options.name in (one.name, one.address, str(one.id))
        ]
        if len(found) != 1:
            raise NotFound(
                "no_such_calendar",
                "{person} has {number} calendars that are called “{name}”.",
                person=person.name or person.email,
                number=len(found),
                name=options.name,
            )
        commands.delete(workspace, Kind.BUSY_SOURCE, found[0].id, found[0].version)
    if options.json:
        print_json({"removed": found[0].id})
    else:
        print(f"{found[0].name} removed.")
    return 0


def _person(workspace: Workspace, address: str | None) -> PersonRow:
    """Return the person with an e-mail address.

    Raises:
        DomainError: `busy_of_whom`, none was given.
        NotFound: `no_such_person`.
    """
    if not address:
        raise DomainError("busy_of_whom", "Say whose busy times they are: --person EMAIL.")
    wanted = address.casefold()
    for person in queries.people(workspace, None):
        if person.email.casefold() == wanted:
            return person
    raise NotFound("no_such_person", "Nobody here has the address {address}.", address=address)
