"""Makes the bars of a project plan of a work plan, and says what such a plan cannot hold.

The inverse of `outlined`: names carry the labels, so that what comes back is recognised.

May import: domain, errors, exchange.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from projectdesk.domain.rules.project_months import first_day, last_day
from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.errors import DomainError
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plans.entries import Entry, Link, PlanFile
from projectdesk.exchange.plans.lines import (
    DeliverableLine,
    MilestoneLine,
    Plan,
    PlanEnd,
    TaskLine,
    WorkPackageLine,
)
from projectdesk.worded import Worded, worded

_SEPARATORS = tuple(".:)–—-")


def entries_of(plan: Plan, name: str) -> PlanFile:
    """Return the bars of a plan.

    Args:
        plan: with a start and every number known.
        name: of the file to write.

    Raises:
        DomainError: `no_start_date`.
    """
    start = plan.start
    if start is None:
        raise DomainError(
            "no_start_date",
            "The project has no start date: its months cannot be written as dates. Set it first.",
        )
    return PlanFile(
        file=name,
        title=plan.title,
        start=start,
        entries=tuple(_Unfolding(plan, start).entries()),
    )


class _Unfolding:
    def __init__(self, plan: Plan, start: date) -> None:
        self.plan = plan
        self.start = start
        self.links: dict[PlanEnd, list[Link]] = {}
        for line in plan.dependencies:
            link = Link(before=line.before.label, type=line.type, lag=Decimal(line.lag_months))
            self.links.setdefault(line.after, []).append(link)
        self.work: dict[int, list[tuple[str, Decimal]]] = {}
        for cell in plan.effort:
            if cell.months:
                self.work.setdefault(cell.work_package, []).append((cell.partner, cell.months))

    def entries(self) -> Iterable[Entry]:
        plan = self.plan
        for package in plan.work_packages:
            number = package.number
            yield self._package(package)
            for task in plan.tasks:
                if task.work_package == number:
                    yield self._task(task)
            for deliverable in plan.deliverables:
                if deliverable.work_package == number:
                    yield self._deliverable(deliverable)
            for milestone in plan.milestones:
                if milestone.work_packages == (number,):
                    yield self._milestone(milestone, 2)
        for milestone in plan.milestones:
            if len(milestone.work_packages) != 1:
                yield self._milestone(milestone, 1)

    def _package(self, line: WorkPackageLine) -> Entry:
        end = PlanEnd(line.number)
        return Entry(
            uid=end.label,
            level=1,
            name=_named(end.label, line.title),
            first=first_day(self.start, line.start_month),
            last=last_day(self.start, line.end_month),
            notes=line.description,
            lead=line.lead,
            links=tuple(self.links.get(end, ())),
            work=tuple(self.work.get(line.number, ())),
        )

    def _task(self, line: TaskLine) -> Entry:
        end = PlanEnd(line.work_package, line.number)
        return Entry(
            uid=end.label,
            level=2,
            name=_named(end.label, line.title),
            first=first_day(self.start, line.start_month),
            last=last_day(self.start, line.end_month),
            notes=line.description,
            lead=line.lead,
            links=tuple(self.links.get(end, ())),
        )

    def _deliverable(self, line: DeliverableLine) -> Entry:
        label = f"D{line.work_package}.{line.number}"
        day = last_day(self.start, line.due_month)
        return Entry(
            uid=label,
            level=2,
            name=_named(label, line.title),
            first=day,
            last=day,
            milestone=True,
            notes=line.description,
            lead=line.lead,
        )

    def _milestone(self, line: MilestoneLine, level: int) -> Entry:
        label = f"MS{line.number}"
        day = last_day(self.start, line.due_month)
        return Entry(
            uid=label,
            level=level,
            name=_named(label, line.title),
            first=day,
            last=day,
            milestone=True,
            notes=line.means_of_verification,
            lead=line.lead,
        )


def _named(label: str, title: str) -> str:
    """Return label and title so that `outlined` takes them apart again."""
    return f"{label}: {title}" if title[:1] in _SEPARATORS else f"{label} {title}"


def say_what_no_file_holds(plan: Plan, name: str, findings: Findings) -> None:
    """Say what of a project no format of a plan can hold: it stays in the project."""
    unheld = plan.unheld
    losses = (
        ("no_reviews", unheld.reviews, worded("drafts, reviews and decisions of deliverables")),
        ("no_expected", unheld.expected, worded("when deliverables and milestones are expected")),
        ("no_verification", unheld.verified, worded("how milestones were verified, and by whom")),
        ("no_periods", unheld.periods, worded("reporting periods and what was reported")),
    )
    _say(losses, name, findings)


def say_what_bars_lack(plan: Plan, name: str, findings: Findings) -> None:
    """Say what of a plan no list of bars can hold."""
    losses = (
        (
            "no_objectives",
            sum(bool(each.objectives) for each in plan.work_packages),
            worded("objectives of work packages"),
        ),
        (
            "no_deliverable_fields",
            len(plan.deliverables),
            worded("types and dissemination levels of deliverables"),
        ),
        (
            "no_deliverable_state",
            sum(
                each.status not in (None, DeliverableStatus.PLANNED)
                or each.submitted_on is not None
                for each in plan.deliverables
            ),
            worded("how far deliverables are, and when they were submitted"),
        ),
        (
            "no_milestone_packages",
            sum(len(each.work_packages) > 1 for each in plan.milestones),
            worded("which work packages milestones of several belong to"),
        ),
        (
            "no_achieved",
            sum(each.achieved_on is not None for each in plan.milestones),
            worded("when milestones were achieved"),
        ),
        ("no_risks", len(plan.risks), worded("risks")),
    )
    _say(losses, name, findings)


def _say(losses: Iterable[tuple[str, int, Worded]], name: str, findings: Findings) -> None:
    for code, count, text in losses:
        if count:
            findings.add(
                name,
                0,
                "",
                code,
                worded(
                    "This format cannot hold {text} ({count} left out).", text=text, count=count
                ),
            )


def say_what_shrinks(plan: Plan, name: str, findings: Findings) -> None:
    """Say which work packages are longer than what is in them.

    GanttProject gives a bar with parts the length of its parts, whatever the file says.
    """
    for package in plan.work_packages:
        number = package.number
        months = [
            month
            for task in plan.tasks
            if task.work_package == number
            for month in (task.start_month, task.end_month)
        ]
        months += [each.due_month for each in plan.deliverables if each.work_package == number]
        if months and (min(months), max(months)) != (package.start_month, package.end_month):
            text = worded(
                "WP{number} runs from M{start_month} to M{end_month}, its parts from M{first} to "
                "M{last}: GanttProject will show it so.",
                number=number,
                start_month=package.start_month,
                end_month=package.end_month,
                first=min(months),
                last=max(months),
            )
            findings.add(name, 0, "", "bar_of_parts", text)
