"""Finding a time for a meeting: by computing it, or by asking people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.models.slot_words import ChosenSlots
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

if TYPE_CHECKING:
    from projectdesk.desktop.pages.find_time.polls_pane import PollsPane
    from projectdesk.desktop.presenters.asking import SendsDesks
    from projectdesk.services.poll_rows import PollLink

SLOTS, SHARES, POLLS = "slots", "shares", "polls"


class FindTimePage(Page):
    """Tabs: ranked slots; what partners paid, and a series that evens it out; date polls.

    Its route names the meeting that gets another time (None = a new one is planned), the tab, and
    a record to select in it.
    """

    def __init__(
        self,
        session: Session,
        reader: Reader,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        desks: SendsDesks[PollLink] | None = None,
    ) -> None:
        super().__init__()
        self.slots = SlotsPane(session, reader, now)
        self.slots.go.connect(self.go)
        self.present(self.slots.ask)
        self._session = session
        self._reader, self._now, self._desks = reader, now, desks
        self._project: UUID | None = None
        self.slots.offer_polls(self._make_poll)
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
                Group(say("Date polls"), [Tab(POLLS, say("Date polls"), lambda: self.polls)]),
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

    @cached_property
    def polls(self) -> PollsPane:
        """Date polls; made when first shown."""
        from projectdesk.desktop.pages.find_time.polls_pane import PollsPane

        made = PollsPane(self._session, self._reader, self._desks, self._now)
        made.go.connect(self.go)
        made.set_project(self._project)
        return made

    def open(self, route: Route) -> None:
        """Show the tab that `route` names, for its meeting or for a new one."""
        self.tabs.show_tab(route.tab or SLOTS)
        if self.tabs.current in (SLOTS, SHARES):
            self.slots.open_meeting(route.id)
        elif self.tabs.current == POLLS and route.select is not None:
            self.polls.select_poll(route.select)

    def set_project(self, project: UUID | None) -> None:
        """Find times for one project at first, None = for any."""
        self.slots.set_project(project)
        self._project = project
        if "polls" in self.__dict__:
            self.polls.set_project(project)

    def close_page(self) -> None:
        """Let the presenters go."""
        super().close_page()
        self.slots.close_presenters()
        if "shares" in self.__dict__:
            self.shares.close_presenters()
        if "polls" in self.__dict__:
            self.polls.close_presenters()

    def _make_poll(self, chosen: ChosenSlots) -> None:
        self.tabs.show_tab(POLLS)
        self.polls.take_slots(chosen)
