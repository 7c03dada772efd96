"""What is wrong with a plan; a problem opens the record it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats, plan_words
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.words import word
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_XL
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.filter_bar import FilterBar, filter_field
from projectdesk.desktop.widgets.layout import column, row, text
from projectdesk.services import queries
from projectdesk.services.plan_problems import PlanProblem, Severity
from projectdesk.services.rows import Kind

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


class CheckPresenter(Presenter):
    """Presents the problems of one plan."""

    watches: ClassVar[frozenset[Kind]] = _PLAN

    def __init__(self, session: Session, show: Callable[[Sequence[PlanProblem]], None]) -> None:
        super().__init__(session)
        self._show = show
        self._project: UUID | None = None

    def open(self, project: UUID) -> None:
        """Present the problems of `project`."""
        self._project = project
        self.reload()

    def load(self) -> None:
        """Ask for them."""
        if (project := self._project) is not None:
            self.ask(lambda ws: queries.check_plan(ws, project), self._show)


class CheckPane(Presented, QWidget):
    """The list of problems."""

    open_asked = Signal(object, object)
    """Kind and id of the record to go to."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.words = text("", "muted", wrap=True)
        self.presenter = self.present(CheckPresenter(session, self._show))
        self.table: DataTable[PlanProblem] = DataTable(
            _problem_columns(),
            lambda each: (each.code, each.id, each.text),
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

    def open_project(self, project: UUID) -> None:
        """Show the problems of `project`."""
        self.presenter.open(project)

    def _show(self, found: Sequence[PlanProblem]) -> None:
        counts = {kind: sum(each.severity is kind for each in found) for kind in Severity}
        words = {
            Severity.ERROR: say_count(counts[Severity.ERROR], "{count} error", "{count} errors"),
            Severity.WARNING: say_count(
                counts[Severity.WARNING], "{count} warning", "{count} warnings"
            ),
            Severity.HINT: say_count(counts[Severity.HINT], "{count} hint", "{count} hints"),
        }
        self.words.setText(formats.joined(words[each] for each in Severity if counts[each]))
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
