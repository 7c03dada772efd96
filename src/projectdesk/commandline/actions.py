"""Commands on actions: show, done, postpone, comment, reopen, drop, assign, follow, link, list."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, Final
from uuid import UUID

from projectdesk.commandline.data import opened, today
from projectdesk.commandline.named_meetings import meeting_named
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.action_dates import days_late
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import action_desks, queries
from projectdesk.services.action_rows import ActionFilter, ActionLink, ActionRow
from projectdesk.services.commands import actions as commands
from projectdesk.services.meeting_hosts import server_address
from projectdesk.services.workspace import Workspace

COLUMNS: Final = (
    "label", "project", "text", "owner", "due_on", "first_due_on", "days_late", "status",
    "related", "meeting",
)  # fmt: skip
_NOBODY: Final = "nobody"


def list_actions(options: argparse.Namespace) -> int:
    """`projectdesk list actions [--late ...] [--json|--csv]`."""
    with opened(options) as workspace:
        rows = found_actions(workspace, options)[: options.limit]
    if options.json:
        print_json([as_told(row) for row in rows])
    elif options.csv:
        sys.stdout.write(as_csv(rows))
    else:
        shown = ("label", "project", "text", "owner", "due_on", "days_late", "status")
        told = [as_told(row) for row in rows]
        headers = [name.replace("_", " ").capitalize() for name in shown]
        print_table(([row[name] or None for name in shown] for row in told), headers)
    return 0


def found_actions(workspace: Workspace, options: argparse.Namespace) -> list[ActionRow]:
    """Return the actions that the options ask for.

    Raises:
        DomainError: `bad_day`.
        NotFound: no such project.
    """
    project = None
    if options.project is not None:
        project = queries.project_by_acronym(workspace, options.project).id
    wanted = ActionFilter(
        person=options.person or "",
        partner=options.partner or "",
        work_package=options.wp or "",
        deliverable=options.deliverable or "",
        meeting=_meeting(workspace, options.meeting or ""),
        status=ActionStatus(options.state) if options.state else None,
        late=options.late,
        this_week=options.this_week,
        due_before=None if options.due_before is None else day_of(options.due_before),
        without_owner=options.without_owner,
        without_date=options.without_date,
        text=options.text or "",
    )
    return queries.actions(workspace, project, wanted=wanted, today=today())


def _meeting(workspace: Workspace, text: str) -> str:
    """Return the id of the one meeting that is called so, else the text: a part of titles."""
    found = meeting_named(workspace, text)
    return text if found is None else str(found)


def as_told(row: ActionRow) -> dict[str, Any]:
    """Return an action as it is printed, without what a link is made of."""
    told = {each.name: getattr(row, each.name) for each in fields(row)}
    for secret in ("desk", "generation"):
        del told[secret]
    told |= {"related": row.related, "days_late": days_late(row.status, row.due_on, today())}
    return told


def as_csv(rows: Iterable[ActionRow]) -> str:
    """Return actions as a CSV file: a line each, below a line of names."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        told = as_told(row)
        writer.writerow([_cell(told[name]) for name in COLUMNS])
    return file.getvalue()


def show(options: argparse.Namespace) -> int:
    """`projectdesk action show A12 --project P`."""
    with opened(options) as workspace:
        _, ids = _chosen(workspace, options)
        return _print(workspace, ids, options)


def done(options: argparse.Namespace) -> int:
    """`projectdesk action done A12 [A13 ...] [--note TEXT]`."""
    with opened(options) as workspace:
        _, ids = _chosen(workspace, options)
        commands.close_action(workspace, ids, options.note)
        return _print(workspace, ids, options)


def postpone(options: argparse.Namespace) -> int:
    """`projectdesk action postpone A12 --to 2026-05-04`."""
    due_on = day_of(options.to)
    with opened(options) as workspace:
        _, ids = _chosen(workspace, options)
        commands.postpone_action(workspace, ids, due_on, options.note)
        return _print(workspace, ids, options)


def comment(options: argparse.Namespace) -> int:
    """`projectdesk action comment A12 TEXT`."""
    with opened(options) as workspace:
        _, ids = _chosen(workspace, options)
        commands.comment_action(workspace, ids[0], options.note)
        return _print(workspace, ids, options)


def reopen(options: argparse.Namespace) -> int:
    """`projectdesk action reopen A12`."""
    with opened(options) as workspace:
        _, ids = _chosen(workspace, options)
        commands.reopen_action(workspace, ids, options.note)
        return _print(workspace, ids, options)


