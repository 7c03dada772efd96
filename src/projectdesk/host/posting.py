"""Sends the mail that desktops handed over, at its time (adr/0103).

The mail server is connected to before a mail is claimed, so that one that is not there makes no
mail uncertain. The claim is committed before the server gets the text; what became of it is written
before the next one is begun.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.host.journal import mails
from projectdesk.host.journal.mails import Claimed, Limits
from projectdesk.host.journal.worker import JournalThread
from projectdesk.mail.account import Credentials, MailServer
from projectdesk.mail.address import same_address, wire_address
from projectdesk.mail.message import header_text, only_address, parse
from projectdesk.mail.retrying import next_try
from projectdesk.mail.smtp import Accepted, Later, Outcome, Refused, SmtpConnection, Unknown
from projectdesk.signalling.mails import MOST_BYTES, SHORTEST_S, LaterMail, allows

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 50
_LOOK_S: Final = 60.0
"""Longest time between two looks: another node may have been given a mail, clocks may be set."""
_PAUSES_S: Final = (15.0, 30.0, 60.0, 120.0, 300.0)
"""How long a mail server that is not there is left alone, each time longer."""
_PATIENCE_S: Final = 20.0
"""How long the end of the host waits for the mail that is being sent."""
_AGAIN_S: Final = 2.0


@dataclass(frozen=True)
class PostSettings:
    """How a host sends mail. ca_file: of who vouches for the server, "" = the system's."""

    server: MailServer
    credentials: Credentials = field(default_factory=Credentials)
    ca_file: str = ""
    limits: Limits = field(default_factory=Limits)


class Connection(Protocol):
    """A signed-in connection to a mail server; it blocks."""

    broken: bool

    def open(self) -> None:
        """Connect and sign in."""

    def close(self) -> None:
        """Say goodbye."""

    def send(self, author: str, recipient: str, content: bytes) -> Outcome:
        """Hand over one mail."""


