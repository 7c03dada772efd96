"""Commands on the mail of actions, and on all of them: give, remind, digest, follow-up, export."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from projectdesk.commandline.action_options import WEEKDAYS
from projectdesk.commandline.actions import as_csv, found_actions
from projectdesk.commandline.data import opened
from projectdesk.commandline.polls import check_reach
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.action_dates import FollowUp
from projectdesk.errors import DomainError
from projectdesk.exchange.calendar.todos import TodoEntry, TodoStatus, write_todos
from projectdesk.services import action_desks, action_mail, action_settings, queries
from projectdesk.services.action_rows import ActionLink, ActionRow
from projectdesk.services.commands import actions as commands
from projectdesk.services.mail_files import writing_into
from projectdesk.services.workspace import Workspace


def give(options: argparse.Namespace) -> int:
    """`projectdesk actions give [A12 ...] --project P --public-url URL [--out DIR]`."""
    from projectdesk.commandline.named_meetings import meeting_id

    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project).id
        meeting = None if options.meeting is None else meeting_id(workspace, options.meeting)
        ids = [
            queries.action_numbered(workspace, project, each).id
            for each in dict.fromkeys(options.labels)
        ] or [
            row.id
            for row in queries.actions(workspace, project, meeting)
            if row.status is ActionStatus.OPEN and row.owner_person_id is not None
        ]
        links = _links(workspace, [project], ids, options.public_url)
        if options.out is not None:
            check_reach({each.action_id: each.url for each in links}, options)
            mails = action_mail.compose_given(workspace, ids, links)
            return _written(action_mail.save_mails(mails, Path(options.out)), options)
        count, _ = action_mail.give_actions(
            workspace, ids, links, again=options.again, anyway=options.anyway
        )
    if options.json:
        print_json({"queued": count})
    else:
        print(f"{count} mails are in the outbox.")
    return 0


def remind(options: argparse.Namespace) -> int:
    """`projectdesk actions remind [--due] [--public-url URL] [--out DIR]`."""
    folder = None if options.out is None else Path(options.out)
    with opened(options) as workspace:
        due = action_mail.due_mail(workspace)
        told = {
            "digests": len(due.digests),
            "reminders": len(due.reminders),
            "escalations": len(due.escalations),
        }
        if options.due and due:
            links: list[ActionLink] = []
            if options.public_url:
                links = _links(workspace, due.projects, due.unlinked, options.public_url)
            sent, _ = action_mail.send_due(workspace, links, folder)
            told = {
                "digests": sent.digests,
                "reminders": sent.reminders,
                "escalations": sent.escalations,
            }
    if options.json:
        print_json({"sent": options.due, **told})
    else:
        words = ", ".join(f"{count} {what}" for what, count in told.items())
        place = f"written to {folder}" if folder else "in the outbox"
        print(f"{words}: {place if options.due else 'due by now'}.")
    return 0


def digest(options: argparse.Namespace) -> int:
    """`projectdesk actions digest [--project P] [--person NAME] [--out DIR]`."""
    with opened(options) as workspace:
        project = None
        if options.project is not None:
            project = queries.project_by_acronym(workspace, options.project).id
        rows = [
            row
            for row in queries.actions(workspace, project)
            if row.status is ActionStatus.OPEN and row.owner_person_id is not None
        ]
        people = None
        if options.person is not None:
            wanted = options.person.casefold()
            rows = [row for row in rows if wanted in {row.person.casefold(), row.email.casefold()}]
            people = {row.owner_person_id for row in rows if row.owner_person_id is not None}
        links: list[ActionLink] = []
        if options.public_url:
            projects = list(dict.fromkeys(row.project_id for row in rows))
            links = _links(workspace, projects, [row.id for row in rows], options.public_url)
        mails = action_mail.compose_digests(workspace, links, project, people)
        if options.out is not None:
            return _written(action_mail.save_mails(mails, Path(options.out)), options)
    shown = [(mail.name, mail.recipient, len(mail.action_ids), mail.subject) for mail in mails]
    if options.json:
        names = ("name", "mail", "actions", "subject")
        print_json([dict(zip(names, row, strict=True)) for row in shown])
    else:
        print_table(shown, ("Name", "Mail", "Actions", "Subject"))
    return 0


def follow_up(options: argparse.Namespace) -> int:
    """`projectdesk actions follow-up [--on P] [--off P] [--before N] [--after N] ...`."""
    with opened(options) as workspace:
        known = {row.id: row.acronym for row in queries.projects(workspace)}
        for on, acronyms in ((True, options.on), (False, options.off)):
            for each in acronyms:
                project = queries.project_by_acronym(workspace, each).id
                action_settings.turn_on(workspace, project, on=on)
        before = action_settings.follow_up(workspace)
        rules = _rules(before.rules, options)
        if rules != before.rules:
            action_settings.set_follow_up(workspace, replace(before, rules=rules))
        settings = action_settings.follow_up(workspace)
    rules = settings.rules
    projects = {known[each]: since for each, since in settings.projects.items() if each in known}
    if options.json:
        print_json(
            {
                "before": rules.before,
                "after": rules.after,
                "escalate_after": rules.escalate_after,
                "weekday": None if rules.weekday is None else WEEKDAYS[rules.weekday],
                "projects": projects,
            }
        )
        return 0
    weekday = "never" if rules.weekday is None else f"each {WEEKDAYS[rules.weekday]}"
    print(f"Reminders: {_days(rules.before)} before the date, {_days(rules.after)} after it.")
    late = "never" if rules.escalate_after is None else f"{rules.escalate_after} days late"
    print(f"Digest: {weekday}. To the partner's lead: {late}.")
    for acronym, since in projects.items():
        print(f"On since {since}: {acronym}")
    if not projects:
        print("Nothing goes out by itself: turn it on with --on ACRONYM.")
    return 0


def export(options: argparse.Namespace) -> int:
    """`projectdesk actions export --out FILE.csv|FILE.ics [filters]`."""
    path = Path(options.out)
    with opened(options) as workspace:
        rows = found_actions(workspace, options)
        match path.suffix.lower():
            case ".csv":
                content = as_csv(rows).encode("utf-8-sig")  # Excel reads UTF-8 by its mark only
            case ".ics":
                content = write_todos(map(_todo, rows), workspace.now())
            case other:
                raise DomainError(
                    "bad_format", "“{name}” is no format: expected .csv or .ics.", name=other
                )
    with writing_into(path.parent):
        path.write_bytes(content)
    if options.json:
        print_json({"file": str(path), "actions": len(rows)})
    else:
        print(f"{path}: {len(rows)} actions.")
    return 0


# --- inside ---------------------------------------------------------------------------------------


def _links(
    workspace: Workspace, projects: Iterable[UUID], ids: Sequence[UUID], url: str
) -> list[ActionLink]:
    """Issue links where there are none; return those of the projects."""
    from projectdesk.commandline.meetings import check_durable
    from projectdesk.host.settings import checked_public_url

    public_url = checked_public_url(url)
    check_durable(workspace)
    if ids:
        commands.issue_links(workspace, ids)
    return [
        link
        for project in projects
        for link in action_desks.action_links(workspace, project, public_url)
    ]


def _todo(row: ActionRow) -> TodoEntry:
    about = (row.owner, row.meeting, row.related)
    return TodoEntry(
        uid=f"{row.id}@actions.projectdesk.invalid",
        summary=f"{row.project} {row.label}: {row.text}",
        status=TodoStatus[row.status.name],
        due_on=row.due_on,
        description=", ".join(part for part in about if part),
        category=row.project,
    )


def _rules(rules: FollowUp, options: argparse.Namespace) -> FollowUp:
    if options.before is not None:
        rules = replace(rules, before=tuple(sorted(set(options.before), reverse=True)))
    if options.after is not None:
        rules = replace(rules, after=tuple(sorted(set(options.after))))
    if options.weekday is not None:
        never = options.weekday == "never"
        rules = replace(rules, weekday=None if never else WEEKDAYS.index(options.weekday))
    if options.escalate is not None:
        if options.escalate != "never" and not options.escalate.isdecimal():
            raise DomainError(
                "bad_days", "“{text}” is no number of days: expected such as 14, or never.",
                text=options.escalate,
            )  # fmt: skip
        late = None if options.escalate == "never" else int(options.escalate)
        rules = replace(rules, escalate_after=late)
    return rules


def _days(days: Sequence[int]) -> str:
    return " and ".join(map(str, days)) + " days" if days else "none"


def _written(paths: Sequence[Path], options: argparse.Namespace) -> int:
    if options.json:
        print_json([str(path) for path in paths])
    else:
        for path in paths:
            print(path)
    return 0
