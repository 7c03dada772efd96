"""Choose when people are reminded of a meeting, and put the reminders that are due in the outbox.

A reminder is composed when it is due: it says what the meeting is by then, it goes to who has not
declined by then, and one of a meeting that was cancelled never goes out. Reminder and outbox change
together, and the reminder by its version: two desktops on one database send it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.domain.preparation import Reminder
from projectdesk.domain.rules.reminding import LATE_AFTER, ReminderState, reminder_states
from projectdesk.errors import DomainError
from projectdesk.mail.message import compose, new_message_id
from projectdesk.mail.reminder_letter import StateLetter
from projectdesk.mail.words import language_of
from projectdesk.services import outbox
from projectdesk.services.inviting.composing import Sending
from projectdesk.services.inviting.planning import InvitationPlan, InviteeLine, read_plan
from projectdesk.services.inviting.sender import check_can_send, sender_of
from projectdesk.services.kept_settings import set_setting
from projectdesk.services.mine import is_me
from projectdesk.services.queries.meetings import agenda, invitations, organiser
from projectdesk.services.queries.reminders import USUAL_KEY, expected, readiness
from projectdesk.services.reminder_mails import (
    REMINDER,
    compose_reminder,
    recipients,
    sending_of,
)
from projectdesk.services.reminder_rows import Readiness
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

REMINDER_STATE: Final = "reminder-state"
"""What the mail to who invites is for, in the outbox; `REMINDER`: to the invitees."""
LONGEST_MINUTES: Final = 60 * 24 * 60
_STATES: Final = {
    MeetingState.LIVE: "running",
    MeetingState.HELD: "held already",
    MeetingState.CANCELLED: "cancelled",
}
_OUT: Final = frozenset({ReminderState.DUE, ReminderState.LATE})


@dataclass(frozen=True)
class Reminded:
    """What went into the outbox. without_link: no link in it opens elsewhere."""

    meeting_id: UUID
    mails: int
    late: bool
    without_link: bool


def add_reminders(workspace: Workspace, meeting_id: UUID, minutes_before: Iterable[int]) -> Changes:
    """Plan reminders of a meeting as one change; those that are planned already stay.

    Args:
        workspace: the open data.
        meeting_id: which meeting.
        minutes_before: the start.

    Raises:
        NotFound: no such meeting.
        DomainError: `bad_reminder`; `no_meeting_ahead`.
    """
    with workspace.change("Add reminders") as unit:
        meeting = unit.get(Meeting, meeting_id)
        unit.label = f"Remind of {meeting.title}"
        if meeting.state is not MeetingState.PLANNED:
            raise DomainError(
                "no_meeting_ahead",
                "Nobody is reminded of “{title}”: it is {state}.",
                title=meeting.title,
                state=_STATES[meeting.state],
            )
        reminder = schema.reminder.c
        known = set(
            unit.session.scalars(
                select(reminder.minutes_before).where(reminder.meeting_id == meeting_id)
            )
        )
        for minutes in dict.fromkeys(minutes_before):
            if not 1 <= minutes <= LONGEST_MINUTES:
                raise DomainError(
                    "bad_reminder",
                    "A reminder goes out between a minute and 60 days before the meeting.",
                    minutes=minutes,
                )
            if minutes not in known:
                unit.add(Reminder(meeting_id=meeting_id, minutes_before=minutes))
    return unit.changes


def set_usual_reminders(workspace: Workspace, minutes_before: Iterable[int]) -> None:
    """Set when people are usually reminded of a meeting."""
    kept = sorted(set(minutes_before), reverse=True)
    set_setting(workspace, USUAL_KEY, " ".join(map(str, kept)))


def send_reminder(
    workspace: Workspace, reminder_id: UUID, links: Mapping[UUID, str]
) -> tuple[Reminded | None, Changes | None]:
    """Put a reminder that is due into the outbox, for everybody who has not declined.

    Args:
        workspace: the open data.
        reminder_id: which reminder.
        links: personal links by invitation; those that open only on this computer or in its network
            are left out, and the mail says where the link is.

    Returns:
        What went out; None, None when it is not due (any more).

    Raises:
        NotFound: no such reminder.
        Conflict: somebody else sent it just now.
        DomainError: `no_mail_account`, `no_sender`.
    """
    check_can_send(workspace)
    with workspace.read() as session:
        found = session.execute(
            select(schema.reminder.c.meeting_id, schema.reminder.c.version).where(
                schema.reminder.c.id == reminder_id
            )
        ).first()
    if found is None:
        return None, None
    sender = sender_of(workspace, found.meeting_id)
    invited = expected(invitations(workspace, found.meeting_id))
    items = agenda(workspace, found.meeting_id)
    with workspace.change("Send reminders", undoable=False) as unit:
        reminder = unit.get(Reminder, reminder_id, found.version)
        meeting = unit.get(Meeting, reminder.meeting_id)
        due_at = _due_at(unit.session, meeting, reminder, unit.now)
        if due_at is None:
            return None, None
        unit.label = f"Remind of {meeting.title}"
        plan = read_plan(unit.session, meeting.id, sender.address)
        sending = sending_of(
            workspace,
            unit.session,
            plan,
            sender=sender,
            organised_by=organiser(workspace, meeting.project_id),
            agenda=items,
            links=links,
            now=unit.now,
        )
        handled = _handled(unit.session, meeting.id, due_at)
        chosen = [
            line
            for line in recipients(plan, {row.id for row in invited})
            if line.invitation_id not in handled
        ]
        unchecked = {row.id for row in invited if row.checked_at is None}
        for line in chosen:
            _queue(unit, plan, line, sending, due_at, unchecked=line.invitation_id in unchecked)
        late = unit.now - due_at > LATE_AFTER
        if chosen or not late:
            _queue_state(unit, plan, sending, readiness(invited), due_at)
        reminder.sent_at = unit.now
    private = bool(chosen) and not sending.links and not meeting.outside_url
    return Reminded(meeting.id, len(chosen), late, private), unit.changes


def drop_stale_reminders(workspace: Workspace) -> int:
    """Take back reminders that wait in the outbox and are no longer true; return how many mails.

    Their meeting was cancelled, has begun, moved, or the reminder itself was taken back.
    """
    mail, reminder, meeting = schema.outgoing_mail.c, schema.reminder, schema.meeting.c
    waiting = select(mail.id, mail.meeting_id, mail.due_at).where(
        mail.state == outbox.MailState.QUEUED.value, mail.purpose.in_((REMINDER, REMINDER_STATE))
    )
    with workspace.read() as session:
        rows = session.execute(waiting).all()
        if not rows:
            return 0
        planned = (
            select(reminder.c.meeting_id, reminder.c.minutes_before, meeting.starts_at)
            .join_from(reminder, schema.meeting)
            .where(
                meeting.id.in_({row.meeting_id for row in rows}),
                meeting.state == MeetingState.PLANNED,
                meeting.starts_at > workspace.now(),
            )
        )
        true = {
            (row.meeting_id, row.starts_at - timedelta(minutes=row.minutes_before))
            for row in session.execute(planned)
        }
    stale = [row.id for row in rows if (row.meeting_id, row.due_at) not in true]
    if not stale:
        return 0
    with workspace.change("Take back reminders", undoable=False) as unit:
        return outbox.cancel(unit, mail_ids=stale)


# --- inside ---------------------------------------------------------------------------------------


def _due_at(
    session: Session, meeting: Meeting, reminder: Reminder, now: datetime
) -> datetime | None:
    """Return when the reminder was to go out, None when it does not go out now."""
    table = schema.reminder.c
    rows = session.execute(
        select(table.id, table.minutes_before, table.sent_at)
        .where(table.meeting_id == meeting.id)
        .order_by(table.minutes_before.desc(), table.id)
    ).all()
    states = reminder_states(
        meeting.starts_at,
        [(row.minutes_before, row.sent_at) for row in rows],
        now,
        ahead=meeting.state is MeetingState.PLANNED,
    )
    for row, each in zip(rows, states, strict=True):
        if row.id == reminder.id and each.state in _OUT:
            return each.due_at
    return None


def _queue(
    unit: Unit,
    plan: InvitationPlan,
    line: InviteeLine,
    sending: Sending,
    due_at: datetime,
    *,
    unchecked: bool,
) -> None:
    mail = compose_reminder(plan, line, sending, due_at, unchecked=unchecked)
    outbox.queue(
        unit,
        purpose=REMINDER,
        recipient=line.email,
        message=mail.message(new_message_id(sending.sender.address, new_id())),
        due_at=due_at,
        project_id=plan.subject.project_id,
        meeting_id=plan.subject.id,
        person_id=line.id,
        record_id=line.invitation_id,
    )


def _handled(session: Session, meeting_id: UUID, due_at: datetime) -> set[UUID | None]:
    """Return the invitations whose mail of that time is a server's to send, or went out already."""
    mail = schema.outgoing_mail.c
    query = select(mail.record_id).where(
        mail.purpose == REMINDER,
        mail.meeting_id == meeting_id,
        mail.due_at == due_at,
        mail.state != outbox.MailState.CANCELLED.value,
    )
    return set(session.scalars(query))


def _queue_state(
    unit: Unit, plan: InvitationPlan, sending: Sending, state: Readiness, due_at: datetime
) -> None:
    """Tell who invites how far the others are."""
    told = StateLetter(
        language=_language(unit.session),
        title=plan.subject.meeting.title,
        remaining=plan.subject.meeting.starts_at - unit.now,
        expected=state.expected,
        checked=state.checked,
        troubled=tuple((each.name, each.problems) for each in state.troubled),
        unchecked=state.unchecked,
        unanswered=state.unanswered,
    )
    message = compose(
        sender=sending.sender,
        recipient=sending.sender,
        subject=told.subject,
        text=told.text,
        message_id=new_message_id(sending.sender.address, new_id()),
        date=unit.now,
        automatic=True,
    )
    outbox.queue(
        unit,
        purpose=REMINDER_STATE,
        recipient=sending.sender.address,
        message=message,
        due_at=due_at,
        project_id=plan.subject.project_id,
        meeting_id=plan.subject.id,
    )


def _language(session: Session) -> str:
    """Return the language of who invites: of the person at this desktop."""
    person = schema.person.c
    known = session.scalar(select(person.languages).where(is_me(session)).limit(1))
    return language_of(tuple(known or ()))
