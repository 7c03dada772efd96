"""Write the meetings to an .ics file."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from projectdesk.errors import DomainError
from projectdesk.services import queries
from projectdesk.services.calendar_files import calendar_file
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace


def export_calendar(
    workspace: Workspace,
    out: Path,
    project_id: UUID | None = None,
    meeting_id: UUID | None = None,
    form: str = "",
) -> int:
    """Write all meetings, those of a project, or one, to an .ics file; return how many.

    Args:
        workspace: the open data.
        out: the file.
        project_id: of which project, None = of all.
        meeting_id: only this one.
        form: "ics" where the file's name does not say.

    Raises:
        NotFound: there is no such meeting.
        DomainError: `bad_format`, the file is called as something else.
        EnvironmentFailure: `no_such_folder`, `file_not_written`.
    """
    if (form or out.suffix.removeprefix(".")).lower() != "ics":
        raise DomainError(
            "bad_format",
            "Meetings are written as iCalendar: name a file that ends in .ics, not {file}.",
            file=f"{out.name} ({form})" if form else out.name,
        )
    if meeting_id is not None:
        project_id = queries.meeting(workspace, meeting_id).project_id
    made = calendar_file(workspace, project_id, meeting_id)
    whole(out, lambda path: path.write_bytes(made.content))
    return made.meetings
