"""Reminders of meetings that a server is to send: which there are, and which are still true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from sqlalchemy import select

from projectdesk.domain.meetings import MeetingState
from projectdesk.mail.message import new_message_id
from projectdesk.services.inviting.planning import InvitationPlan, InviteeLine, read_plan
from projectdesk.services.inviting.sender import sender_of
from projectdesk.services.later_mail import MARGIN, Wanted, chosen_server
from projectdesk.services.meeting_hosts import LAN, THIS_COMPUTER
from projectdesk.services.queries.meetings import agenda, invitations, organiser
from projectdesk.services.queries.reminders import expected
from projectdesk.services.reminder_mails import (
    REMINDER,
    ReminderMail,
    compose_reminder,
    recipients,
    sending_of,
)
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


@dataclass(frozen=True)
class _Due:
    """One reminder of one meeting."""

    reminder: UUID
    due_at: datetime


def mail_id(reminder: UUID, invitation: UUID, due_at: datetime) -> UUID:
    """Return the id of the mail that reminds somebody at a time; always the same one."""
    return uuid5(reminder, f"{invitation.hex} {due_at.isoformat()}")


def meetings_ahead(workspace: Workspace) -> list[UUID]:
    """Return the meetings with reminders that a server is to send; () where none is chosen."""
    if not chosen_server(workspace):
        return []
    planned, reminder = schema.meeting.c, schema.reminder.c
    query = (
        select(planned.id, planned.starts_at, reminder.minutes_before)
        .join_from(schema.meeting, schema.reminder)
        .where(planned.state == MeetingState.PLANNED, planned.starts_at > workspace.now())
        .order_by(planned.starts_at, planned.id)
    )
    soonest = workspace.now() + MARGIN
    with workspace.read() as session:
        found = [
            row.id
            for row in session.execute(query)
            if row.starts_at - timedelta(minutes=row.minutes_before) > soonest
        ]
    return list(dict.fromkeys(found))


def on_servers(workspace: Workspace, meetings: Sequence[UUID]) -> set[UUID]:
    """Return those that are held on a server, and so have links that open elsewhere."""
    held, here = schema.meeting.c, (THIS_COMPUTER, LAN)
    query = select(held.id).where(
        held.id.in_(meetings), held.host.not_in(here), held.outside_url == ""
    )
    with workspace.read() as session:
        return set(session.scalars(query))


def true_ids(workspace: Workspace, meetings: Iterable[UUID | None]) -> set[UUID]:
    """Return the ids of all reminders that are to be sent, or were due, of meetings ahead."""
    true = set()
    for meeting_id in set(meetings):
        if meeting_id is None:
            continue
        dues = _dues(workspace, meeting_id)
        if not dues:
            continue
        for row in expected(invitations(workspace, meeting_id)):
            if row.email:
                true |= {mail_id(due.reminder, row.id, due.due_at) for due in dues}
    return true


def wanted(
    workspace: Workspace, meeting_id: UUID, links: Mapping[UUID, str], server: str
) -> list[Wanted]:
    """Return the reminders of a meeting as they are to be at the server.

    Args:
        workspace: the open data.
        meeting_id: which meeting.
        links: personal links by invitation.
        server: its address, as of `Meeting.host`.
    """
    soonest = workspace.now() + MARGIN
    dues = [due for due in _dues(workspace, meeting_id) if due.due_at > soonest]
    invited = expected(invitations(workspace, meeting_id))
    desks = {row.id: row.desk for row in invited}
    sender, items = sender_of(workspace, meeting_id), agenda(workspace, meeting_id)
    made = []
    with workspace.read() as session:
        plan = read_plan(session, meeting_id, sender.address)
        by_whom = organiser(workspace, plan.subject.project_id)
        # Elsewhere the desk of this id would be a withdrawn one.
        here = plan.subject.meeting.host == server
        for due in dues:
            sending = sending_of(
                workspace,
                session,
                plan,
                sender=sender,
                organised_by=by_whom,
                agenda=items,
                links=links,
                now=due.due_at,
            )
            for line in recipients(plan, set(desks)):
                if line.invitation_id is not None:
                    mail = compose_reminder(plan, line, sending, due.due_at, ahead=True)
                    desk = desks[line.invitation_id] or "" if here else ""
                    made.append(_wanted(plan, line, line.invitation_id, mail, due, desk))
    return made


def _wanted(
    plan: InvitationPlan,
    line: InviteeLine,
    invitation: UUID,
    mail: ReminderMail,
    due: _Due,
    desk: str,
) -> Wanted:
    subject = plan.subject
    own = mail_id(due.reminder, invitation, due.due_at)
    # Other words, or another place, are another mail.
    message_id = new_message_id(
        mail.sender.address, uuid5(own, f"{mail.digest} {subject.meeting.host}")
    )
    return Wanted(
        id=own,
        purpose=REMINDER,
        project_id=subject.project_id,
        meeting_id=subject.id,
        person_id=line.id,
        record_id=invitation,
        author=mail.sender.address,
        recipient=line.email,
        due_at=due.due_at,
        not_after=subject.meeting.starts_at,
        desk=desk or None,
        message_id=message_id,
        message=partial(mail.message, message_id),
    )


def _dues(workspace: Workspace, meeting_id: UUID) -> list[_Due]:
    """Return the reminders of a meeting that is ahead; () of any other."""
    planned, reminder = schema.meeting.c, schema.reminder.c
    query = (
        select(reminder.id, reminder.minutes_before, planned.starts_at)
        .join_from(schema.reminder, schema.meeting)
        .where(
            planned.id == meeting_id,
            planned.state == MeetingState.PLANNED,
            planned.starts_at > workspace.now(),
        )
        .order_by(reminder.minutes_before.desc())
    )
    with workspace.read() as session:
        return [
            _Due(row.id, row.starts_at - timedelta(minutes=row.minutes_before))
            for row in session.execute(query)
        ]
