"""What of a plan is late and what is due soon, who answers for it, and reminders to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.models import formats, plan_words
from projectdesk.desktop.models.cell_edits import CellEdit
from projectdesk.desktop.models.fields import Column, Entry, Field, Target
from projectdesk.desktop.models.reminders import Reminder, all_text, reminders
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.late import LatePresenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.filter_bar import FilterBar, filter_field
from projectdesk.desktop.widgets.layout import button, column, icon_button, text
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.errors import ProjectDeskError
from projectdesk.services.plan_rows import LateRow
from projectdesk.services.rows import PersonRow

if TYPE_CHECKING:
    from projectdesk.services.plan_reminders import PlanReminding

_MARGINS = (SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL)
_COPY_REMINDER = "Ctrl+Alt+C"


class LatePane(Presented, QWidget):
    """The list of what is late and due.

    signed: who signs the reminders that go by a mail program.
    """

    open_asked = Signal(object, object)
    """Kind and id of the record to go to."""

    def __init__(
        self,
        session: Session,
        today: Callable[[], date],
        open_mail: Callable[[QUrl], object] = QDesktopServices.openUrl,
    ) -> None:
        """Make it.

        Args:
            session: the outside.
            today: the date where the person is.
            open_mail: hands a mailto link to the mail program.
        """
        super().__init__()
        self._session, self._open_mail = session, open_mail
        self._project: UUID | None = None
        self._reminded: Mapping[UUID, date] = {}
        self.signed = ""
        self.presenter = self.present(LatePresenter(session, self, today))
        self.words = text("", "muted", wrap=True)
        self.table: DataTable[LateRow] = DataTable(
            self._columns(),
            lambda each: each.id,
            EmptyState(
                "circle-check",
                say("Nothing is late"),
                say("What is due within 30 days, and what is overdue, stands here."),
            ),
            name="late",
        )
        self.table.setAccessibleName(say("Late and due"))
        self._make_buttons()
        self._connect()
        self.filter = filter_field(self.table)
        top = toolbar(
            self.filter,
            None,
            self.send_button,
            self.mail_button,
            self.copy_button,
            SPACE_S,
            self.settings_button,
        )
        bar = FilterBar(self.table)
        layout = column(top, self.words, bar, self.table, spacing=SPACE_M, margins=_MARGINS)
        layout.setStretch(3, 1)
        self.setLayout(layout)

    def _make_buttons(self) -> None:
        self.send_button = button(
            say("Send a reminder"), "", "bell", lambda: self.presenter.remind(self._chosen())
        )
        self.send_button.setToolTip(say("From here, by the mail account, one mail for each person"))
        self.mail_button = button(
            say("Write a reminder"), "", "megaphone", lambda: self.mail(self._chosen())
        )
        self.mail_button.setToolTip(say("In the mail program, to be changed before it goes"))
        self.copy_button = button(
            say("Copy the reminder"), "", "copy", lambda: self.copy(self._chosen())
        )
        self.settings_button = icon_button(
            "settings", say("Reminders of the plan…"), self.ask_settings
        )

    def _connect(self) -> None:
        self.table.set_actions(
            [
                RowAction(say("Open|verb"), "chevron-right", lambda rows: self._open(rows[0])),
                RowAction(say("Send a reminder"), "bell", self.presenter.remind, many=True),
                RowAction(say("Write a reminder"), "megaphone", self.mail, "Ctrl+M", many=True),
                RowAction(say("Copy the reminder"), "copy", self.copy, _COPY_REMINDER, many=True),
            ]
        )
        self.table.opened.connect(self._open)
        self.table.edited.connect(self._on_edit)
        self.table.edited_many.connect(self._on_edits)
        self.table.refused.connect(self.presenter.say_problem)

    # --- what the project's page calls

    def open_project(self, project: UUID) -> None:
        """Show what is late in `project`."""
        self._project = project
        self.presenter.open(project)

    # --- what the presenter calls

    def show_late(
        self, rows: Sequence[LateRow], reminded: Mapping[UUID, date], me: PersonRow | None
    ) -> None:
        """Show what is late and due."""
        self.signed = me.name if me else ""
        self._reminded = reminded
        late = sum(each.late for each in rows)
        words = [
            say_count(late, "{count} is late.", "{count} are late."),
            say_count(
                len(rows) - late,
                "{count} is due within 30 days.",
                "{count} are due within 30 days.",
            ),
        ]
        self.words.setText(" ".join(words) if rows else "")
        for each in (self.send_button, self.mail_button, self.copy_button):
            each.setEnabled(bool(rows))
        self.table.show_rows(rows)
        self.table.refresh()

    # --- reminders

    def mail(self, rows: Sequence[LateRow]) -> None:
        """Open a mail to each person that answers for some of `rows`."""
        mails = [mail for mail in reminders(rows, self.signed) if mail.email]
        for mail in mails:
            self._open_mail(QUrl(mail.mailto))
        if rows and not mails:
            self._session.tell(Notice(say("Nobody's e-mail address is known."), error=True))

    def copy(self, rows: Sequence[LateRow]) -> None:
        """Put the reminders of `rows` on the clipboard."""
        mails: list[Reminder] = reminders(rows, self.signed)
        if mails:
            QGuiApplication.clipboard().setText(all_text(mails))
            self._session.tell(
                Notice(
                    say_count(len(mails), "{count} reminder copied.", "{count} reminders copied.")
                )
            )

    def ask_settings(self) -> None:
        """Ask when reminders go out by themselves."""
        from projectdesk.desktop.pages.project.late_reminders import LateRemindersDialog

        project = self._project
        if project is None:
            return

        def then(settings: PlanReminding) -> None:
            keep = self.presenter.keep_reminding
            LateRemindersDialog(self.window(), settings, project, keep).open()

        self.presenter.ask_reminding(then)

    def _chosen(self) -> Sequence[LateRow]:
        return self.table.selected() or [each for each in self.table.shown() if each.late]

    # --- inside

    def _open(self, shown: LateRow) -> None:
        self.open_asked.emit(shown.kind, shown.id)

    def _on_edit(self, row: LateRow, field: Field[LateRow], value: object) -> None:
        def failed(error: ProjectDeskError) -> None:
            if not self.table.refusal.tell_typed(field.name, say_error(error)):
                self.presenter.refuse(error)

        self.presenter.save(row.kind, row.id, row.version, field.kept(value), failed)

    def _on_edits(self, edits: Sequence[CellEdit], label: str) -> None:
        self.presenter.expect([(each.row, each.field.kept(each.value)) for each in edits], label)

    def _reminded_on(self, row: LateRow) -> str:
        return formats.day(self._reminded.get(row.id))

    def _columns(self) -> list[Column[LateRow]]:
        expected: Field[LateRow] = Field(
            "expected_on",
            say("Expected on"),
            lambda r: r.expected_on,
            Entry.DATE,
            target=lambda r: Target(r.kind, r.id, r.version),
        )
        return [
            Column(say("No."), lambda r: r.label, width=76, muted=True),
            Column(say("Title"), lambda r: r.title, stretch=3, strong=True),
            Column(say("Awaited"), lambda r: plan_words.step_word(r.step), width=140),
            Column(say("Due"), lambda r: formats.day(r.due_on), sort=lambda r: r.due_on, width=116),
            Column(
                say("Late|days"),
                lambda r: plan_words.how_late(r.days),
                sort=lambda r: -r.days,
                width=132,
                tone=plan_words.late_tone,
            ),
            Column(
                say("Expected on"),
                lambda r: formats.day(r.expected_on),
                sort=lambda r: r.expected_on,
                width=124,
                optional=True,
                field=expected,
            ),
            Column(say("Partner"), lambda r: r.partner, width=130),
            Column(
                say("Contact"),
                lambda r: r.person,
                width=170,
                optional=True,
                tip=lambda r: r.email,
            ),
            Column(
                say("Reminded on"),
                self._reminded_on,
                sort=lambda r: self._reminded.get(r.id),
                width=124,
                muted=True,
                optional=True,
            ),
        ]
