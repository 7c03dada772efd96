"""Columns and fields of the tables of a work plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, plan_words
from projectdesk.desktop.models.fields import Column, Entry, Field, Option
from projectdesk.desktop.models.months import MonthUnit
from projectdesk.desktop.models.words import options, tone, word
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.domain.rules import deliverables as rules
from projectdesk.domain.rules.project_months import LAST_MONTH
from projectdesk.domain.workplan import (
    DeliverableStatus,
    DeliverableType,
    DependencyType,
    DisseminationLevel,
)
from projectdesk.services.plan_rows import DependencyRow
from projectdesk.services.rows import DeliverableRow, MilestoneRow, TaskRow, WorkPackageRow

Lines = list[Field[Any] | list[Field[Any]]]
_MONTH_WIDTH = 124
_COUNT_WIDTH = 138
_LATE_WIDTH = 236
"""Room for "Internal review 147 d late", in German too."""
_MOST_LAG = 60
_DAY_WIDTH = 124
_NUMBER_WIDTH = 92
_PERSON_WIDTH = 170


def month_field(
    name: str,
    label: str,
    value: Callable[[Any], object],
    unit: MonthUnit | None = None,
    *,
    ends: bool = False,
) -> Field[Any]:
    """Return the field of a project month, in the project's unit; ends: it is the month's end."""
    return Field(
        name,
        label,
        value,
        Entry.NUMBER,
        minimum=1,
        maximum=LAST_MONTH,
        prefix="M",
        hint="M1",
        months=unit,
        ends=ends,
    )


def title_field() -> Field[Any]:
    """Return the field of a title."""
    return Field("title", say("Title"), lambda r: r.title)


def lead_field(choices: Choices) -> Field[Any]:
    """Return the field of the lead partner."""
    return Field(
        "lead_partner_id",
        say("Lead partner"),
        lambda r: r.lead_partner_id,
        Entry.CHOICE,
        choices.partners,
    )


def _span(unit: MonthUnit) -> list[Field[Any]]:
    return [
        month_field("start_month", say("Start month"), lambda r: r.start_month, unit),
        month_field("end_month", say("End month"), lambda r: r.end_month, unit, ends=True),
    ]


def _long(name: str, label: str) -> Field[Any]:
    return Field(name, label, lambda r: getattr(r, name), Entry.LONG_TEXT)


def _spans(unit: MonthUnit) -> list[Column[Any]]:
    start, end = _span(unit)
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


def number_field() -> Field[Any]:
    """Return the field of a number: agreements have holes that no renumbering makes."""
    return Field("number", say("Number"), lambda r: r.number, Entry.NUMBER, minimum=1)


def _spare(
    field: Field[Any],
    text: Callable[[Any], str],
    width: int = 0,
    sort: Callable[[Any], object] | None = None,
) -> Column[Any]:
    """Return a column that is there when it is asked for, edited by its field."""
    return Column(field.label, text, sort=sort, width=width, stretch=2, field=field, spare=True)


def _spare_day(name: str, label: str) -> Column[Any]:
    field = _day(name, label)
    return _spare(field, lambda r: formats.day(getattr(r, name)), _DAY_WIDTH, field.value)


def _spare_number() -> Column[Any]:
    return _spare(number_field(), lambda r: str(r.number), _NUMBER_WIDTH, lambda r: r.number)


def _label(sort: Callable[[Any], object]) -> Column[Any]:
    return Column(say("No."), lambda r: r.label, sort=sort, width=76, muted=True)


def _number(row: Any) -> tuple[int, ...]:
    digits = "".join(c if c.isdigit() else " " for c in row.label)
    return tuple(int(part) for part in digits.split())


def _lead_column(choices: Choices) -> Column[Any]:
    return Column(
        say("Lead"), lambda r: r.lead, width=130, optional=True, field=lead_field(choices)
    )


def work_package_columns(choices: Choices) -> list[Column[WorkPackageRow]]:
    """Return the columns of the list of work packages."""
    return [
        _label(_number),
        Column(say("Title"), lambda r: r.title, stretch=3, strong=True, field=title_field()),
        _lead_column(choices),
        *_spans(choices.unit),
        Column(
            say("Tasks"),
            lambda r: str(r.tasks),
            sort=lambda r: r.tasks,
            width=_COUNT_WIDTH,
            right=True,
            muted=True,
            optional=True,
        ),
        Column(
            say("Deliverables"),
            lambda r: str(r.deliverables),
            sort=lambda r: r.deliverables,
            width=_COUNT_WIDTH,
            right=True,
            muted=True,
            optional=True,
        ),
        _spare_number(),
        _spare(_long("objectives", say("Objectives")), lambda r: r.objectives),
        _spare(_long("description", say("Description")), lambda r: r.description),
    ]


def work_package_fields(choices: Choices) -> Lines:
    """Return the fields of a work package."""
    return [
        title_field(),
        lead_field(choices),
        _span(choices.unit),
        number_field(),
        _long("objectives", say("Objectives")),
        _long("description", say("Description")),
    ]


def task_columns(choices: Choices) -> list[Column[TaskRow]]:
    """Return the columns of the list of tasks."""
    return [
        _label(_number),
        Column(say("Title"), lambda r: r.title, stretch=3, strong=True, field=title_field()),
        Column(say("WP"), lambda r: r.work_package, width=80, muted=True),
        _lead_column(choices),
        *_spans(choices.unit),
        _spare_number(),
        _spare(_long("description", say("Description")), lambda r: r.description),
    ]


def task_fields(choices: Choices) -> Lines:
    """Return the fields of a task."""
    return [
        title_field(),
        lead_field(choices),
        _span(choices.unit),
        number_field(),
        _long("description", say("Description")),
    ]


def _type() -> Field[Any]:
    return Field(
        "type", say("Type"), lambda r: r.type, Entry.CHOICE, lambda: options(DeliverableType)
    )


def _level() -> Field[Any]:
    return Field(
        "level", say("Level"), lambda r: r.level, Entry.CHOICE, lambda: options(DisseminationLevel)
    )


def _status() -> Field[Any]:
    return Field(
        "status",
        say("Status"),
        lambda r: r.status,
        Entry.CHOICE,
        lambda: options(DeliverableStatus),
    )


def _due(unit: MonthUnit) -> Field[Any]:
    return month_field("due_month", say("Due month"), lambda r: r.due_month, unit, ends=True)


def _day(name: str, label: str) -> Field[Any]:
    return Field(name, label, lambda r: getattr(r, name), Entry.DATE)


def _person(name: str, label: str, choices: Choices) -> Field[Any]:
    return Field(name, label, lambda r: getattr(r, name), Entry.CHOICE, choices.people)


def deliverable_columns(
    choices: Choices, today: Callable[[], date]
) -> list[Column[DeliverableRow]]:
    """Return the columns of the list of deliverables; what is late at `today` shows it."""
    return [
        _label(_number),
        Column(say("Title"), lambda r: r.title, stretch=3, strong=True, field=title_field()),
        _lead_column(choices),
        Column(
            say("Type"),
            lambda r: r.type.value,
            width=96,
            optional=True,
            tip=lambda r: word(r.type),
            field=_type(),
        ),
        Column(
            say("Level"),
            lambda r: r.level.value,
            width=84,
            optional=True,
            tip=lambda r: word(r.level),
            field=_level(),
        ),
        Column(
            say("Due"),
            lambda r: choices.unit.ends(r.due_month),
            sort=lambda r: r.due_month,
            width=_MONTH_WIDTH,
            field=_due(choices.unit),
            alarm=lambda r: rules.lateness(r, today()) is not None,
            tip=lambda r: choices.unit.other(r.due_month, ends=True),
        ),
        Column(
            say("Status"),
            lambda r: word(r.status),
            width=160,
            tone=lambda r: tone(r.status),
            field=_status(),
        ),
        Column(
            say("Late|days"),
            lambda r: plan_words.deliverable_chip(r, today()),
            sort=lambda r: -_days_late(r, today()),
            width=_LATE_WIDTH,
            tone=lambda r: plan_words.deliverable_tone(r, today()),
            optional=True,
        ),
        Column(say("WP"), lambda r: r.work_package, width=80, muted=True, spare=True),
        _spare_number(),
        *(_spare_day(name, label) for name, label in _deliverable_days()),
        _spare(_person("reviewer_id", say("Reviewer"), choices), lambda r: r.reviewer,
               _PERSON_WIDTH),
        _spare(_long("description", say("Description")), lambda r: r.description),
    ]  # fmt: skip


def _deliverable_days() -> tuple[tuple[str, str], ...]:
    return (
        ("draft_on", say("Draft wanted on")),
        ("expected_on", say("Expected on")),
        ("reviewed_on", say("Reviewed on")),
        ("submitted_on", say("Submitted on")),
        ("decided_on", say("Decided on")),
    )


def deliverable_fields(choices: Choices) -> Lines:
    """Return the fields of a deliverable."""
    return [
        title_field(),
        lead_field(choices),
        _type(),
        [_level(), number_field()],
        [_due(choices.unit), _status()],
        [_day("draft_on", say("Draft wanted on")), _day("expected_on", say("Expected on"))],
        _person("reviewer_id", say("Reviewer"), choices),
        [_day("reviewed_on", say("Reviewed on")), _day("submitted_on", say("Submitted on"))],
        _day("decided_on", say("Decided on")),
        _long("description", say("Description")),
    ]


def milestone_columns(choices: Choices, today: Callable[[], date]) -> list[Column[MilestoneRow]]:
    """Return the columns of the list of milestones."""
    return [
        _label(_number),
        Column(say("Title"), lambda r: r.title, stretch=3, strong=True, field=title_field()),
        Column(
            say("WPs"),
            lambda r: r.work_packages,
            width=110,
            muted=True,
            optional=True,
            field=_packages(choices),
        ),
        _lead_column(choices),
        Column(
            say("Due"),
            lambda r: choices.unit.ends(r.due_month),
            sort=lambda r: r.due_month,
            width=_MONTH_WIDTH,
            field=_due(choices.unit),
            alarm=lambda r: bool(plan_words.milestone_chip(r, today())),
            tip=lambda r: choices.unit.other(r.due_month, ends=True),
        ),
        Column(
            say("Means of verification"),
            lambda r: r.means_of_verification,
            stretch=2,
            muted=True,
            optional=True,
            field=_long("means_of_verification", say("Means of verification")),
        ),
        Column(
            say("Achieved"),
            lambda r: formats.day(r.achieved_on) or plan_words.milestone_chip(r, today()),
            sort=lambda r: r.achieved_on,
            width=_MONTH_WIDTH,
            tone=lambda r: Tone.SUCCESS if r.achieved_on else Tone.DANGER,
            tip=lambda r: r.verification or r.verified_by,
            field=_day("achieved_on", say("Achieved on")),
        ),
        _spare_number(),
        _spare_day("expected_on", say("Expected on")),
        _spare(_person("verified_by_id", say("Verified by"), choices), lambda r: r.verified_by,
               _PERSON_WIDTH),
        _spare(_long("verification", say("How it was verified")), lambda r: r.verification),
    ]  # fmt: skip


def _packages(choices: Choices) -> Field[Any]:
    return Field(
        "work_package_ids",
        say("Work packages"),
        lambda r: r.work_package_ids,
        Entry.CHOICES,
        choices.work_packages,
    )


def milestone_fields(choices: Choices) -> Lines:
    """Return the fields of a milestone."""
    return [
        title_field(),
        _packages(choices),
        [lead_field(choices), number_field()],
        [_due(choices.unit), _day("expected_on", say("Expected on"))],
        _long("means_of_verification", say("Means of verification")),
        [
            _day("achieved_on", say("Achieved on")),
            _person("verified_by_id", say("Verified by"), choices),
        ],
        _long("verification", say("How it was verified")),
    ]


def _days_late(row: DeliverableRow, today: date) -> int:
    found = rules.lateness(row, today)
    return found.days if found else 0


def _tie_kind() -> Field[Any]:
    return Field(
        "type",
        say("How"),
        lambda r: r.type,
        Entry.CHOICE,
        lambda: [Option(kind, plan_words.dependency_word(kind)) for kind in DependencyType],
    )


def _lag() -> Field[Any]:
    lags = range(-_MOST_LAG, _MOST_LAG + 1)
    return Field(
        "lag_months",
        say("Months between"),
        lambda r: r.lag_months,
        Entry.CHOICE,
        lambda: [Option(months, plan_words.lag_words(months) or "–") for months in lags],
    )


def dependency_columns(choices: Choices) -> list[Column[DependencyRow]]:
    """Return the columns of the list of dependencies."""
    return [
        Column(say("What"), lambda r: r.after, width=84, strong=True),
        Column(say("Title"), lambda r: r.after_title, stretch=2),
        Column(say("Waits for"), lambda r: r.before, width=100, strong=True),
        Column(say("Its title"), lambda r: r.before_title, stretch=2, muted=True),
        Column(
            say("How"), lambda r: plan_words.dependency_word(r.type), width=176, field=_tie_kind()
        ),
        Column(
            say("Months between"),
            lambda r: plan_words.lag_words(r.lag_months),
            sort=lambda r: r.lag_months,
            width=144,
            field=_lag(),
            optional=True,
        ),
        Column(
            say("Earliest start"),
            lambda r: choices.unit.begins(r.earliest),
            sort=lambda r: r.earliest,
            width=_MONTH_WIDTH,
            optional=True,
        ),
        Column(
            say("Holds"),
            plan_words.too_early,
            sort=lambda r: -r.months,
            width=164,
            tone=lambda r: Tone.WARNING if r.violated else Tone.SUCCESS,
        ),
    ]


def dependency_fields() -> Lines:
    """Return the fields of a dependency."""
    return [_tie_kind(), _lag()]
