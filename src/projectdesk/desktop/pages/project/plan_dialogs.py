"""Dialogs that move or renumber much of a plan at once: what would change is shown before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QCheckBox, QWidget

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry, Field, Option
from projectdesk.desktop.models.months import MonthUnit
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.planning import PlanningPresenter, Shift
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import show_if, text
from projectdesk.domain.rules.numbering import Order
from projectdesk.errors import ProjectDeskError
from projectdesk.services.plan_rows import MovedDate, MovedRow, MovePreview
from projectdesk.services.rows import Kind, MilestoneRow, ProjectRow, WorkPackageRow

Values = Mapping[str, Any]
_WIDTH, _TABLE_HEIGHT = 680, 300
_LATER, _EARLIER = "later", "earlier"


class PreviewDialog(Dialog):
    """Asks for a few values and shows what they would change; a change of one asks again."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        sentence: str,
        lines: Sequence[Field[Any] | Sequence[Field[Any]]],
        columns: Sequence[Column[Any]],
        action: str,
    ) -> None:
        """Ask.

        Args:
            parent: the window it belongs to.
            title: what is done.
            sentence: what it means.
            lines: the fields; none = nothing is asked.
            columns: of what would change.
            action: label of the button.
        """
        super().__init__(parent, title, sentence, width=_WIDTH)
        self.form = Form(lines)
        show_if(self.form, bool(lines))
        self.handed_in = QCheckBox(say("Also what was handed in or achieved"))
        self.handed_in.hide()
        self.table: DataTable[Any] = DataTable(
            columns,
            lambda row: row.id,
            EmptyState("circle-check", say("Nothing changes"), ""),
            sortable=False,
        )
        self.table.setAccessibleName(say("What would change"))
        self.table.setMinimumHeight(_TABLE_HEIGHT)
        self.note = text("", "muted", wrap=True)
        self.note.hide()
        self.extend = QCheckBox("")
        self.extend.hide()
        self.add(self.form, self.handed_in, self.table, self.note, self.extend)
        self.add_button(say("Cancel"), "", self.reject)
        self.action = self.add_button(action, "primary", self.submit, default=True)
        self.action.setEnabled(False)
        self._needs: int | None = None
        self._rows = 0
        self.form.entered.connect(lambda *_: self.ask())
        self.handed_in.toggled.connect(lambda _: self.ask())
        self.extend.toggled.connect(lambda _: self._allow())

    def ask(self) -> None:
        """Ask what the present values would change."""
        values = self.form.values()
        if values is not None:
            self.show_problem("")
            self.preview(values)

    def preview(self, values: Values) -> None:
        """Ask for the preview of these values; answers go to `show_preview` or `refuse`."""
        raise NotImplementedError

    def carry_out(self, values: Values) -> None:
        """Do it; `accept` or `refuse` follows."""
        raise NotImplementedError

    def submit(self) -> None:
        """Do what is shown."""
        values = self.form.values()
        if values is not None and self.action.isEnabled():
            self.action.setEnabled(False)
            self.carry_out(values)

    def show_preview(self, preview: MovePreview) -> None:
        """Show what would change, what stays and what does not hold then."""
        notes = []
        if preview.stays:
            stays = ", ".join(preview.stays)
            notes.append(say("Handed in or achieved, and stays: {labels}.", labels=stays))
        for tie in preview.violated:
            words = say("{after} waits for {before}", after=tie.after, before=tie.before)
            notes.append(say("Does not hold then: {words}.", words=words))
        self._needs = preview.needs
        if preview.needs is not None:
            self.extend.setText(
                say("Let the project last {count} months, which this needs", count=preview.needs)
            )
        show_if(self.extend, preview.needs is not None)
        self.show_rows(preview.rows, "\n".join(notes))

    def show_rows(self, rows: Sequence[Any], note: str = "") -> None:
        """Show what would change."""
        self._rows = len(rows)
        self.table.show_rows(rows)
        self.note.setText(note)
        show_if(self.note, bool(note))
        self._allow()
        self.grow()

    def refuse(self, error: ProjectDeskError) -> None:
        """Say why not; nothing would change."""
        self._rows = 0
        self.table.show_rows([])
        show_if(self.extend, False)
        show_if(self.note, False)
        field = error.facts.get("field")
        if not (isinstance(field, str) and self.form.show_problem(field, say_error(error))):
            self.show_problem(say_error(error))
        self._allow()

    def _allow(self) -> None:
        fits = self._needs is None or self.extend.isChecked()
        self.action.setEnabled(bool(self._rows) and fits)


