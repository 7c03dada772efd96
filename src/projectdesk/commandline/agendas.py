"""Commands on agendas: meeting create, agenda, template, import agenda."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from projectdesk.commandline.after_call import report as report
from projectdesk.commandline.clock_notes import tell_clocks
from projectdesk.commandline.data import opened
from projectdesk.commandline.held_times import held as held
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.rules.agenda_tables import with_actions
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.agenda_rows import AgendaItemRow, AgendaPlan, TemplateRow
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace

_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


def create(options: argparse.Namespace) -> int:
    """`projectdesk meeting create --template NAME --project ACRONYM --start LOCAL`."""
    start = _local(options.start)
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project)
        zone, whose = (options.zone, "") if options.zone else _usual_zone(workspace, project.id)
        body = _body(workspace, project.id, options.body)
        package = _package(workspace, project.id, options.work_package)
        tell_clocks([start], zone)
        shown = queries.filled_template(
            workspace, project.id, options.template, start, zone, package
        )
        if options.dry_run:
            _say_zone(zone, whose)
            beside = {"title": shown.title, "type": shown.type, "zone": zone}
            _print_agenda(shown.plan, options, beside)
            return 0
        made, _ = commands.plan_meeting(
            workspace,
            project.id,
            shown.type,
            start,
            zone,
            title=options.title,
            duration_minutes=options.minutes,
            externals=options.externals,
            template=options.template,
            work_package_id=package,
            body_id=body,
            place=options.place,
            extraordinary=options.extraordinary,
        )
        meeting = queries.meeting(workspace, made)
        agenda = queries.agenda_plan(workspace, made)
    _say_zone(zone, whose)
    if not options.json:
        print(f"{meeting.title}, {meeting.local_start:%Y-%m-%d %H:%M} {meeting.zone} [{made}]")
    _print_agenda(agenda, options, {"meeting": meeting})
    return 0


def show(options: argparse.Namespace) -> int:
    """`projectdesk agenda show --meeting ID`."""
    with opened(options) as workspace:
        agenda = queries.agenda_plan(workspace, meeting_id(workspace, options.meeting))
    _print_agenda(agenda, options, {})
    return 0


def import_agenda(options: argparse.Namespace) -> int:
    """`projectdesk import agenda FILE --meeting ID [--replace] [--dry-run]`."""
    if len(options.files) != 2 or not options.meeting:
        raise DomainError(
            "agenda_needs_meeting", "Say projectdesk import agenda FILE.md --meeting ID."
        )
    file = options.files[1]
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotFound("no_file", "{file} cannot be read.", file=file.name) from error
    except UnicodeDecodeError as error:
        raise DomainError(
            "not_text", "{file} is no UTF-8 text: paste the agenda into one.", file=file.name
        ) from error
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        if options.dry_run:
            read = queries.read_agenda_text(workspace, meeting, text, file.name)
        else:
            read, _ = commands.import_agenda(
                workspace, meeting, text, file.name, replace=options.replace
            )
    _print_agenda(read.plan, options, {"title": read.title, "findings": read.findings})
    if not options.json:
        for finding in read.findings:
            print(f"{file.name}, line {finding.row}: {finding.text}")
    return 0


def carry_over(options: argparse.Namespace) -> int:
    """`projectdesk agenda carry-over --meeting ID [--take]`."""
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        found = queries.carry_over(workspace, meeting)
        if options.take:
            commands.carry_over(workspace, meeting, options.item)
    if options.json:
        print_json({"last": found.last, "offers": found.offers, "unknown": found.unknown})
        return 0
    print(f"From {found.last.title}:" if found.last else "No such meeting was held before.")
    print_table(
        ((o.key, o.reason, o.draft.title, "yes" if o.taken else "") for o in found.offers),
        ("Key", "Why", "Item", "Here already"),
    )
    return 0


def move(options: argparse.Namespace) -> int:
    """`projectdesk agenda move ITEM --to N`."""
    with opened(options) as workspace:
        changes = commands.move_agenda_item(
            workspace,
            _id(options.item),
            options.to - 1,
            day=options.day,
            section=options.section,
        )
    return _done(options, changes.label)


def to_backlog(options: argparse.Namespace) -> int:
    """`projectdesk agenda to-backlog ITEM...`."""
    with opened(options) as workspace:
        ids = [_id(each) for each in options.items]
        changes = commands.to_backlog(workspace, ids, reason=options.reason)
    return _done(options, changes.label)


def from_backlog(options: argparse.Namespace) -> int:
    """`projectdesk agenda from-backlog ITEM... --meeting ID`."""
    with opened(options) as workspace:
        changes = commands.to_agenda(
            workspace,
            [_id(each) for each in options.items],
            meeting_id(workspace, options.meeting),
            day=options.day,
            section=options.section,
        )
    return _done(options, changes.label)


def days(options: argparse.Namespace) -> int:
    """`projectdesk agenda days --meeting ID 09:00-17:00 09:00-13:00`."""
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        changes = commands.set_days(workspace, meeting, [_hours(each) for each in options.hours])
    return _done(options, changes.label)


def send(options: argparse.Namespace) -> int:
    """`projectdesk agenda send --meeting ID [--out DIR] [--again] [--attach pdf docx md]`."""
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        if options.out is not None:
            written = commands.save_agenda_mails(
                workspace,
                meeting,
                options.out,
                note=options.note,
                mark=not options.dry_run,
                again=options.again,
                formats=options.attach,
            )
            told: dict[str, Any] = {"files": written}
            words = f"{len(written)} mails written to {options.out}."
        else:
            count, _ = commands.send_agenda(
                workspace,
                meeting,
                note=options.note,
                again=options.again,
                formats=options.attach,
            )
            told = {"queued": count}
            words = f"{count} mails are in the outbox."
    if options.json:
        print_json(told)
    else:
        print(words)
    return 0


def list_templates(options: argparse.Namespace) -> int:
    """`projectdesk template list`."""
    with opened(options) as workspace:
        project = options.project and queries.project_by_acronym(workspace, options.project).id
        rows = queries.agenda_templates(workspace, project or None)
    if options.json:
        print_json(rows)
    else:
        print_table(
            (
                (r.key, r.name, r.type, r.items, _ACTIONS[r.tabled], r.project or "all")
                for r in rows
            ),
            ("Key", "Name", "Type", "Items", "Open actions", "Project"),
        )
    return 0


def save_template(options: argparse.Namespace) -> int:
    """`projectdesk template save NAME --meeting ID`."""
    with opened(options) as workspace:
        project = options.project and queries.project_by_acronym(workspace, options.project).id
        made, changes = commands.save_as_template(
            workspace, meeting_id(workspace, options.meeting), options.name, project or None
        )
    return _done(options, changes.label, {"id": made})


def use_template(options: argparse.Namespace) -> int:
    """`projectdesk template use NAME --meeting ID`."""
    with opened(options) as workspace:
        changes = commands.use_template(
            workspace, meeting_id(workspace, options.meeting), options.name
        )
    return _done(options, changes.label)


def import_template(options: argparse.Namespace) -> int:
    """`projectdesk template import FILE`."""
    with opened(options) as workspace:
        project = options.project and queries.project_by_acronym(workspace, options.project).id
        made, changes = commands.import_template(workspace, options.file, project or None)
    return _done(options, changes.label, {"id": made})


def export_template(options: argparse.Namespace) -> int:
    """`projectdesk template export NAME --out FILE`."""
    with opened(options) as workspace:
        out = commands.export_template(workspace, options.name, options.out)
    return _done(options, str(out), {"file": out})


def rename_template(options: argparse.Namespace) -> int:
    """`projectdesk template rename NAME NEW`."""
    with opened(options) as workspace:
        row = _own(workspace, options.name)
        changes = commands.set_fields(
            workspace, Kind.OWN_TEMPLATE, _known(row.id), row.version, {"name": options.new}
        )
    return _done(options, changes.label)


def show_actions(options: argparse.Namespace) -> int:
    """`projectdesk template actions NAME --as table|list`."""
    with opened(options) as workspace:
        row = _own(workspace, options.name)
        content = with_actions(row.content, row.name, as_table=options.form == "table")
        changes = commands.set_fields(
            workspace, Kind.OWN_TEMPLATE, _known(row.id), row.version, {"content": content}
        )
    return _done(options, changes.label)


def delete_template(options: argparse.Namespace) -> int:
    """`projectdesk template delete NAME`."""
    with opened(options) as workspace:
        row = _own(workspace, options.name)
        changes = commands.delete(workspace, Kind.OWN_TEMPLATE, _known(row.id), row.version)
    return _done(options, changes.label)


_ACTIONS: Final = {True: "table", False: "list", None: ""}
"""How a template shows open actions."""


def _own(workspace: Workspace, name: str) -> TemplateRow:
    wanted = name.strip().lower()
    for row in queries.agenda_templates(workspace):
        if row.id is not None and wanted in {row.key, row.name.lower()}:
            return row
    raise NotFound("no_such_template", "There is no own template “{key}”.", key=name)


def _known(record_id: UUID | None) -> UUID:
    if record_id is None:
        raise DomainError("not_own", "Our templates stay as they are: save one of your own.")
    return record_id


def _done(options: argparse.Namespace, words: str, told: dict[str, Any] | None = None) -> int:
    if options.json:
        print_json({"done": words} | (told or {}))
    else:
        print(words)
    return 0


def _print_agenda(plan: AgendaPlan, options: argparse.Namespace, beside: dict[str, Any]) -> None:
    if options.json:
        print_json(beside | {"agenda": plan.items, "days": plan.days, "over": plan.over})
        return
    print_table(
        _lines(plan.items, plan.zone),
        ("Day", "Time", "No.", "Minutes", "Section", "Item", "Presenter"),
    )
    for day in plan.days:
        if day.beyond:
            print(f"Day {day.day} is after the end of the meeting.")
        elif day.over:
            print(f"Day {day.day} is {day.over} min too long.")


def _lines(items: Sequence[AgendaItemRow], zone: str) -> Iterable[Sequence[Any]]:
    info = ZoneInfo(zone)
    for row in items:
        starts = f"{row.starts_at.astimezone(info):%H:%M}" if row.starts_at else ""
        title = f"{row.track}: {row.title}" if row.track else row.title
        presenter = row.presenter or row.presenter_text
        yield row.day, starts, row.label, row.duration_minutes, row.section, title, presenter


def _local(text: str) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        raise DomainError(
            "bad_meeting", "“{text}” is no local time such as 2026-03-02T10:00.", text=text
        ) from error
    if start.tzinfo is not None:
        raise DomainError("bad_meeting", "Give the local time without an offset, and --zone.")
    return start


def _usual_zone(workspace: Workspace, project_id: UUID) -> tuple[str, str]:
    """Return in which zone a time is meant that says none, and whose it is."""
    me = queries.me(workspace)
    if me is not None and me.zone:
        return me.zone, "your own zone"
    if found := queries.coordinator_zone(workspace, project_id):
        return found, "the coordinator's zone"
    from projectdesk.desktop.presenters.reader import system_zone

    return system_zone(), "this computer's zone"


def _say_zone(zone: str, whose: str) -> None:
    """Say which zone was taken where none was given; beside the result, which may be JSON."""
    if whose:
        print(f"The start is in {zone}, {whose}; --zone says another.", file=sys.stderr)


def _body(workspace: Workspace, project_id: UUID, name: str | None) -> UUID | None:
    if not name:
        return None
    wanted = " ".join(name.split()).casefold()
    bodies = queries.bodies(workspace, project_id)
    for row in bodies:
        if row.name.casefold() == wanted:
            return row.id
    raise NotFound(
        "no_such_body",
        "There is no body “{name}” in this project; there are: {names}.",
        name=name,
        names=", ".join(row.name for row in bodies) or "none",
    )


def _package(workspace: Workspace, project_id: UUID, label: str | None) -> UUID | None:
    if not label:
        return None
    for row in queries.work_packages(workspace, project_id):
        if label.strip().upper().removeprefix("WP") == str(row.number):
            return row.id
    raise NotFound("no_such_number", "There is no work package {label}.", label=label)


def _hours(text: str) -> tuple[time, time]:
    found = _HOURS.fullmatch(text.strip())
    try:
        if found is not None:
            return time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    except ValueError:
        pass
    raise DomainError("bad_day", "“{text}” are no hours such as 09:00-17:30.", text=text)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise DomainError("not_an_id", "“{text}” is no id of an item.", text=text) from error
