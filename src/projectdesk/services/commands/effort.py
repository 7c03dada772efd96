"""Change the planned effort of a project."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Partner, Project
from projectdesk.domain.effort import Effort
from projectdesk.domain.workplan import WorkPackage
from projectdesk.errors import Conflict, DomainError
from projectdesk.services.editing import add_record, change_record
from projectdesk.services.effort_rows import Cell
from projectdesk.services.labels import name_of
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def set_efforts(
    workspace: Workspace,
    project_id: UUID,
    cells: Mapping[Cell, Decimal | None],
    *,
    seen: Mapping[Cell, int] | None = None,
    label: str = "",
) -> Changes:
    """Set planned person-months of cells as one change; cells that hold them already stay.

    Args:
        workspace: the open database.
        project_id: the project of all of them.
        cells: (partner, work package) -> person-months; None or 0 takes the effort away.
        seen: the versions of the records that were seen, of cells that held something; a cell that
            is missing was seen empty. None = whatever they are.
        label: what is done, in words; "" = said by the cells.

    Raises:
        NotFound: the project, a partner or a work package does not exist any more.
        Conflict: somebody changed one of the cells since (facts `partner`, `work_package`
            and their ids in hex, `partner_id`, `work_package_id`).
        DomainError: not person-months, or of another project; same facts.
    """
    with workspace.change(label or "Change effort") as unit:
        unit.get(Project, project_id)
        stored = _stored(unit, project_id)
        names: list[str] = []
        for cell, months in cells.items():
            if _set_cell(unit, project_id, cell, months or None, stored.get(cell), seen):
                names.append(_name(unit, cell))
        if not label:
            unit.label = _label(names)
    return unit.changes


def _stored(unit: Unit, project_id: UUID) -> dict[Cell, Effort]:
    package = schema.work_package.c
    query = (
        select(Effort)
        .join(schema.work_package, package.id == schema.effort.c.work_package_id)
        .where(package.project_id == project_id)
    )
    return {(each.partner_id, each.work_package_id): each for each in unit.session.scalars(query)}


def _set_cell(
    unit: Unit,
    project_id: UUID,
    cell: Cell,
    months: Decimal | None,
    stored: Effort | None,
    seen: Mapping[Cell, int] | None,
) -> bool:
    partner, package = unit.get(Partner, cell[0]), unit.get(WorkPackage, cell[1])
    where: dict[str, str] = {
        "partner": name_of(unit.session, partner),
        "partner_id": cell[0].hex,
        "work_package": f"WP{package.number}",
        "work_package_id": cell[1].hex,
    }
    if {partner.project_id, package.project_id} != {project_id}:
        raise DomainError("other_project", "This effort belongs to another project.", **where)
    if seen is not None and seen.get(cell) != (stored.version if stored else None):
        raise Conflict(
            "moved_on",
            "Somebody else changed the effort of {partner} in {work_package} meanwhile: "
            "nothing was changed. Look again.",
            **where,
        )
    try:
        if months is None:
            if stored is not None:
                unit.delete(stored)
            return stored is not None
        if stored is not None:
            return change_record(unit, Kind.EFFORT, stored, {"months": months})
        values = {"partner_id": cell[0], "work_package_id": cell[1], "months": months}
        add_record(unit, Kind.EFFORT, values)
        return True
    except DomainError as error:
        error.facts = {**error.facts, **where}
        raise


def _name(unit: Unit, cell: Cell) -> str:
    partner, package = unit.get(Partner, cell[0]), unit.get(WorkPackage, cell[1])
    return f"{name_of(unit.session, partner)} in WP{package.number}"


def _label(names: list[str]) -> str:
    if len(names) == 1:
        return f"Change effort of {names[0]}"
    return f"Change effort in {len(names)} cells"
