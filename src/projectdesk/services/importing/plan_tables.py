"""Takes the lines of a work plan into a project, inside one unit of work.

What a line's number or label names is updated; a line whose number the file does not say is matched
by its title. If most such lines match so, the file is of this plan: one that does not match then
takes the place it has, if what is there has gone from the file, as it was renamed. The file wins,
as it was written for this. A blank cell leaves what is here, and what is not in the file stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, NoReturn
from uuid import UUID

from projectdesk.domain.consortium import Project
from projectdesk.domain.effort import Effort
from projectdesk.domain.workplan import Deliverable, Dependency, Milestone, Risk, Task, WorkPackage
from projectdesk.errors import BadRow, DomainError
from projectdesk.exchange.plans import (
    DeliverableLine,
    DependencyLine,
    EffortLine,
    MilestoneLine,
    PlanEnd,
    PlanLine,
    RiskLine,
    TaskLine,
    WorkPackageLine,
)
from projectdesk.exchange.values import fold
from projectdesk.services.importing.fields import Fields, in_words, moved_fields
from projectdesk.services.importing.leads import Leads
from projectdesk.services.importing.plan_records import PlanRecords
from projectdesk.services.importing.tally import Tally
from projectdesk.services.kinds import SPECS
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.worded import worded

_KINDS: dict[type[Any], Kind] = {
    WorkPackage: Kind.WORK_PACKAGE,
    Task: Kind.TASK,
    Deliverable: Kind.DELIVERABLE,
    Milestone: Kind.MILESTONE,
    Risk: Kind.RISK,
    Effort: Kind.EFFORT,
    Dependency: Kind.DEPENDENCY,
}
_NOT_FIELDS = frozenset({"row", "numbered", "lead", "owner", "work_package", "work_packages"})


class PlanImport:
    """One import of a plan, or of one of its tables.

    Args:
        unit: the change.
        tally: counts, and where findings go.
        project: whose plan it is.
        file: its name, for errors.
        strict: whether a lead who is no partner refuses the file; else it is said and left out, as
            the files of planning programs name whomever they like.
    """

    def __init__(
        self, unit: Unit, tally: Tally, project: Project, file: str, *, strict: bool = True
    ) -> None:
        self.unit = unit
        self.tally = tally
        self.project = project
        self.file = file
        self.strict = strict
        self.leads = Leads(unit.session, project.id)
        self.records = PlanRecords(unit.session, project.id)
        self._packages: dict[int, WorkPackage] = {}
        self._tasks: dict[tuple[int, int], Task] = {}
        self._titles: set[tuple[type[PlanLine], int, str]] = set()
        self._of_this_plan = False
        self._strangers: set[str] = set()
        self._efforts: dict[tuple[UUID, UUID], Decimal] = {}

    def take(self, lines: Sequence[PlanLine], tick: Callable[[int, int], None]) -> None:
        """Add or update what the lines say.

        Args:
            lines: each after those that it refers to.
            tick: told before each line how many are taken, and how many there are.

        Raises:
            BadRow: a work package that is not there, a value that cannot be kept; `strict`: a lead.
        """
        self._titles = {
            (type(line), _parent(line), fold(line.title))
            for line in lines
            if not isinstance(line, EffortLine | DependencyLine)
        }
        self._of_this_plan = self._is_of_this_plan(lines)
        for done, line in enumerate(lines):
            tick(done, len(lines))
            self._take(line)

    def _is_of_this_plan(self, lines: Sequence[PlanLine]) -> bool:
        """Return whether most lines without a number are called as what is here."""
        here = {fold(title) for title in self.records.titles()}
        unnumbered = [line for line in lines if not getattr(line, "numbered", True)]
        known = sum(fold(getattr(line, "title", "")) in here for line in unnumbered)
        return known * 2 > len(unnumbered)

    def _take(self, line: PlanLine) -> None:
        match line:
            case WorkPackageLine():
                self._work_package(line)
            case TaskLine():
                self._task(line)
            case DeliverableLine():
                self._deliverable(line)
            case MilestoneLine():
                self._milestone(line)
            case RiskLine():
                self._risk(line)
            case EffortLine():
                self._effort(line)
            case DependencyLine():
                self._dependency(line)

    # --- one line ---------------------------------------------------------------------------------

    def _work_package(self, line: WorkPackageLine) -> None:
        here = list(self.records.packages.values())
        present, number = self._match(line, here)
        label = f"WP{number}"
        fields = self._fields(line, number) | {"project_id": self.project.id}
        package = self._put(WorkPackage, present, label, fields, line.row)
        self.records.packages[number] = package
        self._packages[line.number] = package
        self._check_end(line.row, "End month", label, line.end_month)

    def _task(self, line: TaskLine) -> None:
        package = self._package(line.row, line.work_package)
        siblings = self.records.tasks_of(package.id)
        present, number = self._match(line, siblings)
        label = f"T{package.number}.{number}"
        fields = self._fields(line, number) | {"work_package_id": package.id}
        task = self._put(Task, present, label, fields, line.row)
        if present is None:
            siblings.append(task)
        if line.number is not None:
            self._tasks[line.work_package, line.number] = task
        self._check_end(line.row, "End month", label, line.end_month)

    def _deliverable(self, line: DeliverableLine) -> None:
        package = self._package(line.row, line.work_package)
        siblings = self.records.deliverables_of(package.id)
        present, number = self._match(line, siblings)
        label = f"D{package.number}.{number}"
        fields = self._fields(line, number) | {"work_package_id": package.id}
        deliverable = self._put(Deliverable, present, label, fields, line.row)
        if present is None:
            siblings.append(deliverable)
        self._check_end(line.row, "Due month", label, line.due_month)

    def _milestone(self, line: MilestoneLine) -> None:
        present, number = self._match(line, self.records.milestones)
        label = f"MS{number}"
        fields = self._fields(line, number) | {
            "project_id": self.project.id,
            "work_package_ids": self._package_ids(line),
        }
        milestone = self._put(Milestone, present, label, fields, line.row)
        if present is None:
            self.records.milestones.append(milestone)
        self._check_end(line.row, "Due month", label, line.due_month)

    def _risk(self, line: RiskLine) -> None:
        present, number = self._match(line, self.records.risks)
        fields = self._fields(line, number) | {
            "project_id": self.project.id,
            "work_package_ids": self._package_ids(line),
        }
        risk = self._put(Risk, present, f"R{number}", fields, line.row)
        if present is None:
            self.records.risks.append(risk)

    def _effort(self, line: EffortLine) -> None:
        partner_id = self._partner(line.row, "Partner", line.partner)
        if partner_id is None:
            return
        package = self._package(line.row, line.work_package)
        key = partner_id, package.id
        # Two people of one partner are one cell of the matrix: their months add up.
        months = self._efforts[key] = self._efforts.get(key, Decimal(0)) + line.months
        present = self.records.effort.get(key)
        label = f"{self.leads.name(partner_id)} in WP{package.number}"
        if not months:
            self._clear_effort(key, present, label)
            return
        fields = {"partner_id": partner_id, "work_package_id": package.id, "months": months}
        title = f"{label}: {months} person-months"
        self.records.effort[key] = self._put(Effort, present, title, fields, line.row)

    def _clear_effort(self, key: tuple[UUID, UUID], present: Effort | None, label: str) -> None:
        if present is not None:
            words = [("months", in_words(present.months), "0")]
            self.tally.count_kept(Kind.EFFORT, label, words)
            self.unit.delete(present)
            del self.records.effort[key]

    def _dependency(self, line: DependencyLine) -> None:
        before, after = self._end(line.row, line.before), self._end(line.row, line.after)
        if before.id == after.id:
            self._refuse(
                line.row, "After", line.after.label, worded("another one: nothing waits for self")
            )
        fields: Fields = {"type": line.type, "lag_months": line.lag_months}
        for side, end in (("before", before), ("after", after)):
            kind = "work_package" if isinstance(end, WorkPackage) else "task"
            fields[f"{side}_{kind}_id"] = end.id
        fields["project_id"] = self.project.id
        present = self.records.dependencies.get((before.id, after.id))
        title = f"{line.before.label} → {line.after.label}"
        made = self._put(Dependency, present, title, fields, line.row)
        self.records.dependencies[before.id, after.id] = made

    # --- looking up -------------------------------------------------------------------------------

    def _match(self, line: Any, here: Sequence[Any]) -> tuple[Any, int]:
        """Return what is here already of a line, and the number it has or gets."""
        by_number = {each.number: each for each in here}
        if line.number is not None and getattr(line, "numbered", True):
            return by_number.get(line.number), line.number
        by_title = {fold(each.title): each for each in reversed(here)}
        if (found := by_title.get(fold(line.title))) is not None:
            return found, found.number
        if line.number is not None:
            placed = by_number.get(line.number)
            if placed is None:
                return None, line.number
            key = (type(line), _parent(line), fold(placed.title))
            if self._of_this_plan and key not in self._titles:
                return placed, placed.number
        return None, 1 + max(by_number, default=0)

    def _fields(self, line: Any, number: int) -> Fields:
        """Return the fields of a line, its lead looked up; what the file leaves open is missing."""
        fields = {
            name: value
            for name, value in asdict(line).items()
            if value is not None and name not in _NOT_FIELDS
        }
        fields["number"] = number
        for name, column, field in (
            ("lead", "Lead", "lead_partner_id"),
            ("owner", "Owner", "owner_partner_id"),
        ):
            if called := getattr(line, name, ""):
                partner_id = self._partner(line.row, column, called)
                if partner_id is not None:
                    fields[field] = partner_id
        return fields

    def _partner(self, row: int, column: str, called: str) -> UUID | None:
        """Return the partner that is called so, None for a stranger that was said."""
        partner_id = self.leads.find(called)
        if partner_id is None and not self.strict:
            partner_id = self.leads.of_person(called)
        if partner_id is not None:
            return partner_id
        if self.strict:
            partners = f"{self.project.acronym}: {self.leads.names()}"
            self._refuse(row, column, called, worded("a partner of {partners}", partners=partners))
        if called not in self._strangers:
            self._strangers.add(called)
            text = worded(
                "{called} is no partner of the project, nor one of its people: what they lead and "
                "their effort were left out.",
                called=called[:60],
            )
            self.tally.findings.add(self.file, row, column, "no_such_partner", text)
        return None

    def _package(self, row: int, number: int) -> WorkPackage:
        package = self._packages.get(number) or self.records.packages.get(number)
        if package is None:
            known = ", ".join(f"WP{each}" for each in sorted(self.records.packages))
            self._refuse(
                row, "WP no.", f"WP{number}", known or worded("a work package; none is here yet")
            )
        return package

    def _package_ids(self, line: MilestoneLine | RiskLine) -> list[UUID]:
        return [self._package(line.row, number).id for number in line.work_packages]

    def _end(self, row: int, end: PlanEnd) -> WorkPackage | Task:
        package = self._package(row, end.work_package)
        if end.task is None:
            return package
        task = self._tasks.get((end.work_package, end.task))
        if task is None:
            siblings = self.records.tasks_of(package.id)
            task = next((each for each in siblings if each.number == end.task), None)
        if task is None:
            self._refuse(
                row, "After", end.label, worded("a task of WP{number}", number=package.number)
            )
        return task

    def _refuse(self, row: int, column: str, found: str, expected: str) -> NoReturn:
        raise BadRow(
            "not_in_project",
            "{file}, row {row}, column {column}: there is no {found}; expected {expected}.",
            file=self.file,
            row=row,
            column=column,
            found=found[:60],
            expected=expected,
        )

    def _check_end(self, row: int, column: str, label: str, month: int) -> None:
        last = self.project.duration_months
        if last is not None and month > last:
            text = worded(
                "{label}: M{month} lies after the project's last month, M{last}.",
                label=label,
                month=month,
                last=last,
            )
            self.tally.findings.add(self.file, row, column, "after_end", text)

    # --- adding and updating ----------------------------------------------------------------------

    def _put(
        self, entity: type[Any], present: Any, label: str, fields: Mapping[str, Any], row: int
    ) -> Any:
        kind = _KINDS[entity]
        kept = {name: self._kept(kind, name, value, row) for name, value in fields.items()}
        title = f"{label} {kept['title']}" if "title" in kept else label
        if present is None:
            made = entity(**kept)
            self.unit.add(made)
            self.tally.count_added(kind, lambda: title)
            return made
        before = {name: getattr(present, name) for name in kept}
        moved = moved_fields(before, kept)
        words = [
            (name.removesuffix("_id").replace("_", " "), *self._words(name, before[name], value))
            for name, value in moved.items()
        ]
        self.tally.count_kept(kind, title, words)
        for name, value in moved.items():
            setattr(present, name, value)
        return present

    def _kept(self, kind: Kind, name: str, value: Any, row: int) -> Any:
        """Return a value by the rule of its field."""
        spec = SPECS[kind]
        rule = spec.fields.get(name) or spec.fixed[name]
        try:
            return rule(value, name)
        except DomainError as error:
            raise BadRow(
                error.code,
                "{file}, row {row}, column {column}: {reason}",
                file=self.file,
                row=row,
                column=name.replace("_", " ").capitalize(),
                reason=error.text,
            ) from error

    def _words(self, name: str, before: Any, after: Any) -> tuple[str, str]:
        """Return two values as a preview shows them."""
        if name in ("lead_partner_id", "owner_partner_id"):
            return self.leads.name(before) or "–", self.leads.name(after)
        if name == "work_package_ids":
            packages = self.records.packages
            numbers = {package.id: number for number, package in packages.items()}
            old, new = (
                ", ".join(f"WP{numbers[each]}" for each in ids if each in numbers) or "–"
                for ids in (before, after)
            )
            return old, new
        return in_words(before), in_words(after)


def _parent(line: PlanLine) -> int:
    """Return the work package that a line is in, 0 for one that is in none."""
    return line.work_package if isinstance(line, TaskLine | DeliverableLine) else 0
