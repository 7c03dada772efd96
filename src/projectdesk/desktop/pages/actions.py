"""Actions of all meetings and projects: who does what by when, and how it goes on."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.models import action_words
from projectdesk.desktop.pages.action_dialogs import FollowUpDialog
from projectdesk.desktop.pages.action_pane import ActionsPane
from projectdesk.desktop.pages.export_documents import RegisterExport
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.presenters.action_settings import FollowUpPresenter, Shown
from projectdesk.desktop.presenters.actions import IssuesLinks
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.header import PageHeader
from projectdesk.desktop.widgets.layout import button, column, plain
from projectdesk.services.rows import ActionRow

_FILE: Final = "actions-page.json"


class ActionsPage(Page):
    """The register of actions."""

    def __init__(
        self,
        session: Session,
        today: Callable[[], date] = date.today,
        links: IssuesLinks | None = None,
        data: Path | None = None,
    ) -> None:
        """Make it.

        Args:
            session: the outside.
            today: the date where the reader is.
            links: makes personal links; None = there is no host here.
            data: the data folder, where filter and grouping are kept; None = they are not.
        """
        super().__init__()
        self._kept = None if data is None else data / _FILE
        self.todo = ActionsPane(session, today, links)
        self._today = today
        self.by_itself = button(say("Mail by itself…"), "", "bell", self._ask_follow_up)
        self.give = button(say("Mail them…"), "", "mail", self.todo.ask_give)
        self.give.setVisible(links is not None)
        self.export = RegisterExport(session, "actions")
        self.header = PageHeader(
            say("Actions"),
            say("What was agreed in meetings: who does what by when."),
            [self.export, self.give, self.by_itself],
        )
        self._follow_up = FollowUpPresenter(session)
        self.todo.table.opened.connect(self._open_action)
        self.todo.go.connect(self.go)
        self.todo.presenter.counted.append(self._show_counts)
        top = plain(column(self.header, margins=(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_S)))
        layout = column(top, self.todo, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.todo.restore(*_recall(self._kept))

    def open(self, route: Route) -> None:
        """Show the filter and the action that `route` names."""
        if route.tab:
            self.todo.show_filter(route.tab)
        if route.select is not None:
            self.todo.select(route.select)

    def set_project(self, project: UUID | None) -> None:
        """Show one project only, None = all."""
        self.todo.presenter.set_project(project)
        self.export.set_project(project)

    def close_page(self) -> None:
        """Let the presenters go; filter and grouping are kept."""
        super().close_page()
        if self._kept is not None:
            name, by = self.todo.chosen
            with contextlib.suppress(OSError):  # it costs the memory only
                self._kept.write_text(json.dumps({"filter": name, "group": by}), encoding="utf-8")
        self.todo.close_presenters()
        self._follow_up.close()

    def _show_counts(self, rows: Sequence[ActionRow]) -> None:
        self.header.set(say("Actions"), action_words.summary(rows, self._today()))

    def _open_action(self, row: ActionRow) -> None:
        if row.meeting_id is not None:
            self.go.emit(Route(Place.MEETING, row.meeting_id, tab="minutes", select=row.id))

    def _ask_follow_up(self) -> None:
        def show(shown: Shown) -> None:
            FollowUpDialog(self.window(), shown.rules, shown.projects, self._follow_up.keep).open()

        self._follow_up.ask_shown(show)


def _recall(path: Path | None) -> tuple[str, str]:
    """Return the filter and the grouping that were left; the usual ones where nothing says so."""
    usual = (action_words.OPEN, action_words.NONE)
    if path is None:
        return usual
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        name, by = kept["filter"], kept["group"]
    except (OSError, ValueError, TypeError, KeyError):
        return usual
    known = {option.value for option in action_words.group_options()}
    return (name if name in action_words.FILTERS else usual[0], by if by in known else usual[1])
