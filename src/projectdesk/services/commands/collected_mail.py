"""Write down what became of mail that a server sent for this data (adr/0103)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Row, select, update

from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.minutes import Action
from projectdesk.domain.preparation import DateVoter, Reminder
from projectdesk.domain.rules.reminding import ReminderState, reminder_states
from projectdesk.domain.voting import VoteSeat
from projectdesk.services.action_keys import REMINDER_PURPOSE as ACTION_PURPOSE
from projectdesk.services.outbox import MailState, touch
from projectdesk.services.poll_keys import REMINDER_PURPOSE
from projectdesk.services.procedure_keys import BALLOT_REMINDER_PURPOSE
from projectdesk.services.session import Unit
from projectdesk.signalling.journal import MailSettled
from projectdesk.store import schema

_STATES: Final = {
    "sent": MailState.SENT,
    "refused": MailState.REFUSED,
    "uncertain": MailState.UNCERTAIN,
    "cancelled": MailState.CANCELLED,
}
_OPEN: Final = (MailState.HANDED.value, MailState.QUEUED.value, MailState.CANCELLED.value)
"""A mail that waits here, or was taken back, after this data was put back from a backup."""
_Asked = DateVoter | VoteSeat | Action
_ASKED: Final[Mapping[str, type[_Asked]]] = {
    ACTION_PURPOSE: Action,
    REMINDER_PURPOSE: DateVoter,
    BALLOT_REMINDER_PURPOSE: VoteSeat,
}
_mail = schema.outgoing_mail


def mail_settled(unit: Unit, at: datetime, fact: MailSettled) -> bool:
    """Take what a server says of a mail; False: there is none of that id.

    `returned`: the server has it no more, so that the next round hands it over again, or this
    computer sends it.
    """
    try:
        identity = UUID(fact.mail)
    except ValueError:
        return False
    row = unit.session.execute(select(_mail).where(_mail.c.id == identity)).first()
    if row is None:
        return False
    state = _STATES.get(fact.outcome)
    values: dict[str, object] = {"reply": fact.words}
    if state is None:
        where, values = [MailState.HANDED.value], values | {"tried_at": None}
    elif state is MailState.CANCELLED:
        where, values = [MailState.HANDED.value], values | {"state": state.value}
    else:
        where = list(_OPEN)
        sent_at = at if state is MailState.SENT else None
        values |= {"state": state.value, "sent_at": sent_at, "tried_at": at, "retry_at": None}
        if row.message_id != fact.message_id:
            values["reply"] = f"Another version of this mail went out. {fact.words}".strip()
    unit.session.execute(
        update(_mail).where(_mail.c.id == identity, _mail.c.state.in_(where)).values(**values)
    )
    touch(unit, row.project_id, row.meeting_id, row.person_id)
    if state is MailState.SENT:
        _note(unit, row, at)
    return True


def _note(unit: Unit, mail: Row[tuple[object, ...]], at: datetime) -> None:
    """Note with what a mail reminded of that somebody was reminded."""
    kind = _ASKED.get(mail.purpose)
    if kind is None:
        _note_reminder(unit, mail, at)
        return
    asked = cast("_Asked | None", unit.session.get(kind, mail.record_id))
    if asked is not None and (asked.reminded_at is None or asked.reminded_at < at):
        asked.reminded_at = at


def _note_reminder(unit: Unit, mail: Row[tuple[object, ...]], at: datetime) -> None:
    """Note that a reminder went out that no desktop looks after any more.

    The one that is due now is noted by the desktop, which sends it to who is missing.
    """
    meeting = schema.meeting.c
    found = unit.session.execute(
        select(meeting.starts_at, meeting.state).where(meeting.id == mail.meeting_id)
    ).first()
    if found is None:
        return
    reminders = list(
        unit.session.scalars(
            select(Reminder).where(schema.reminder.c.meeting_id == mail.meeting_id)
        )
    )
    states = reminder_states(
        found.starts_at,
        [(each.minutes_before, each.sent_at) for each in reminders],
        unit.now,
        ahead=found.state is MeetingState.PLANNED,
    )
    for reminder, shown in zip(reminders, states, strict=True):
        if shown.due_at == mail.due_at and shown.state is ReminderState.PASSED:
            reminder.sent_at = at