def drop(options: argparse.Namespace) -> int:
    """`projectdesk action drop A12 --reason TEXT`."""
    with opened(options) as workspace:
        _, ids = _chosen(workspace, options)
        commands.drop_action(workspace, ids[0], options.note)
        return _print(workspace, ids, options)


def assign(options: argparse.Namespace) -> int:
    """`projectdesk action assign A12 --to NAME`."""
    with opened(options) as workspace:
        project, ids = _chosen(workspace, options)
        person, partner = _owner(workspace, project, options.to)
        commands.assign_action(workspace, ids, person, partner)
        return _print(workspace, ids, options)


def follow(options: argparse.Namespace) -> int:
    """`projectdesk action follow A12`: the deliverable takes the proposed step."""
    with opened(options) as workspace:
        _, ids = _chosen(workspace, options)
        proposal = queries.action_detail(workspace, ids[0]).proposal
        if proposal is None:
            raise DomainError(
                "nothing_proposed", "Nothing follows from this action for a deliverable."
            )
        commands.take_proposed_step(workspace, proposal)
    if options.json:
        print_json(proposal)
    else:
        print(f"{proposal.label}: {proposal.now.value} -> {proposal.status.value}")
    return 0


def link(options: argparse.Namespace) -> int:
    """`projectdesk action link A12 --public-url URL [--renew|--revoke]`."""
    from projectdesk.commandline.meetings import check_durable
    from projectdesk.host.settings import checked_public_url

    public_url = checked_public_url(options.public_url)
    host = None if options.host is None else server_address(options.host)
    with opened(options) as workspace:
        check_durable(workspace)
        project, ids = _chosen(workspace, options)
        if options.revoke:
            for each in ids:
                commands.revoke_action_link(workspace, each)
            return _print(workspace, ids, options)
        if options.renew:
            for each in ids:
                commands.renew_action_link(workspace, each)
        commands.issue_links(workspace, ids, host)
        made = action_desks.action_links(workspace, project, public_url, ids)
    _print_links(made, options)
    return 0


def day_of(text: str) -> date:
    """Return a day that was typed.

    Raises:
        DomainError: `bad_day`.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DomainError(
            "bad_day", "“{text}” is no day: expected YYYY-MM-DD, as in 2027-03-31.", text=text
        ) from error


# --- inside ---------------------------------------------------------------------------------------


def _chosen(workspace: Workspace, options: argparse.Namespace) -> tuple[UUID, list[UUID]]:
    project = queries.project_by_acronym(workspace, options.project).id
    labels = dict.fromkeys(options.labels)
    return project, [queries.action_numbered(workspace, project, each).id for each in labels]


def _owner(workspace: Workspace, project: UUID, name: str) -> tuple[UUID | None, UUID | None]:
    """Return who is meant: a person (their partner follows from them), or a partner as a whole."""
    wanted = name.casefold()
    if wanted == _NOBODY:
        return None, None
    for row in queries.people(workspace, project):
        if wanted in {row.name.casefold(), row.email.casefold()}:
            return row.id, None
    for partner in queries.partners(workspace, project):
        if wanted in {partner.short_name.casefold(), partner.legal_name.casefold()}:
            return None, partner.id
    raise NotFound(
        "no_such_person", "“{name}” is no person and no partner of the project.", name=name
    )


def _cell(value: object) -> object:
    if isinstance(value, str) and value[:1] in "=+-@\t\r" and value:
        return f"'{value}"  # a spreadsheet would run it as a formula
    return "" if value is None else value


def _print(workspace: Workspace, ids: Sequence[UUID], options: argparse.Namespace) -> int:
    details = [queries.action_detail(workspace, each) for each in ids]
    if options.json:
        print_json(
            [
                {
                    "action": as_told(each.action),
                    "notes": each.notes,
                    "proposal": each.proposal,
                }
                for each in details
            ]
        )
        return 0
    for each in details:
        row = each.action
        due = f", due {row.due_on}" if row.due_on else ""
        first = f" (first {row.first_due_on})" if row.first_due_on else ""
        print(f"{row.project} {row.label}  {row.text}")
        print(f"    {row.status.value}{due}{first}  {row.owner}")
        for note in each.notes:
            until = f" {note.due_on}" if note.due_on else ""
            print(f"    {note.made_at:%Y-%m-%d %H:%M} {note.name}: {note.kind.value}{until}"
                  f" {note.text}")  # fmt: skip
        if each.proposal is not None:
            print(f"    Proposed: {each.proposal.label} -> {each.proposal.status.value}")
    return 0


def _print_links(made: Sequence[ActionLink], options: argparse.Namespace) -> None:
    if options.json:
        print_json(made)
    else:
        print_table(((link.name, link.email, link.url) for link in made), ("Name", "Mail", "Link"))
