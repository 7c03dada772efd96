"""The notice of a meeting: what its body requires by when, what is late, what follows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.rules.notice import Notice, NoticeLight, NoticeRule
from projectdesk.errors import NotFound
from projectdesk.services.notice_rows import (
    CANCELLED,
    EFFECTS,
    LIGHTS,
    STEPS,
    WITHOUT_BODY,
    NoticeRow,
)
from projectdesk.services.noticing import notice_columns, notice_of, planned_items
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def meeting_notice(workspace: Workspace, meeting_id: UUID) -> NoticeRow:
    """Return the notice of a meeting; its light is NONE where no rule holds.

    Raises:
        NotFound: no such meeting.
    """
    meeting, body = schema.meeting, schema.body
    query = (
        select(meeting, body.c.name.label("body_name"), *notice_columns())
        .join_from(meeting, body, body.c.id == meeting.c.body_id, isouter=True)
        .where(meeting.c.id == meeting_id)
    )
    with workspace.read() as session:
        row = session.execute(query).first()
        if row is None:
            raise NotFound("not_found", "This meeting does not exist any more.", noun="meeting")
        items = planned_items(session, [row]).get(meeting_id, ())
    found = notice_of(row, items, workspace.now())
    return _without_rules(row) if found is None else _notice_row(row, found)


def _without_rules(row: Any) -> NoticeRow:
    cancelled = row.state is MeetingState.CANCELLED
    return NoticeRow(
        meeting_id=row.id,
        meeting=row.title,
        on=row.local_start.date(),
        zone=row.zone,
        body_id=row.body_id,
        body=row.body_name or "",
        extraordinary=row.extraordinary,
        light=NoticeLight.NONE,
        words=CANCELLED if cancelled else WITHOUT_BODY,
    )


def _notice_row(row: Any, found: Notice) -> NoticeRow:
    facts = {
        "days": row.minutes_accept_days,
        "invite_by": found.deadline(NoticeRule.INVITATION).due_on,
        "agenda_by": found.deadline(NoticeRule.AGENDA).due_on,
        "earliest": found.earliest_on,
    }
    return replace(
        _without_rules(row),
        light=found.light,
        words=LIGHTS[found.light],
        deadlines=found.deadlines,
        added=found.added,
        effects=found.effects,
        steps=found.steps,
        earliest_on=found.earliest_on,
        veto_days=row.minutes_accept_days,
        effect_words=tuple(EFFECTS[each].format(**facts) for each in found.effects),
        step_words=tuple(STEPS[each].format(**facts) for each in found.steps),
    )
