"""Changing the plan by its Gantt chart."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from projectdesk.errors import DomainError, NotFound
from projectdesk.services import record_checks
from projectdesk.services.commands.edit import RecordEdit, edit_many
from projectdesk.services.gantt_rows import GanttMove
from projectdesk.services.kinds import SPECS
from projectdesk.services.labels import name_of
from projectdesk.services.rows import Changes
from projectdesk.services.workspace import Workspace


def move_bars(workspace: Workspace, project_id: UUID, moves: Sequence[GanttMove]) -> Changes:
    """Move bars and marks of one project, as one change; nothing happens if all stand there.

    Args:
        workspace: the open database.
        project_id: the project that they are in.
        moves: where each goes, with the version that was seen. The first is the one that a person
            moved; what went with it follows.

    Raises:
        NotFound: one of them does not exist any more.
        Conflict: one was changed since that version was seen.
        DomainError: `month_out_of_range`... (fact `field`), `other_project`.
        Those of a record say which (fact `record`). Nothing was moved.
    """
    if not moves:
        return Changes()
    edits = [RecordEdit(move.kind, move.id, move.version, move.months) for move in moves]
    return edit_many(workspace, edits, _label(workspace, project_id, moves[0]))


def _label(workspace: Workspace, project_id: UUID, move: GanttMove) -> str:
    """Return what is done, from where the record stands: `Move T3.2 by 2 months`."""
    with workspace.read() as session:
        record = session.get(SPECS[move.kind].entity, move.id)
        if record is None:
            raise NotFound(
                "not_found", "This {noun} does not exist any more.", noun=SPECS[move.kind].noun
            )
        if record_checks.project_of(session, {}, record) != project_id:
            raise DomainError("other_project", "This belongs to another project.")
        name = name_of(session, record)
        steps = {field: month - getattr(record, field) for field, month in move.months.items()}
    start, end = steps.get("start_month", 0), steps.get("end_month", 0)
    if start == end or "due_month" in steps:
        by = steps.get("due_month", start)
        return f"Move {name} {'back ' if by < 0 else ''}by {_months(by)}"
    longer = end - start
    return f"{'Lengthen' if longer > 0 else 'Shorten'} {name} by {_months(longer)}"


def _months(count: int) -> str:
    return "1 month" if abs(count) == 1 else f"{abs(count)} months"
