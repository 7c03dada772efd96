"""The outbox and what was read in: load, filter, send again, take back, save."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import DomainError
from projectdesk.services import inbox, mail_accounts, sending
from projectdesk.services.commands.mail import cancel_mail
from projectdesk.services.mail_rows import MailContent, MailRow, ReceivedRow
from projectdesk.services.outbox import MailState
from projectdesk.services.queries import mail as queries
from projectdesk.services.rows import Changes

if TYPE_CHECKING:
    from projectdesk.services.inbox import Read
    from projectdesk.services.mail_accounts import MailAccount
    from projectdesk.services.workspace import Workspace

ALL, TROUBLED, WAITING, SENT = "all", "troubled", "waiting", "sent"
_FILTERS = {
    TROUBLED: {MailState.REFUSED, MailState.UNCERTAIN},
    WAITING: {MailState.QUEUED, MailState.HANDED, MailState.SENDING},
    SENT: {MailState.SENT},
}


@dataclass(frozen=True)
class Outbox:
    """What the page shows. account: of this computer, None = none is set up."""

    rows: tuple[MailRow, ...] = ()
    received: tuple[ReceivedRow, ...] = ()
    account: MailAccount | None = None


class MailView(Protocol):
    """Where the outbox is shown."""

    def show_outbox(self, found: Outbox, rows: Sequence[MailRow]) -> None:
        """Show the mails that pass the filter, and the rest around them."""

    def show_content(self, content: MailContent) -> None:
        """Show what is in a mail."""


class MailPresenter(Presenter):
    """Presents the mail of one project, or of all."""

    def __init__(self, session: Session, view: MailView) -> None:
        super().__init__(session)
        self._view = view
        self._project: UUID | None = None
        self._filter = ALL
        self._found = Outbox()

    def concerned(self, changes: Changes) -> bool:
        """Return True: mail is about anything."""
        return True

    def set_project(self, project: UUID | None) -> None:
        """Present one project only, None = all."""
        self._project = project
        self.reload()

    def show_only(self, name: str) -> None:
        """Present what passes a filter: all, troubled, waiting or sent."""
        self._filter = name
        self._show(self._found)

    def load(self) -> None:
        """Ask for the outbox."""
        project = self._project

        def work(workspace: Workspace) -> Outbox:
            return Outbox(
                tuple(queries.outbox(workspace, project_id=project)),
                tuple(queries.received(workspace, project)),
                mail_accounts.account(workspace.data),
            )

        self.ask(work, self._show)

    def read(self, mail: UUID) -> None:
        """Show what is in a mail."""
        self.ask(lambda ws: queries.mail(ws, mail), self._view.show_content, lambda _: None)

    def send_again(
        self, rows: Sequence[MailRow], then: Callable[[], None], *, private_links: bool = False
    ) -> None:
        """Let mails go out again; `then` when they are queued."""
        ids = [row.id for row in rows]

        def done(_count: int) -> None:
            then()

        self.ask(
            lambda ws: sending.send_again(ws, ids, private_links=private_links), done, self.refuse
        )

    def send_now(self, rows: Sequence[MailRow], then: Callable[[], None]) -> None:
        """Let mails that wait go out at once; `then` when they are due."""
        ids = [row.id for row in rows]
        self.ask(lambda ws: sending.send_now(ws, ids), lambda _: then(), self.refuse)

    def take_back(self, rows: Sequence[MailRow]) -> None:
        """Take back mails that wait."""
        ids = [row.id for row in rows]

        def done(count: int) -> None:
            words = say_count(count, "The mail was taken back.", "{count} mails were taken back.")
            self._session.tell(Notice(words))

        self.ask(lambda ws: cancel_mail(ws, ids), done, self.refuse)

    def save_file(self, row: MailRow, file: Path) -> None:
        """Save a mail as a file that a mail program opens to be sent."""

        def work(workspace: Workspace) -> None:
            try:
                file.write_bytes(queries.unsent_file(workspace, row.id)[1])
            except OSError as error:
                raise DomainError(
                    "file_unwritable",
                    "{file} cannot be written ({reason}).",
                    file=file.name,
                    reason=error.strerror or str(error),
                ) from error

        words = say("Saved as {file}.", file=file.name)
        self.ask(work, lambda _: self._session.tell(Notice(words)), self.refuse)

    def file_name(self, row: MailRow, then: Callable[[str], None]) -> None:
        """Give the name of the file that a mail is saved as."""
        self.ask(lambda ws: queries.unsent_file(ws, row.id)[0], then, self.refuse)

    def _show(self, found: Outbox) -> None:
        self._found = found
        wanted = _FILTERS.get(self._filter)
        rows = [row for row in found.rows if wanted is None or row.state in wanted]
        self._view.show_outbox(found, rows)


def read_files(session: Session, files: Sequence[Path]) -> None:
    """Read answers out of mails that were saved, and say what came of them."""

    def work(workspace: Workspace) -> list[Read]:
        return [inbox.take(workspace, _content(file)) for file in files]

    session.ask(work, lambda found: session.tell(Notice(read_words(found))))


def read_words(found: Sequence[Read]) -> str:
    """Say what came of mails that were read in."""
    if len(found) == 1:
        (only,) = found
        if only.known:
            return say("This mail was read before; nothing was done.")
        if only.taken is None:
            return say("This mail answers nothing that was sent from here.")
        return only.taken.detail
    taken = sum(each.taken is not None for each in found)
    return say("{taken} of {count} mails were answers.", taken=taken, count=len(found))


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(inbox.LARGEST + 1)
    except OSError as error:
        raise DomainError(
            "file_unreadable",
            "{file} cannot be read ({reason}).",
            file=file.name,
            reason=error.strerror or str(error),
        ) from error
