"""What is wrong with a plan, as a project officer or an auditor would see it: pure rules over rows.

Each problem has a code, which names its texts in `TEXTS`; the desktop translates them by it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.rules.numbering import holes
from projectdesk.domain.rules.project_months import first_day, last_day
from projectdesk.domain.workplan import DeliverableStatus, DisseminationLevel, RiskStatus
from projectdesk.errors import DomainError
from projectdesk.services.plan_problems import TEXTS, PlanProblem, Severity
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


@dataclass(frozen=True)
class Period:
    """A reporting period, as far as the check reads it."""

    id: UUID
    number: int
    start_month: int
    end_month: int

    @property
    def label(self) -> str:
        """What it is called."""
        return f"RP{self.number}"

    @property
    def title(self) -> str:
        """Its months."""
        return f"M{self.start_month}–M{self.end_month}"


@dataclass(frozen=True)
class PlanFacts:
    """All of a project that the check reads. effort: planned person-months, partner x WP.

    circle: labels of what waits for itself, () when nothing does.
    """

    project: ProjectRow
    partners: Sequence[PartnerRow] = ()
    work_packages: Sequence[WorkPackageRow] = ()
    tasks: Sequence[TaskRow] = ()
    deliverables: Sequence[DeliverableRow] = ()
    milestones: Sequence[MilestoneRow] = ()
    risks: Sequence[RiskRow] = ()
    dependencies: Sequence[DependencyRow] = ()
    periods: Sequence[Period] = ()
    effort: Mapping[tuple[UUID, UUID], Decimal] = field(default_factory=dict)
    circle: Sequence[str] = ()


_Bar = WorkPackageRow | TaskRow
_Due = DeliverableRow | MilestoneRow
_Found = Iterator[PlanProblem]


def check_plan(facts: PlanFacts) -> list[PlanProblem]:
    """Return the problems of a plan, errors first, then in the order of the plan."""
    found = [problem for check in _CHECKS for problem in check(facts)]
    order = list(Severity)
    return sorted(found, key=lambda problem: order.index(problem.severity))


# --- the project and its partners -----------------------------------------------------------------


def _project(facts: PlanFacts) -> _Found:
    project = facts.project
    if project.start_date is None:
        yield _of_project(project, "no_start")
    if project.duration_months is None:
        yield _of_project(project, "no_duration")
    if facts.partners and all(p.role is not PartnerRole.COORDINATOR for p in facts.partners):
        yield _of_project(project, "no_coordinator")
    if not facts.work_packages:
        yield _of_project(project, "no_work_packages")
    given = [each.contribution for each in facts.partners if each.contribution is not None]
    total = project.eu_contribution
    if given and total is not None and sum(given) != total:
        yield _of_project(project, "contribution_differs", sum=sum(given, Decimal()), total=total)
    costs = [each.total_cost for each in facts.partners if each.total_cost is not None]
    # A cost that nobody entered is no cost of zero: only all of them together have a sum.
    whole = bool(costs) and len(costs) == len(facts.partners)
    if whole and project.total_cost is not None and sum(costs) != project.total_cost:
        cost = sum(costs, Decimal())
        yield _of_project(project, "cost_differs", sum=cost, total=project.total_cost)


_NO_PIC: Final = frozenset({PartnerRole.SUBCONTRACTOR, PartnerRole.GRANTING_AUTHORITY})


def _partners(facts: PlanFacts) -> _Found:
    for partner in facts.partners:
        if not partner.country:
            yield _of_partner(partner, "no_country")
        if not partner.pic and partner.role not in _NO_PIC:
            yield _of_partner(partner, "no_pic")


# --- who leads ------------------------------------------------------------------------------------


def _leads(facts: PlanFacts) -> _Found:
    partners = {each.id: each for each in facts.partners}
    start = facts.project.start_date
    for kind, row, first, last in _led(facts):
        if row.lead_partner_id is None:
            if kind is not Kind.MILESTONE:
                yield _problem("no_leader", kind, row)
            continue
        partner = partners.get(row.lead_partner_id)
        if partner is not None and start is not None and _away(partner, start, first, last):
            yield _problem("leader_away", kind, row, partner=row.lead)


def _led(facts: PlanFacts) -> Iterator[tuple[Kind, _Bar | _Due, int, int]]:
    for package in facts.work_packages:
        yield Kind.WORK_PACKAGE, package, package.start_month, package.end_month
    for task in facts.tasks:
        yield Kind.TASK, task, task.start_month, task.end_month
    for deliverable in facts.deliverables:
        yield Kind.DELIVERABLE, deliverable, deliverable.due_month, deliverable.due_month
    for milestone in facts.milestones:
        yield Kind.MILESTONE, milestone, milestone.due_month, milestone.due_month


def _away(partner: PartnerRow, start: date, first: int, last: int) -> bool:
    """Return whether a partner joins after these months begin or leaves before they end."""
    try:
        begins, ends = first_day(start, first), last_day(start, last)
    except DomainError:  # no month of any project: said by another check
        return False
    joined, left = partner.active_from, partner.active_to
    return (joined is not None and joined > begins) or (left is not None and left < ends)


# --- months ---------------------------------------------------------------------------------------


def _bars(facts: PlanFacts) -> _Found:
    last = facts.project.duration_months
    packages = {each.id: each for each in facts.work_packages}
    tied: list[tuple[Kind, _Bar]] = [
        *((Kind.WORK_PACKAGE, each) for each in facts.work_packages),
        *((Kind.TASK, each) for each in facts.tasks),
    ]
    for kind, row in tied:
        if row.end_month < row.start_month:
            yield _problem("months_turned", kind, row, start=row.start_month, end=row.end_month)
        if last is not None and row.end_month > last:
            yield _problem("beyond_project", kind, row, end=row.end_month, last=last)
    for task in facts.tasks:
        package = packages.get(task.work_package_id)
        if package is not None and not (
            package.start_month <= task.start_month and task.end_month <= package.end_month
        ):
            yield _problem(
                "outside_package",
                Kind.TASK,
                task,
                start=task.start_month,
                end=task.end_month,
                **_span(package),
            )


def _dues(facts: PlanFacts) -> _Found:
    last = facts.project.duration_months
    packages = {each.id: each for each in facts.work_packages}
    due: list[tuple[Kind, _Due]] = [
        *((Kind.DELIVERABLE, each) for each in facts.deliverables),
        *((Kind.MILESTONE, each) for each in facts.milestones),
    ]
    for kind, row in due:
        if last is not None and row.due_month > last:
            yield _problem("due_beyond_project", kind, row, end=row.due_month, last=last)
    for deliverable in facts.deliverables:
        package = packages.get(deliverable.work_package_id)
        if package is not None and not (
            package.start_month <= deliverable.due_month <= package.end_month
        ):
            yield _problem(
                "due_outside_package",
                Kind.DELIVERABLE,
                deliverable,
                end=deliverable.due_month,
                **_span(package),
            )


def _span(package: WorkPackageRow) -> dict[str, object]:
    return {
        "package": package.label,
        "first": package.start_month,
        "last": package.end_month,
    }


# --- numbers --------------------------------------------------------------------------------------

_Row = WorkPackageRow | TaskRow | DeliverableRow | MilestoneRow | RiskRow


def _numbers(facts: PlanFacts) -> _Found:
    groups: dict[tuple[Kind, UUID], list[_Row]] = defaultdict(list)
    for package in facts.work_packages:
        groups[Kind.WORK_PACKAGE, facts.project.id].append(package)
    for task in facts.tasks:
        groups[Kind.TASK, task.work_package_id].append(task)
    for deliverable in facts.deliverables:
        groups[Kind.DELIVERABLE, deliverable.work_package_id].append(deliverable)
    for milestone in facts.milestones:
        groups[Kind.MILESTONE, facts.project.id].append(milestone)
    for risk in facts.risks:
        groups[Kind.RISK, facts.project.id].append(risk)
    for (kind, _), rows in groups.items():
        yield from _numbers_of(kind, rows)


def _numbers_of(kind: Kind, rows: Sequence[_Row]) -> _Found:
    counted = Counter(row.number for row in rows)
    for row in rows:
        if counted[row.number] > 1:
            yield _problem("number_twice", kind, row)
    missing = holes(counted)
    if missing:
        last = max(rows, key=lambda row: row.number)
        yield _problem("number_holes", kind, last, numbers=", ".join(map(str, missing)))


def _order(facts: PlanFacts) -> _Found:
    """Deliverables are numbered per work package in order of their due month (terms.md)."""
    latest: dict[UUID, DeliverableRow] = {}
    for row in sorted(facts.deliverables, key=lambda each: each.number):
        before = latest.get(row.work_package_id)
        if before is not None and row.due_month < before.due_month:
            yield _problem("not_in_order", Kind.DELIVERABLE, row, other=before.label)
        else:
            latest[row.work_package_id] = row


# --- what is in it --------------------------------------------------------------------------------


def _contents(facts: PlanFacts) -> _Found:
    with_tasks = {each.work_package_id for each in facts.tasks}
    with_deliverables = {each.work_package_id for each in facts.deliverables}
    for package in facts.work_packages:
        if package.id not in with_tasks:
            yield _problem("no_tasks", Kind.WORK_PACKAGE, package)
        if package.id not in with_deliverables:
            yield _problem("no_deliverables", Kind.WORK_PACKAGE, package)
    if facts.deliverables and all(
        each.level is not DisseminationLevel.PU for each in facts.deliverables
    ):
        yield _of_project(facts.project, "no_public")
    for deliverable in facts.deliverables:
        handed_in = deliverable.status in {DeliverableStatus.SUBMITTED, DeliverableStatus.ACCEPTED}
        if handed_in and deliverable.submitted_on is None:
            yield _problem("not_dated", Kind.DELIVERABLE, deliverable)
    for milestone in facts.milestones:
        if not milestone.means_of_verification.strip():
            yield _problem("no_verification", Kind.MILESTONE, milestone)
        if not milestone.work_packages:
            yield _problem("no_packages", Kind.MILESTONE, milestone)


def _dependencies(facts: PlanFacts) -> _Found:
    if facts.circle:
        yield _of_project(facts.project, "circle", bars=" ← ".join(facts.circle))
    for row in facts.dependencies:
        if row.violated:
            code = "violated_by_one" if row.months == 1 else "violated"
            told = {"before": row.before} | ({} if row.months == 1 else {"months": row.months})
            yield _made(code, row.after_kind, row.after_id, row.after, row.after_title, told)


def _risks(facts: PlanFacts) -> _Found:
    for risk in facts.risks:
        if risk.status is RiskStatus.CLOSED:
            continue
        if not risk.mitigation.strip():
            yield _problem("no_mitigation", Kind.RISK, risk)
        if risk.owner_partner_id is None:
            yield _problem("no_owner", Kind.RISK, risk)


# --- effort and periods ---------------------------------------------------------------------------

_UNCOUNTED: Final = _NO_PIC | {PartnerRole.ASSOCIATED_PARTNER, PartnerRole.THIRD_PARTY}
"""Who may well plan no person-months."""


def _effort(facts: PlanFacts) -> _Found:
    cells = {cell for cell, months in facts.effort.items() if months}
    if not cells:
        if facts.work_packages:
            yield _of_project(facts.project, "no_effort")
        return
    for package in facts.work_packages:
        if all(each != package.id for _, each in cells):
            yield _problem("package_without_effort", Kind.WORK_PACKAGE, package)
        elif package.lead_partner_id and (package.lead_partner_id, package.id) not in cells:
            yield _problem(
                "leader_without_effort", Kind.WORK_PACKAGE, package, partner=package.lead
            )
    busy = {partner for partner, _ in cells}
    for partner in facts.partners:
        if partner.id not in busy and partner.role not in _UNCOUNTED:
            yield _of_partner(partner, "partner_without_effort")


def _periods(facts: PlanFacts) -> _Found:
    last = facts.project.duration_months
    if not facts.periods:
        yield _of_project(facts.project, "no_periods")
        return
    before: Period | None = None
    for period in sorted(facts.periods, key=lambda each: (each.start_month, each.end_month)):
        ended = before.end_month if before else 0
        if period.start_month > ended + 1:
            months = {"first": ended + 1, "last": period.start_month - 1}
            yield _problem("period_gap", Kind.REPORTING_PERIOD, period, **months)
        elif before is not None and period.start_month <= ended:
            yield _problem("period_overlap", Kind.REPORTING_PERIOD, period, other=before.label)
        if before is None or period.end_month > before.end_month:
            before = period
    if before is not None and last is not None and before.end_month != last:
        yield _problem("period_end", Kind.REPORTING_PERIOD, before, end=before.end_month, last=last)


_CHECKS: Final[Sequence[Callable[[PlanFacts], _Found]]] = (
    _project,
    _partners,
    _leads,
    _bars,
    _dues,
    _numbers,
    _order,
    _contents,
    _dependencies,
    _risks,
    _effort,
    _periods,
)


# --- making one -----------------------------------------------------------------------------------


def _problem(code: str, kind: Kind, row: _Row | Period, **facts: object) -> PlanProblem:
    return _made(code, kind, row.id, row.label, row.title, facts)


def _of_project(project: ProjectRow, code: str, **facts: object) -> PlanProblem:
    return _made(code, Kind.PROJECT, project.id, project.acronym, project.title, facts)


def _of_partner(partner: PartnerRow, code: str) -> PlanProblem:
    name = partner.short_name or partner.legal_name
    return _made(code, Kind.PARTNER, partner.id, name, partner.legal_name, {})


def _made(
    code: str, kind: Kind, record: UUID, label: str, title: str, facts: Mapping[str, object]
) -> PlanProblem:
    severity, text, todo = TEXTS[code]
    told = {name: fact if isinstance(fact, Decimal) else str(fact) for name, fact in facts.items()}
    words = text.format(**{name: _plain(fact) for name, fact in told.items()})
    return PlanProblem(code, severity, kind, record, label, title, words, todo, told)


def _plain(fact: str | Decimal) -> str:
    return f"{fact:,.2f}".removesuffix(".00") if isinstance(fact, Decimal) else fact


def in_counts(problems: Iterable[PlanProblem]) -> dict[Severity, int]:
    """Return how many problems there are of each severity."""
    counted = Counter(problem.severity for problem in problems)
    return {severity: counted[severity] for severity in Severity}