def _field(name: str, label: str, first: object, entry: Entry, **more: Any) -> Field[Any]:
    return Field(name, label, lambda _: first, entry, **more)


def move_columns(unit: MonthUnit) -> list[Column[MovedRow]]:
    """Return the columns of records that move or get another number."""

    def now(row: MovedRow) -> str:
        return _where(unit, row.label, row.label_after, row.start, row.end)

    def then(row: MovedRow) -> str:
        return _where(unit, row.label_after, row.label, row.start_after, row.end_after)

    return [
        Column(say("No."), lambda r: r.label, width=76, muted=True),
        Column(say("Title"), lambda r: r.title, stretch=3, strong=True),
        Column(say("Now"), now, stretch=2, muted=True),
        Column(say("Then"), then, stretch=2, strong=True),
    ]


def _where(unit: MonthUnit, label: str, other: str, start: int | None, end: int | None) -> str:
    if label != other or start is None or end is None:
        return label
    return unit.ends(end) if start == end else unit.span(start, end)


class ShiftDialog(PreviewDialog):
    """Moves a work package with all in it by some months."""

    def __init__(
        self,
        parent: QWidget | None,
        presenter: PlanningPresenter,
        choices: Choices,
        row: WorkPackageRow,
        milestones: Sequence[MilestoneRow],
    ) -> None:
        """Ask by how many months.

        Args:
            parent: the window it belongs to.
            presenter: moves it.
            choices: of the project.
            row: the work package.
            milestones: of the project; those of this work package alone are chosen to go with it.
        """
        directions = [Option(_LATER, say("later")), Option(_EARLIER, say("earlier"))]
        own = [each.id for each in milestones if each.work_package_ids == (row.id,)]
        among = [each for each in milestones if row.id in each.work_package_ids]
        lines: list[Field[Any] | list[Field[Any]]] = [
            [
                _field("months", say("Months"), 1, Entry.NUMBER, minimum=1, maximum=600),
                _field("direction", say("Where to"), _LATER, Entry.CHOICE,
                       options=lambda: directions),
            ],
        ]  # fmt: skip
        if among:
            options = [Option(each.id, f"{each.label} {each.title}") for each in among]
            lines.append(
                _field("milestones", say("Milestones that go with it"), own, Entry.CHOICES,
                       options=lambda: options)
            )  # fmt: skip
        super().__init__(
            parent,
            say("Move {what}", what=row.label),
            say("Its tasks and deliverables go with it. You can undo it."),
            lines,
            move_columns(choices.unit),
            say("Move"),
        )
        self._presenter, self._row = presenter, row
        self.form.show_row(row)
        self.handed_in.show()
        self.ask()

    def _shift(self, values: Values) -> Shift:
        months = values["months"] or 0
        return Shift(
            self._row.id,
            -months if values["direction"] == _EARLIER else months,
            values.get("milestones", ()),
            self.handed_in.isChecked(),
            self.extend.isChecked(),
        )

    def preview(self, values: Values) -> None:
        """Ask what would move."""
        self._presenter.preview_shift(self._shift(values), self.show_preview, self.refuse)

    def carry_out(self, values: Values) -> None:
        """Move it."""
        self._presenter.shift(self._shift(values), self.accept, self.refuse)


class WaitingDialog(PreviewDialog):
    """Moves what waits until every dependency holds."""

    def __init__(
        self, parent: QWidget | None, presenter: PlanningPresenter, choices: Choices
    ) -> None:
        super().__init__(
            parent,
            say("Move what waits"),
            say("Everything that starts or ends too early moves just as far as it must."),
            [],
            move_columns(choices.unit),
            say("Move"),
        )
        self._presenter = presenter
        self.ask()

    def preview(self, values: Values) -> None:
        """Ask what would move."""
        self._presenter.preview_waiting(self.show_preview, self.refuse)

    def carry_out(self, values: Values) -> None:
        """Move it."""
        self._presenter.move_waiting(self.extend.isChecked(), self.accept, self.refuse)


