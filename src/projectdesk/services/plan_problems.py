"""What may be wrong with a plan, in words: severity, what it is and what to do, by code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from projectdesk.services.rows import Kind


class Severity(StrEnum):
    """ERROR: contradicts itself. WARNING: will be asked about. HINT: worth a look."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True)
class PlanProblem:
    """One problem. kind, id, label: the record to open. text: what it is; todo: what to do.

    facts: what fills the places of `TEXTS[code]`, for a translation; amounts as numbers.
    """

    code: str
    severity: Severity
    kind: Kind
    id: UUID
    label: str
    title: str
    text: str
    todo: str
    facts: Mapping[str, str | Decimal]


_E, _W, _H = Severity.ERROR, Severity.WARNING, Severity.HINT
TEXTS: Final[Mapping[str, tuple[Severity, str, str]]] = {
    "no_start": (_W, "The project has no start date.", "Set the day on which M1 begins."),
    "no_duration": (_W, "The project has no duration.", "Set how many months it lasts."),
    "no_coordinator": (_E, "No partner is the coordinator.", "Choose who coordinates."),
    "no_work_packages": (_W, "There are no work packages.", "Add or import them."),
    "contribution_differs": (
        _W,
        "The partners' contributions add up to {sum} €, the project's is {total} €.",
        "Correct one of them.",
    ),
    "cost_differs": (
        _W,
        "The partners' total costs add up to {sum} €, the project's is {total} €.",
        "Correct one of them.",
    ),
    "no_leader": (_W, "Nobody leads it.", "Choose its lead partner."),
    "leader_away": (
        _W,
        "{partner} leads it, but is not in the project all that time.",
        "Choose another lead, or correct the dates of the partner.",
    ),
    "months_turned": (
        _E,
        "It ends in M{end}, before it starts in M{start}.",
        "Correct its months.",
    ),
    "beyond_project": (
        _E,
        "It ends in M{end}, and the project in M{last}.",
        "Move it, or let the project last longer.",
    ),
    "due_beyond_project": (
        _E,
        "It is due in M{end}, and the project ends in M{last}.",
        "Move it, or let the project last longer.",
    ),
    "outside_package": (
        _W,
        "It runs in M{start} to M{end}, and {package} in M{first} to M{last}.",
        "Move it, or change the months of the work package.",
    ),
    "due_outside_package": (
        _W,
        "It is due in M{end}, and {package} runs in M{first} to M{last}.",
        "Move it, or change the months of the work package.",
    ),
    "number_twice": (_E, "Another one has the same number.", "Renumber."),
    "number_holes": (
        _H,
        "Numbers are missing before it: {numbers}.",
        "Renumber, or leave the gap.",
    ),
    "not_in_order": (
        _H,
        "It is due before {other}, whose number is lower.",
        "Renumber the deliverables in order of their months.",
    ),
    "no_tasks": (_W, "It has no tasks.", "Add at least one task."),
    "no_deliverables": (_W, "It has no deliverables.", "Add a deliverable that shows its work."),
    "no_public": (
        _H,
        "No deliverable of the project is public.",
        "Look whether results can be made public.",
    ),
    "not_dated": (_W, "It was handed in, but the day is missing.", "Enter when it was submitted."),
    "no_verification": (
        _W,
        "Nobody can tell when it is achieved.",
        "Enter its means of verification.",
    ),
    "no_packages": (_H, "It belongs to no work package.", "Choose its work packages."),
    "violated": (
        _W,
        "It waits for {before}, but starts {months} months too early.",
        "Move it, or use “Move what waits”.",
    ),
    "violated_by_one": (
        _W,
        "It waits for {before}, but starts 1 month too early.",
        "Move it, or use “Move what waits”.",
    ),
    "circle": (_E, "These wait for one another: {bars}.", "Take one dependency away."),
    "no_mitigation": (_H, "Nothing is planned against it.", "Enter its mitigation."),
    "no_owner": (_H, "Nobody watches it.", "Choose its owner."),
    "no_effort": (_H, "No person-months are planned.", "Enter the effort of the partners."),
    "leader_without_effort": (
        _W,
        "{partner} leads it without person-months in it.",
        "Plan effort for the leader, or choose another lead.",
    ),
    "package_without_effort": (_W, "Nobody plans effort in it.", "Enter its person-months."),
    "partner_without_effort": (
        _W,
        "It plans no person-months at all.",
        "Enter its effort, or look at its role.",
    ),
    "no_pic": (_H, "Its PIC is missing.", "Enter it, or take it from the directory."),
    "no_country": (_W, "Its country is missing.", "Enter it."),
    "no_periods": (_H, "There are no reporting periods.", "Divide the project into periods."),
    "period_gap": (
        _W,
        "No period reports M{first} to M{last} before it.",
        "Correct its months.",
    ),
    "period_overlap": (_E, "It begins before {other} ends.", "Correct its months."),
    "period_end": (
        _W,
        "The last period ends in M{end}, and the project in M{last}.",
        "Let the last period end with the project.",
    ),
}
"""Severity, what is wrong, what to do; by code."""
