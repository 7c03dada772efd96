"""Takes one table of a work plan into a project, inside one unit of work.

A row whose number is here already updates it; the file wins, as it was written for this. A blank
cell leaves what is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, NoReturn

from sqlalchemy import select

from projectdesk.domain.consortium import Project
from projectdesk.domain.workplan import Deliverable, Milestone, Task, WorkPackage
from projectdesk.errors import BadRow
from projectdesk.exchange.plans import (
    DeliverableLine,
    MilestoneLine,
    PlanLine,
    TaskLine,
    WorkPackageLine,
)
from projectdesk.services.importing.fields import Fields, in_words, moved_fields
from projectdesk.services.importing.leads import Leads
from projectdesk.services.importing.tally import Tally
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.store import schema
from projectdesk.store.mapping import TABLES

_Entity = WorkPackage | Task | Deliverable | Milestone

_KINDS: dict[type[Any], Kind] = {
    WorkPackage: Kind.WORK_PACKAGE,
    Task: Kind.TASK,
    Deliverable: Kind.DELIVERABLE,
    Milestone: Kind.MILESTONE,
}


class PlanImport:
    """One import of one table."""

    def __init__(self, unit: Unit, tally: Tally, project: Project, file: str) -> None:
        self.unit = unit
        self.tally = tally
        self.project = project
        self.file = file
        self.leads = Leads(unit.session, project.id)
        packages = unit.session.scalars(
            select(WorkPackage).where(schema.work_package.c.project_id == project.id)
        )
        self.packages = {package.number: package for package in packages}

    def take(self, lines: Iterable[PlanLine]) -> None:
        """Add or update the rows of a table.

        Raises:
            BadRow: a lead or a work package that is not there.
        """
        for line in lines:
            match line:
                case WorkPackageLine():
                    self._work_package(line)
                case TaskLine():
                    self._in_package(line, Task, "T")
                case DeliverableLine():
                    self._in_package(line, Deliverable, "D")
                case MilestoneLine():
                    self._milestone(line)

    def _work_package(self, line: WorkPackageLine) -> None:
        fields = self._fields(line) | {"project_id": self.project.id}
        made = self._put(WorkPackage, self.packages.get(line.number), f"WP{line.number}", fields)
        if isinstance(made, WorkPackage):
            self.packages[line.number] = made
        self._check_end(line.row, "End month", f"WP{line.number}", line.end_month)

    def _in_package(
        self, line: TaskLine | DeliverableLine, entity: type[Task | Deliverable], letter: str
    ) -> None:
        package = self._package(line.row, line.work_package)
        siblings = self._siblings(entity, package)
        if line.number is None:
            present = next((each for each in siblings if each.title == line.title), None)
            number = present.number if present else 1 + max((s.number for s in siblings), default=0)
        else:
            number = line.number
            present = next((each for each in siblings if each.number == number), None)
        fields = self._fields(line) | {"work_package_id": package.id, "number": number}
        del fields["work_package"]
        label = f"{letter}{package.number}.{number}"
        self._put(entity, present, label, fields)
        if isinstance(line, TaskLine):
            self._check_end(line.row, "End month", label, line.end_month)
        else:
            self._check_end(line.row, "Due month", label, line.due_month)

    def _milestone(self, line: MilestoneLine) -> None:
        packages = [self._package(line.row, number) for number in line.work_packages]
        fields = self._fields(line) | {
            "project_id": self.project.id,
            "work_package_ids": [package.id for package in packages],
        }
        del fields["work_packages"]
        c = schema.milestone.c
        present = self.unit.session.scalars(
            select(Milestone).where(c.project_id == self.project.id, c.number == line.number)
        ).first()
        self._put(Milestone, present, f"MS{line.number}", fields)
        self._check_end(line.row, "Due month", f"MS{line.number}", line.due_month)

    # --- looking up -------------------------------------------------------------------------------

    def _fields(self, line: PlanLine) -> Fields:
        """Return the fields of a line, its lead looked up; what the file leaves open is missing."""
        fields = {name: value for name, value in asdict(line).items() if value is not None}
        del fields["row"]
        lead = fields.pop("lead")
        if lead:
            partner_id = self.leads.find(lead)
            if partner_id is None:
                self._refuse(line.row, "Lead", lead, f"a partner of {self._partners()}")
            fields["lead_partner_id"] = partner_id
        return fields

    def _partners(self) -> str:
        return f"{self.project.acronym}: {self.leads.names()}"

    def _package(self, row: int, number: int) -> WorkPackage:
        package = self.packages.get(number)
        if package is None:
            known = ", ".join(f"WP{each}" for each in sorted(self.packages))
            self._refuse(row, "WP no.", f"WP{number}", known or "a work package; none is here yet")
        return package

    def _siblings(
        self, entity: type[Task | Deliverable], package: WorkPackage
    ) -> list[Task | Deliverable]:
        """Return what is in a work package already, rows of this import included."""
        column = TABLES[entity].c.work_package_id
        return list(self.unit.session.scalars(select(entity).where(column == package.id)))

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
            text = f"{label}: M{month} lies after the project's last month, M{last}."
            self.tally.findings.add(self.file, row, column, "after_end", text)

    # --- adding and updating ----------------------------------------------------------------------

    def _put(
        self, entity: type[Any], present: _Entity | None, label: str, fields: Mapping[str, Any]
    ) -> _Entity:
        kind = _KINDS[entity]
        title = f"{label} {fields['title']}"
        if present is None:
            made: _Entity = entity(**fields)
            self.unit.add(made)
            self.tally.count_added(kind, lambda: title)
            return made
        before = {name: getattr(present, name) for name in fields}
        moved = moved_fields(before, fields)
        words = [
            (name.removesuffix("_id").replace("_", " "), *self._words(name, before[name], value))
            for name, value in moved.items()
        ]
        self.tally.count_kept(kind, title, words)
        for name, value in moved.items():
            setattr(present, name, value)
        return present

    def _words(self, name: str, before: Any, after: Any) -> tuple[str, str]:
        """Return two values as a preview shows them."""
        if name == "lead_partner_id":
            return self.leads.name(before) or "–", self.leads.name(after)
        if name == "work_package_ids":
            numbers = {package.id: number for number, package in self.packages.items()}
            old, new = (
                ", ".join(f"WP{numbers[each]}" for each in ids if each in numbers) or "–"
                for ids in (before, after)
            )
            return old, new
        return in_words(before), in_words(after)
