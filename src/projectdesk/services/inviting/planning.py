"""Who is told what of a meeting: invitations, updates, cancellations, and who needs nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Person, Project
from projectdesk.domain.meetings import Invitation, InvitationAnswer, Meeting, MeetingState
from projectdesk.domain.preparation import MeetingSeries
from projectdesk.domain.rules.invitation_changes import (
    ASKS_AGAIN,
    Change,
    Facts,
    Telling,
    changes,
    telling,
    uid_of,
)
from projectdesk.domain.rules.zoned_time import to_local, zone_of
from projectdesk.errors import DomainError, NotFound
from projectdesk.services.inviting.told import Told, told_of
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

NO_ADDRESS = "no_address"
ORGANISER = "organiser"


@dataclass(frozen=True)
class InviteeLine:
    """What one person gets. id: of the person.

    invitation_id: None = they were removed from the meeting. zone_known: else it is the meeting's.
    local_start: by their clock (naive). again: they were told before that it is cancelled.
    removed: the meeting takes place without them. problem: why nothing can be sent: `no_address`;
    `organiser`, the invitations come from this address; "" = none.
    """

    id: UUID
    invitation_id: UUID | None
    name: str
    email: str
    partner: str
    languages: tuple[str, ...]
    zone: str
    zone_known: bool
    local_start: datetime
    required: bool
    answer: InvitationAnswer
    generation: int
    telling: Telling
    again: bool
    removed: bool
    changes: tuple[Change, ...]
    told: Told | None
    now: Facts
    problem: str = ""

    @property
    def goes_out(self) -> bool:
        """Whether a mail can and should go out."""
        return self.telling is not Telling.NOTHING and not self.problem

    @property
    def asks_again(self) -> bool:
        """Whether what changed asks for a new answer."""
        return self.again or bool(ASKS_AGAIN & set(self.changes))


@dataclass(frozen=True)
class Subject:
    """What is invited to: a meeting alone, or one occurrence of a series.

    uid, recurrence: of its calendar object; recurrence: RECURRENCE-ID as RFC 5545 writes a local
    time, "" = none. sequence: the highest that anybody was told or could have read by now. state:
    of the meeting, or as it is going to be.
    """

    id: UUID
    project_id: UUID
    project: str
    project_title: str
    meeting: Meeting
    uid: str
    recurrence_at: datetime | None
    series_zone: str
    sequence: int
    state: MeetingState

    @property
    def recurrence(self) -> str:
        """RECURRENCE-ID, "" = none."""
        return "" if self.recurrence_at is None else f"{self.recurrence_at:%Y%m%dT%H%M%S}"


@dataclass(frozen=True)
class InvitationPlan:
    """Who gets what. zones: of all who are invited, for the table of times."""

    subject: Subject
    lines: tuple[InviteeLine, ...]
    zones: tuple[str, ...]

    @property
    def outgoing(self) -> tuple[InviteeLine, ...]:
        """The lines that a mail goes out for."""
        return tuple(line for line in self.lines if line.goes_out)

    def sequence_for(self, chosen: Sequence[InviteeLine]) -> int:
        """Return the SEQUENCE of what is sent to `chosen` (RFC 5546 section 2.1.4).

        Who is told of a change gets a higher one than before; new invitees alone raise nothing.
        """
        raised = [
            line.told.sequence + 1
            for line in chosen
            if line.told is not None and line.telling in (Telling.UPDATE, Telling.CANCEL)
        ]
        return max([self.subject.sequence, *raised])


def plan_invitations(
    workspace: Workspace,
    meeting_id: UUID,
    sender: str = "",
    *,
    cancel: bool = False,
    links: Mapping[UUID, str] | None = None,
) -> InvitationPlan:
    """Return who gets what of a meeting.

    Args:
        workspace: the open data.
        meeting_id: which meeting.
        sender: address that invitations come from; "" = not known yet.
        cancel: as it will be once the meeting is cancelled.
        links: personal links by invitation, where they are known: who was told that they lead to
            another address gets the new one.

    Raises:
        NotFound: no such meeting.
    """
    with workspace.read() as session:
        return read_plan(session, meeting_id, sender, cancel=cancel, links=links)


def read_plan(
    session: Session,
    meeting_id: UUID,
    sender: str = "",
    *,
    cancel: bool = False,
    links: Mapping[UUID, str] | None = None,
) -> InvitationPlan:
    """Do what `plan_invitations` does, inside a session."""
    subject = read_subject(session, meeting_id)
    if cancel and subject.state is MeetingState.PLANNED:
        subject = replace(subject, state=MeetingState.CANCELLED)
    told = told_of(session, [meeting_id])
    of_invitation = {each.invitation_id: each for each in told.values()}  # people are merged
    lines, seen = [], set()
    for invitation, person, partner in _invitees(session, meeting_id):
        seen |= {person.id, invitation.id}
        known = told.get((meeting_id, person.id)) or of_invitation.get(invitation.id)
        address = urlsplit((links or {}).get(invitation.id, "")).netloc
        lines.append(_line(subject, invitation, person, partner, known, sender, address))
    addresses = {line.email.casefold() for line in lines}
    ahead = subject.state in (MeetingState.PLANNED, MeetingState.CANCELLED)
    for each in told.values() if ahead else ():
        here = each.person_id in seen or each.invitation_id in seen
        if not here and not each.cancelled and each.address.casefold() not in addresses:
            lines.append(_removed(session, subject, each))
    zones = tuple(dict.fromkeys(line.zone for line in lines if line.zone_known))
    return InvitationPlan(subject, tuple(lines), zones)


def read_subject(session: Session, meeting_id: UUID) -> Subject:
    """Return what is invited to.

    Raises:
        NotFound: no such meeting.
    """
    meeting = session.get(Meeting, meeting_id)
    if meeting is None:
        raise NotFound("not_found", "This meeting does not exist any more.", noun="meeting")
    project = session.get_one(Project, meeting.project_id)
    series = None
    if meeting.series_id is not None and meeting.recurrence_at is not None:
        series = session.get(MeetingSeries, meeting.series_id)
    return Subject(
        id=meeting.id,
        project_id=project.id,
        project=project.acronym,
        project_title=project.title,
        meeting=meeting,
        uid=uid_of(series.uid, series.id) if series else uid_of(meeting.uid, meeting.id),
        recurrence_at=meeting.recurrence_at if series else None,
        series_zone=series.zone if series else "",
        sequence=max(meeting.sequence, series.sequence if series else 0),
        state=meeting.state,
    )


@dataclass(frozen=True)
class Pending:
    """How many still have to be told of a meeting."""

    new: int
    update: int
    cancel: int


def pending(workspace: Workspace, meeting_id: UUID, sender: str = "") -> Pending:
    """Return how many still have to be told of a meeting.

    Raises:
        NotFound: no such meeting.
    """
    lines = plan_invitations(workspace, meeting_id, sender).outgoing
    counted = {what: sum(line.telling is what for line in lines) for what in Telling}
    return Pending(counted[Telling.NEW], counted[Telling.UPDATE], counted[Telling.CANCEL])


def facts_of(meeting: Meeting, *, required: bool, generation: int, address: str = "") -> Facts:
    """Return what an invitee is to be told of a meeting."""
    return Facts(
        title=meeting.title,
        starts_at=meeting.starts_at,
        zone=meeting.zone,
        duration_minutes=meeting.duration_minutes,
        place=meeting.place,
        link=f"{meeting.outside_url or meeting.host}#{generation}",
        required=required,
        address="" if meeting.outside_url else address,
    )


def is_zone(name: str) -> bool:
    """Return whether a zone is known: names were typed and imported."""
    try:
        return bool(name) and zone_of(name) is not None
    except DomainError:
        return False


def _line(
    subject: Subject,
    invitation: Invitation,
    person: Person,
    partner: str,
    told: Told | None,
    sender: str,
    address: str,
) -> InviteeLine:
    meeting = subject.meeting
    if told is not None and (told.uid, told.recurrence) != (subject.uid, subject.recurrence):
        told = None  # of another series by now: its own calendar object ends the entry
    now = facts_of(
        meeting,
        required=invitation.required,
        generation=invitation.generation,
        address=address,
    )
    cancelled = told is not None and told.cancelled
    what = telling(
        subject.state,
        revoked=invitation.revoked,
        told=None if told is None else told.facts,
        cancelled=cancelled,
        now=now,
    )
    known = is_zone(person.zone)
    zone = person.zone if known else meeting.zone
    problem = "" if person.email else NO_ADDRESS
    if sender and person.email.casefold() == sender.casefold():
        problem = ORGANISER
    return InviteeLine(
        id=person.id,
        invitation_id=invitation.id,
        name=person.name or person.email,
        email=person.email,
        partner=partner,
        languages=tuple(person.languages),
        zone=zone,
        zone_known=known,
        local_start=to_local(meeting.starts_at, zone),
        required=invitation.required,
        answer=invitation.answer,
        generation=invitation.generation,
        telling=what,
        again=cancelled and what is Telling.UPDATE,
        removed=what is Telling.CANCEL and subject.state is MeetingState.PLANNED,
        changes=changes(told.facts, now) if told and what is Telling.UPDATE else (),
        told=told,
        now=now,
        problem=problem,
    )


def _removed(session: Session, subject: Subject, told: Told) -> InviteeLine:
    """Return the line of somebody who was invited and is no longer on the list."""
    person = session.get(Person, told.person_id)
    known = person is not None and is_zone(person.zone)
    zone = person.zone if person is not None and known else subject.meeting.zone
    return InviteeLine(
        id=told.person_id,
        invitation_id=None,
        name=(person.name if person else "") or told.address,
        email=told.address,
        partner="",
        languages=tuple(person.languages) if person else (),
        zone=zone,
        zone_known=known,
        local_start=to_local(subject.meeting.starts_at, zone),
        required=told.facts.required,
        answer=InvitationAnswer.NONE,
        generation=0,
        telling=Telling.CANCEL,
        again=False,
        removed=subject.state is MeetingState.PLANNED,
        changes=(),
        told=told,
        now=told.facts,
    )


def _invitees(session: Session, meeting_id: UUID) -> list[tuple[Invitation, Person, str]]:
    partner, person = schema.partner.c, schema.person.c
    query = (
        select(Invitation, Person, partner.short_name)
        .join(Person, person.id == schema.invitation.c.person_id)
        .join(schema.partner, partner.id == schema.invitation.c.partner_id, isouter=True)
        .where(schema.invitation.c.meeting_id == meeting_id)
        .order_by(
            partner.id.is_(None), partner.position, person.family_name, person.given_name,
            schema.invitation.c.id,
        )
    )  # fmt: skip
    return [
        (invitation, whom, short_name or "")
        for invitation, whom, short_name in session.execute(query)
    ]