class Post:
    """Sends what is due, until it is told to end. Use `run` in a task, then `finish`."""

    def __init__(
        self,
        settings: PostSettings,
        journal: JournalThread,
        clock: Callable[[], datetime],
        node: str | None = None,
        connect: Callable[[], Connection] | None = None,
    ) -> None:
        """Make it.

        Args:
            settings: where mail is handed on.
            journal: of the host.
            clock: UTC now.
            node: name of this host among several; None = it is alone.
            connect: makes a connection; None = to the server of the settings.
        """
        self.settings = settings
        self._journal = journal
        self._clock = clock
        self._node = node
        self._connect = connect or self._smtp
        self._news = asyncio.Event()
        self._ending = False
        self._task: asyncio.Task[None] | None = None
        self._failures = 0

    def wake(self) -> None:
        """Look anew when the next mail is due: there may be another one."""
        self._news.set()

    async def run(self) -> None:
        """Send what is due, and wait for what will be."""
        self._task = asyncio.current_task()
        while not self._ending:
            self._news.clear()
            try:
                pause = await self._round()
            except EnvironmentFailure as failure:
                pause = _PAUSES_S[min(self._failures, len(_PAUSES_S) - 1)]
                self._failures += 1
                _log.warning("mail is not sent now: %s; again in %.0f s", failure, pause)
            except Exception:  # a bug here must not end the calls
                _log.exception("mail is not sent now")
                pause = _PAUSES_S[-1]
            if not self._ending:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), pause)

    async def finish(self) -> None:
        """End after the mail that is being sent, if it does not take too long."""
        self._ending = True
        self._news.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=_PATIENCE_S)
            self._task.cancel()

    async def _round(self) -> float:
        """Send what is due; return in how many seconds to look again."""
        now = self._clock()
        await self._journal.run(mails.settle_abandoned_elsewhere, now, self._node)
        await self._journal.run(mails.settle_needless, now)
        ids = await self._journal.run(mails.due, now, _AT_ONCE)
        if ids:
            await self._send_all(ids)
            self._failures = 0
        due = await self._journal.run(mails.next_due)
        if due is None:
            return _LOOK_S
        return max(0.0, min(_LOOK_S, (due - self._clock()).total_seconds()))

    async def _send_all(self, ids: list[str]) -> None:
        connection: Connection | None = None
        try:
            for mail_id in ids:
                if self._ending:
                    return
                if connection is None or connection.broken:
                    connection = self._connect()
                    await asyncio.to_thread(connection.open)
                claimed = await self._journal.run(mails.claim, mail_id, self._clock(), self._node)
                if claimed is not None:
                    await self._send_one(connection, claimed)
        finally:
            if connection is not None:
                await asyncio.to_thread(connection.close)

    async def _send_one(self, connection: Connection, mail: Claimed) -> None:
        try:
            outcome = await asyncio.to_thread(
                connection.send, mail.author, mail.recipient, mail.content
            )
        except Exception:
            _log.exception("nobody knows whether mail %s was sent", mail.id)
            connection.broken, outcome = True, Unknown("The server made a mistake.")
        while True:
            try:
                await self._settle(mail, outcome)
            except EnvironmentFailure as failure:
                # What is known must not be forgotten; the mail would count as uncertain.
                _log.error("what became of a mail is not written yet: %s", failure)
                await asyncio.sleep(_AGAIN_S)
            else:
                return

    async def _settle(self, mail: Claimed, outcome: Outcome) -> None:
        now = self._clock()
        match outcome:
            case Accepted(words):
                await self._journal.run(mails.settle, mail.id, "sent", words, now)
            case Refused(words):
                await self._journal.run(mails.settle, mail.id, "refused", words, now)
            case Unknown(words):
                await self._journal.run(mails.settle, mail.id, "uncertain", words, now)
            case Later(words):
                again = next_try(mail.attempts, mail.due_at, now)
                if again is None:
                    given_up = f"Given up after two days: {words}"
                    await self._journal.run(mails.settle, mail.id, "refused", given_up, now)
                else:
                    await self._journal.run(mails.put_off, mail.id, again, now)

    def _smtp(self) -> Connection:
        settings = self.settings
        return SmtpConnection(settings.server, settings.credentials, settings.ca_file)


def checked(mail: LaterMail, domains: tuple[str, ...], now: datetime) -> LaterMail:
    """Return a mail as it is kept, if a key may hand it over.

    Args:
        mail: as it came.
        domains: whose mail the key may hand over.
        now: UTC.

    Raises:
        DomainError: `mail_sender_not_allowed`, `mail_not_as_told`, `mail_too_large`,
            `mail_overdue`, `bad_email`.
    """
    author, recipient = wire_address(mail.author), wire_address(mail.recipient)
    if not allows(domains, author):
        raise DomainError(
            "mail_sender_not_allowed",
            "The server sends no mail of {domain} for this API key.",
            domain=author.rpartition("@")[2],
        )
    if len(mail.content) > MOST_BYTES:
        raise DomainError(
            "mail_too_large",
            "The server takes mails of at most {size} kB.",
            size=MOST_BYTES // 1_000,
        )
    if (mail.due_at - now).total_seconds() < SHORTEST_S / 2:
        raise DomainError("mail_overdue", "This mail is due already; the desktop sends it itself.")
    message = parse(mail.content)
    told = (
        same_address(only_address(message, "From"), author)
        and same_address(only_address(message, "To"), recipient)
        and header_text(message, "Message-ID") == mail.message_id
        and not any(header in message for header in ("Cc", "Bcc", "Sender"))
        and all(len(message.get_all(name, [])) == 1 for name in ("From", "To", "Message-ID"))
    )
    if not told:
        raise DomainError(
            "mail_not_as_told", "The mail's own headers name others than who sends and gets it."
        )
    return LaterMail(
        author=author,
        recipient=recipient,
        message_id=mail.message_id,
        content=mail.content,
        due_at=mail.due_at,
        not_after=mail.not_after,
        desk=mail.desk,
    )
