"""`projectdesk meeting report`: what a meeting leaves, in one page."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any, Final

from projectdesk.commandline.data import opened
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.commandline.result_words import Tells, results_in
from projectdesk.domain.rules.after_call import Check, Finding
from projectdesk.services import queries
from projectdesk.services.after_rows import AfterCall
from projectdesk.services.unfinished_rows import BACKLOG

_FINDINGS: Final = {
    Check.ATTENDANCE: "Attendance is not confirmed",
    Check.DECISION_TEXT: "Decisions without text",
    Check.UNDECIDED: "For decision, and nothing decided",
    Check.ACTION_OWNER: "Actions that nobody does",
    Check.ACTION_DATE: "Actions without a date",
    Check.LEFT_OVER: "Not treated, and waiting nowhere",
    Check.DRAFT_LATE: "The draft of the minutes is late",
}


def report(options: argparse.Namespace) -> int:
    """`projectdesk meeting report MEETING`."""
    with opened(options) as workspace:
        found = queries.after_call(workspace, meeting_id(workspace, options.meeting))
        tell = results_in(workspace, options)
    if options.json:
        print_json(_plain(found))
        return 0
    _print(found, tell)
    return 0


def _plain(found: AfterCall) -> dict[str, Any]:
    """Return the report as a document; of the minutes' life what is about the draft."""
    document: dict[str, Any] = {
        field.name: getattr(found, field.name)
        for field in dataclasses.fields(found)
        if field.name != "life"
    }
    life = found.life
    return document | {
        "planned_minutes": found.planned_minutes,
        "actual_minutes": found.actual_minutes,
        "minutes": {
            "standing": life.standing,
            "draft_due": life.draft_due,
            "days_late": life.days_late,
            "until": life.until,
        },
    }


def _print(found: AfterCall, tell: Tells) -> None:
    row = found.meeting
    print(f"{row.title}, {row.local_start:%Y-%m-%d %H:%M} {row.zone}")
    print(
        f"{found.people} people, {found.partners} of {found.all_partners} "
        f"{'members' if found.of_members else 'partners'}; "
        f"{round(found.actual_minutes)} of {found.planned_minutes} planned minutes"
    )
    for finding in found.findings:
        print(f"! {_words(finding)}")
    _section("Decided", [(each.label, each.text, tell(each)) for each in found.decisions])
    _section("Votes", [(each.label, each.question, tell(each)) for each in found.votes])
    _section(
        "To do",
        [
            (each.label, each.text, each.owner or "nobody", each.due_on or "no date")
            for each in found.actions
        ],
    )
    _section(
        "Time",
        [
            (each.label, each.title, each.planned_minutes, round(each.actual_minutes))
            for each in found.items
        ],
    )
    _section(
        "Spoke",
        [
            (each.partner or "others", f"{each.share:.0%}", f"{each.seconds / 60:.0f} min")
            for each in found.spoken
        ],
    )
    _section(
        "Not treated",
        [
            (each.label, each.title, each.why or "no time", _waits(each.waits))
            for each in found.left_over
        ],
    )
    _section(
        "Open questions", [(each.number, each.text, each.asked_by) for each in found.questions]
    )
    unread = [(each.line, each.problem.words, each.problem.code) for each in found.problems]
    _section("Lines not understood", list(unread))


def _waits(waits: str) -> str:
    return "in the backlog" if waits == BACKLOG else waits


def _words(finding: Finding) -> str:
    about = f": {', '.join(finding.about)}" if finding.about else ""
    return f"{_FINDINGS[finding.check]}{about}"


def _section(title: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        print(f"\n{title}")
        print_table(rows, [""] * len(rows[0]))
