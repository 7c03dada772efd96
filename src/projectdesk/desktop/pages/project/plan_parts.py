"""What each kind of record of a plan shows: columns, fields, and the boxes of its inspector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Column, Field, Option
from projectdesk.desktop.pages.project import plan_tables, risk_tables
from projectdesk.desktop.pages.project.plan_boxes import AchievedBox, Box, LifeBox, LinksBox
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.planning import PlanningPresenter
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.form import Inspector
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.services.plan_rows import DependencyRow
from projectdesk.services.rows import Kind

Lines = Sequence[Field[Any] | list[Field[Any]]]


class PlanParts:
    """Makes the parts; one for a project's work plan."""

    def __init__(
        self,
        choices: Choices,
        planning: PlanningPresenter,
        today: Callable[[], date],
        open_record: Callable[[Kind, UUID], None],
    ) -> None:
        """Make parts.

        Args:
            choices: of the project.
            planning: its dependencies, and what moves.
            today: the date where the person is.
            open_record: goes to a record of the plan.
        """
        self._choices, self._planning = choices, planning
        self._today, self._open = today, open_record

    def columns(self, kind: Kind) -> Sequence[Column[Any]]:
        """Return the columns of the table of a kind."""
        match kind:
            case Kind.WORK_PACKAGE:
                return plan_tables.work_package_columns(self._choices)
            case Kind.TASK:
                return plan_tables.task_columns(self._choices)
            case Kind.DELIVERABLE:
                return plan_tables.deliverable_columns(self._choices, self._today)
            case Kind.RISK:
                return risk_tables.risk_columns(self._choices)
            case Kind.DEPENDENCY:
                return plan_tables.dependency_columns(self._choices)
            case _:
                return plan_tables.milestone_columns(self._choices, self._today)

    def fields(self, kind: Kind) -> Lines:
        """Return the fields of a kind."""
        match kind:
            case Kind.WORK_PACKAGE:
                return plan_tables.work_package_fields(self._choices)
            case Kind.TASK:
                return plan_tables.task_fields(self._choices)
            case Kind.DELIVERABLE:
                return plan_tables.deliverable_fields(self._choices)
            case Kind.RISK:
                return risk_tables.risk_fields(self._choices)
            case Kind.DEPENDENCY:
                return plan_tables.dependency_fields()
            case _:
                return plan_tables.milestone_fields(self._choices)

    def boxes(self, kind: Kind) -> tuple[list[QWidget], list[QWidget]]:
        """Return the boxes of an inspector: above its fields, and below them."""
        match kind:
            case Kind.WORK_PACKAGE | Kind.TASK:
                return [], [LinksBox(self._planning, self.bars, self._open)]
            case Kind.DELIVERABLE:
                return [LifeBox(self._planning, self._today)], []
            case Kind.MILESTONE:
                return [AchievedBox(self._planning, self._choices, self._today)], []
            case _:
                return [], []

    def pane(self, kind: Kind, margins: tuple[int, int, int, int]) -> PlanRecordsPane:
        """Return the table of a kind with its inspector."""
        return PlanRecordsPane(self, kind, margins)

    def inspector(self, kind: Kind) -> PlanInspector:
        """Return an inspector of a kind by itself."""
        return PlanInspector(self, kind)

    def bars(self) -> Sequence[Option]:
        """Return what can be waited for: each work package, then its tasks."""
        bars = []
        for package in self._choices.work_package_rows:
            name = f"{package.label} {package.title}"
            bars.append(Option((Kind.WORK_PACKAGE, package.id), name))
            bars += [
                Option((Kind.TASK, task.id), f"{task.label} {task.title}")
                for task in self._planning.tasks
                if task.work_package_id == package.id
            ]
        return bars


class PlanRecordsPane(RecordsPane[Any]):
    """A table of the plan; its inspector has the boxes of the kind."""

    def __init__(self, parts: PlanParts, kind: Kind, margins: tuple[int, int, int, int]) -> None:
        super().__init__(
            parts.columns(kind),
            empty_state(kind),
            lines=parts.fields(kind),
            title=_title,
            margins=margins,
            name=kind.value,
            label=_list_name(kind),
        )
        self._make_inspector = partial(_inspector, parts, kind)
        self.toolbar.hide()


def _list_name(kind: Kind) -> str:
    return {
        Kind.WORK_PACKAGE: say("Work packages"),
        Kind.TASK: say("Tasks"),
        Kind.DELIVERABLE: say("Deliverables"),
        Kind.MILESTONE: say("Milestones"),
        Kind.DEPENDENCY: say("Dependencies"),
        Kind.RISK: say("Risks"),
    }[kind]


def _title(shown: Any) -> str:
    if isinstance(shown, DependencyRow):
        return say("{after} waits for {before}", after=shown.after, before=shown.before)
    return f"{shown.label}  {shown.title}"


def _inspector(parts: PlanParts, kind: Kind) -> Inspector:
    return PlanInspector(parts, kind)


class PlanInspector(Inspector):
    """A record of the plan beside the tree."""

    def __init__(self, parts: PlanParts, kind: Kind) -> None:
        above, extra = parts.boxes(kind)
        self.boxes: list[Box] = [*above, *extra]  # type: ignore[list-item]
        lines = parts.fields(kind)
        super().__init__(lines, say("Delete"), extra, above)
        flat = [each for line in lines for each in ([line] if isinstance(line, Field) else line)]
        self.fields = {field.name: field for field in flat}

    def show_row(self, shown: Any, title: str, subtitle: str = "") -> None:
        """Show a record."""
        super().show_row(shown, title, subtitle)
        for box in self.boxes:
            box.show_row(shown)


def empty_state(kind: Kind) -> EmptyState:
    """Return what a table shows without rows."""
    by_csv = say("Add one here, or import a CSV file with one row each.")
    match kind:
        case Kind.WORK_PACKAGE:
            return EmptyState("layers", say("No work packages yet"), by_csv, say("Add"))
        case Kind.TASK:
            return EmptyState("list-todo", say("No tasks yet"), by_csv, say("Add"))
        case Kind.DELIVERABLE:
            return EmptyState("package", say("No deliverables yet"), by_csv, say("Add"))
        case Kind.DEPENDENCY:
            return EmptyState(
                "link",
                say("Nothing waits for anything yet"),
                say("Say which work packages and tasks can start or end only after others."),
                say("Add"),
            )
        case Kind.RISK:
            return EmptyState(
                "triangle-alert",
                say("No risks yet"),
                say("Add what may go wrong, how likely and how severe it is."),
                say("Add"),
            )
        case _:
            return EmptyState("flag", say("No milestones yet"), by_csv, say("Add"))
