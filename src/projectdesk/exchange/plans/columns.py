"""The columns of a work plan's tables by the names that applications and people give them.

May import: exchange.tables.
"""

from __future__ import annotations

from projectdesk.exchange.plans.lines import PlanTable
from projectdesk.exchange.tables import Column

_LEAD = Column(
    "Lead",
    (
        "Lead short name",
        "Lead participant short name",
        "Lead partner",
        "Lead beneficiary",
        "Lead participant",
        "Leader",
        "WP leader",
        "WP lead",
        "Task leader",
        "Responsible",
        "Responsible partner",
    ),
)
_LEAD_NUMBER = Column("Lead no.", ("Lead participant no.", "Lead number", "Lead partner no."))
_START = Column("Start month", ("Start", "Start date", "Starts", "From", "First month"), True)
_END = Column("End month", ("End", "End date", "Ends", "To", "Last month"), True)
_DUE = Column(
    "Due month",
    (
        "Due",
        "Due date",
        "Due date (in months)",
        "Delivery date",
        "Delivery month",
        "Delivery date (proj. month)",
        "Month",
        "Deadline",
    ),
    True,
)
_DESCRIPTION = Column("Description", ("Short description",))
_WORK_PACKAGE = Column("WP no.", ("WP", "Work package", "Work package no.", "WP number"))
_NUMBERS = ("No.", "Number", "Nr.", "ID", "#")

COLUMNS: dict[PlanTable, tuple[Column, ...]] = {
    PlanTable.WORK_PACKAGES: (
        Column(
            "WP no.",
            (
                "WP",
                "WP number",
                "Work package no.",
                "Work package number",
                *_NUMBERS,
                "Work package",
            ),
            True,
        ),
        Column("Title", ("WP title", "Work package title", "WP name", "Name"), True),
        _LEAD,
        _LEAD_NUMBER,
        _START,
        _END,
        Column("Objectives", ("Objective",)),
        _DESCRIPTION,
    ),
    PlanTable.TASKS: (
        _WORK_PACKAGE,
        Column("Task no.", ("Task", "Task number", *_NUMBERS), True),
        Column("Title", ("Task title", "Task name", "Name"), True),
        _LEAD,
        _LEAD_NUMBER,
        _START,
        _END,
        _DESCRIPTION,
    ),
    PlanTable.DELIVERABLES: (
        _WORK_PACKAGE,
        Column("Deliverable no.", ("Deliverable", "Deliverable number", "D no.", *_NUMBERS), True),
        Column("Title", ("Deliverable title", "Deliverable name", "Name"), True),
        _DESCRIPTION,
        _LEAD,
        _LEAD_NUMBER,
        Column("Type", ("Nature", "Deliverable type")),
        Column("Dissemination level", ("Level", "Dissemination")),
        _DUE,
        Column("Status"),
        Column("Submitted on", ("Submitted", "Submission date")),
    ),
    PlanTable.MILESTONES: (
        Column("Milestone no.", ("Milestone", "Milestone number", "MS no.", "MS", *_NUMBERS), True),
        Column("Title", ("Milestone title", "Milestone name", "Name"), True),
        Column("Related WPs", ("WPs", "WP", "Related WP(s)", "Work packages", "WP no.")),
        _LEAD,
        _LEAD_NUMBER,
        _DUE,
        Column("Means of verification", ("Verification", "Means")),
        Column("Achieved on", ("Achieved",)),
    ),
}
"""In the order in which they are written, too."""
