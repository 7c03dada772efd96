"""`projectdesk minutes writers|authors`: who writes minutes in the call, and who wrote what."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from projectdesk.commandline.data import opened
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.meetings import CallRole
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import queries
from projectdesk.services.rows import InvitationRow, Kind

_ALWAYS = frozenset({CallRole.CHAIR, CallRole.COHOST})
"""Roles that write minutes without being named."""


def writers(options: argparse.Namespace) -> int:
    """`projectdesk minutes writers MEETING [--add PERSON|--remove PERSON]`."""
    from projectdesk.services import commands

    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        queries.meeting(workspace, meeting)
        named = options.add if options.add is not None else options.remove
        if named is not None:
            row = _invitee(queries.invitations(workspace, meeting), named)
            if row.role in _ALWAYS:
                raise DomainError("writes_always", "Chair and co-hosts always write the minutes.")
            values = {"writes_minutes": options.add is not None}
            commands.set_fields(workspace, Kind.INVITATION, row.id, row.version, values)
        rows = [
            row
            for row in queries.invitations(workspace, meeting)
            if not row.revoked and (row.writes_minutes or row.role in _ALWAYS)
        ]
    if options.json:
        print_json(
            [
                {"person": row.person_id, "name": row.name, "partner": row.partner,
                 "role": row.role, "named": row.writes_minutes}
                for row in rows
            ]
        )  # fmt: skip
    else:
        print_table(
            ((row.name, row.partner, row.role.value, "yes" if row.writes_minutes else "")
             for row in rows),
            ("Writes", "Partner", "Role", "Named"),
        )  # fmt: skip
    return 0


def authors(options: argparse.Namespace) -> int:
    """`projectdesk minutes authors MEETING`: who wrote what of the newest minutes."""
    from projectdesk.services.notes_authors import who_wrote

    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        written = who_wrote(workspace, meeting)
        items = [row for row in queries.agenda(workspace, meeting) if row.id in written]
    if options.json:
        print_json(
            [
                {"item": row.label, "title": row.title, "written": written[row.id]}
                for row in items
            ]
        )  # fmt: skip
        return 0
    for row in items:
        print(f"{row.label} {row.title}")
        for each in written[row.id]:
            print(f"[{each.author or 'not known'}] {each.text.strip()}")
        print()
    return 0


def _invitee(rows: Sequence[InvitationRow], named: str) -> InvitationRow:
    wanted = named.casefold()
    found = [
        row
        for row in rows
        if not row.revoked and wanted in {row.name.casefold(), row.email.casefold()}
    ]
    if len(found) != 1:
        raise NotFound(
            "no_such_invitee",
            "{count} invitees are called “{name}”: give the name or the address of one.",
            count=len(found),
            name=named,
        )
    return found[0]
