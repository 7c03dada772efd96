"""Commands on the notice of meetings: check, and note what was sent by other means."""

from __future__ import annotations

import argparse
from datetime import date

from projectdesk.commandline.data import opened, today
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.rules.notice import ItemStanding, NoticeLight, NoticeRule
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.notice_rows import NoticeRow

NOT_KEPT = 1
_NAMES = {
    NoticeRule.INVITATION: "Invitations sent by",
    NoticeRule.AGENDA: "Agenda sent by",
    NoticeRule.ITEMS: "Items added by",
}


def check_notice(options: argparse.Namespace) -> int:
    """`projectdesk check --meeting ID`: exit 1 when a rule is not kept."""
    with opened(options) as workspace:
        row = queries.meeting_notice(workspace, meeting_id(workspace, options.meeting))
    if options.json:
        print_json(row)
    else:
        _print(row)
    return NOT_KEPT if row.light is NoticeLight.RED else 0


def note_sent(options: argparse.Namespace) -> int:
    """`projectdesk note-sent WHAT --meeting ID [--on DATE]`."""
    try:
        on = today() if options.on is None else date.fromisoformat(options.on)
    except ValueError as error:
        raise DomainError(
            "bad_day", "“{text}” is no day: expected YYYY-MM-DD.", text=options.on
        ) from error
    with opened(options) as workspace:
        meeting = queries.meeting(workspace, meeting_id(workspace, options.meeting))
        rule = NoticeRule(options.what)
        commands.note_sent(workspace, meeting.id, meeting.version, rule, on)
        row = queries.meeting_notice(workspace, meeting.id)
    if options.json:
        print_json(row)
    else:
        _print(row)
    return 0


def _print(row: NoticeRow) -> None:
    print(f"{row.meeting}, {row.on}: {row.words}")
    if row.deadlines:
        print_table(
            (
                (_NAMES[each.rule], each.due_on, each.done_on, each.state, each.days_late or "")
                for each in row.deadlines
            ),
            ("Rule", "Last day", "Done", "State", "Days late"),
        )
    for item in row.added:
        kind = "decision item" if item.decision else "item"
        late = "too late" if item.standing is ItemStanding.TOO_LATE else "in time"
        print(f"Added after the agenda was sent, {late}: {kind} “{item.title}”, {item.added_on}")
    for words in row.effect_words:
        print(f"What follows: {words}")
    for words in row.step_words:
        print(f"What to do: {words}")
