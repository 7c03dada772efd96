"""Dialogs for short answers: what a new record must have, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.models.functions import FUNCTIONS
from projectdesk.desktop.models.months import MonthUnit
from projectdesk.desktop.models.words import options
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.form import Form
from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.rules.project_months import LAST_MONTH
from projectdesk.domain.workplan import DeliverableType, DisseminationLevel, RiskGrade
from projectdesk.errors import ProjectDeskError
from projectdesk.services.rows import Kind

Values = Mapping[str, Any]
Lines = list[Field[Any] | list[Field[Any]]]


class FormDialog(Dialog):
    """Asks for a few values; stays open while the answer is refused."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        sentence: str,
        lines: Sequence[Field[Any] | Sequence[Field[Any]]],
        action: str,
        run: Callable[[FormDialog, Values], None],
        required: Sequence[str] = (),
        start: object = None,
    ) -> None:
        """Ask.

        Args:
            parent: the window it belongs to.
            title: what is made.
            sentence: why, or what happens next.
            lines: the fields.
            action: label of the button.
            run: does it; calls `close_done` or `refuse`.
            required: names of fields that must not be empty.
            start: a row-like object that the fields' `value` reads their first values from.
        """
        super().__init__(parent, title, sentence)
        self.form = Form(lines)
        self._run = run
        self._required = tuple(required)
        self.form.show_row(start)
        self.add(self.form)
        self.add_button(say("Cancel"), "", self.reject)
        self.action = self.add_button(action, "primary", self.submit, default=True)
        first = next(iter(self.form.rows.values()))
        first.editor.setFocus()

    def submit(self) -> None:
        """Take the values, if they are values and the required ones are there."""
        values = self.form.values()
        if values is None:
            return
        for name in self._required:
            if values[name] in (None, ""):
                self.form.show_problem(name, say("This is needed."))
                self.form.rows[name].editor.setFocus()
                return
        self.show_problem("")
        self.action.setEnabled(False)
        self._run(self, values)

    def close_done(self) -> None:
        """It is done: close."""
        self.accept()

    def refuse(self, error: ProjectDeskError) -> None:
        """Say why not, beside the field where it is known."""
        self.action.setEnabled(True)
        field = error.facts.get("field")
        if not (isinstance(field, str) and self.form.show_problem(field, say_error(error))):
            self.show_problem(say_error(error))


def _blank(name: str, label: str, entry: Entry = Entry.TEXT, **more: Any) -> Field[Any]:
    """Return a field of a record that is not there yet; `value` is its first value."""
    first = more.pop("first", None)
    return Field(name, label, lambda _: first, entry, **more)


def new_project_lines() -> Lines:
    """Return what a new project must have."""
    return [
        _blank("acronym", say("Acronym"), hint="AURORA"),
        _blank("title", say("Title")),
        [
            _blank("start_date", say("Starts on (M1)"), Entry.DATE),
            _blank(
                "duration_months",
                say("Duration in months"),
                Entry.NUMBER,
                minimum=1,
                maximum=LAST_MONTH,
                hint="36",
            ),
        ],
    ]


def new_partner_lines() -> Lines:
    """Return what a new partner must have."""
    return [
        _blank("legal_name", say("Legal name of the organisation")),
        [
            _blank("short_name", say("Short name"), hint="DTU"),
            _blank("country", say("Country"), hint="DK"),
        ],
        [
            _blank("pic", say("PIC"), hint="999999999"),
            _blank(
                "role",
                say("Role"),
                Entry.CHOICE,
                options=lambda: options(PartnerRole),
                first=PartnerRole.BENEFICIARY,
            ),
        ],
        [
            _blank("active_from", say("Takes part from"), Entry.DATE, hint=say("the start")),
            _blank("contribution", say("EU contribution, €"), Entry.MONEY),
        ],
    ]


