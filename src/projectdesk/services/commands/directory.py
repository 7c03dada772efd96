"""Filling the directory of organisations, and adding partners out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import OrganisationType
from projectdesk.errors import DomainError, NotFound
from projectdesk.exchange.cordis import read_organisations
from projectdesk.services.editing import add_record
from projectdesk.services.importing.directory import DirectoryImport
from projectdesk.services.importing.own_edits import IMPORT_LABEL
from projectdesk.services.importing.tally import Tally
from projectdesk.services.importing.ticking import ticking
from projectdesk.services.kinds import SPECS
from projectdesk.services.labels import name_of
from projectdesk.services.rows import Changes, ImportReport, Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import directory, schema


def import_directory(
    workspace: Workspace,
    files: Sequence[Path],
    *,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Fill the directory of organisations out of CORDIS exports, or bring it up to date.

    Each organisation stands in it once, by its PIC; what the file says replaces what was there.
    Organisations that are not in the file stay. There is no undo: it is other people's data, and
    an older file brings the older state back.

    Args:
        workspace: the open database.
        files: organisation files as CSV, XLSX or JSON, or ZIP archives of whole exports.
        dry_run: count and show what would change, and change nothing.
        progress: told (steps done, steps in all), on this thread.
        cancelled: asked every thousand rows; True ends the import with nothing changed.

    Raises:
        UnreadableFile, BadRow, FileTooLarge, NotFound: nothing was changed.
        DomainError: `import_cancelled`.
    """
    tally = Tally()
    tick = ticking(progress, cancelled)
    total = 0

    def reading(done: int, size: int) -> None:
        nonlocal total
        total = max(1, size)
        tick(done, 2 * total)  # reading is about half of the work

    records = read_organisations(files, tally.findings, tick=reading)

    def writing(done: int) -> None:
        tick(total + total * done // len(records), 2 * total)

    if dry_run:
        with workspace.read() as session:
            DirectoryImport(session, tally).compare(records)
        return tally.report(Changes())
    with workspace.change(f"{IMPORT_LABEL}directory from CORDIS", bulk=True) as unit:
        importing = DirectoryImport(unit.session, tally)
        importing.compare(records)
        importing.write(records, writing)
    return tally.report(unit.changes)


def add_partner(
    workspace: Workspace,
    project_id: UUID,
    organisation: UUID | Mapping[str, object],
    values: Mapping[str, object] | None = None,
) -> tuple[UUID, Changes]:
    """Add a partner, and its organisation if that is not here yet, as one change.

    Args:
        workspace: the open database.
        project_id: the project it joins.
        organisation: one that is here, or the fields of one, which is made unless one with the
            same PIC is here.
        values: fields of the partner; a short name that is left out is the organisation's.

    Returns:
        The partner's id, and what changed.

    Raises:
        NotFound: the project or the organisation does not exist.
        DomainError: a field cannot hold its value (fact `field`).
    """
    with workspace.change("Add partner") as unit:
        if isinstance(organisation, UUID):
            found = organisation
        else:
            found = _organisation(unit, organisation)
        partner = _partner(unit, project_id, found, values or {})
    return partner, unit.changes


def add_partner_from_directory(
    workspace: Workspace,
    project_id: UUID,
    pic: str,
    values: Mapping[str, object] | None = None,
) -> tuple[UUID, Changes]:
    """Add an organisation of the directory as a partner, as one change.

    Its record is made with all that the directory knows, unless one with its PIC is here.

    Args:
        workspace: the open database.
        project_id: the project it joins.
        pic: which organisation.
        values: fields of the partner; a short name that is left out is the organisation's.

    Returns:
        The partner's id, and what changed.

    Raises:
        NotFound: `not_in_directory`; the project does not exist.
        DomainError: a field cannot hold its value (fact `field`).
    """
    with workspace.change("Add partner") as unit:
        found = _known(unit.session, pic)
        if found is None:
            found = _organisation(unit, _entry(unit.session, pic))
        partner = _partner(unit, project_id, found, values or {})
    return partner, unit.changes


def directory_fields(workspace: Workspace, pic: str) -> dict[str, object]:
    """Return what the directory knows of an organisation, as fields of a record.

    Raises:
        NotFound: `not_in_directory`.
    """
    with workspace.read() as session:
        return _entry(session, pic)


def _entry(session: Session, pic: str) -> dict[str, object]:
    """Return what the directory knows of an organisation, as fields of a record."""
    entry = directory.entry_of(session, pic)
    if entry is None:
        raise NotFound(
            "not_in_directory", "The directory has no organisation with PIC {pic}.", pic=pic
        )
    known: dict[str, object] = {"type": OrganisationType(entry.type)}
    for name, rule in SPECS[Kind.ORGANISATION].fields.items():
        # A country that nobody knows, an address that is none: what our rules refuse stays out.
        with suppress(DomainError):
            if name not in known:
                known[name] = rule(getattr(entry, name), name)
    return known


def _known(session: Session, pic: object) -> UUID | None:
    """Return our organisation with a PIC, the oldest if there are several."""
    if not pic:
        return None
    organisation = schema.organisation.c
    query = select(organisation.id).where(organisation.pic == pic).order_by(organisation.id)
    return session.scalars(query.limit(1)).first()


def _organisation(unit: Unit, fields: Mapping[str, object]) -> UUID:
    found = _known(unit.session, fields.get("pic"))
    if found is not None:
        return found
    made = add_record(unit, Kind.ORGANISATION, fields)
    unit.session.flush()
    record_id: UUID = made.id
    return record_id


def _partner(
    unit: Unit, project_id: UUID, organisation_id: UUID, values: Mapping[str, object]
) -> UUID:
    organisation = schema.organisation.c
    short_name = unit.session.scalar(
        select(organisation.short_name).where(organisation.id == organisation_id)
    )
    fields = {
        "short_name": short_name or "",
        **values,
        "project_id": project_id,
        "organisation_id": organisation_id,
    }
    partner = add_record(unit, Kind.PARTNER, fields)
    unit.session.flush()
    unit.label = f"Add partner {name_of(unit.session, partner)}".strip()
    record_id: UUID = partner.id
    return record_id
