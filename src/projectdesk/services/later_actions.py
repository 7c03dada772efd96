"""Reminders of actions that a server is to send: of one action whose link leads there (adr/0103).

The server knows what its owner told there until then, and sends nothing then. Several actions of a
day are one mail, of which it could not say that; like the digest they stay with this computer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Person
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.action_dates import reminder_days
from projectdesk.mail.action_letter import ActionOccasion
from projectdesk.services.action_composing import ActionMail, Composer
from projectdesk.services.action_desks import action_links
from projectdesk.services.action_keys import REMINDER_PURPOSE, action_host_key
from projectdesk.services.action_rows import ActionRow
from projectdesk.services.action_settings import FollowUpSettings, read_follow_up
from projectdesk.services.kept_settings import setting
from projectdesk.services.later_mail import (
    MARGIN,
    Wanted,
    chosen_server,
    may_hold_links,
    named,
    version_id,
)
from projectdesk.services.queries.actions import action_query, action_row
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.control import HostFacts
from projectdesk.store import schema

PURPOSE: Final = REMINDER_PURPOSE
_HOUR: Final = time(6, tzinfo=UTC)
"""When they go out on their day. Days of actions are counted in UTC (`action_dates`)."""
_ONE_DAY: Final = timedelta(days=1)
"""How late a mail says an action is, is true on its day only."""


def actions_ahead(workspace: Workspace) -> bool:
    """Tell whether there is any reminder that the chosen server may have to send."""
    server = chosen_server(workspace)
    if not server:
        return False
    soonest = workspace.now() + MARGIN
    found = _alone(workspace)
    hosts = _hosts(workspace, found)
    return any(hosts[row.project_id] == server and _moment(day) > soonest for row, day in found)


def wanted(workspace: Workspace, server: str, facts: HostFacts) -> list[Wanted]:
    """Return the reminders as they are to be at a server.

    Args:
        workspace: the open data.
        server: its address, as of `Meeting.host`.
        facts: what it says of itself.
    """
    if not may_hold_links(workspace, facts):
        return []
    soonest = workspace.now() + MARGIN
    found = [(row, day) for row, day in _alone(workspace) if _moment(day) > soonest]
    hosts = _hosts(workspace, found)
    here = [(row, day) for row, day in found if hosts[row.project_id] == server]
    urls = {
        link.action_id: link.url
        for project in {row.project_id for row, _ in here}
        for link in action_links(workspace, project, facts.public_url)
    }
    desk = Composer(workspace, urls)
    made = []
    with workspace.read() as session:
        for row, day in here:
            person = session.get(Person, row.owner_person_id)
            if person is not None and row.id in urls:
                mail = desk.compose(ActionOccasion.REMINDER, person, [row], _moment(day))
                if mail is not None:
                    made.append(_wanted(row, day, mail, desk.sender.address))
    return made


def true_ids(workspace: Workspace, records: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the ids of what is to be sent or was due, and which host may have it.

    Args:
        workspace: the open data.
        records: of the mails: actions.
    """
    ids = set(records)
    found = [(row, day) for row, day in _alone(workspace) if row.id in ids] if ids else []
    hosts = _hosts(workspace, found)
    return {_mail_id(row.id, day): hosts[row.project_id] for row, day in found}


# --- inside ---------------------------------------------------------------------------------------


def _alone(workspace: Workspace) -> list[tuple[ActionRow, date]]:
    """Return the open actions that are reminded of on a day, where no other is, and no digest."""
    with workspace.read() as session:
        settings = read_follow_up(session)
        rows = _followed(session, settings) if settings.projects else []
    of_day: dict[tuple[UUID, date], list[ActionRow]] = {}
    for row in rows:
        rules = settings.rules_of(row.project_id)
        if rules is None or row.due_on is None or row.owner_person_id is None:
            continue
        for day in reminder_days(row.due_on, rules):
            if day.weekday() != rules.weekday:
                of_day.setdefault((row.owner_person_id, day), []).append(row)
    return [
        (each[0], day)
        for (_, day), each in sorted(of_day.items())
        if len(each) == 1 and each[0].desk is not None and not each[0].revoked and each[0].email
    ]


def _followed(session: Session, settings: FollowUpSettings) -> list[ActionRow]:
    action = schema.action.c
    query = action_query().where(
        action.status == ActionStatus.OPEN, action.project_id.in_(settings.projects)
    )
    return [action_row(row) for row in session.execute(query)]


def _hosts(workspace: Workspace, found: Iterable[tuple[ActionRow, date]]) -> dict[UUID, str]:
    projects = {row.project_id for row, _ in found}
    return {each: setting(workspace, action_host_key(each)) for each in projects}


def _wanted(row: ActionRow, day: date, mail: ActionMail, author: str) -> Wanted:
    own, due_at = _mail_id(row.id, day), _moment(day)
    message_id = version_id(own, author, mail.recipient, mail.subject, mail.text)
    return Wanted(
        id=own,
        purpose=PURPOSE,
        project_id=row.project_id,
        meeting_id=None,
        person_id=mail.person_id,
        record_id=row.id,
        author=author,
        recipient=mail.recipient,
        due_at=due_at,
        not_after=due_at + _ONE_DAY,
        desk=row.desk,
        message_id=message_id,
        message=partial(named, mail.message, message_id),
    )


def _mail_id(action: UUID, day: date) -> UUID:
    """Return the id of the mail that reminds of an action on a day; always the same one."""
    return uuid5(action, f"reminder {day.isoformat()}")


def _moment(day: date) -> datetime:
    return datetime.combine(day, _HOUR)