def new_person_lines(choices: Choices) -> Lines:
    """Return what a new person must have."""
    return [
        [_blank("given_name", say("Given name")), _blank("family_name", say("Family name"))],
        _blank("email", say("E-mail")),
        [
            _blank("partner_id", say("For partner"), Entry.CHOICE, options=choices.partners),
            _blank("zone", say("Time zone"), Entry.ZONE),
        ],
        _blank("function", say("Function"), hint=say("Scientific lead"), suggestions=FUNCTIONS),
    ]


def _month(name: str, label: str, first: int, unit: MonthUnit, *, ends: bool = False) -> Field[Any]:
    return _blank(
        name,
        label,
        Entry.NUMBER,
        minimum=1,
        maximum=LAST_MONTH,
        prefix="M",
        first=first,
        months=unit,
        ends=ends,
    )


def new_plan_lines(kind: Kind, choices: Choices) -> Lines:
    """Return what a new record of a work plan must have."""
    last = (choices.project.duration_months if choices.project else None) or 12
    if kind is Kind.RISK:
        return _new_risk_lines(choices)
    lead = _blank("lead_partner_id", say("Lead partner"), Entry.CHOICE, options=choices.partners)
    lines: Lines = [_blank("title", say("Title"))]
    if kind in (Kind.TASK, Kind.DELIVERABLE):
        lines.append(
            _blank(
                "work_package_id",
                say("Work package"),
                Entry.CHOICE,
                options=lambda: [o for o in choices.work_packages() if o.value is not None],
                first=choices.work_package_rows[0].id if choices.work_package_rows else None,
            )
        )
    lines.append(lead)
    if kind in (Kind.WORK_PACKAGE, Kind.TASK):
        lines.append(
            [
                _month("start_month", say("Start month"), 1, choices.unit),
                _month("end_month", say("End month"), last, choices.unit, ends=True),
            ]
        )
    else:
        lines.append(_month("due_month", say("Due month"), last, choices.unit, ends=True))
    if kind is Kind.DELIVERABLE:
        lines.append(
            [
                _blank(
                    "type",
                    say("Type"),
                    Entry.CHOICE,
                    options=lambda: options(DeliverableType),
                    first=DeliverableType.R,
                ),
                _blank(
                    "level",
                    say("Level"),
                    Entry.CHOICE,
                    options=lambda: options(DisseminationLevel),
                    first=DisseminationLevel.PU,
                ),
            ]
        )
    if kind is Kind.MILESTONE:
        lines.append(
            _blank(
                "work_package_ids",
                say("Work packages"),
                Entry.CHOICES,
                options=choices.work_packages,
                first=(),
            )
        )
        lines.append(_blank("means_of_verification", say("Means of verification"), Entry.LONG_TEXT))
    return lines


def _new_risk_lines(choices: Choices) -> Lines:
    def grade(name: str, label: str) -> Field[Any]:
        grades = lambda: options(RiskGrade)  # noqa: E731 - a field asks for its options
        return _blank(name, label, Entry.CHOICE, options=grades, first=RiskGrade.MEDIUM)

    return [
        _blank("title", say("What may happen")),
        [grade("likelihood", say("Likelihood")), grade("severity", say("Severity"))],
        _blank(
            "work_package_ids",
            say("Work packages"),
            Entry.CHOICES,
            options=choices.work_packages,
            first=(),
        ),
        _blank("mitigation", say("Mitigation"), Entry.LONG_TEXT),
        _blank("owner_partner_id", say("Owner"), Entry.CHOICE, options=choices.partners),
    ]


def plan_title(kind: Kind) -> str:
    """Return the title of the dialog that makes a record of a work plan."""
    match kind:
        case Kind.WORK_PACKAGE:
            return say("New work package")
        case Kind.TASK:
            return say("New task")
        case Kind.DELIVERABLE:
            return say("New deliverable")
        case Kind.RISK:
            return say("New risk")
        case _:
            return say("New milestone")
