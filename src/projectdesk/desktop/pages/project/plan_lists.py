"""Two lists over a whole plan: what is late and due, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats, plan_words
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.reminders import Reminder, all_text, reminders
from projectdesk.desktop.models.words import word
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_XL
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.filter_bar import FilterBar, filter_field
from projectdesk.desktop.widgets.layout import button, column, row, text
from projectdesk.services import queries
from projectdesk.services.plan_problems import PlanProblem, Severity
from projectdesk.services.plan_rows import LateRow
from projectdesk.services.rows import Kind, PersonRow

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

_PLAN = frozenset(
    {
        Kind.PROJECT,
        Kind.PARTNER,
        Kind.ORGANISATION,
        Kind.PERSON,
        Kind.MEMBERSHIP,
        Kind.WORK_PACKAGE,
        Kind.TASK,
        Kind.DELIVERABLE,
        Kind.MILESTONE,
        Kind.RISK,
        Kind.DEPENDENCY,
        Kind.EFFORT,
        Kind.REPORTING_PERIOD,
    }
)
_MARGINS = (SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL)


class _ListPresenter(Presenter):
    """Presents one list over a plan."""

    watches: ClassVar[frozenset[Kind]] = _PLAN

    def __init__(
        self,
        session: Session,
        query: Callable[[Workspace, UUID], Sequence[object]],
        show: Callable[[Sequence[object]], None],
    ) -> None:
        super().__init__(session)
        self._query, self._show = query, show
        self._project: UUID | None = None

    def open(self, project: UUID) -> None:
        """Present the list of `project`."""
        self._project = project
        self.reload()

    def load(self) -> None:
        """Ask for the rows."""
        if (project := self._project) is not None:
            self.ask(lambda ws: self._query(ws, project), self._show)


class _ListPane(Presented, QWidget):
    """A line of words and actions over a table."""

    open_asked = Signal(object, object)
    """Kind and id of the record to go to."""

    presenter: _ListPresenter

    def __init__(self) -> None:
        super().__init__()
        self.words = text("", "muted", wrap=True)

    def open_project(self, project: UUID) -> None:
        """Show the list of `project`."""
        self.presenter.open(project)


class LatePane(_ListPane):
    """What is late and what is due soon, who answers for it, and reminders to them.

    signed: who signs the reminders.
    """

    def __init__(
        self,
        session: Session,
        today: Callable[[], date],
        open_mail: Callable[[QUrl], object] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__()
        self._session, self._open_mail = session, open_mail
        self.signed = ""
        self.presenter = self.present(
            _ListPresenter(
                session, lambda ws, project: queries.late_items(ws, project, today()), self._show
            )
        )
        self.table: DataTable[LateRow] = DataTable(
            _late_columns(),
            lambda each: each.id,
            EmptyState(
                "circle-check",
                say("Nothing is late"),
                say("What is due within 30 days, and what is overdue, stands here."),
            ),
            name="late",
        )
        self.table.setAccessibleName(say("Late and due"))
        self.table.set_actions(
            [
                RowAction(say("Open|verb"), "chevron-right", lambda rows: self._open(rows[0])),
                RowAction(say("Mail a reminder"), "megaphone", self.mail, "Ctrl+M", many=True),
                RowAction(say("Copy the reminder"), "copy", self.copy, "Ctrl+Alt+C", many=True),
            ]
        )
        self.table.opened.connect(self._open)
        self.mail_button = button(
            say("Mail a reminder"), "", "megaphone", lambda: self.mail(self._chosen())
        )
        self.copy_button = button(
            say("Copy the reminder"), "", "copy", lambda: self.copy(self._chosen())
        )
        self.filter = filter_field(self.table)
        top = row(self.filter, self.words, self.mail_button, self.copy_button, spacing=SPACE_M)
        top.setStretch(1, 1)
        bar = FilterBar(self.table)
        layout = column(top, bar, self.table, spacing=SPACE_M, margins=_MARGINS)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def open_project(self, project: UUID) -> None:
        """Show the list of `project`, and know who signs."""
        super().open_project(project)

        def keep(me: PersonRow | None) -> None:
            self.signed = me.name if me else ""

        self.presenter.ask(queries.me, keep)

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

    def _chosen(self) -> Sequence[LateRow]:
        return self.table.selected() or [each for each in self.table.shown() if each.late]

    def _show(self, rows: Sequence[object]) -> None:
        found = [each for each in rows if isinstance(each, LateRow)]
        late = sum(each.late for each in found)
        due = len(found) - late
        words = [
            say_count(late, "{count} is late.", "{count} are late."),
            say_count(
                due,
                "{count} is due within 30 days.",
                "{count} are due within 30 days.",
            ),
        ]
        self.words.setText(" ".join(words) if found else "")
        self.mail_button.setEnabled(bool(found))
        self.copy_button.setEnabled(bool(found))
        self.table.show_rows(found)

    def _open(self, shown: LateRow) -> None:
        self.open_asked.emit(shown.kind, shown.id)


def _late_columns() -> list[Column[LateRow]]:
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
        ),
        Column(say("Partner"), lambda r: r.partner, width=130),
        Column(say("Contact"), lambda r: r.person, width=170, optional=True, tip=lambda r: r.email),
    ]


class CheckPane(_ListPane):
    """What is wrong with a plan; a problem opens the record it is about."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.presenter = self.present(_ListPresenter(session, queries.check_plan, self._show))
        self.table: DataTable[PlanProblem] = DataTable(
            _problem_columns(),
            lambda each: (each.code, each.id),
            EmptyState(
                "circle-check",
                say("Nothing is wrong with the plan"),
                say("Leads, months, numbers, dependencies, effort and periods were checked."),
            ),
            name="check",
        )
        self.table.setAccessibleName(say("Problems of the plan"))
        self.table.set_actions(
            [RowAction(say("Open|verb"), "chevron-right", lambda rows: self._open(rows[0]))]
        )
        self.table.opened.connect(self._open)
        self.filter = filter_field(self.table)
        top = row(self.filter, self.words, spacing=SPACE_M)
        top.setStretch(1, 1)
        bar = FilterBar(self.table)
        layout = column(top, bar, self.table, spacing=SPACE_M, margins=_MARGINS)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def _show(self, rows: Sequence[object]) -> None:
        found = [each for each in rows if isinstance(each, PlanProblem)]
        counts = {kind: sum(each.severity is kind for each in found) for kind in Severity}
        words = {
            Severity.ERROR: say_count(counts[Severity.ERROR], "{count} error", "{count} errors"),
            Severity.WARNING: say_count(
                counts[Severity.WARNING], "{count} warning", "{count} warnings"
            ),
            Severity.HINT: say_count(counts[Severity.HINT], "{count} hint", "{count} hints"),
        }
        self.words.setText("  ·  ".join(words[each] for each in Severity if counts[each]))
        self.table.show_rows(found)

    def _open(self, shown: PlanProblem) -> None:
        self.open_asked.emit(shown.kind, shown.id)


def _problem_columns() -> list[Column[PlanProblem]]:
    order = list(Severity)
    return [
        Column(
            say("How bad"),
            lambda r: plan_words.severity_word(r.severity),
            sort=lambda r: order.index(r.severity),
            width=104,
            tone=lambda r: plan_words.severity_tone(r.severity),
        ),
        Column(say("What"), lambda r: r.label, width=112, muted=True, tip=lambda r: r.title),
        Column(say("Kind"), lambda r: word(r.kind), width=124, muted=True, optional=True),
        Column(
            say("What is wrong"),
            plan_words.problem_text,
            stretch=4,
            strong=True,
            tip=plan_words.problem_text,
        ),
        Column(say("What to do"), plan_words.problem_todo, stretch=3, tip=plan_words.problem_todo),
    ]
