"""Changing the plan by its Gantt chart, and writing the chart to a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from projectdesk.errors import DomainError
from projectdesk.services import record_checks
from projectdesk.services.editing import change_record
from projectdesk.services.gantt_rows import GanttMove
from projectdesk.services.kinds import SPECS
from projectdesk.services.labels import name_of
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
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
        DomainError: `month_out_of_range`... (fact `field`), `other_project`. Nothing was moved.
    """
    with workspace.change("Move in the plan") as unit:
        for number, move in enumerate(moves):
            record = unit.get(SPECS[move.kind].entity, move.id, move.version)
            if record_checks.project_of(unit.session, {}, record) != project_id:
                raise DomainError("other_project", "This belongs to another project.")
            if number == 0:
                unit.label = _label(unit, record, move)
            change_record(unit, move.kind, record, move.months)
    return unit.changes


def _label(unit: Unit, record: Any, move: GanttMove) -> str:
    """Return what is done, from where the record stands: `Move T3.2 by 2 months`."""
    name = name_of(unit.session, record)
    steps = {field: month - getattr(record, field) for field, month in move.months.items()}
    start, end = steps.get("start_month", 0), steps.get("end_month", 0)
    if start == end or "due_month" in steps:
        by = steps.get("due_month", start)
        return f"Move {name} {'back ' if by < 0 else ''}by {_months(by)}"
    longer = end - start
    return f"{'Lengthen' if longer > 0 else 'Shorten'} {name} by {_months(longer)}"


def _months(count: int) -> str:
    return "1 month" if abs(count) == 1 else f"{abs(count)} months"
