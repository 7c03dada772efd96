"""The audit trail of a meeting's minutes as a file: CSV for people, JSON to be checked again."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from projectdesk.errors import DomainError
from projectdesk.services import audit, queries
from projectdesk.services.queries.minutes_life import minutes_life
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace

_COLUMNS = ("revision", "seq", "at", "step", "subject", "text", "hash")


def export_trail(workspace: Workspace, meeting_id: UUID, out: Path, form: str = "") -> int:
    """Write the trails of all revisions of a meeting's minutes to a file; return how many steps.

    Args:
        workspace: the open data.
        meeting_id: whose minutes.
        out: the file; it appears whole or not at all.
        form: "csv" or "json"; "" = by the file's ending.

    Raises:
        NotFound: no such meeting.
        DomainError: `unknown_format`.
        EnvironmentFailure: `file_not_written`.
    """
    wanted = form or out.suffix.lstrip(".").lower()
    meeting = queries.meeting(workspace, meeting_id)
    rows = [
        {
            "revision": revision.revision,
            "seq": step.seq,
            "at": step.at.isoformat(timespec="microseconds"),
            "step": str(step.step),
            "subject": step.subject_id.hex if step.subject_id is not None else "",
            "text": step.text if step.text is not None else "",
            "hash": step.hash,
        }
        for revision in minutes_life(workspace, meeting_id).revisions
        for step in audit.trail(workspace, revision.id)
    ]
    match wanted:
        case "csv":
            whole(out, lambda path: _write_csv(path, rows))
        case "json":
            document = {"meeting": meeting.title, "project": meeting.project, "steps": rows}
            text = json.dumps(document, ensure_ascii=False, indent=1)
            whole(out, lambda path: _write_text(path, text))
        case _:
            raise DomainError(
                "unknown_format", "“{format}” is no format: expected csv or json.", format=wanted
            )
    return len(rows)


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        for row in rows:
            writer.writerow({key: _shown(value) for key, value in row.items()})


def _shown(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{value}"
    return value


def _write_text(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
