"""Commands on meetings: plan, links."""

from __future__ import annotations

import argparse
from datetime import datetime

from projectdesk.commandline.clock_notes import tell_clocks
from projectdesk.commandline.data import opened
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.meetings import MeetingType
from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.host.settings import checked_public_url
from projectdesk.secrets import PASSPHRASE_VARIABLE, is_durable
from projectdesk.services import commands, hosting, queries
from projectdesk.services.workspace import Workspace


def plan(options: argparse.Namespace) -> int:
    """`projectdesk plan TYPE --project ACRONYM --start LOCAL --zone ZONE`."""
    try:
        kind = MeetingType(options.type)
        start = datetime.fromisoformat(options.start)
    except ValueError as error:
        raise DomainError(
            "bad_meeting",
            "Expected a type ({types}) and a local time such as 2026-03-02T10:00.",
            types=", ".join(MeetingType),
        ) from error
    if start.tzinfo is not None:
        raise DomainError("bad_meeting", "Give the local time without an offset, and --zone.")
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project)
        tell_clocks([start], options.zone)
        made, _ = commands.plan_meeting(
            workspace, project.id, kind, start, options.zone, title=options.title
        )
        meeting = queries.meeting(workspace, made)
        agenda = queries.agenda(workspace, made)
    if options.json:
        print_json({"meeting": meeting, "agenda": agenda})
    else:
        print(f"{meeting.title}, {meeting.local_start:%Y-%m-%d %H:%M} {meeting.zone} [{made}]")
        print_table(
            ((item.label, item.duration_minutes, item.title, item.presenter) for item in agenda),
            ("No.", "Minutes", "Item", "Presenter"),
        )
    return 0


def check_durable(workspace: Workspace) -> None:
    """Refuse to make links that end with this command.

    Raises:
        EnvironmentFailure: `passphrase_needed`.
    """
    if not is_durable(workspace.secrets):
        raise EnvironmentFailure(
            "passphrase_needed",
            "This computer has no key store that ProjectDesk can use, so it does not know the "
            "key of your links. Give the desktop's passphrase in {variable}.",
            variable=PASSPHRASE_VARIABLE,
        )


def links(options: argparse.Namespace) -> int:
    """`projectdesk links --meeting ID --public-url URL`.

    Raises:
        EnvironmentFailure: `passphrase_needed`; links of a key that ends with us open nothing.
    """
    public_url = checked_public_url(options.public_url)
    with opened(options) as workspace:
        check_durable(workspace)
        made = hosting.personal_links(workspace, meeting_id(workspace, options.meeting), public_url)
    if options.json:
        print_json(made)
    else:
        print_table(((link.name, link.email, link.url) for link in made), ("Name", "Mail", "Link"))
    return 0
