"""Work plans as tables: one CSV per kind of row, read and written.

May import: domain, errors.
"""

from projectdesk.exchange.plans.lines import (
    DeliverableLine,
    MilestoneLine,
    PlanLine,
    PlanTable,
    TaskLine,
    WorkPackageLine,
)
from projectdesk.exchange.plans.reader import read_plan
from projectdesk.exchange.plans.writer import write_plan

__all__ = [
    "DeliverableLine",
    "MilestoneLine",
    "PlanLine",
    "PlanTable",
    "TaskLine",
    "WorkPackageLine",
    "read_plan",
    "write_plan",
]
