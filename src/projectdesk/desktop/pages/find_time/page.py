"""Finding a time for a meeting: by computing it, or by asking people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.pages.find_time.shares_pane import SharesPane
from projectdesk.desktop.pages.find_time.slots_pane import SlotsPane
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.header import PageHeader
from projectdesk.desktop.widgets.layout import button, column, plain
from projectdesk.desktop.widgets.tab_groups import Group, Tab, TabGroups

SLOTS, SHARES = "slots", "shares"


class FindTimePage(Page):
    """Tabs: the slots of a period, ranked; what partners paid, and a series that evens it out.

    Its route names the meeting that gets another time (None = a new one is planned), the tab, and
    a record to select in it.
    """

    def __init__(
        self,
        session: Session,
        reader: Reader,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self.slots = SlotsPane(session, reader, now)
        self.slots.go.connect(self.go)
        self.present(self.slots.ask)
        self._session = session
        back = button(
            say("Meetings"), "quiet", "arrow-left", lambda: self.go.emit(Route(Place.MEETINGS))
        )
        header = PageHeader(
            say("Find a time"),
            say("When everybody can, where everybody is, and who pays for it with an evening."),
            [back],
        )
        self.tabs = TabGroups(
            [
                Group(say("Times"), [Tab(SLOTS, say("Times"), self.slots)]),
                Group(say("Fair shares"), [Tab(SHARES, say("Fair shares"), lambda: self.shares)]),
            ]
        )
        top = plain(column(header, margins=(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_S)))
        layout = column(top, self.tabs, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    @cached_property
    def shares(self) -> SharesPane:
        """Who paid, and a series that evens it out; made when first shown."""
        made = SharesPane(self._session)
        self.slots.asked.connect(made.set_request)
        made.taken.connect(self.slots.plan_at)
        if self.slots.presenter.request is not None:
            made.set_request(self.slots.presenter.request)
        return made

    def open(self, route: Route) -> None:
        """Show the tab that `route` names, for its meeting or for a new one."""
        self.tabs.show_tab(route.tab or SLOTS)
        if self.tabs.current in (SLOTS, SHARES):
            self.slots.open_meeting(route.id)

    def set_project(self, project: UUID | None) -> None:
        """Find times for one project at first, None = for any."""
        self.slots.set_project(project)

    def close_page(self) -> None:
        """Let the presenters go."""
        super().close_page()
        self.slots.close_presenters()
        if "shares" in self.__dict__:
            self.shares.close_presenters()
