"""What the demo prepares: a project, its people, a kick-off that is about to begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from projectdesk.domain.meetings import CallRole, MeetingType
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.rows import InvitationRow, Kind, MeetingRow, PartnerRow, ProjectRow
from projectdesk.services.workspace import Workspace

_SOON = timedelta(minutes=2)
_ZONE = "Europe/Copenhagen"
GUESTS = 2
"""Who come beside the chair, unless told otherwise."""


@dataclass(frozen=True)
class Story:
    """The meeting that is played. chair and guests: invitations."""

    project: ProjectRow
    meeting: MeetingRow
    chair: InvitationRow
    guests: tuple[InvitationRow, ...]


def prepare(workspace: Workspace, cordis: Path | None, guests: int = GUESTS) -> Story:
    """Open the sample project or import a CORDIS file, and plan its kick-off for two minutes hence.

    A project out of CORDIS has organisations but no people, so the demo adds one contact for each
    of the first partners, named as such.

    Raises:
        ImportError_: the CORDIS file cannot be taken.
        DomainError: it holds too few partners for a call.
    """
    if cordis is None:
        project_id = commands.open_sample(workspace)
    else:
        report = commands.import_cordis(workspace, [cordis])
        if not report.project_ids:
            raise DomainError("no_project", "{file} holds no project.", file=str(cordis))
        project_id = report.project_ids[0]
    if queries.me(workspace) is None:
        commands.set_me(
            workspace, {"given_name": "Demo", "family_name": "Coordinator", "zone": _ZONE}
        )
    project = queries.project(workspace, project_id)
    people = queries.people(workspace, project_id)
    if not any(person.is_me for person in people):
        _add_me(workspace, project)
    if not people:
        _add_contacts(workspace, project, guests)
    return cast(workspace, _plan(workspace, project_id), guests)


def _add_me(workspace: Workspace, project: ProjectRow) -> None:
    """Let the person at this desktop be of the coordinator."""
    me = queries.me(workspace)
    coordinator = next((p for p in queries.partners(workspace, project.id) if p.number == 1), None)
    if me is not None and coordinator is not None:
        values = {"project_id": project.id, "person_id": me.id, "partner_id": coordinator.id}
        commands.create(workspace, Kind.MEMBERSHIP, values)


def _add_contacts(workspace: Workspace, project: ProjectRow, guests: int) -> None:
    partners = _others(queries.partners(workspace, project.id), guests)
    for partner in partners[: guests + 2]:
        name = partner.short_name or partner.legal_name
        person, _ = commands.create(
            workspace, Kind.PERSON, {"given_name": "Contact of", "family_name": name[:60]}
        )
        commands.create(
            workspace,
            Kind.MEMBERSHIP,
            {"project_id": project.id, "person_id": person, "partner_id": partner.id},
        )


def _others(partners: list[PartnerRow], guests: int) -> list[PartnerRow]:
    others = [partner for partner in partners if partner.number != 1]
    return others if len(others) >= guests else partners


def _plan(workspace: Workspace, project_id: UUID) -> UUID:
    me = queries.me(workspace)
    zone = me.zone if me is not None and me.zone else _ZONE
    soon = datetime.now(UTC) + _SOON
    local = to_local(soon, zone).replace(second=0, microsecond=0)
    meeting_id, _ = commands.plan_meeting(workspace, project_id, MeetingType.KICK_OFF, local, zone)
    return meeting_id


def cast(workspace: Workspace, meeting_id: UUID, count: int = GUESTS) -> Story:
    """Pick who plays a meeting: the chair, and guests of different partners where there are.

    Raises:
        DomainError: `too_few_partners`.
    """
    meeting = queries.meeting(workspace, meeting_id)
    project = queries.project(workspace, meeting.project_id)
    invited = queries.invitations(workspace, meeting_id)
    chair = next(row for row in invited if row.role is CallRole.CHAIR)
    guests: list[InvitationRow] = []
    for row in sorted(invited, key=lambda row: row.role is not CallRole.PRESENTER):
        known = {guest.partner_id for guest in guests} | {chair.partner_id}
        if row.id != chair.id and row.partner_id not in known:
            guests.append(row)
    guests += [row for row in invited if row.id != chair.id and row not in guests]
    if len(guests) < count:
        raise DomainError(
            "too_few_partners",
            "{project} has too few partners for a call with {count} guests.",
            project=project.acronym,
            count=count,
        )
    return Story(project, meeting, chair, tuple(guests[:count]))
