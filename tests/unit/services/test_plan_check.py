"""Each problem of a plan: found where it is, and nowhere else."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from projectdesk.domain.consortium import OrganisationType, PartnerRole
from projectdesk.domain.workplan import (
    DeliverableStatus,
    DeliverableType,
    DependencyType,
    DisseminationLevel,
    RiskGrade,
    RiskStatus,
)
from projectdesk.services import commands, queries
from projectdesk.services.plan_check import Period, PlanFacts, check_plan
from projectdesk.services.plan_problems import TEXTS, Severity
from projectdesk.services.plan_rows import DependencyRow, RiskRow
from projectdesk.services.rows import (
    DeliverableRow,
    Kind,
    MilestoneRow,
    PartnerRow,
    ProjectRow,
    TaskRow,
    WorkPackageRow,
)
from projectdesk.services.workspace import Workspace

P, A, B, WP1, WP2, T11, T21, D11, D12, D21, MS1, R1, L1, RP1, RP2 = (
    UUID(int=number) for number in range(1, 16)
)
_BLANK: dict[str, Any] = {"str": "", "int": 1, "UUID": P, "date | None": None, "bool": False}


def row(kind: type[Any], **told: Any) -> Any:
    """Return a row of `kind` with what is told, and blanks."""
    blanks = {each.name: _BLANK.get(str(each.type)) for each in fields(kind)}
    return kind(**{**blanks, **told})


def partner(record: UUID, number: int, **told: Any) -> PartnerRow:
    return row(
        PartnerRow, id=record, number=number, short_name=f"P{number}", country="PT",
        pic=f"99999999{number}", type=OrganisationType.HES, role=PartnerRole.BENEFICIARY, **told,
    )  # fmt: skip


def package(record: UUID, number: int, start: int, end: int, lead: UUID) -> WorkPackageRow:
    return row(WorkPackageRow, id=record, number=number, label=f"WP{number}", title="Work",
               start_month=start, end_month=end, lead_partner_id=lead, lead="P1")  # fmt: skip


def task(record: UUID, parent: UUID, number: int, start: int, end: int) -> TaskRow:
    return row(TaskRow, id=record, work_package_id=parent, number=number, label=f"T{number}",
               start_month=start, end_month=end, lead_partner_id=A, lead="P1")  # fmt: skip


def deliverable(record: UUID, parent: UUID, number: int, month: int) -> DeliverableRow:
    return row(
        DeliverableRow, id=record, work_package_id=parent, number=number, label=f"D{number}",
        due_month=month, lead_partner_id=A, lead="P1", type=DeliverableType.R,
        level=DisseminationLevel.PU, status=DeliverableStatus.PLANNED,
    )  # fmt: skip


GOOD = PlanFacts(
    project=row(ProjectRow, acronym="AQUA", start_date=date(2026, 1, 1), duration_months=36),
    partners=(replace(partner(A, 1), role=PartnerRole.COORDINATOR), partner(B, 2)),
    work_packages=(package(WP1, 1, 1, 12, A), package(WP2, 2, 13, 36, B)),
    tasks=(task(T11, WP1, 1, 1, 12), task(T21, WP2, 1, 13, 36)),
    deliverables=(
        deliverable(D11, WP1, 1, 6), deliverable(D12, WP1, 2, 12), deliverable(D21, WP2, 1, 36),
    ),
    milestones=(
        row(MilestoneRow, id=MS1, number=1, label="MS1", due_month=12, work_packages="WP1",
            work_package_ids=(WP1,), means_of_verification="Report accepted"),
    ),
    risks=(
        row(RiskRow, id=R1, number=1, label="R1", title="Storm", likelihood=RiskGrade.LOW,
            severity=RiskGrade.HIGH, mitigation="Wait", owner_partner_id=A,
            status=RiskStatus.OPEN),
    ),
    dependencies=(
        row(DependencyRow, id=L1, before="WP1", after="WP2", after_id=WP2, after_title="Work",
            after_kind=Kind.WORK_PACKAGE, type=DependencyType.FINISH_START),
    ),
    periods=(Period(RP1, 1, 1, 18), Period(RP2, 2, 19, 36)),
    effort={(A, WP1): Decimal(12), (B, WP2): Decimal("6.5")},
)  # fmt: skip


def found(**changed: Any) -> list[tuple[str, UUID]]:
    return [(p.code, p.id) for p in check_plan(replace(GOOD, **changed))]


def with_first(name: str, **told: Any) -> dict[str, Any]:
    """Return the rows called `name`, the first of them with other values."""
    rows = getattr(GOOD, name)
    return {name: (replace(rows[0], **told), *rows[1:])}


def test_a_good_plan_has_no_problem():
    assert check_plan(GOOD) == []


CASES: list[tuple[str, UUID, dict[str, Any]]] = [
    ("no_start", P, {"project": replace(GOOD.project, start_date=None)}),
    ("no_duration", P, {"project": replace(GOOD.project, duration_months=None)}),
    ("no_coordinator", P, with_first("partners", role=PartnerRole.BENEFICIARY)),
    ("no_pic", A, with_first("partners", pic="")),
    ("no_country", A, with_first("partners", country="")),
    ("no_leader", T11, with_first("tasks", lead_partner_id=None)),
    ("no_leader", D11, with_first("deliverables", lead_partner_id=None)),
    ("leader_away", WP2, {
        "partners": (GOOD.partners[0], replace(GOOD.partners[1], active_to=date(2027, 6, 30))),
    }),
    ("months_turned", T11, with_first("tasks", start_month=9, end_month=8)),
    ("beyond_project", T21, {
        "tasks": (GOOD.tasks[0], replace(GOOD.tasks[1], end_month=37)),
        "work_packages": (GOOD.work_packages[0], replace(GOOD.work_packages[1], end_month=37)),
    }),
    ("due_beyond_project", MS1, with_first("milestones", due_month=37)),
    ("outside_package", T11, with_first("tasks", end_month=13)),
    ("due_outside_package", D21, {
        "deliverables": (*GOOD.deliverables[:2], replace(GOOD.deliverables[2], due_month=12)),
    }),
    ("number_twice", D12, {
        "deliverables": (
            GOOD.deliverables[0], replace(GOOD.deliverables[1], number=1), GOOD.deliverables[2],
        ),
    }),
    ("number_holes", R1, with_first("risks", number=3)),
    ("not_in_order", D12, with_first("deliverables", due_month=12) | {
        "deliverables": (
            replace(GOOD.deliverables[0], due_month=12),
            replace(GOOD.deliverables[1], due_month=6),
            GOOD.deliverables[2],
        ),
    }),
    ("no_tasks", WP1, {"tasks": GOOD.tasks[1:]}),
    ("no_deliverables", WP2, {"deliverables": GOOD.deliverables[:2]}),
    ("no_public", P, {
        "deliverables": tuple(
            replace(each, level=DisseminationLevel.SEN) for each in GOOD.deliverables
        ),
    }),
    ("not_dated", D11, with_first("deliverables", status=DeliverableStatus.SUBMITTED)),
    ("no_verification", MS1, with_first("milestones", means_of_verification=" ")),
    ("no_packages", MS1, with_first("milestones", work_packages="", work_package_ids=())),
    ("violated", WP2, with_first("dependencies", violated=True, months=2)),
    ("violated_by_one", WP2, with_first("dependencies", violated=True, months=1)),
    ("circle", P, {"circle": ("WP1", "WP2", "WP1")}),
    ("no_mitigation", R1, with_first("risks", mitigation="")),
    ("no_owner", R1, with_first("risks", owner_partner_id=None)),
    ("no_effort", P, {"effort": {}}),
    ("leader_without_effort", WP1, {"effort": {**GOOD.effort, (A, WP1): Decimal(0),
                                               (B, WP1): Decimal(1), (A, WP2): Decimal(1)}}),
    ("package_without_effort", WP2, {"effort": {(A, WP1): Decimal(1), (B, WP1): Decimal(1)}}),
    ("partner_without_effort", A, {
        "effort": {(B, WP1): Decimal(1), (B, WP2): Decimal(1)},
        "work_packages": (replace(GOOD.work_packages[0], lead_partner_id=B),
                          GOOD.work_packages[1]),
    }),
    ("no_periods", P, {"periods": ()}),
    ("period_gap", RP2, {"periods": (Period(RP1, 1, 1, 17), GOOD.periods[1])}),
    ("period_overlap", RP2, {"periods": (Period(RP1, 1, 1, 19), GOOD.periods[1])}),
    ("period_end", RP2, {"periods": (GOOD.periods[0], Period(RP2, 2, 19, 35))}),
    ("contribution_differs", P, {
        "project": replace(GOOD.project, eu_contribution=Decimal("100.00")),
        "partners": (replace(GOOD.partners[0], contribution=Decimal(60)),
                     replace(GOOD.partners[1], contribution=Decimal("39.99"))),
    }),
    ("cost_differs", P, {
        "project": replace(GOOD.project, total_cost=Decimal("100.00")),
        "partners": (replace(GOOD.partners[0], total_cost=Decimal(60)),
                     replace(GOOD.partners[1], total_cost=Decimal("39.99"))),
    }),
]  # fmt: skip


@pytest.mark.parametrize(("code", "record", "changed"), CASES, ids=[c for c, _, _ in CASES])
def test_one_problem_is_found_and_nothing_else(code: str, record: UUID, changed: dict[str, Any]):
    told = found(**changed)
    assert (code, record) in told
    assert {each for each, _ in told} == {code}


def test_a_project_without_work_packages_says_so_once():
    empty = PlanFacts(replace(GOOD.project), GOOD.partners, periods=GOOD.periods)
    assert [problem.code for problem in check_plan(empty)] == ["no_work_packages"]


def test_every_code_is_tested_and_its_texts_are_whole():
    assert {code for code, _, _ in CASES} | {"no_work_packages"} == set(TEXTS)
    for problem in check_plan(replace(GOOD, **with_first("tasks", end_month=13))):
        assert problem.text == "It runs in M1 to M13, and WP1 in M1 to M12."
        assert TEXTS[problem.code][1].format(**problem.facts) == problem.text


def test_errors_come_first():
    problems = check_plan(replace(GOOD, effort={}, circle=("WP1", "WP2", "WP1"), periods=()))
    assert [p.severity for p in problems] == [Severity.ERROR, Severity.HINT, Severity.HINT]


def test_closed_risks_and_subcontractors_are_left_alone():
    rows = (*GOOD.partners, replace(partner(MS1, 3), role=PartnerRole.SUBCONTRACTOR, pic=""))
    closed = with_first("risks", mitigation="", status=RiskStatus.CLOSED)
    assert found(partners=rows, **closed) == []


@pytest.mark.full
def test_the_sample_project_is_checked(workspace: Workspace):
    project = commands.open_sample(workspace)
    task_row = queries.tasks(workspace, project)[0]
    commands.set_fields(
        workspace, Kind.TASK, task_row.id, task_row.version, {"lead_partner_id": None}
    )
    problems = queries.check_plan(workspace, project)
    assert [(p.code, p.label) for p in problems if p.kind is Kind.TASK] == [
        ("no_leader", task_row.label),
        ("violated_by_one", "T6.2"),
    ]
    assert not any(problem.severity is Severity.ERROR for problem in problems)
