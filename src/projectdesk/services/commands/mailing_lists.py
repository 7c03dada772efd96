"""Write a mailing list to a file."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from projectdesk.errors import EnvironmentFailure
from projectdesk.exchange.tables import write_table
from projectdesk.services.consortium_rows import MailingListRow
from projectdesk.services.queries.mailing_lists import mailing_list
from projectdesk.services.workspace import Workspace

_HEADER = ("Name", "E-mail address", "Partner", "Function")


def export_mailing_list(
    workspace: Workspace, project_id: UUID, name: str, out: Path
) -> MailingListRow:
    """Write who is on a mailing list and has an address as CSV; return the list.

    Args:
        workspace: the open database.
        project_id: whose list.
        name: its key or name (`queries.mailing_lists`).
        out: the file to write.

    Raises:
        NotFound: no such list.
        EnvironmentFailure: `cannot_write`.
    """
    found = mailing_list(workspace, project_id, name)
    rows = [(row.name, row.email, row.partner, row.function) for row in found.recipients]
    try:
        write_table(out, _HEADER, rows)
    except OSError as error:
        raise EnvironmentFailure(
            "cannot_write", "{file} cannot be written.", file=str(out)
        ) from error
    return found
