"""People who are asked by personal links: one question of a list is chosen, and letters go out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services.poll_rows import PollLink
from projectdesk.services.rows import Changes

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

Failed = Callable[[ProjectDeskError], None]
Done = Callable[[], None]
DetailT = TypeVar("DetailT")
LinkT = TypeVar("LinkT")
LinkT_co = TypeVar("LinkT_co", covariant=True)


class Letter(Protocol):
    """A finished mail to one person."""

    @property
    def recipient(self) -> str:
        """Its address."""

    @property
    def subject(self) -> str:
        """As it is in it."""

    @property
    def text(self) -> str:
        """As it is in it."""


@dataclass(frozen=True)
class Letters:
    """What people are written. mails: by person, of who has an address; can_send: by ourselves.

    asked: who was asked by mail already; a reminder asks nobody twice.
    """

    links: tuple[PollLink, ...]
    mails: Mapping[UUID, Letter]
    can_send: bool
    reminder: bool
    asked: frozenset[UUID] = frozenset()


class SendsDesks(Protocol[LinkT_co]):
    """What sends the desks of a question to their host (`runtime.own_desks`)."""

    def publish(
        self, owner: UUID, then: Callable[[tuple[LinkT_co, ...]], None], failed: Failed
    ) -> None:
        """Send them; `then` gets the links of who was asked."""


class AskingView(Protocol):
    """Where it is shown."""

    def show_letters(self, letters: Letters) -> None:
        """Offer to write to people."""

    def show_problem(self, words: str) -> None:
        """Say that links do not open yet."""


class AskingPresenter(Presenter, ABC, Generic[DetailT, LinkT]):
    """Base of presenters of what people are asked: the list of a project, and the chosen one."""

    _view: AskingView

    def __init__(self, session: Session, view: AskingView, desks: SendsDesks[LinkT] | None) -> None:
        """Present.

        Args:
            session: the outside.
            view: where it is shown.
            desks: what sends desks to hosts; None where nothing is sent (pictures).
        """
        super().__init__(session)
        self._view = view
        self._desks = desks
        self._project: UUID | None = None
        self.chosen: UUID | None = None

    def open(self, project: UUID | None) -> None:
        """Show those of a project, None = of all."""
        self._project = project
        self.reload()

    def choose(self, chosen: UUID | None) -> None:
        """Show one with what was answered."""
        if chosen != self.chosen:
            self.chosen = chosen
            self._load_chosen()

    def load(self) -> None:
        """Ask for the list, and the chosen one."""
        self._load_list()
        self._load_chosen()

    def _load_chosen(self) -> None:
        chosen = self.chosen
        if chosen is None:
            self._show_chosen(None)
            return

        def show(found: DetailT) -> None:
            if chosen == self.chosen:
                self._show_chosen(found)

        def gone(_error: ProjectDeskError) -> None:
            if chosen == self.chosen:
                self.chosen = None
                self._show_chosen(None)

        self.ask(lambda ws: self._find(ws, chosen), show, gone)

    def offer(self, owner: UUID, people: frozenset[UUID] | None, *, reminder: bool) -> None:
        """Offer to write to people; None = all that were asked."""
        if self._desks is None:
            return

        def then(links: tuple[LinkT, ...]) -> None:
            wanted = [each for each in links if people is None or self._asked_by(each) in people]
            if wanted and not self._closed:
                self.ask(
                    lambda ws: self._write_letters(ws, owner, wanted, reminder=reminder),
                    self._view.show_letters,
                    self.refuse,
                )

        def failed(error: ProjectDeskError) -> None:
            if not self._closed:
                self._view.show_problem(say_error(error))

        self._desks.publish(owner, then, failed)

    def can_send(self, then: Callable[[bool], None]) -> None:
        """Find out whether mail can be sent from here."""
        self.ask(can_send_mail, then, lambda _: then(False))

    def _queued(self, done: Done) -> Callable[[tuple[int, Changes]], None]:
        """Return what says how many mails are in the outbox, after `done`."""

        def say_how_many(result: tuple[int, Changes]) -> None:
            done()
            words = say_count(
                result[0], "{count} mail is in the outbox.", "{count} mails are in the outbox."
            )
            self._session.tell(Notice(words))

        return say_how_many

    # --- what each kind of question says

    @abstractmethod
    def _load_list(self) -> None:
        """Ask for the list of the project, and show it."""

    @abstractmethod
    def _find(self, workspace: Workspace, chosen: UUID) -> DetailT:
        """Return the chosen one."""

    @abstractmethod
    def _show_chosen(self, found: DetailT | None) -> None:
        """Show the chosen one, None = there is none."""

    @abstractmethod
    def _asked_by(self, link: LinkT) -> UUID:
        """Return whose link it is: the id of a voter, of a seat."""

    @abstractmethod
    def _write_letters(
        self, workspace: Workspace, owner: UUID, links: Sequence[LinkT], *, reminder: bool
    ) -> Letters:
        """Return what goes to those of these links."""


def can_send_mail(workspace: Workspace) -> bool:
    """Return whether mail can be sent from this computer."""
    from projectdesk.services import mail_accounts

    return mail_accounts.account(workspace.data) is not None


def while_it_runs() -> str:
    """Return until when links of this computer work, said before they are sent."""
    return say("The links open while this computer is on and ProjectDesk runs.")


def reach(urls: Sequence[str]) -> str:
    """Return what has to be known of links that not everybody can open, else ""."""
    from projectdesk.secrets.authority import is_private

    host = urlsplit(urls[0]).hostname or "" if urls else ""
    if host in {"127.0.0.1", "::1", "localhost"}:
        only_here = say(
            "These links open on this computer only. Let new meetings be held on a server "
            "(Settings), then ask again: the links lead there."
        )
        return f"{only_here} {while_it_runs()}"
    if host and is_private(host):
        return say("These links open in your network only.")
    return ""
