"""Commands on reminders of work plans: send them, and say when they go out by themselves."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from projectdesk.commandline.data import opened, today
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import plan_reminders, queries
from projectdesk.services.plan_rows import LateRow
from projectdesk.services.workspace import Workspace


def remind(options: argparse.Namespace) -> int:
    """`projectdesk late remind [D3.2 ...] [--project P] [--due] [--out DIR] [--dry-run]`."""
    folder = Path(options.out) if options.out else None
    made = plan_reminders.PlanReminded()
    with opened(options) as workspace:
        named = options.project
        project = queries.project_by_acronym(workspace, named).id if named else None
        rows = _wanted(workspace, options, project)
        if not options.dry_run and options.due:
            made, _ = plan_reminders.send_due(workspace, folder, project)
        elif not options.dry_run and rows:
            made, _ = plan_reminders.remind(workspace, rows, folder)
    told = [
        {
            "label": row.label,
            "project": row.project,
            "step": row.step,
            "days": row.days,
            "person": row.person,
            "email": row.email,
        }
        for row in rows
    ]
    if options.json:
        print_json({"sent": not options.dry_run, "mails": made.mails, "reminders": told})
        return 0
    if told:
        print_table(
            [tuple(each.values()) for each in told],
            ("What", "Project", "Awaited", "Days late", "Person", "Mail"),
        )
    place = f"written to {folder}" if folder else "in the outbox"
    words = "1 mail" if made.mails == 1 else f"{made.mails} mails"
    print("Nothing is sent." if options.dry_run else f"{words} {place}.")
    return 0


def reminders(options: argparse.Namespace) -> int:
    """`projectdesk late reminders [--on P] [--off P] [--before N ...] [--after N ...]`."""
    with opened(options) as workspace:
        known = {row.id: row.acronym for row in queries.projects(workspace)}
        settings = plan_reminders.plan_reminding(workspace)
        projects = {
            queries.project_by_acronym(workspace, each).id: on
            for on, acronyms in ((True, options.on), (False, options.off))
            for each in acronyms
        }
        before = settings.rules.before if options.before is None else options.before
        after = settings.rules.after if options.after is None else options.after
        if projects or options.before is not None or options.after is not None:
            plan_reminders.set_plan_reminding(workspace, before, after, projects)
            settings = plan_reminders.plan_reminding(workspace)
    rules = settings.rules
    on_since = {known[each]: day for each, day in settings.projects.items() if each in known}
    if options.json:
        print_json({"before": rules.before, "after": rules.after, "projects": on_since})
        return 0
    print(f"Reminders: {_days(rules.before)} before the due day, {_days(rules.after)} after it.")
    for acronym, since in on_since.items():
        print(f"On since {since}: {acronym}")
    if not on_since:
        print("Nothing goes out by itself: turn it on with --on ACRONYM.")
    return 0


def _wanted(
    workspace: Workspace, options: argparse.Namespace, project: UUID | None
) -> list[LateRow]:
    if options.due:
        if options.labels:
            raise DomainError("due_or_labels", "Give labels, or --due: not both.")
        return plan_reminders.due_reminders(workspace, project)
    if project is None:
        raise DomainError("project_needed", "Say of which project: --project ACRONYM, or --due.")
    if not options.labels:
        rows = queries.late_items(workspace, project, today(), ahead_days=0)
        return [row for row in rows if row.late]
    every = queries.late_items(workspace, project, today(), ahead_days=plan_reminders.EVER)
    return [_labelled(every, each) for each in dict.fromkeys(options.labels)]


def _labelled(rows: Sequence[LateRow], label: str) -> LateRow:
    for row in rows:
        if row.label.casefold() == label.casefold():
            return row
    raise NotFound(
        "nothing_awaited",
        "Nothing is awaited of {label}: no deliverable or milestone that is open is called so.",
        label=label,
    )


def _days(days: Sequence[int]) -> str:
    return " and ".join(map(str, days)) + " days" if days else "none"
