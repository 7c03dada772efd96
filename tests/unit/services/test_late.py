"""What of the plans is late or due soon, and who answers for it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from projectdesk.domain.rules.deliverables import Step
from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.services import queries
from projectdesk.services.commands import create, set_fields, set_me
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import add_project


class Plan:
    """Two work packages of a project that began on 1 January 2026."""

    def __init__(self, workspace: Workspace, acronym: str = "AQUA") -> None:
        self.workspace = workspace
        self.project = add_project(workspace, acronym)
        self.partner = queries.partners(workspace, self.project)[0].id
        self.ana = self.person("Ana", "WP1 leader")
        self.rui = self.person("Rui", "")
        self.wp1 = self.add(Kind.WORK_PACKAGE, project_id=self.project, title="One",
                            lead_partner_id=self.partner, end_month=36)  # fmt: skip
        self.wp2 = self.add(Kind.WORK_PACKAGE, project_id=self.project, title="Two", end_month=36)

    def add(self, kind: Kind, **values: Any) -> UUID:
        return create(self.workspace, kind, values)[0]

    def person(self, name: str, function: str) -> UUID:
        person = self.add(Kind.PERSON, family_name=name, email=f"{name.lower()}@rio.example")
        self.add(Kind.MEMBERSHIP, project_id=self.project, person_id=person,
                 partner_id=self.partner, function=function)  # fmt: skip
        return person

    def deliverable(self, **values: Any) -> UUID:
        values = {"work_package_id": self.wp1, "title": "Report", **values}
        return self.add(Kind.DELIVERABLE, **values)


@pytest.fixture
def plan(any_workspace: Workspace) -> Plan:
    return Plan(any_workspace)


def test_who_is_late_and_by_how_much(plan: Plan):
    late = plan.deliverable(due_month=2)
    plan.deliverable(due_month=2, status=DeliverableStatus.SUBMITTED)
    plan.deliverable(due_month=9)
    draft = plan.deliverable(due_month=3, lead_partner_id=plan.partner)
    rows = queries.late_items(plan.workspace, plan.project, date(2026, 3, 20))
    assert [(row.id, row.step, row.days) for row in rows] == [
        (late, Step.SUBMISSION, 20),
        (draft, Step.DRAFT, 3),
    ]
    row = rows[0]
    assert (row.kind, row.label, row.work_package, row.project) == (
        Kind.DELIVERABLE, "D1.1", "WP1", "AQUA",
    )  # fmt: skip
    assert (row.partner, row.person, row.email) == ("UDR", "Ana", "ana@rio.example")
    assert (row.due_on, row.late, row.mine) == (date(2026, 2, 28), True, False)


def test_a_review_is_asked_of_the_reviewer(plan: Plan):
    plan.deliverable(due_month=3, status=DeliverableStatus.INTERNAL_REVIEW, reviewer_id=plan.rui)
    (row,) = queries.late_items(plan.workspace, plan.project, date(2026, 3, 26))
    assert (row.step, row.days, row.person) == (Step.REVIEW, 2, "Rui")


def test_milestones_count_until_they_are_achieved(plan: Plan):
    milestone = plan.add(
        Kind.MILESTONE, project_id=plan.project, title="Sites chosen", due_month=1,
        work_package_ids=[plan.wp2, plan.wp1],
    )  # fmt: skip
    (row,) = queries.late_items(plan.workspace, plan.project, date(2026, 2, 3))
    assert (row.id, row.kind, row.step, row.days) == (
        milestone, Kind.MILESTONE, Step.MILESTONE, 3,
    )  # fmt: skip
    assert (row.label, row.work_package, row.partner, row.person) == (
        "MS1",
        "WP1, WP2",
        "UDR",
        "Ana",
    )
    set_fields(plan.workspace, Kind.MILESTONE, milestone, 1, {"achieved_on": date(2026, 2, 3)})
    assert queries.late_items(plan.workspace, plan.project, date(2026, 2, 3)) == []


def test_what_is_due_soon_and_what_is_mine(plan: Plan):
    set_me(plan.workspace, {"family_name": "Me"})
    mine = queries.me(plan.workspace)
    assert mine is not None
    plan.add(Kind.MEMBERSHIP, project_id=plan.project, person_id=mine.id,
             partner_id=plan.partner, function="WP2 lead")  # fmt: skip
    plan.deliverable(
        work_package_id=plan.wp2,
        lead_partner_id=plan.partner,
        due_month=4,
        draft_on=date(2026, 4, 10),
    )
    day = date(2026, 3, 20)
    (row,) = queries.late_items(plan.workspace, plan.project, day)
    assert (row.days, row.late, row.mine) == (-21, False, True)
    assert queries.late_items(plan.workspace, plan.project, day, ahead_days=20) == []


def test_all_projects_or_one_and_none_without_a_start(plan: Plan):
    other = Plan(plan.workspace, "SILVA")
    plan.deliverable(due_month=1)
    other.deliverable(due_month=2)
    day = date(2026, 5, 1)
    rows = queries.late_items(plan.workspace, None, day)
    assert [(row.project, row.days) for row in rows] == [("AQUA", 90), ("SILVA", 62)]
    assert [row.project for row in queries.late_items(plan.workspace, other.project, day)] == [
        "SILVA"
    ]
    project = queries.project(plan.workspace, other.project)
    set_fields(plan.workspace, Kind.PROJECT, project.id, project.version,
               {"start_date": None, "end_date": None})  # fmt: skip
    assert queries.late_items(plan.workspace, other.project, day) == []
