"""Date polls that decide themselves, once what their hosts got in time is collected.

So are the answers that came in time by mail (`inbox_heard`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from projectdesk.domain.preparation import DatePoll, PollRule, PollState
from projectdesk.domain.rules.date_polls import closes_itself
from projectdesk.errors import ProjectDeskError
from projectdesk.services.commands.date_polls import decide_in
from projectdesk.services.inbox_heard import is_read_past
from projectdesk.services.labels import name_of
from projectdesk.services.poll_mail import author_of, queue_outcome, was_mailed
from projectdesk.services.poll_rows import DatePollDetail
from projectdesk.services.queries.date_polls import date_poll, detail_of
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DecidedPoll:
    """A poll that decided itself: for when, and the meeting that it became or moved."""

    poll_id: UUID
    title: str
    starts_at: datetime
    meeting_id: UUID


def settle_polls(workspace: Workspace) -> list[DecidedPoll]:
    """Decide the open polls whose rule says so by now; the others stay as they are.

    Where voters were asked by mail, they are told by mail. To be called after collecting, and at
    times: a deadline passes without any event. A poll that cannot become a meeting stays open; why
    is logged, and said to who closes it by hand.
    """
    now = workspace.now()
    with workspace.read() as session:
        due = [
            each
            for each in session.scalars(_candidates())
            if _is_due(session, detail_of(session, each, now), now)
        ]
    decided = []
    for poll_id in due:
        try:
            decided += _decide(workspace, poll_id)
        except ProjectDeskError as error:
            log.warning("date poll %s does not close itself: %s", poll_id, error.code)
    return decided


def _candidates() -> Select[Any]:
    poll = schema.date_poll.c
    return select(poll.id).where(poll.state == PollState.OPEN, poll.rule != PollRule.BY_HAND)


def _is_due(session: Session, found: DatePollDetail, now: datetime) -> bool:
    """Return whether a poll is decided now; where all have answered, before its deadline."""
    deadline = found.poll.deadline
    return closes_itself(found.poll.rule, found.poll.verdict) and (
        deadline is None
        or now <= deadline
        or is_read_past(session, deadline, now, [voter.id for voter in found.voters])
    )


def _decide(workspace: Workspace, poll_id: UUID) -> list[DecidedPoll]:
    author = None
    if was_mailed(workspace, poll_id):
        author = author_of(workspace, date_poll(workspace, poll_id).poll.project_id)
    with workspace.change("Decide a date poll", in_turn=True) as unit:
        poll = unit.get(DatePoll, poll_id)
        found = detail_of(unit.session, poll_id, unit.now)
        if poll.state is not PollState.OPEN or not _is_due(unit.session, found, unit.now):
            return []  # another desktop was faster, or somebody changed their answer
        (option,) = found.best
        meeting = decide_in(unit, poll, option.id)
        if author is not None:
            queue_outcome(unit, poll_id, author)
        unit.label = f"{name_of(unit.session, poll)} decided itself"
    return [DecidedPoll(poll_id, found.poll.title, option.starts_at, meeting)]
