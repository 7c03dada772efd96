"""`projectdesk remind`: choose when people are reminded of a meeting, and send what is due."""

from __future__ import annotations

import argparse
import re
from typing import Final
from uuid import UUID

from projectdesk.commandline.data import opened
from projectdesk.commandline.meetings import check_durable
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.errors import DomainError
from projectdesk.host.settings import checked_public_url
from projectdesk.services import commands, hosting, queries
from projectdesk.services.commands.reminders import Reminded
from projectdesk.services.workspace import Workspace

_UNITS: Final = {"m": 1, "h": 60, "d": 24 * 60}
_TIME: Final = re.compile(r"(-?\d{1,4})([mhd])")


def remind(options: argparse.Namespace) -> int:
    """`projectdesk remind [MEETING] [--before 7d 1d 1h] [--due [--public-url URL]]`."""
    if options.due:
        return _due(options)
    if options.meeting is None:
        raise DomainError("meeting_needed", "Say which meeting, or --due for all that are due.")
    before = [minutes_before(text) for text in options.before]
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        if options.usual:
            before += queries.usual_reminders(workspace)
        if before:
            commands.add_reminders(workspace, meeting, before)
        shown = queries.meeting_reminders(workspace, meeting)
    if options.json:
        print_json(shown)
        return 0
    print_table(
        ((row.minutes_before, row.due_at, row.state, row.sent_at) for row in shown.reminders),
        ("Minutes before", "Due", "State", "Sent"),
    )
    ready = shown.readiness
    print(
        f"To {shown.recipients} people; {ready.checked} of {ready.expected} have checked their "
        f"connection, {len(ready.troubled)} with problems."
    )
    if not shown.can_send:
        print("No mail account is set up: nothing goes out.")
    return 0


def minutes_before(text: str) -> int:
    """Return minutes of a time such as "7d", "1h", "15m"; whether they make sense is not asked.

    Raises:
        DomainError: `bad_reminder`.
    """
    found = _TIME.fullmatch(text.strip().lower())
    if found is None:
        raise DomainError(
            "bad_reminder", "“{text}” is no time: expected such as 7d, 1h or 15m.", text=text
        )
    return int(found[1]) * _UNITS[found[2]]


def _due(options: argparse.Namespace) -> int:
    base = checked_public_url(options.public_url) if options.public_url else ""
    made: list[Reminded] = []
    with opened(options) as workspace:
        if base:
            check_durable(workspace)
        dropped = commands.drop_stale_reminders(workspace)
        for due in queries.due_reminders(workspace):
            links = _links(workspace, due.meeting_id, base)
            reminded, _ = commands.send_reminder(workspace, due.reminder_id, links)
            if reminded is not None:
                made.append(reminded)
    if options.json:
        print_json({"reminded": made, "taken_back": dropped})
    else:
        mails = sum(each.mails for each in made)
        print(f"{mails} reminders of {len(made)} meetings are in the outbox.")
    return 0


def _links(workspace: Workspace, meeting: UUID, base: str) -> dict[UUID, str]:
    if not base:
        return {}
    return {
        link.invitation_id: link.url for link in hosting.personal_links(workspace, meeting, base)
    }
