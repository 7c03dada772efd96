"""`projectdesk series`: plan, show, extend, change, cancel, and send a series of meetings."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.commandline.clock_notes import tell_clocks
from projectdesk.commandline.data import opened
from projectdesk.commandline.inviting import public_url
from projectdesk.commandline.meetings import check_durable
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.rules import series as rules
from projectdesk.domain.rules.series import Repeat
from projectdesk.errors import DomainError
from projectdesk.services import hosting, queries
from projectdesk.services.commands import series as commands
from projectdesk.services.commands.inviting import Request, write_files
from projectdesk.services.commands.inviting_series import compose_series, send_series
from projectdesk.services.commands.series import Scope, SeriesChange
from projectdesk.services.inviting.sender import check_can_send, sender_of
from projectdesk.services.queries.series import DateNote, preview_series, series_of, series_row

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

_DAYS = {name: number for number, name in enumerate(("mo", "tu", "we", "th", "fr", "sa", "su"))}


def create(options: argparse.Namespace) -> int:
    """`projectdesk series create --project ACRONYM --type TYPE --start LOCAL --zone ZONE ...`."""
    start = _local(options.start)
    try:
        kind = MeetingType(options.type)
    except ValueError as error:
        raise DomainError(
            "bad_meeting", "Expected a type: {types}.", types=", ".join(MeetingType)
        ) from error
    if options.count is not None and options.count < 2:
        raise DomainError("bad_series", f"A series has 2 to {rules.MOST} dates.", field="times")
    repeat = _repeat(options, start)
    without = [_day(each) for each in options.without]
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project)
        if options.dry_run:
            notes = preview_series(workspace, project.id, start, options.zone, repeat)
            tell_clocks((each.local_start for each in notes), options.zone)
            _print_preview(notes, repeat, without, options)
            return 0
        tell_clocks(rules.dates(repeat, start), options.zone)
        made, _ = commands.plan_series(
            workspace,
            project.id,
            kind,
            start,
            options.zone,
            repeat,
            title=options.title,
            duration_minutes=options.minutes,
            without=without,
        )
        return _show(workspace, made, options)


def show(options: argparse.Namespace) -> int:
    """`projectdesk series show MEETING`."""
    with opened(options) as workspace:
        return _show(workspace, _series(workspace, options), options)


def extend(options: argparse.Namespace) -> int:
    """`projectdesk series extend MEETING --by N`."""
    with opened(options) as workspace:
        row = series_row(workspace, _series(workspace, options))
        commands.extend_series(workspace, row.id, row.version, options.by)
        return _show(workspace, row.id, options)


def change(options: argparse.Namespace) -> int:
    """`projectdesk series change MEETING [--following] [--start LOCAL] [--minutes N] ...`."""
    wanted = SeriesChange(
        local_start=_local(options.start) if options.start else None,
        title=options.title,
        duration_minutes=options.minutes,
        place=options.place,
    )
    with opened(options) as workspace:
        done, _ = commands.change_series(
            workspace, meeting_id(workspace, options.meeting), _scope(options), wanted
        )
        if wanted.local_start is not None:
            tell_clocks([wanted.local_start], series_row(workspace, done.series_id).zone)
        for each in done.kept:
            if not options.json:
                print(f"Keeps its own time: {each}")
        return _show(workspace, done.series_id, options)


def cancel(options: argparse.Namespace) -> int:
    """`projectdesk series cancel MEETING [--following]`."""
    with opened(options) as workspace:
        commands.cancel_series(workspace, meeting_id(workspace, options.meeting), _scope(options))
        return _show(workspace, _series(workspace, options), options)


def invite(options: argparse.Namespace) -> int:
    """`projectdesk series invite MEETING [--dry-run] [--out DIR]`."""
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        row = series_row(workspace, _series(workspace, options))
        if not options.dry_run:
            check_durable(workspace)
        sender = sender_of(workspace, meeting, options.sender)
        links: dict[UUID, str] = {}
        for each in row.meetings:
            base = public_url(workspace, each, options.public_url)
            made = hosting.personal_links(workspace, each.id, base)
            links |= {link.invitation_id: link.url for link in made}
        request = Request(sender, links, note=options.note)
        if options.dry_run:
            composed = compose_series(workspace, row.id, request)
            paths = write_files(composed, options.out) if options.out else []
        else:
            if options.out is None:
                check_can_send(workspace)
            composed, paths, _ = send_series(
                workspace, row.id, request, anyway=options.anyway, folder=options.out
            )
    rows = [
        {
            "name": each.line.name,
            "email": each.line.email,
            "action": each.line.telling,
            "subject": each.subject,
            "method": each.method,
        }
        for each in composed
    ]
    if options.json:
        print_json({"series": row.id, "dry_run": options.dry_run, "mails": rows, "files": paths})
    else:
        print_table(
            ((each["name"], each["email"], each["action"]) for each in rows),
            ("Name", "Mail", "Gets"),
        )
        if paths and not options.dry_run:
            print("Send these with your mail program: who they are for counts as told from now on.")
        for path in paths:
            print(path)
    return 0


def _when(local_start: datetime) -> str:
    return f"{local_start:%a %Y-%m-%d %H:%M}"


def _series(workspace: Workspace, options: argparse.Namespace) -> UUID:
    found = series_of(workspace, meeting_id(workspace, options.meeting))
    if found is None:
        raise DomainError("not_in_series", "This meeting is in no series.")
    return found


def _scope(options: argparse.Namespace) -> Scope:
    return Scope.FOLLOWING if options.following else Scope.ALL


def _show(workspace: Workspace, series_id: UUID, options: argparse.Namespace) -> int:
    row = series_row(workspace, series_id)
    if options.json:
        print_json(row)
    else:
        print(f"{row.title}: {row.words} [{row.id}]")
        print_table(
            (
                (_when(each.local_start), each.zone, each.title, each.state, each.id)
                for each in row.meetings
            ),
            ("Date", "Zone", "Title", "State", "Meeting"),
        )
    return 0


def _print_preview(
    notes: Sequence[DateNote], repeat: Repeat, without: Sequence[date], options: argparse.Namespace
) -> None:
    """Print the dates that would be planned; where clocks go otherwise than at the first one."""
    left_out = {each.local_start.date() for each in notes} & set(without)
    words = rules.in_words(repeat, left_out)
    notes = [each for each in notes if each.local_start.date() not in left_out]
    if options.json:
        print_json({"words": words, "rule": rules.rule_text(repeat), "dates": notes})
        return
    print(words)
    print_table(
        (
            (
                _when(each.clock_start),
                "; ".join(each.holidays),
                "; ".join(each.clocks) or ("all others are compared with this" * (not number)),
            )
            for number, each in enumerate(notes)
        ),
        ("Date", "Holidays", "Clocks elsewhere, if not as at the first date"),
    )


def _repeat(options: argparse.Namespace, start: datetime) -> Repeat:
    """Return the rule that the options name; the first date says what they leave open."""
    if options.monthly:
        nth = options.nth if options.nth is not None else rules.nth_of(start.date())
        repeat = Repeat(options.every, (start.weekday(),), nth, options.count or 2)
    else:
        try:
            days = tuple(_DAYS[day.strip().lower()[:2]] for day in options.days.split(",") if day)
        except KeyError as error:
            raise DomainError(
                "bad_series", "Days are mo, tu, we, th, fr, sa, su.", field="weekdays"
            ) from error
        repeat = Repeat(options.every, days or (start.weekday(),), None, options.count or 2)
    if options.until:
        times = rules.times_until(rules.checked(repeat, start.date()), start, _day(options.until))
        repeat = Repeat(repeat.interval, repeat.weekdays, repeat.nth, times)
    return rules.checked(repeat, start.date())


def _local(text: str) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        raise DomainError(
            "bad_meeting", "Expected a local time such as 2026-03-02T10:00."
        ) from error
    if start.tzinfo is not None:
        raise DomainError("bad_meeting", "Give the local time without an offset.")
    return start


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DomainError("bad_day", "Expected a day such as 2026-03-02.") from error
