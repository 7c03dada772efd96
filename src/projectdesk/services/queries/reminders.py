"""The reminders of a meeting, those that are due, and how far the invitees are prepared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.meetings import InvitationAnswer, MeetingState
from projectdesk.domain.rules.reminding import (
    USUAL_MINUTES,
    ReminderState,
    reminder_states,
)
from projectdesk.services import mail_accounts
from projectdesk.services.kept_settings import setting
from projectdesk.services.outbox import MailState
from projectdesk.services.queries.meetings import invitations, meeting
from projectdesk.services.reminder_rows import (
    DueReminder,
    Readiness,
    ReminderRow,
    RemindersRow,
    TroubledCheck,
)
from projectdesk.services.rows import InvitationRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

USUAL_KEY: Final = "reminders.usual"
"""The setting that holds the usual times, in minutes before the start, with spaces between."""
_GOOD: Final = "good"
_OUT: Final = frozenset({ReminderState.DUE, ReminderState.LATE})


def usual_reminders(workspace: Workspace) -> tuple[int, ...]:
    """Return how many minutes before a meeting people are usually reminded, the longest first."""
    kept = setting(workspace, USUAL_KEY, " ".join(map(str, USUAL_MINUTES)))
    found = {int(word) for word in kept.split() if word.isascii() and word.isdigit()}
    return tuple(sorted(found, reverse=True))


def meeting_reminders(workspace: Workspace, meeting_id: UUID) -> RemindersRow:
    """Return the reminders of a meeting, the earliest first, and whom they go to.

    Raises:
        NotFound: no such meeting.
    """
    invited = expected(invitations(workspace, meeting_id))
    row = meeting(workspace, meeting_id)
    reminder = schema.reminder
    query = select(reminder).where(reminder.c.meeting_id == meeting_id)
    mail = schema.outgoing_mail.c
    handed = select(mail.due_at, mail.sender).where(
        mail.meeting_id == meeting_id, mail.state == MailState.HANDED
    )
    with workspace.read() as session:
        found = session.execute(
            query.order_by(reminder.c.minutes_before.desc(), reminder.c.id)
        ).all()
        servers = {each.due_at: each.sender for each in session.execute(handed)}
    rows = _rows(workspace, row, found)
    return RemindersRow(
        meeting_id=meeting_id,
        reminders=tuple(replace(each, server=servers.get(each.due_at, "")) for each in rows),
        usual=usual_reminders(workspace),
        recipients=sum(bool(each.email) for each in invited),
        can_send=mail_accounts.account(workspace.data) is not None,
        readiness=readiness(invited),
    )


def due_reminders(workspace: Workspace) -> list[DueReminder]:
    """Return the reminders that go out now, at most one of each meeting."""
    reminder, planned = schema.reminder, schema.meeting.c
    query = (
        select(reminder, planned.title, planned.starts_at, planned.state, planned.id.label("of"))
        .join_from(reminder, schema.meeting)
        .where(planned.state == MeetingState.PLANNED, planned.starts_at > workspace.now())
        .order_by(planned.starts_at, planned.id, reminder.c.minutes_before.desc(), reminder.c.id)
    )
    meetings: dict[UUID, list[Any]] = {}
    with workspace.read() as session:
        for row in session.execute(query):
            meetings.setdefault(row.of, []).append(row)
    due = []
    for found in meetings.values():
        for row, shown in zip(found, _rows(workspace, found[0], found), strict=True):
            if shown.state in _OUT:
                late = shown.state is ReminderState.LATE
                due.append(DueReminder(row.id, row.meeting_id, row.title, shown.due_at, late))
                break
    return due


def expected(invited: Sequence[InvitationRow]) -> list[InvitationRow]:
    """Return those who may come: not taken back, not declined."""
    return [
        row for row in invited if not row.revoked and row.answer is not InvitationAnswer.DECLINED
    ]


def readiness(invited: Sequence[InvitationRow]) -> Readiness:
    """Return how far people are prepared who may come."""
    return Readiness(
        expected=len(invited),
        checked=sum(row.checked_at is not None for row in invited),
        unanswered=tuple(_named(row) for row in invited if row.answer is InvitationAnswer.NONE),
        unchecked=tuple(_named(row) for row in invited if row.checked_at is None),
        troubled=tuple(
            TroubledCheck(_named(row), row.check, row.check_problems)
            for row in invited
            if row.checked_at is not None and row.check != _GOOD
        ),
    )


def _named(row: InvitationRow) -> str:
    return row.name or row.email


def _rows(workspace: Workspace, planned: Any, found: Sequence[Any]) -> tuple[ReminderRow, ...]:
    states = reminder_states(
        planned.starts_at,
        [(row.minutes_before, row.sent_at) for row in found],
        workspace.now(),
        ahead=planned.state is MeetingState.PLANNED,
    )
    return tuple(
        ReminderRow(
            id=row.id,
            version=row.version,
            meeting_id=row.meeting_id,
            minutes_before=row.minutes_before,
            due_at=each.due_at,
            sent_at=row.sent_at,
            state=each.state,
        )
        for row, each in zip(found, states, strict=True)
    )
