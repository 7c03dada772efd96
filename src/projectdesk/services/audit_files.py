"""An audit trail as a file: CSV for people, JSON to be checked again."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from projectdesk.errors import DomainError
from projectdesk.services import audit, queries
from projectdesk.services.queries.minutes_life import minutes_life
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace

_COLUMNS = ("seq", "at", "step", "subject", "text", "hash")


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
    meeting = queries.meeting(workspace, meeting_id)
    rows = [
        {"revision": revision.revision} | _plain(step)
        for revision in minutes_life(workspace, meeting_id).revisions
        for step in audit.trail(workspace, revision.id)
    ]
    head = {"meeting": meeting.title, "project": meeting.project}
    return _write(rows, head, ("revision", *_COLUMNS), out, form)


def export_procedure_trail(workspace: Workspace, vote_id: UUID, out: Path, form: str = "") -> int:
    """Write the trail of a written procedure to a file; return how many steps.

    Args:
        workspace: the open data.
        vote_id: which procedure.
        out: the file; it appears whole or not at all.
        form: "csv" or "json"; "" = by the file's ending.

    Raises:
        NotFound: no such procedure.
        DomainError: `unknown_format`.
        EnvironmentFailure: `file_not_written`.
    """
    vote = queries.vote_detail(workspace, vote_id).vote
    rows = [_plain(step) for step in audit.trail(workspace, vote_id)]
    head = {"procedure": f"{vote.project}-{vote.label}", "question": vote.question}
    return _write(rows, head, _COLUMNS, out, form)


def _plain(step: audit.AuditRow) -> dict[str, Any]:
    return {
        "seq": step.seq,
        "at": step.at.isoformat(timespec="microseconds"),
        "step": str(step.step),
        "subject": step.subject_id.hex if step.subject_id is not None else "",
        "text": step.text if step.text is not None else "",
        "hash": step.hash,
    }


def _write(
    rows: list[dict[str, Any]], head: dict[str, str], columns: Sequence[str], out: Path, form: str
) -> int:
    match form or out.suffix.lstrip(".").lower():
        case "csv":
            whole(out, lambda path: _write_csv(path, rows, columns))
        case "json":
            text = json.dumps(head | {"steps": rows}, ensure_ascii=False, indent=1)
            whole(out, lambda path: _write_text(path, text))
        case wanted:
            raise DomainError(
                "unknown_format", "“{format}” is no format: expected csv or json.", format=wanted
            )
    return len(rows)


def _write_csv(path: Path, rows: list[dict[str, Any]], columns: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
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
