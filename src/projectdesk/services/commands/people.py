"""Importing and exporting people as address books."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from projectdesk.domain.consortium import Project
from projectdesk.exchange.contacts import (
    ContactRecord,
    contacts_form,
    read_contacts,
    write_contacts,
)
from projectdesk.services import queries
from projectdesk.services.duplicate_rows import DoubleChoice
from projectdesk.services.importing.own_edits import IMPORT_LABEL
from projectdesk.services.importing.people import PeopleImport
from projectdesk.services.importing.taking import Taking
from projectdesk.services.importing.ticking import ticking
from projectdesk.services.rows import ImportReport
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace


def import_people(
    workspace: Workspace,
    file: Path,
    project_id: UUID | None = None,
    *,
    merge_names: bool = False,
    choices: Mapping[int, DoubleChoice] | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Import the people of an address book: vCard, XLSX, or CSV of Outlook, Google, Thunderbird.

    Who is here already is completed where something is blank; nothing that is here is changed,
    unless it is chosen: the report of a dry run has the `doubles` that there is a choice about.

    Args:
        workspace: the open database.
        file: the address book.
        project_id: the project in which they take part; None = none.
        merge_names: take the same name with another address for the same person.
        choices: what was chosen about doubles, by the row of the file.
        dry_run: count and show what would change, and change nothing.
        progress: told (people taken, 0: a file does not say how many it has), on this thread.
        cancelled: asked before every person; True ends the import with nothing changed.

    Raises:
        NotFound, UnreadableFile, BadRow, FileTooLarge: nothing was changed.
        DomainError: `import_cancelled`.
    """
    taking = Taking(dry_run=dry_run)
    tick = ticking(progress, cancelled)

    def told(contacts: Iterator[ContactRecord]) -> Iterator[ContactRecord]:
        for done, contact in enumerate(contacts):
            tick(done, 0)
            yield contact

    with taking.unit(workspace, f"{IMPORT_LABEL}people from {file.name}") as unit:
        if project_id is not None:
            unit.get(Project, project_id)
        people = PeopleImport(
            unit, taking.tally, file.name, project_id, merge_names=merge_names, choices=choices
        )
        people.take(told(read_contacts(file, taking.tally.findings)))
    return replace(taking.report(), doubles=tuple(people.doubles))


def export_people(workspace: Workspace, project_id: UUID | None, out: Path, form: str = "") -> int:
    """Write people as vCard 4.0, CSV or XLSX, as the file's name ends; return how many.

    Args:
        workspace: the open database.
        project_id: only those of a project; None = everybody.
        out: the file to write: .vcf, .csv or .xlsx.
        form: "vcf", "csv" or "xlsx", where the file's name does not say.

    Raises:
        DomainError: `unknown_contacts_format`.
        EnvironmentFailure: `no_such_folder`, `file_not_written`.
    """
    form = contacts_form(out, form)
    people = [
        ContactRecord(
            row=number,
            given_name=row.given_name,
            family_name=row.family_name,
            emails=(row.email,) if row.email else (),
            phone=row.phone,
            organisation=row.organisation,
            function=row.function,
            zone=row.zone,
            languages=tuple(row.languages),
        )
        for number, row in enumerate(queries.people(workspace, project_id), start=1)
    ]
    whole(out, lambda path: write_contacts(path, people, form))
    return len(people)
