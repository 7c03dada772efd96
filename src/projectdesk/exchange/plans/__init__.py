"""Work plans of any format as one frozen structure, `Plan`, and back.

`reader` and `writer` do single tables, `workbook` all of them in one Excel file, `outlined` and
`unfolded` the bars of programs for project plans; `exchange.mspdi` and `exchange.ganttproject`
spell these. What a format cannot hold, or what was not understood, is a finding.

May import: domain, errors, exchange.
"""

from projectdesk.exchange.plans.lines import (
    DeliverableLine,
    DependencyLine,
    EffortLine,
    MilestoneLine,
    Plan,
    PlanEnd,
    PlanLine,
    PlanTable,
    RiskLine,
    TaskLine,
    Unheld,
    WorkPackageLine,
)
from projectdesk.exchange.plans.reader import read_plan
from projectdesk.exchange.plans.workbook import read_plan_workbook, read_sheet
from projectdesk.exchange.plans.writer import write_plan, write_plan_workbook

__all__ = [
    "DeliverableLine",
    "DependencyLine",
    "EffortLine",
    "MilestoneLine",
    "Plan",
    "PlanEnd",
    "PlanLine",
    "PlanTable",
    "RiskLine",
    "TaskLine",
    "Unheld",
    "WorkPackageLine",
    "read_plan",
    "read_plan_workbook",
    "read_sheet",
    "write_plan",
    "write_plan_workbook",
]