class StartDialog(PreviewDialog):
    """Lets the project begin on another day."""

    def __init__(
        self,
        parent: QWidget | None,
        presenter: PlanningPresenter,
        project: ProjectRow,
        today: date,
    ) -> None:
        columns: list[Column[MovedDate]] = [
            Column(say("No."), lambda r: r.label, width=76, muted=True),
            Column(say("Title"), lambda r: r.title, stretch=3, strong=True),
            Column(say("Now"), lambda r: formats.day(r.before), width=120, muted=True),
            Column(say("Then"), lambda r: formats.day(r.after), width=120),
            Column(
                "",
                lambda r: say("has passed") if r.passed else "",
                width=112,
                tone=lambda _: Tone.DANGER,
                about=say("State"),
            ),
        ]
        super().__init__(
            parent,
            say("Move the start of {what}", what=project.acronym),
            say("Months stay as they are, and their dates move with M1."),
            [_field("months", say("M1 begins on"), project.start_date, Entry.DATE)],
            columns,
            say("Move"),
        )
        self._presenter, self._project, self._today = presenter, project, today
        self.form.show_row(project)
        self.form.rows["months"].editor.setFocus()

    def preview(self, values: Values) -> None:
        """Ask which dates would move."""
        start = values["months"]
        if start is None or start == self._project.start_date:
            self.show_rows([])
            return
        self._presenter.preview_start(start, self._today, self._show, self.refuse)

    def _show(self, rows: Sequence[MovedDate]) -> None:
        passed = sum(row.passed for row in rows)
        note = say_count(
            passed,
            "{count} date has passed then, and is still awaited.",
            "{count} dates have passed then, and are still awaited.",
        )
        # What has passed comes first: it is what the person has to know.
        self.show_rows(sorted(rows, key=lambda row: not row.passed), note if passed else "")
        self.action.setEnabled(True)  # a project without any record can begin elsewhere too

    def carry_out(self, values: Values) -> None:
        """Move it."""
        self._presenter.move_start(
            self._project.version, values["months"], self.accept, self.refuse
        )


class RenumberDialog(PreviewDialog):
    """Gives numbers anew."""

    def __init__(
        self,
        parent: QWidget | None,
        presenter: PlanningPresenter,
        choices: Choices,
        kind: Kind,
    ) -> None:
        kinds = [
            Option(Kind.WORK_PACKAGE, say("Work packages")),
            Option(Kind.TASK, say("Tasks")),
            Option(Kind.DELIVERABLE, say("Deliverables")),
            Option(Kind.MILESTONE, say("Milestones")),
            Option(Kind.RISK, say("Risks")),
        ]
        if kind not in {option.value for option in kinds}:
            kind = Kind.DELIVERABLE
        orders = [
            Option(Order.BY_MONTH, say("In order of their months")),
            Option(Order.KEPT, say("As they are, without holes")),
        ]
        super().__init__(
            parent,
            say("Renumber"),
            say("Tasks and deliverables are numbered within their work package."),
            [
                [
                    _field("kinds", say("What"), [kind], Entry.CHOICES, options=lambda: kinds),
                    _field("order", say("Order"), Order.BY_MONTH, Entry.CHOICE,
                           options=lambda: orders),
                ]
            ],
            move_columns(choices.unit)[1:],
            say("Renumber"),
        )  # fmt: skip
        self._presenter = presenter
        self.form.show_row(self)
        self.ask()

    def preview(self, values: Values) -> None:
        """Ask which numbers would change."""
        self._presenter.preview_numbers(
            values["kinds"], values["order"], self.show_preview, self.refuse
        )

    def carry_out(self, values: Values) -> None:
        """Renumber."""
        self._presenter.renumber(values["kinds"], values["order"], self.accept, self.refuse)
