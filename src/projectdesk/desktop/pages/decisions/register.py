"""The register of decisions: filters and search above a table, one decision beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QTimer, Signal

from projectdesk.desktop.language import say
from projectdesk.desktop.models import decision_words, formats
from projectdesk.desktop.models.fields import Column, Entry, Field, Target
from projectdesk.desktop.pages.decisions import dialogs
from projectdesk.desktop.pages.decisions.detail import DecisionPanel
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.decisions import (
    ALL,
    BINDING,
    OPEN,
    VETO,
    RegisterPresenter,
    later_options,
)
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.minutes import DecisionOrigin
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.decision_rows import DecisionDetail, FollowUpRow, RegisterRow, Standing
from projectdesk.services.rows import Kind

_TYPED_MS = 200


def _target(row: RegisterRow) -> Target | None:
    """Return what an edit of the text goes to: nothing for what was circulated."""
    return Target(Kind.DECISION, row.id, row.version) if row.editable else None


def _text_field() -> Field[RegisterRow]:
    return Field("text", say("Decision"), lambda r: r.text, Entry.LONG_TEXT, target=_target)


class RegisterPane(RecordsPane[RegisterRow]):
    """The register, of a project or of all."""

    go = Signal(object)

    def __init__(self, session: Session, reader: Reader, now: Callable[[], datetime]) -> None:
        """Make it.

        Args:
            session: the outside.
            reader: who looks, and in which zone.
            now: the present.
        """
        self._reader, self._now = reader, now
        self._choices = Choices(session)
        self._project: UUID | None = None
        self.filters = Segments(
            [
                (ALL, say("All")),
                (BINDING, say("Binding")),
                (OPEN, say("Not yet")),
                (VETO, say("Veto")),
            ]
        )
        self.panel = DecisionPanel(lambda: reader.zone, now)
        empty = EmptyState(
            "gavel",
            say("No decisions here"),
            say(
                "Decisions come from the minutes of meetings, where a line begins with D:, and "
                "from written procedures that were carried."
            ),
        )
        super().__init__(
            self._columns(),
            empty,
            lines=[_text_field()],
            title=lambda r: r.label,
            subtitle=lambda r: formats.joined((self._day(r), r.body)),
            left=[self.filters],
            extra=[self.panel],
            placeholder=say("Search decisions and their minutes"),
            label=say("Decisions"),
            name="decisions",
        )
        self.panel.setParent(self)  # until the inspector takes it, which is made when first needed
        self.presenter = RegisterPresenter(session, self)
        wire(self, self.presenter, Kind.DECISION)
        self._search = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._search.timeout.connect(lambda: self.presenter.search(self.filter.text()))
        # What is looked for is in the minutes, too, so the search index answers, not the table.
        self.filter.textChanged.disconnect(self.table.set_filter)
        self.filter.textChanged.connect(self._search.start)
        self.filters.chosen.connect(lambda name: self.presenter.show_only(str(name)))
        self.table.current_changed.connect(self._on_current)
        self.table.opened.connect(self._open_source)
        self.table.set_actions(
            [
                RowAction(say("Follow up…"), "plus", lambda rows: self.ask_follow_up(rows[0])),
                RowAction(
                    say("Note a veto…"),
                    "triangle-alert",
                    lambda rows: self.ask_veto(rows[0]),
                    when=_takes_vetoes,
                ),
                RowAction(
                    say("Replace…"),
                    "repeat",
                    lambda rows: self.ask_replacement(rows[0]),
                    when=_stands,
                ),
                RowAction(
                    say("Open where it was taken"),
                    "arrow-right",
                    lambda rows: self._open_source(rows[0]),
                ),
            ]
        )
        self._connect_panel()

    def _connect_panel(self) -> None:
        panel = self.panel
        panel.follow_up_asked.connect(self.ask_follow_up)
        panel.replace_asked.connect(self.ask_replacement)
        panel.withdraw_asked.connect(self.presenter.withdraw)
        panel.reinstate_asked.connect(self.presenter.reinstate)
        panel.veto_asked.connect(self.ask_veto)
        panel.answer_asked.connect(
            lambda veto: dialogs.ask_veto_answer(self.window(), veto, self.presenter.settle_veto)
        )
        panel.action_opened.connect(self._open_action)
        panel.source_opened.connect(self._open_source)

    def _columns(self) -> list[Column[RegisterRow]]:
        return [
            Column(say("No."), lambda r: r.label, sort=lambda r: (r.project, r.number), width=148,
                   muted=True),
            Column(say("Decision"), lambda r: r.text, stretch=4, strong=True, tip=lambda r: r.text,
                   field=_text_field()),
            Column(say("Made on"), self._day, sort=lambda r: r.made_at, width=118),
            Column(say("Taken in"), decision_words.source_words, stretch=2, muted=True,
                   optional=True),
            Column(say("Body"), lambda r: r.body, width=150, muted=True, optional=True),
            Column(say("State"), lambda r: decision_words.standing_words(r, self._now()), width=164,
                   tone=decision_words.standing_tone,
                   tip=lambda r: decision_words.standing_reason(r, self._reader.zone, self._now())),
            Column(say("Veto until"), lambda r: formats.moment(r.veto_until, self._reader.zone),
                   sort=lambda r: r.veto_until or datetime.max.replace(tzinfo=r.made_at.tzinfo),
                   width=170, spare=True),
            Column(say("Follow-up|decision"), decision_words.follow_words,
                   sort=lambda r: r.open_actions, width=104, optional=True),
            Column(say("Origin"), lambda r: decision_words.origin_words(r.origin), width=140,
                   spare=True),
            Column(say("How it was carried"), decision_words.how_words, stretch=2, spare=True,
                   tip=decision_words.how_words),
            Column(say("Binding since"), lambda r: formats.moment(r.binding_at, self._reader.zone),
                   sort=lambda r: r.binding_at or datetime.max.replace(tzinfo=r.made_at.tzinfo),
                   width=170, spare=True),
            Column(say("Replaced by"), lambda r: r.replaced_by, width=120, spare=True),
            Column(say("Item"), lambda r: r.item, stretch=2, spare=True),
            Column(say("WP"), lambda r: r.work_package, width=66, spare=True),
        ]  # fmt: skip

    def _day(self, decision: RegisterRow) -> str:
        return formats.day(to_local(decision.made_at, self._reader.zone).date())

    # --- what the page calls

    def set_project(self, project: UUID | None) -> None:
        """Show the decisions of one project, None = of all."""
        self.presenter.set_project(project)

    def close_presenters(self) -> None:
        """Let the presenters go."""
        self._search.stop()
        self.presenter.close()
        self._choices.close()

    # --- what the presenter calls

    def show_detail(self, detail: DecisionDetail | None) -> None:
        """Show the chosen decision."""
        self.panel.show_detail(detail)

    # --- dialogs

    def ask_follow_up(self, decision: RegisterRow) -> None:
        """Ask for an action that follows a decision up."""
        dialogs.ask_follow_up(self.window(), decision, self._choices, self.presenter.follow_up)

    def ask_replacement(self, decision: RegisterRow) -> None:
        """Ask which decision takes the place of one."""
        dialogs.ask_replacement(
            self.window(),
            decision,
            later_options(self.presenter.rows, decision),
            self.presenter.replace,
            self.presenter.replace_by,
        )

    def ask_veto(self, decision: RegisterRow) -> None:
        """Ask for a veto that came another way than by a link."""
        dialogs.ask_veto(
            self.window(),
            decision,
            self._choices,
            self._now(),
            self._reader.zone,
            self.presenter.raise_veto,
        )

    # --- inside

    def _on_current(self, decision: RegisterRow | None) -> None:
        self.presenter.choose(None if decision is None else decision.id)
        if decision is not None and decision.project_id != self._project:
            self._project = decision.project_id
            self._choices.open(decision.project_id)

    def _open_source(self, decision: RegisterRow) -> None:
        if decision.origin is DecisionOrigin.WRITTEN_PROCEDURE and decision.vote_id is not None:
            self.go.emit(Route(Place.DECISIONS, tab="procedures", select=decision.vote_id))
        elif decision.meeting_id is not None:
            route = Route(Place.MEETING, decision.meeting_id, tab="minutes", select=decision.id)
            self.go.emit(route)

    def _open_action(self, action: FollowUpRow) -> None:
        self.go.emit(Route(Place.ACTIONS, tab=Kind.ACTION, select=action.id))


def _takes_vetoes(decision: RegisterRow) -> bool:
    return decision.standing is not Standing.BINDING and _stands(decision)


def _stands(decision: RegisterRow) -> bool:
    return decision.standing not in {Standing.REPLACED, Standing.WITHDRAWN}
