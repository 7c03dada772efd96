"""`projectdesk meeting held`: when a meeting was held that had no call."""

from __future__ import annotations

import argparse
from datetime import datetime, time

from projectdesk.commandline.data import opened
from projectdesk.commandline.minutes_words import moment
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json
from projectdesk.domain.rules import held_times
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.rows import MeetingRow


def held(options: argparse.Namespace) -> int:
    """`projectdesk meeting held MEETING [--from TIME --until TIME | --forget]`."""
    said = _said(options.begin, options.end)
    if options.forget and said is not None:
        raise DomainError("bad_held", "Give --from and --until, or --forget.")
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        if said is not None:
            commands.say_when_held(workspace, meeting, *said)
        elif options.forget:
            commands.forget_when_held(workspace, meeting)
        row = queries.meeting(workspace, meeting)
    if options.json:
        print_json(
            {
                "meeting_id": row.id,
                "state": row.state,
                "zone": row.zone,
                "began_at": held_times.began(row),
                "ended_at": held_times.ended(row),
                "by_hand": held_times.is_by_hand(row),
            }
        )
    else:
        print(_sentence(row))
    return 0


def _said(begin: str | None, end: str | None) -> tuple[datetime, datetime] | None:
    """Return the local times that were typed, None for none."""
    if begin is None and end is None:
        return None
    try:
        if begin is None or end is None:
            raise ValueError(begin)
        start = datetime.fromisoformat(begin)
        if "T" in end or " " in end:
            until = datetime.fromisoformat(end)
        else:
            until = datetime.combine(start.date(), time.fromisoformat(end))
    except ValueError as error:
        raise DomainError(
            "bad_held",
            "Expected --from 2026-03-02T10:05 and --until 11:40, or --until 2026-03-02T11:40.",
        ) from error
    return start, until


def _sentence(row: MeetingRow) -> str:
    start, end = held_times.began(row), held_times.ended(row)
    if start is None or end is None:
        return f"{row.title}: nobody knows yet when it was held."
    how = "said by hand" if held_times.is_by_hand(row) else "as its call measured it"
    return f"{row.title}: {moment(start, row.zone)} to {moment(end, row.zone)} {row.zone}, {how}."
