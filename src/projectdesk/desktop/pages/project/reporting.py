"""Reporting periods, and what each partner states for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import effort_mail
from projectdesk.desktop.models.cell_edits import CellEdit
from projectdesk.desktop.models.fields import Field
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.pages.project import reporting_dialogs as dialogs
from projectdesk.desktop.pages.project.reporting_columns import period_columns, statement_columns
from projectdesk.desktop.pages.project.reporting_detail import StatementDetail
from projectdesk.desktop.presenters.asking import SendsDesks, reach
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.reporting import ReportingPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import ROW_HEIGHT, SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Banner
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.dialog import Dialog, confirm, confirm_deletion
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.filter_bar import FilterBar, filter_field
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    icon_button,
    plain,
    row,
    show_if,
    text,
)
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.domain.effort import StatementState
from projectdesk.domain.rules.reporting import PeriodProblem
from projectdesk.errors import Conflict, ProjectDeskError
from projectdesk.services.reporting_rows import (
    EffortLink,
    ReportingPeriodRow,
    ReportingPeriods,
    StatementRow,
)

_WEEKS: Final = timedelta(days=21)
"""How long partners usually get to answer."""
_HEADER = 36
_SHOWN_PERIODS = 4
_FILES = "Word (*.docx);;Excel (*.xlsx);;PDF (*.pdf);;Markdown (*.md)"


class ReportingPane(Presented, QWidget):
    """Periods above, the statements of the chosen one below."""

    def __init__(
        self,
        session: Session,
        choices: Choices,
        desks: SendsDesks[EffortLink] | None,
        today: Callable[[], date],
    ) -> None:
        """Make it.

        Args:
            session: the outside.
            choices: what is known of the project.
            desks: what sends desks to hosts, None where nothing is sent.
            today: the date where the reader is.
        """
        super().__init__()
        self._choices = choices
        self._today = today
        self._wanted: UUID | None = None
        self._period: ReportingPeriodRow | None = None
        self.presenter = self.present(ReportingPresenter(session, self, desks))
        self.periods: DataTable[ReportingPeriodRow] = DataTable(
            period_columns(), lambda r: r.id, self._no_periods(), name="reporting-periods"
        )
        self.periods.setAccessibleName(say("Reporting periods"))
        self.statements: DataTable[StatementRow] = DataTable(
            statement_columns(), lambda r: r.partner_id, self._no_partners(), name="statements"
        )
        self.statements.setAccessibleName(say("Statements of the partners"))
        self.filter = filter_field(self.statements, say("Filter partners"))
        self.findings = Banner()
        self._title = text("", "heading")
        self._make_buttons()
        self.detail = StatementDetail([self.enter, self.send_back])
        self._lay_out()
        self._connect()

    def _no_periods(self) -> EmptyState:
        return EmptyState(
            "calendar-days",
            say("No reporting periods yet"),
            say("Divide the project into periods; partners are then asked for their effort."),
            say("Divide the project"),
        )

    def _no_partners(self) -> EmptyState:
        return EmptyState(
            "users", say("Nobody reports"), say("Add partners and choose a period above.")
        )

    def _make_buttons(self) -> None:
        self.divide = button(say("Divide the project"), "", "layers", self.ask_division)
        self.add = button(say("Add period"), "primary", "plus", self.presenter.add)
        self.export = button(say("Export report"), "", "file-down", self._choose_file)
        self.ask = button(say("Ask partners"), "primary", "megaphone", self.ask_partners)
        self.remind = button(say("Remind"), "", "bell", self._remind)
        self.approve = button(say("Approve"), "", "circle-check", self._approve)
        self.send_back = button(say("Send back"), "", "undo-2", self._send_back)
        self.enter = button(say("Enter figures"), "", "keyboard", self._enter)
        self.more = icon_button("ellipsis", say("More"))
        self.more.setPopupMode(self.more.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self.freeze = menu.addAction(say("Freeze the period…"))
        set_icon(self.freeze, "lock", Tone.MUTED)
        self.freeze.triggered.connect(self.ask_freeze)
        self.more.setMenu(menu)

    def _lay_out(self) -> None:
        self.periods.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._lower = plain(
            column(
                toolbar(
                    self._title,
                    self.filter,
                    None,
                    self.approve,
                    self.remind,
                    self.ask,
                    self.more,
                ),
                FilterBar(self.statements),
                self.statements,
                spacing=SPACE_M,
            )
        )
        left = column(
            toolbar(None, self.export, self.divide, self.add),
            self.findings,
            self.periods,
            self._lower,
            spacing=SPACE_M,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
        )
        left.setStretch(2, 1)
        left.setStretch(3, 4)
        both = row(plain(left), self.detail, spacing=0)
        both.setStretch(0, 1)
        self.setLayout(both)

    def _connect(self) -> None:
        self.periods.empty_acted.connect(self.ask_division)
        self.periods.current_changed.connect(self._on_period)
        self.periods.edited.connect(self._on_edit)
        self.periods.edited_many.connect(self._on_edits)
        self.periods.refused.connect(self.presenter.say_problem)
        self.periods.set_actions(
            [
                RowAction(say("Delete"), "trash-2", lambda rows: self.presenter.delete(rows[0]),
                          "Del", danger=True, when=lambda r: r.frozen_on is None),
            ]
        )  # fmt: skip
        self.statements.current_changed.connect(self._on_statement)
        self.statements.selected_changed.connect(self._enable)
        self.statements.opened.connect(lambda _row: self._enter())
        self.statements.set_actions(
            [
                RowAction(say("Approve"), "circle-check", self.presenter.approve, many=True,
                          when=self._can_approve),
                RowAction(say("Send back"), "undo-2", lambda _: self._send_back(),
                          when=self._can_send_back),
                RowAction(say("Enter figures"), "keyboard", lambda _: self._enter(),
                          when=self._can_enter),
                RowAction(say("Show the personal link"), "link",
                          lambda rows: self.presenter.offer_links(rows, reminder=False),
                          many=True, when=lambda r: r.asked_at is not None),
                RowAction(say("Remind"), "bell",
                          lambda rows: self.presenter.offer_links(rows, reminder=True),
                          many=True, when=self._can_remind),
                RowAction(say("New link, the old one ends"), "refresh-cw",
                          self._renew,
                          when=lambda r: r.asked_at is not None and self._is_open()),
            ]
        )  # fmt: skip
        self.detail.closed.connect(self.statements.clear_selection)

    # --- the project

    def open_project(self, project: UUID) -> None:
        """Show the reporting of `project`."""
        self._period = None
        self.detail.hide()
        self.presenter.open(project)

    # --- what the presenter calls

    def show_periods(self, found: ReportingPeriods) -> None:
        """Show the periods; the first that is not frozen is chosen at first."""
        self.periods.show_rows(found.periods)
        count = max(1, min(len(found.periods), _SHOWN_PERIODS))
        show_if(self._lower, bool(found.periods))
        height = _HEADER + count * ROW_HEIGHT + SPACE_S
        self.periods.setMaximumHeight(height if found.periods else 16_777_215)
        self.periods.setMinimumHeight(height)
        self.findings.say(_finding_words(found))
        current = self._wanted or (self._period.id if self._period else None)
        rows = {each.id: each for each in found.periods}
        if current not in rows:
            open_ones = [each.id for each in found.periods if each.frozen_on is None]
            current = next(iter([*open_ones, *rows]), None)
        self._period = rows.get(current) if current is not None else None
        if current is not None and self._period is not None:
            self._wanted = None
            self.periods.select(current)
        self._show_period()

    def show_statements(self, rows: Sequence[StatementRow]) -> None:
        """Show the statements of the chosen period."""
        chosen = self.statements.current()
        self.statements.show_rows(rows)
        still = [each for each in rows if chosen and each.partner_id == chosen.partner_id]
        self._on_statement(still[0] if still else None)
        self._enable()

    def show_links(self, links: Sequence[EffortLink], sender: str, *, reminder: bool) -> None:
        """Offer to write to the partners."""
        self.open_links(links, sender, reminder=reminder)

    def open_links(
        self, links: Sequence[EffortLink], sender: str, *, reminder: bool
    ) -> Dialog | None:
        """Show the links, each with what its partner is written."""
        period, project = self._period, self._choices.project
        if period is None or project is None:
            return None
        letters = [
            (link, effort_mail.letter(link, project.acronym, period, sender, reminder=reminder))
            for link in links
        ]

        def written(statement: UUID) -> None:
            if reminder:
                self.presenter.reminded([statement])

        dialog = dialogs.LinksDialog(
            self.window(), letters, written, reach([link.url for link in links]), reminder=reminder
        )
        dialog.open()
        return dialog

    def show_problem(self, words: str) -> None:
        """Say that the desks are not at their host yet; they go there when it is heard."""
        self.findings.say(
            say("The links do not open yet: {reason} They will by themselves.", reason=words)
        )

    def select_period(self, period: UUID) -> None:
        """Choose a period as soon as it is there."""
        self._wanted = period
        self.periods.select(period, later=True)

    def confirm_delete(self, what: str, also: Sequence[str], run: Callable[[], None]) -> None:
        """Ask whether `also` may go with `what`."""
        confirm_deletion(self.window(), what, also, run)

    # --- dialogs

    def ask_division(self) -> Dialog:
        """Ask how the project is divided."""
        return dialogs.ask_division(self.window(), self.presenter.divide)

    def ask_partners(self) -> Dialog | None:
        """Ask whom to ask."""
        missing = [
            each
            for each in self.statements.rows
            if each.state in {StatementState.OPEN, StatementState.ASKED, StatementState.SENT_BACK}
        ]
        if not missing or not self._is_open():
            return None
        chosen = [each for each in missing if each.state is StatementState.OPEN] or missing
        dialog = dialogs.AskDialog(
            self.window(), chosen, self._today() + _WEEKS, self.presenter.ask_partners
        )
        dialog.open()
        return dialog

    def ask_freeze(self) -> Dialog | None:
        """Ask whether the period is frozen: there is no way back."""
        period = self._period
        if period is None or period.frozen_on is not None:
            return None
        open_ones = [each.partner for each in self.statements.rows if
                     each.state is not StatementState.APPROVED]  # fmt: skip
        details = []
        if open_ones:
            names = ", ".join(open_ones[:6]) + (" …" if len(open_ones) > 6 else "")
            details.append(say("Not approved: {names}", names=names))
        dialog = confirm(
            self.window(),
            say("Freeze {what}?", what=period.label),
            say(
                "Its months, statements and figures never change again, and the personal links "
                "only show them. This cannot be undone."
            ),
            say("Freeze"),
            lambda: self.presenter.freeze(period.id),
            details=details,
        )
        for each in dialog.findChildren(QPushButton):
            if each.text() == say("Cancel"):  # Enter alone must not do what nobody can take back
                each.setDefault(True)
                each.setFocus()
        return dialog

    def ask_renew(self, shown: StatementRow) -> Dialog:
        """Ask whether a link ends."""
        return confirm(
            self.window(),
            say("Make a new link for {partner}?", partner=shown.partner),
            say("The link that was sent opens nothing any more. Send the new one."),
            say("New link"),
            lambda: self.presenter.renew(shown),
        )

    def _renew(self, rows: Sequence[StatementRow]) -> None:
        self.ask_renew(rows[0])

    def _approve(self) -> None:
        rows = [each for each in self.statements.selected() if self._can_approve(each)]
        if rows:
            self.presenter.approve(rows)

    def _send_back(self) -> None:
        shown = self.statements.current()
        if shown is not None and self._can_send_back(shown):
            deadline = self._today() + _WEEKS / 3
            dialogs.ask_send_back(self.window(), shown, deadline, self.presenter.send_back)

    def _enter(self) -> None:
        shown = self.statements.current()
        if shown is not None and self._can_enter(shown):
            dialogs.ask_figures(self.window(), shown, self.presenter.enter)

    def _remind(self) -> None:
        rows = [each for each in self.statements.rows if self._can_remind(each)]
        if rows:
            self.presenter.offer_links(rows, reminder=True)

    def _choose_file(self) -> None:
        period, project = self._period, self._choices.project
        if period is None or project is None:
            return
        name = f"{project.acronym} {period.label}.docx"
        dialog = QFileDialog(self.window(), say("Export report"), name, _FILES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(
            lambda path: self.presenter.export(
                period.id, _with_suffix(Path(path), dialog.selectedNameFilter())
            )
        )
        dialog.open()

    # --- inside

    def _on_period(self, shown: ReportingPeriodRow | None) -> None:
        if shown is not None:
            self._period = shown
            self._show_period()

    def _show_period(self) -> None:
        period = self._period
        self._title.setText("" if period is None else period.label)
        self.presenter.choose(None if period is None else period.id)
        self._enable()

    def _on_edit(
        self, shown: ReportingPeriodRow, field: Field[ReportingPeriodRow], value: object
    ) -> None:
        def failed(error: ProjectDeskError) -> None:
            words = say_error(error)
            if not self.periods.refusal.tell_typed(field.name, words):
                self.presenter.refuse(error)
                self.presenter.reload()

        self.presenter.edit(shown, field.name, value, failed)

    def _on_edits(self, edits: Sequence[CellEdit], label: str) -> None:
        """Save what was pasted, filled or emptied; a refusal is said at its cell."""

        def failed(error: ProjectDeskError) -> None:
            record, name = error.facts.get("record_id"), str(error.facts.get("field") or "")
            period = UUID(record) if isinstance(record, str) else None
            at = self.periods.index_of(period, name)
            if isinstance(error, Conflict) or not self.periods.refusal.tell(at, say_error(error)):
                self.presenter.refuse(error)

        cells = [(each.row, each.field.name, each.value) for each in edits]
        self.presenter.edit_many(cells, label, failed)

    def _on_statement(self, shown: StatementRow | None) -> None:
        if shown is None:
            self.detail.hide()
        else:
            self.detail.show_statement(shown, self.presenter.zone)
        self._enable()

    def _is_open(self) -> bool:
        return self._period is not None and self._period.frozen_on is None

    def _can_approve(self, shown: StatementRow) -> bool:
        return self._is_open() and shown.state is StatementState.ANSWERED

    def _can_send_back(self, shown: StatementRow) -> bool:
        return self._is_open() and shown.answered_at is not None

    def _can_enter(self, shown: StatementRow) -> bool:
        return self._is_open() and shown.state is not StatementState.APPROVED

    def _can_remind(self, shown: StatementRow) -> bool:
        return self._is_open() and shown.state in {StatementState.ASKED, StatementState.SENT_BACK}

    def _enable(self) -> None:
        chosen = self.statements.selected()
        one = chosen[0] if len(chosen) == 1 else None
        is_open = self._is_open()
        states: list[tuple[QPushButton, bool]] = [
            (self.approve, any(self._can_approve(each) for each in chosen)),
            (self.send_back, one is not None and self._can_send_back(one)),
            (self.enter, one is not None and self._can_enter(one)),
            (self.remind, any(self._can_remind(each) for each in self.statements.rows)),
            (self.ask, is_open and any(each.missing for each in self.statements.rows)),
            (self.export, self._period is not None),
        ]
        for each, wanted in states:
            each.setEnabled(wanted)
        self.freeze.setEnabled(is_open)


def _finding_words(found: ReportingPeriods) -> str:
    words = []
    for finding in found.findings:
        first, last = finding.months
        months = f"M{first}" if first == last else f"M{first} – M{last}"
        words.append(
            say("{months} are in no period.", months=months)
            if finding.problem is PeriodProblem.GAP
            else say("{months} are in two periods.", months=months)
        )
    return " ".join(words)


def _with_suffix(path: Path, chosen: str) -> Path:
    """Return the path with the format's suffix, where none was typed."""
    if path.suffix.lower() in {".docx", ".xlsx", ".pdf", ".md"}:
        return path
    return path.with_name(f"{path.name}.{chosen.rpartition('*.')[2].rstrip(')')}")
