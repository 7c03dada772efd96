"""Writes a table of a work plan as CSV that Excel opens and `reader` reads back.

May import: exchange.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from projectdesk.exchange.plans.columns import COLUMNS
from projectdesk.exchange.plans.lines import (
    DeliverableLine,
    MilestoneLine,
    PlanLine,
    PlanTable,
    TaskLine,
    WorkPackageLine,
)
from projectdesk.exchange.tables import write_table

_BY_NAME_ONLY = "Lead no."


def write_plan(path: Path, table: PlanTable, lines: Sequence[PlanLine]) -> None:
    """Write one table; months as M12, leads by short name, formulas neutralised.

    Args:
        path: the file to write.
        table: what the lines are.
        lines: its rows, in order.
    """
    header = [column.name for column in COLUMNS[table] if column.name != _BY_NAME_ONLY]
    rows = [_cells(line) for line in lines]
    write_table(path, header, ([row.get(name, "") for name in header] for row in rows))


def _cells(line: PlanLine) -> dict[str, str]:
    match line:
        case WorkPackageLine():
            return {
                "WP no.": f"WP{line.number}",
                "Title": line.title,
                "Lead": line.lead,
                "Start month": f"M{line.start_month}",
                "End month": f"M{line.end_month}",
                "Objectives": line.objectives,
                "Description": line.description,
            }
        case TaskLine():
            return {
                "WP no.": f"WP{line.work_package}",
                "Task no.": f"T{line.work_package}.{line.number}" if line.number else "",
                "Title": line.title,
                "Lead": line.lead,
                "Start month": f"M{line.start_month}",
                "End month": f"M{line.end_month}",
                "Description": line.description,
            }
        case DeliverableLine():
            return {
                "WP no.": f"WP{line.work_package}",
                "Deliverable no.": f"D{line.work_package}.{line.number}" if line.number else "",
                "Title": line.title,
                "Description": line.description,
                "Lead": line.lead,
                "Type": line.type or "",
                "Dissemination level": line.level or "",
                "Due month": f"M{line.due_month}",
                "Status": line.status or "",
                "Submitted on": line.submitted_on.isoformat() if line.submitted_on else "",
            }
        case MilestoneLine():
            return {
                "Milestone no.": f"MS{line.number}",
                "Title": line.title,
                "Related WPs": ", ".join(f"WP{number}" for number in line.work_packages),
                "Lead": line.lead,
                "Due month": f"M{line.due_month}",
                "Means of verification": line.means_of_verification,
                "Achieved on": line.achieved_on.isoformat() if line.achieved_on else "",
            }
