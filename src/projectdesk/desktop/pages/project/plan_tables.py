"""Columns and fields of the tables of a work plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry, Field
from projectdesk.desktop.models.words import options, tone, word
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.domain.rules.project_months import LAST_MONTH
from projectdesk.domain.workplan import DeliverableStatus, DeliverableType, DisseminationLevel
from projectdesk.services.rows import DeliverableRow, MilestoneRow, TaskRow, WorkPackageRow

Lines = list[Field[Any] | list[Field[Any]]]
_HANDED_IN = frozenset({DeliverableStatus.SUBMITTED, DeliverableStatus.ACCEPTED})
_MONTH_WIDTH = 124


class Unit:
    """The unit in which months are shown, shared by the tables of a plan."""

    def __init__(self, choices: Choices) -> None:
        self.name = formats.MONTHS
        self._choices = choices

    @property
    def start(self) -> date | None:
        """The day on which M1 begins."""
        return self._choices.project.start_date if self._choices.project else None

    def begins(self, month: int) -> str:
        """Return when a month begins."""
        return formats.month_start(month, self.start, self.name)

    def ends(self, month: int) -> str:
        """Return when a month ends."""
        return formats.month_end(month, self.start, self.name)


def late(row: DeliverableRow, today: date) -> bool:
    """Return whether a deliverable should have been handed in before `today`."""
    return row.due_on is not None and row.due_on < today and row.status not in _HANDED_IN


def _month(name: str, label: str, value: Callable[[Any], object]) -> Field[Any]:
    return Field(
        name, label, value, Entry.NUMBER, minimum=1, maximum=LAST_MONTH, prefix="M", hint="M1"
    )


def _title() -> Field[Any]:
    return Field("title", say("Title"), lambda r: r.title)


def _lead(choices: Choices) -> Field[Any]:
    return Field(
        "lead_partner_id",
        say("Lead partner"),
        lambda r: r.lead_partner_id,
        Entry.CHOICE,
        choices.partners,
    )


def _span() -> list[Field[Any]]:
    return [
        _month("start_month", say("Start month"), lambda r: r.start_month),
        _month("end_month", say("End month"), lambda r: r.end_month),
    ]


def _long(name: str, label: str) -> Field[Any]:
    return Field(name, label, lambda r: getattr(r, name), Entry.LONG_TEXT)


def _spans(unit: Unit) -> list[Column[Any]]:
    start, end = _span()
    return [
        Column(
            say("Start"),
            lambda r: unit.begins(r.start_month),
            sort=lambda r: r.start_month,
            width=_MONTH_WIDTH,
            field=start,
        ),
        Column(
            say("End"),
            lambda r: unit.ends(r.end_month),
            sort=lambda r: r.end_month,
            width=_MONTH_WIDTH,
            field=end,
        ),
    ]


def _label(sort: Callable[[Any], object]) -> Column[Any]:
    return Column(say("No."), lambda r: r.label, sort=sort, width=76, muted=True)


def _number(row: Any) -> tuple[int, ...]:
    digits = "".join(c if c.isdigit() else " " for c in row.label)
    return tuple(int(part) for part in digits.split())


def _lead_column(choices: Choices) -> Column[Any]:
    return Column(say("Lead"), lambda r: r.lead, width=130, optional=True, field=_lead(choices))


def work_package_columns(unit: Unit, choices: Choices) -> list[Column[WorkPackageRow]]:
    """Return the columns of the list of work packages."""
    return [
        _label(_number),
        Column(say("Title"), lambda r: r.title, stretch=3, strong=True, field=_title()),
        _lead_column(choices),
        *_spans(unit),
        Column(
            say("Tasks"),
            lambda r: str(r.tasks),
            sort=lambda r: r.tasks,
            width=76,
            right=True,
            muted=True,
            optional=True,
        ),
        Column(
            say("Deliverables"),
            lambda r: str(r.deliverables),
            sort=lambda r: r.deliverables,
            width=112,
            right=True,
            muted=True,
            optional=True,
        ),
    ]


def work_package_fields(choices: Choices) -> Lines:
    """Return the fields of a work package."""
    return [
        _title(),
        _lead(choices),
        _span(),
        _long("objectives", say("Objectives")),
        _long("description", say("Description")),
    ]


def task_columns(unit: Unit, choices: Choices) -> list[Column[TaskRow]]:
    """Return the columns of the list of tasks."""
    return [
        _label(_number),
        Column(say("Title"), lambda r: r.title, stretch=3, strong=True, field=_title()),
        Column(say("WP"), lambda r: r.work_package, width=80, muted=True),
        _lead_column(choices),
        *_spans(unit),
    ]


def task_fields(choices: Choices) -> Lines:
    """Return the fields of a task."""
    return [_title(), _lead(choices), _span(), _long("description", say("Description"))]


def _status() -> Field[Any]:
    return Field(
        "status",
        say("Status"),
        lambda r: r.status,
        Entry.CHOICE,
        lambda: options(DeliverableStatus),
    )


def _due() -> Field[Any]:
    return _month("due_month", say("Due month"), lambda r: r.due_month)


def deliverable_columns(
    unit: Unit, choices: Choices, today: Callable[[], date]
) -> list[Column[DeliverableRow]]:
    """Return the columns of the list of deliverables; what is late at `today` shows it."""
    return [
        _label(_number),
        Column(say("Title"), lambda r: r.title, stretch=3, strong=True, field=_title()),
        _lead_column(choices),
        Column(
            say("Type"), lambda r: r.type.value, width=96, optional=True, tip=lambda r: word(r.type)
        ),
        Column(
            say("Level"),
            lambda r: r.level.value,
            width=84,
            optional=True,
            tip=lambda r: word(r.level),
        ),
        Column(
            say("Due"),
            lambda r: unit.ends(r.due_month),
            sort=lambda r: r.due_month,
            width=_MONTH_WIDTH,
            field=_due(),
            alarm=lambda r: late(r, today()),
            tip=lambda r: formats.day(r.due_on),
        ),
        Column(
            say("Status"),
            lambda r: word(r.status),
            width=160,
            tone=lambda r: tone(r.status),
            field=_status(),
        ),
    ]


def deliverable_fields(choices: Choices) -> Lines:
    """Return the fields of a deliverable."""
    return [
        _title(),
        _lead(choices),
        Field(
            "type",
            say("Type"),
            lambda r: r.type,
            Entry.CHOICE,
            lambda: options(DeliverableType),
        ),
        Field(
            "level",
            say("Level"),
            lambda r: r.level,
            Entry.CHOICE,
            lambda: options(DisseminationLevel),
        ),
        [
            _due(),
            Field("submitted_on", say("Submitted on"), lambda r: r.submitted_on, Entry.DATE),
        ],
        _status(),
        _long("description", say("Description")),
    ]


def milestone_columns(unit: Unit, choices: Choices) -> list[Column[MilestoneRow]]:
    """Return the columns of the list of milestones."""
    return [
        _label(_number),
        Column(say("Title"), lambda r: r.title, stretch=3, strong=True, field=_title()),
        Column(say("WPs"), lambda r: r.work_packages, width=110, muted=True, optional=True),
        _lead_column(choices),
        Column(
            say("Due"),
            lambda r: unit.ends(r.due_month),
            sort=lambda r: r.due_month,
            width=_MONTH_WIDTH,
            field=_due(),
        ),
        Column(
            say("Means of verification"),
            lambda r: r.means_of_verification,
            stretch=2,
            muted=True,
            optional=True,
        ),
        Column(
            say("Achieved"),
            lambda r: formats.day(r.achieved_on),
            sort=lambda r: r.achieved_on,
            width=_MONTH_WIDTH,
        ),
    ]


def milestone_fields(choices: Choices) -> Lines:
    """Return the fields of a milestone."""
    return [
        _title(),
        Field(
            "work_package_ids",
            say("Work packages"),
            lambda r: r.work_package_ids,
            Entry.CHOICES,
            choices.work_packages,
        ),
        _lead(choices),
        [
            _due(),
            Field("achieved_on", say("Achieved on"), lambda r: r.achieved_on, Entry.DATE),
        ],
        _long("means_of_verification", say("Means of verification")),
    ]
