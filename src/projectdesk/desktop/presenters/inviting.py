"""What is sent to whom of a meeting: shown first, then sent or written to files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.presenters.meeting import Links
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services.commands.invite_orders import (
    Composed,
    InviteState,
    Order,
    carry_out,
    invite_state,
    preview_mail,
    reach_of,
)


class InvitingView(Protocol):
    """Where it is shown."""

    def show_state(self, state: InviteState) -> None:
        """Show who gets what."""

    def show_reach(self, reach: str) -> None:
        """Say who can open the links: "here", "network", "" = everybody."""

    def show_mail(self, subject: str, words: str) -> None:
        """Show one mail as it would be sent."""

    def show_failure(self, words: str) -> None:
        """Say why nothing can be sent, or was."""

    def sent(self) -> None:
        """It is done."""


class InvitingPresenter(Presenter):
    """Presents the sending of invitations, updates and cancellations of one meeting."""

    def __init__(
        self, session: Session, view: InvitingView, links: Links, meeting: UUID, *, cancel: bool
    ) -> None:
        super().__init__(session)
        self._view = view
        self._ask_links = links
        self._order = Order(meeting, cancel=cancel)
        self._links: dict[UUID, str] = {}
        self._linked: set[UUID] = set()
        self._waiting: list[UUID] = []
        self.state: InviteState | None = None

    @property
    def ready(self) -> bool:
        """Whether all links are there."""
        return self.state is not None and not self._waiting

    def load(self) -> None:
        """Ask who gets what."""
        order = self._order
        self.ask(lambda ws: invite_state(ws, order), self._show, self._fail)

    def choose(self, whole: bool) -> None:
        """Send of this meeting alone, or of its whole series."""
        self._order = replace(self._order, whole=whole)
        self.reload()

    def show_mail_of(self, person: UUID, note: str) -> None:
        """Show what one person would get."""
        order = replace(self._order, links=self._links, chosen=[person], note=note)

        def then(mail: tuple[str, str]) -> None:
            self._view.show_mail(*mail)

        self.ask(lambda ws: _first(preview_mail(ws, order)), then, self._fail)

    def send(self, chosen: Collection[UUID], note: str, folder: Path | None = None) -> None:
        """Send the mails, or write them to a folder."""
        order = replace(self._order, links=dict(self._links), chosen=list(chosen), note=note)

        def done(count: int) -> None:
            if folder is not None:
                words = _written(count, folder.name)
            elif count:
                words = say_count(count, "{count} mail on its way.", "{count} mails on their way.")
            else:
                words = say("The meeting is cancelled.")
            self._session.tell(Notice(words))
            self._view.sent()

        self.ask(lambda ws: carry_out(ws, order, folder)[0], done, self._fail)

    def _show(self, state: InviteState) -> None:
        self.state = state
        self._view.show_state(state)
        wanted = () if self._order.cancel else state.meetings
        self._waiting = [each for each in wanted if each not in self._linked]
        self._next_links()

    def _next_links(self) -> None:
        """Ask for the links of one meeting after the other: each is sent to its host with it."""
        if self._closed:
            return
        if not self._waiting:
            self._view.show_reach(reach_of(self._links))
            return
        meeting = self._waiting[0]

        def then(links: dict[UUID, str]) -> None:
            self._links |= links
            self._linked.add(meeting)
            if meeting in self._waiting:
                self._waiting.remove(meeting)
            self._next_links()

        self._ask_links(meeting, then, self._fail)

    def _fail(self, error: ProjectDeskError) -> None:
        if not self._closed:
            self._view.show_failure(say_error(error))


def _written(count: int, folder: str) -> str:
    if count == 1:
        return say(
            "{count} mail written to {folder}: open it in your mail program and send it.",
            count=count,
            folder=folder,
        )
    return say(
        "{count} mails written to {folder}: open them in your mail program and send them.",
        count=count,
        folder=folder,
    )


def _first(mails: tuple[Composed, ...]) -> tuple[str, str]:
    return (mails[0].subject, mails[0].text) if mails else ("", "")
