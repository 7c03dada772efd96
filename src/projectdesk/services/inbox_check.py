"""Looks into the inbox of this computer's account for answers; what is nobody's is left alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final, Protocol

import msgspec

from projectdesk.errors import DomainError, EnvironmentFailure, ProjectDeskError
from projectdesk.folders import write_whole
from projectdesk.mail.account import MailAccount
from projectdesk.mail.imap import MOST, Fetched, ImapConnection, Position
from projectdesk.services import inbox, mail_accounts, mail_tokens
from projectdesk.services.inbox import Handler, Read
from projectdesk.services.inbox_heard import note_read
from projectdesk.services.workspace import Workspace

FILE: Final = "mail-inbox.json"
"""File of the data folder: how far which folder was read."""
_log = logging.getLogger(__name__)


class Connection(Protocol):
    """A signed-in connection to an inbox."""

    def open(self) -> None:
        """Connect and sign in."""

    def close(self) -> None:
        """Say goodbye."""

    def new_messages(
        self, after: Position | None, today: date, stop: Callable[[], bool]
    ) -> Iterator[Fetched]:
        """Yield what came since."""


@dataclass
class InboxReport:
    """What came of one look. read: how many mails were new. taken: those that a handler took.

    too_large: how many were not read. problem: why it ended early; None = it did not.
    """

    read: int = 0
    taken: list[Read] = field(default_factory=list)
    too_large: int = 0
    problem: ProjectDeskError | None = None


def check_inbox(
    workspace: Workspace,
    *,
    connect: Callable[[], Connection] | None = None,
    handlers: Sequence[Handler] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> InboxReport:
    """Read what is new in the inbox of this computer's account.

    Args:
        workspace: the open database.
        connect: makes a connection; None = to the account's server.
        handlers: who may take a mail; None = all there are.
        stop: asked between two mails.

    Raises:
        DomainError: `mail_no_inbox`; none is set up.
    """
    known = mail_accounts.account(workspace.data)
    if known is None or not known.inbox.server.known:
        raise DomainError(
            "mail_no_inbox", "No inbox is set up. Enter its server in Settings, Mail."
        )
    report, begun = InboxReport(), workspace.now()
    file, name = workspace.data / FILE, f"{known.login}@{known.inbox.server.host}/"
    name += known.inbox.folder
    positions = _positions(file)
    connection: Connection | None = None
    try:
        connection = mail_tokens.signed_in(
            workspace.secrets, known, connect or _connecting(workspace, known)
        )
        today = workspace.now().date()
        for fetched in connection.new_messages(positions.get(name), today, stop):
            _read(workspace, fetched, handlers, report)
            positions[name] = fetched.position
    except ProjectDeskError as error:
        report.problem = error
    finally:
        if connection is not None:
            connection.close()
        _keep(file, positions)
    whole = report.problem is None and not stop() and report.read + report.too_large < MOST
    if whole and workspace.copied_at is None:
        try:
            note_read(workspace, known.address, begun)
        except ProjectDeskError as error:
            report.problem = error
    return report


def _connecting(workspace: Workspace, known: MailAccount) -> Callable[[], Connection]:
    def connect() -> Connection:
        given = mail_accounts.credentials(workspace.secrets, known)
        return ImapConnection(known.inbox, given, known.ca_file)

    return connect


def _read(
    workspace: Workspace,
    fetched: Fetched,
    handlers: Sequence[Handler] | None,
    report: InboxReport,
) -> None:
    if fetched.content is None:
        report.too_large += 1
        return
    report.read += 1
    read: Read | None
    try:
        read = inbox.take(workspace, fetched.content, fetched.received_at, handlers)
    except EnvironmentFailure:
        raise  # the data cannot be written now: this mail is read again
    except Exception as error:
        # One mail that cannot be taken must not keep those behind it from being read.
        if not isinstance(error, ProjectDeskError):
            _log.exception("a mail could not be read in")
        read = _left(workspace, fetched.content, fetched.received_at, _why(error))
    if read is not None and read.taken is not None:
        report.taken.append(read)


def _left(workspace: Workspace, content: bytes, received_at: datetime, why: str) -> Read | None:
    """Write down that a mail was not taken; None where it cannot even be looked at."""
    try:
        return inbox.leave(workspace, content, received_at, why)
    except EnvironmentFailure:
        raise
    except Exception:
        _log.exception("a mail that was not taken could not be written down")
        return None


def _why(error: Exception) -> str:
    if isinstance(error, ProjectDeskError):
        return error.text
    return "This mail could not be understood; the log says why."


def _positions(file: Path) -> dict[str, Position]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Position])
    except (OSError, msgspec.MsgspecError):
        return {}


def _keep(file: Path, positions: dict[str, Position]) -> None:
    """Remember how far was read. A folder that cannot be written costs the memory only."""
    try:
        write_whole(file, msgspec.json.encode(positions))
    except OSError as error:
        _log.warning("how far the inbox was read is not remembered: %s", error)
