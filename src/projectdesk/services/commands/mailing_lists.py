"""Write a mailing list to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from projectdesk.errors import DomainError
from projectdesk.exchange.tables import write_table
from projectdesk.services.consortium_rows import MailingListRow
from projectdesk.services.queries.mailing_lists import mailing_list
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace

_HEADER = ("Name", "E-mail address", "Partner", "Function")
_FORMATS = frozenset({"csv", "xlsx"})


def export_mailing_list(
    workspace: Workspace, project_id: UUID, name: str, out: Path, form: str = ""
) -> MailingListRow:
    """Write who is on a mailing list and has an address as CSV or XLSX; return the list.

    Args:
        workspace: the open database.
        project_id: whose list.
        name: its key or name (`queries.mailing_lists`).
        out: the file to write: .csv or .xlsx.
        form: "csv" or "xlsx", where the file's name does not say; nothing else than the name.

    Raises:
        DomainError: `bad_format`, the file is called as something else.
        NotFound: no such list.
        EnvironmentFailure: `no_such_folder`, `file_not_written`.
    """
    named = out.suffix.removeprefix(".").lower()
    form = form.lower() or named
    if form not in _FORMATS or (named in _FORMATS and named != form):
        raise DomainError(
            "bad_format",
            "A mailing list is written as a table: name a file that ends in .csv or .xlsx, not "
            "{file}.",
            file=out.name,
        )
    found = mailing_list(workspace, project_id, name)
    rows = [(row.name, row.email, row.partner, row.function) for row in found.recipients]
    whole(out, lambda path: _write(path, rows, form))
    return found


def _write(path: Path, rows: Sequence[tuple[str, ...]], form: str) -> None:
    if form == "csv":
        write_table(path, _HEADER, rows)
        return
    from projectdesk.exchange.sheets import Sheet, write_workbook  # openpyxl loads with it

    write_workbook(path, [Sheet("Mailing list", _HEADER, rows)])
