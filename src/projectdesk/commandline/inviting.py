"""`projectdesk invite`: invitations, updates and cancellations of a meeting."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from projectdesk.commandline.data import opened
from projectdesk.commandline.meetings import check_durable
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.rules.invitation_changes import Telling
from projectdesk.errors import DomainError
from projectdesk.host.settings import checked_public_url
from projectdesk.services import hosting, queries
from projectdesk.services.commands import inviting
from projectdesk.services.inviting.composing import Composed
from projectdesk.services.inviting.planning import InvitationPlan, InviteeLine, plan_invitations
from projectdesk.services.inviting.public_links import check_links
from projectdesk.services.inviting.sender import check_can_send, sender_of
from projectdesk.services.meeting_hosts import LAN, THIS_COMPUTER
from projectdesk.services.rows import MeetingRow
from projectdesk.services.workspace import Workspace


@dataclass(frozen=True)
class Caution:
    """Something to know before sending."""

    code: str
    text: str


def invite(options: argparse.Namespace) -> int:
    """`projectdesk invite MEETING [--update|--cancel] [--dry-run] [--out DIR]`.

    Raises:
        DomainError: `no_sender`, `no_mail_account`, `no_public_url`, `link_not_public`,
            `nothing_to_send`.
    """
    with opened(options) as workspace:
        chosen_meeting = meeting_id(workspace, options.meeting)
        row = queries.meeting(workspace, chosen_meeting)
        sender = sender_of(workspace, chosen_meeting, options.sender)
        if not options.dry_run:
            check_durable(workspace)
        base = public_url(workspace, row, options.public_url)
        links = {
            link.invitation_id: link.url for link in hosting.personal_links(workspace, row.id, base)
        }
        plan = plan_invitations(
            workspace, row.id, sender.address, cancel=options.cancel, links=links
        )
        request = inviting.Request(
            sender,
            links,
            note=options.note,
            chosen=_chosen(plan, options),
            again=options.again,
            cancel=options.cancel,
        )
        composed, paths = _carry_out(workspace, row.id, request, options)
    warnings = _warnings(row, base, plan)
    if options.json:
        print_json(_document(row, plan, composed, paths, warnings, options))
    else:
        _print(plan, composed, paths, warnings, options)
    return 0


def _carry_out(
    workspace: Workspace,
    meeting: UUID,
    request: inviting.Request,
    options: argparse.Namespace,
) -> tuple[tuple[Composed, ...], list[Path]]:
    if options.dry_run:
        composed = inviting.compose_invitations(workspace, meeting, request)
        return composed, inviting.write_files(composed, options.out) if options.out else []
    if options.out:
        composed, paths, _ = inviting.save_invitations(
            workspace, meeting, request, options.out, anyway=options.anyway
        )
        return composed, paths
    check_can_send(workspace)
    composed, _ = inviting.send_invitations(workspace, meeting, request, anyway=options.anyway)
    return composed, []


def _chosen(plan: InvitationPlan, options: argparse.Namespace) -> list[UUID] | None:
    """Return whom the options leave: all, only those who are told of a change, only some."""
    lines: Sequence[InviteeLine] = plan.lines
    if options.update:
        lines = [line for line in lines if line.told is not None]
    if options.only:
        wanted = {name.casefold() for name in options.only}
        lines = [
            line
            for line in lines
            if line.email.casefold() in wanted or line.name.casefold() in wanted
        ]
        if not lines:
            raise DomainError("no_such_invitee", "Nobody of that name or address is invited.")
    return None if not (options.update or options.only) else [line.id for line in lines]


def public_url(workspace: Workspace, row: MeetingRow, given: str | None) -> str:
    """Return where personal links lead.

    Raises:
        DomainError: `no_public_url`; the address of the local network is known to the desktop only.
    """
    if given:
        return checked_public_url(given)
    if row.host == LAN:
        raise DomainError(
            "no_public_url",
            "The meeting is held in the local network: say with --public-url where its host is.",
        )
    if row.host != THIS_COMPUTER:
        return row.host
    try:
        port = int((workspace.data / "host" / "port").read_text(encoding="ascii"))
    except (OSError, ValueError):
        port = 8080
    return f"http://127.0.0.1:{port}"


def _warnings(row: MeetingRow, base: str, plan: InvitationPlan) -> list[Caution]:
    warnings = []
    try:
        check_links({row.id: base})
    except DomainError as error:
        warnings.append(Caution(error.code, error.text))
    if row.host == THIS_COMPUTER:
        warnings.append(
            Caution(
                "this_computer_must_run",
                "The meeting is held on this computer: links open while it runs. Hold it on a "
                "server, and they always do.",
            )
        )
    missing = [line.name for line in plan.lines if line.problem == "no_address"]
    if missing:
        warnings.append(Caution("no_address", f"Without an address: {', '.join(missing)}."))
    unknown = [line.name for line in plan.lines if not line.zone_known]
    if unknown:
        warnings.append(
            Caution(
                "no_zone",
                f"Whose time zone is not known reads the meeting's: {', '.join(unknown)}.",
            )
        )
    return warnings


def _document(
    row: MeetingRow,
    plan: InvitationPlan,
    composed: Sequence[Composed],
    paths: Sequence[Path],
    warnings: Sequence[Caution],
    options: argparse.Namespace,
) -> dict[str, object]:
    made = {each.line.id: each for each in composed}
    files = {each.line.id: path for each, path in zip(composed, paths, strict=False)}
    sequence = plan.sequence_for([each.line for each in composed])
    return {
        "meeting": row.id,
        "title": row.title,
        "dry_run": options.dry_run,
        "sequence": sequence,
        "invitees": [_invitee(line, made.get(line.id), files) for line in plan.lines],
        "warnings": warnings,
    }


def _invitee(
    line: InviteeLine, made: Composed | None, files: Mapping[UUID, Path]
) -> dict[str, object]:
    return {
        "name": line.name,
        "email": line.email,
        "action": made.line.telling if made is not None else Telling.NOTHING,
        "changes": line.changes,
        "local_start": line.local_start,
        "zone": line.zone,
        "zone_known": line.zone_known,
        "required": line.required,
        "problem": line.problem,
        "subject": made.subject if made is not None else "",
        "method": made.method if made is not None else "",
        "file": files.get(line.id),
    }


def _print(
    plan: InvitationPlan,
    composed: Sequence[Composed],
    paths: Sequence[Path],
    warnings: Sequence[Caution],
    options: argparse.Namespace,
) -> None:
    made = {each.line.id: each.line for each in composed}
    print_table(
        (
            (
                line.name,
                line.email,
                made[line.id].telling if line.id in made else line.problem or Telling.NOTHING,
                ", ".join(line.changes),
                f"{line.local_start:%Y-%m-%d %H:%M} {line.zone}",
            )
            for line in plan.lines
        ),
        ("Name", "Mail", "Gets", "Changed", "Their time"),
    )
    for warning in warnings:
        print(f"Note: {warning.text}")
    count = len(composed)
    mails = f"{count} {'mail' if count == 1 else 'mails'}"
    if options.dry_run:
        written = f", and written to {options.out} to look at" if paths else ""
        print(f"{mails} would be sent{written}. Nothing was sent, and nobody counts as told.")
    elif paths:
        print(f"{mails} written to {options.out}. Send them with your mail program:")
        print("who they are for counts as told from now on; --again writes the same once more.")
    else:
        print(f"{mails} in the outbox.")
    for path in paths:
        print(path)
