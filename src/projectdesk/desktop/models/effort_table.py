"""The effort matrix as rows and columns of a table: partners down, work packages across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, person_months
from projectdesk.desktop.models.cell_edits import CellEdit
from projectdesk.desktop.models.fields import Column, Entry, Field
from projectdesk.services.effort_rows import Cell, EffortGrid, EffortMatrix, EffortPackage


class Figures(StrEnum):
    """Which figures of the matrix are shown."""

    PLANNED = "planned"
    REPORTED = "reported"
    DEVIATION = "deviation"


@dataclass(frozen=True)
class EffortRow:
    """A partner with its figures. months: by work package, without those that are empty."""

    id: UUID
    label: str
    name: str
    below: bool
    months: Mapping[UUID, Decimal]
    total: Decimal


def grid_of(matrix: EffortMatrix, figures: Figures, period: UUID | None) -> EffortGrid:
    """Return the figures that are shown.

    Args:
        matrix: all of them.
        figures: which ones.
        period: of reported ones, None = of all periods.
    """
    match figures:
        case Figures.PLANNED:
            return matrix.planned
        case Figures.DEVIATION:
            return matrix.deviation
        case _ if period is not None and period in matrix.reported:
            return matrix.reported[period]
        case _:
            return matrix.reported_to_date


def rows_of(matrix: EffortMatrix, grid: EffortGrid) -> list[EffortRow]:
    """Return a row for each partner, in the order of the matrix."""
    of_partner: dict[UUID, dict[UUID, Decimal]] = {}
    for (partner, package), months in grid.cells.items():
        of_partner.setdefault(partner, {})[package] = months
    return [
        EffortRow(
            id=partner.id,
            label=partner.label,
            name=partner.name,
            below=partner.parent_id is not None,
            months=of_partner.get(partner.id, {}),
            total=sum(of_partner.get(partner.id, {}).values(), Decimal(0)),
        )
        for partner in matrix.partners
    ]


def columns_of(packages: Sequence[EffortPackage], figures: Figures) -> list[Column[EffortRow]]:
    """Return a column for each work package; only planned figures are edited."""
    return [_column(package, figures) for package in packages]


def _column(package: EffortPackage, figures: Figures) -> Column[EffortRow]:
    def value(row: EffortRow) -> Decimal | None:
        return row.months.get(package.id)

    shown = person_months.difference if figures is Figures.DEVIATION else person_months.shown
    field: Field[Any] = Field(package.id.hex, package.label, value, Entry.PERSON_MONTHS)
    return Column(
        package.label,
        lambda row: shown(value(row)),
        sort=value,
        right=True,
        field=field if figures is Figures.PLANNED else None,
        tip=lambda row: _tip(package, row),
        bold=lambda row: row.id == package.lead_partner_id,
        name=package.id.hex,
        about=f"{package.label}  {package.title}\nM{package.start_month} – M{package.end_month}",
    )


def _tip(package: EffortPackage, row: EffortRow) -> str:
    months = f"M{package.start_month} – M{package.end_month}"
    lines = [f"{package.label}  {package.title}", formats.joined((row.name, months))]
    if row.id == package.lead_partner_id:
        lines.append(say("Leads this work package"))
    return "\n".join(lines)


def cells_of(edits: Sequence[CellEdit]) -> dict[Cell, Decimal | None]:
    """Return what edited cells hold now, as the services take it."""
    return {
        (edit.row.id, UUID(edit.field.name)): edit.value
        if isinstance(edit.value, Decimal)
        else None
        for edit in edits
    }
