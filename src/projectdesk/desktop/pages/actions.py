"""Actions and decisions, across meetings and projects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry, Field
from projectdesk.desktop.models.words import tone, word
from projectdesk.desktop.pages.action_fields import (
    due_field,
    is_late,
    owner_fields,
    status_field,
)
from projectdesk.desktop.pages.page import Page, wire
from projectdesk.desktop.presenters.actions import ALL, LATE, MINE, OPEN, ActionsPresenter
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import PageHeader, Segments, Tabs
from projectdesk.desktop.widgets.layout import column, plain
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.minutes import ActionStatus
from projectdesk.services import queries
from projectdesk.services.rows import ActionRow, DecisionRow, Kind


def action_columns(today: Callable[[], date], *, everywhere: bool) -> list[Column[ActionRow]]:
    """Return the columns of a list of actions; `everywhere` shows project and meeting."""
    where: list[Column[ActionRow]] = [
        Column(say("Project"), lambda r: r.project, width=110, muted=True, optional=True),
        Column(say("From"), lambda r: r.meeting, stretch=2, muted=True, optional=True),
    ]
    return [
        Column(say("No."), lambda r: r.label, sort=lambda r: r.number, width=66, muted=True),
        Column(
            say("What"),
            lambda r: r.text,
            stretch=4,
            strong=True,
            tip=lambda r: r.text,
            field=Field("text", say("What"), lambda r: r.text),
        ),
        Column(say("Who"), lambda r: r.owner, width=160, optional=True),
        Column(
            say("Due"),
            lambda r: formats.day(r.due_on),
            sort=lambda r: r.due_on,
            width=124,
            alarm=lambda r: is_late(r, today()),
            field=due_field(),
        ),
        Column(
            say("Status"),
            lambda r: word(r.status),
            width=112,
            tone=lambda r: tone(r.status),
            field=status_field(),
        ),
        *(where if everywhere else []),
    ]


def _action_fields(choices: Choices) -> list[Field[ActionRow] | list[Field[ActionRow]]]:
    return [
        Field("text", say("What"), lambda r: r.text, Entry.LONG_TEXT),
        *owner_fields(choices),
        [due_field(), status_field()],
        Field("done_on", say("Done on"), lambda r: r.done_on, Entry.DATE),
    ]


def decision_columns(*, everywhere: bool) -> list[Column[DecisionRow]]:
    """Return the columns of the register of decisions."""
    where: list[Column[DecisionRow]] = [
        Column(say("Project"), lambda r: r.project, width=110, muted=True),
        Column(say("Meeting"), lambda r: r.meeting, stretch=2, muted=True, optional=True),
    ]
    return [
        Column(say("No."), lambda r: r.label, sort=lambda r: r.number, width=70, muted=True),
        Column(
            say("Decision"),
            lambda r: r.text,
            stretch=4,
            strong=True,
            tip=lambda r: r.text,
            field=Field("text", say("Decision"), lambda r: r.text),
        ),
        Column(say("Item"), lambda r: r.item, stretch=2, muted=True, optional=True),
        Column(
            say("Made on"),
            lambda r: formats.day(r.made_at.date()),
            sort=lambda r: r.made_at,
            width=124,
        ),
        *(where if everywhere else []),
    ]


class ActionsPane(RecordsPane[ActionRow]):
    """The list of actions with its filters."""

    def __init__(self, session: Session, today: Callable[[], date]) -> None:
        self._choices = Choices(session)
        self._project: UUID | None = None
        self.filters = Segments(
            [
                (OPEN, say("Open")),
                (LATE, say("Late")),
                (MINE, say("Mine")),
                (ALL, say("All")),
            ]
        )
        empty = EmptyState(
            "list-checks",
            say("No actions here"),
            say(
                "Actions are written down in the minutes of a meeting, under the agenda item that "
                "they come from."
            ),
        )
        super().__init__(
            action_columns(today, everywhere=True),
            empty,
            lines=_action_fields(self._choices),
            title=lambda r: f"{r.label}  {r.text}",
            subtitle=lambda r: "  ·  ".join(p for p in (r.owner, r.project, r.meeting) if p),
            delete_words=say("Delete"),
            left=[self.filters],
            placeholder=say("Filter actions"),
        )
        self.presenter = ActionsPresenter(session, self, today)
        wire(self, self.presenter, Kind.ACTION)
        self.table.current_changed.connect(self._open_choices)
        self._choices.on_loaded(self._offer)
        self.filters.chosen.connect(lambda name: self.presenter.show_only(str(name)))
        self.delete_asked.connect(self._delete)
        self.table.set_actions(
            [
                RowAction(
                    say("Mark as done"),
                    "check",
                    self.presenter.mark_done,
                    "Ctrl+Shift+D",
                    many=True,
                    when=lambda row: row.status is ActionStatus.OPEN,
                ),
                RowAction(
                    say("Delete"),
                    "trash-2",
                    lambda rows: self.presenter.delete_rows(rows, lambda row: row.label),
                    "Del",
                    many=True,
                    danger=True,
                ),
            ]
        )

    def close_presenters(self) -> None:
        """Let the presenters go."""
        self.presenter.close()
        self._choices.close()

    def _open_choices(self, row: ActionRow | None) -> None:
        if row is not None and row.project_id != self._project:
            self._project = row.project_id
            self._choices.open(row.project_id)

    def _offer(self) -> None:
        if self.inspector is not None:
            self.inspector.form.load_options()

    def _delete(self, row: ActionRow) -> None:
        self.presenter.delete(row, row.label)


class DecisionsPane(RecordsPane[DecisionRow]):
    """The register of decisions."""

    def __init__(self, session: Session) -> None:
        empty = EmptyState(
            "gavel",
            say("No decisions yet"),
            say(
                "Decisions are written down in the minutes of a meeting; here is the register of "
                "all of them."
            ),
        )
        super().__init__(
            decision_columns(everywhere=True), empty, placeholder=say("Filter decisions")
        )
        self.presenter: RecordsPresenter[DecisionRow] = RecordsPresenter(
            session, self, Kind.DECISION, queries.decisions, frozenset({Kind.MEETING})
        )
        wire(self, self.presenter, Kind.DECISION)

    def set_project(self, project: UUID | None) -> None:
        """Show the decisions of one project, or of all."""
        self.presenter.set_query(lambda ws: queries.decisions(ws, project))


class ActionsPage(Page):
    """What was agreed to be done, and what was decided."""

    def __init__(self, session: Session, today: Callable[[], date] = date.today) -> None:
        super().__init__()
        self.todo = ActionsPane(session, today)
        self.decisions = DecisionsPane(session)
        self.header = PageHeader(
            say("Actions"), say("What was agreed in meetings: who does what by when.")
        )
        self.tabs = Tabs([(say("Actions"), self.todo), (say("Decisions"), self.decisions)])
        self.todo.table.opened.connect(self._open_action)
        self.decisions.table.opened.connect(self._open_decision)
        self.todo.presenter.counted.append(self._show_counts)
        top = plain(column(self.header, margins=(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_S)))
        layout = column(top, self.tabs, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def open(self, route: Route) -> None:
        """Show the tab and the record that `route` names."""
        if route.tab == Kind.DECISION:
            self.tabs.show_tab(1)
        elif route.tab:
            self.tabs.show_tab(0)
            name = route.tab if route.tab in (OPEN, LATE, MINE, ALL) else ALL
            self.todo.filters.choose(name)
            self.todo.presenter.show_only(name)
        if route.select is not None:
            pane = self.decisions if route.tab == Kind.DECISION else self.todo
            pane.select(route.select)

    def set_project(self, project: UUID | None) -> None:
        """Show one project only, None = all."""
        self.todo.presenter.set_project(project)
        self.decisions.set_project(project)

    def close_page(self) -> None:
        """Let the presenters go."""
        super().close_page()
        self.todo.close_presenters()
        self.decisions.presenter.close()

    def _show_counts(self, open_: int, late: int) -> None:
        words = say_count(open_, "{count} open action", "{count} open actions")
        if late:
            words += "  ·  " + say("{count} late", count=late)
        self.header.set(say("Actions"), words)

    def _open_action(self, row: ActionRow) -> None:
        if row.meeting_id is not None:
            self.go.emit(Route(Place.MEETING, row.meeting_id, tab="minutes"))

    def _open_decision(self, row: DecisionRow) -> None:
        self.go.emit(Route(Place.MEETING, row.meeting_id, tab="minutes"))
