"""A project's work plan as the lines that files have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Project
from projectdesk.domain.workplan import Deliverable, Dependency, Milestone, Risk, Task, WorkPackage
from projectdesk.exchange.plans import (
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
from projectdesk.services.importing.leads import Leads
from projectdesk.services.importing.plan_records import PlanRecords


def plan_lines(session: Session, project_id: UUID, table: PlanTable) -> tuple[PlanLine, ...]:
    """Return one table of a project, in the order of its numbers."""
    project = session.get_one(Project, project_id)
    return collect_plan(session, project).table(table)


def collect_plan(session: Session, project: Project) -> Plan:
    """Return the whole plan of a project, every table in the order of its numbers."""
    return _Collecting(session, project).plan()


class _Collecting:
    def __init__(self, session: Session, project: Project) -> None:
        self.project = project
        self.leads = Leads(session, project.id)
        self.records = PlanRecords(session, project.id)
        packages = self.records.packages
        self.numbers = {package.id: number for number, package in packages.items()}
        self.ends = {package.id: PlanEnd(package.number) for package in packages.values()}
        for package in packages.values():
            for task in self.records.tasks_of(package.id):
                self.ends[task.id] = PlanEnd(package.number, task.number)

    def plan(self) -> Plan:
        packages = self.records.packages.values()
        tasks = [task for each in packages for task in self.records.tasks_of(each.id)]
        deliverables = [d for each in packages for d in self.records.deliverables_of(each.id)]
        return Plan(
            title=self.project.acronym,
            start=self.project.start_date,
            work_packages=tuple(self._work_package(each) for each in packages),
            tasks=tuple(
                self._task(each)
                for each in sorted(tasks, key=lambda t: (self.numbers[t.work_package_id], t.number))
            ),
            deliverables=tuple(
                self._deliverable(each)
                for each in sorted(
                    deliverables, key=lambda d: (self.numbers[d.work_package_id], d.number)
                )
            ),
            milestones=tuple(
                self._milestone(each)
                for each in sorted(self.records.milestones, key=lambda m: m.number)
            ),
            risks=tuple(
                self._risk(each) for each in sorted(self.records.risks, key=lambda r: r.number)
            ),
            effort=self._effort(),
            dependencies=self._dependencies(),
            unheld=self._unheld(deliverables),
        )

    def _unheld(self, deliverables: Sequence[Deliverable]) -> Unheld:
        """Count what the records have and the lines do not."""
        milestones = self.records.milestones
        return Unheld(
            reviews=sum(
                any((each.draft_on, each.reviewer_id, each.reviewed_on, each.decided_on))
                for each in deliverables
            ),
            expected=sum(each.expected_on is not None for each in deliverables)
            + sum(each.expected_on is not None for each in milestones),
            verified=sum(bool(each.verified_by_id or each.verification) for each in milestones),
            periods=self.records.periods,
        )

    def _work_package(self, package: WorkPackage) -> WorkPackageLine:
        return WorkPackageLine(
            number=package.number,
            title=package.title,
            lead=self.leads.name(package.lead_partner_id),
            start_month=package.start_month,
            end_month=package.end_month,
            objectives=package.objectives,
            description=package.description,
        )

    def _task(self, task: Task) -> TaskLine:
        return TaskLine(
            work_package=self.numbers[task.work_package_id],
            number=task.number,
            title=task.title,
            lead=self.leads.name(task.lead_partner_id),
            start_month=task.start_month,
            end_month=task.end_month,
            description=task.description,
        )

    def _deliverable(self, deliverable: Deliverable) -> DeliverableLine:
        return DeliverableLine(
            work_package=self.numbers[deliverable.work_package_id],
            number=deliverable.number,
            title=deliverable.title,
            description=deliverable.description,
            lead=self.leads.name(deliverable.lead_partner_id),
            type=deliverable.type,
            level=deliverable.level,
            due_month=deliverable.due_month,
            status=deliverable.status,
            submitted_on=deliverable.submitted_on,
        )

    def _milestone(self, milestone: Milestone) -> MilestoneLine:
        return MilestoneLine(
            number=milestone.number,
            title=milestone.title,
            work_packages=self._packages(milestone.work_package_ids),
            lead=self.leads.name(milestone.lead_partner_id),
            due_month=milestone.due_month,
            means_of_verification=milestone.means_of_verification,
            achieved_on=milestone.achieved_on,
        )

    def _risk(self, risk: Risk) -> RiskLine:
        return RiskLine(
            number=risk.number,
            title=risk.title,
            work_packages=self._packages(risk.work_package_ids),
            likelihood=risk.likelihood,
            severity=risk.severity,
            mitigation=risk.mitigation,
            owner=self.leads.name(risk.owner_partner_id),
            status=risk.status,
        )

    def _packages(self, ids: Iterable[UUID]) -> tuple[int, ...]:
        return tuple(self.numbers[each] for each in ids if each in self.numbers)

    def _effort(self) -> tuple[EffortLine, ...]:
        """Return the matrix: partners in their order, then work packages in theirs."""
        place = {partner_id: index for index, partner_id in enumerate(self.leads.ids())}
        cells = sorted(
            (cell for cell in self.records.effort.values() if cell.partner_id in place),
            key=lambda cell: (place[cell.partner_id], self.numbers[cell.work_package_id]),
        )
        return tuple(
            EffortLine(
                partner=self.leads.name(cell.partner_id),
                work_package=self.numbers[cell.work_package_id],
                months=cell.months,
            )
            for cell in cells
        )

    def _dependencies(self) -> tuple[DependencyLine, ...]:
        found = []
        for (before, after), dependency in self.records.dependencies.items():
            if before in self.ends and after in self.ends:
                found.append(self._dependency(self.ends[before], self.ends[after], dependency))
        return tuple(sorted(found, key=lambda line: (_order(line.after), _order(line.before))))

    @staticmethod
    def _dependency(before: PlanEnd, after: PlanEnd, dependency: Dependency) -> DependencyLine:
        return DependencyLine(
            before=before,
            after=after,
            type=dependency.type,
            lag_months=dependency.lag_months,
        )


def _order(end: PlanEnd) -> tuple[int, int]:
    return end.work_package, end.task or 0
