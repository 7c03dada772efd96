"""Reads what is new in a folder of an inbox (RFC 3501), and changes nothing in it.

The folder is opened for reading only and messages are peeked at, so nothing is marked as seen,
moved or deleted. What was read is remembered by the folder's UIDVALIDITY and the last UID; a folder
that was made anew is read from a few days back, and what is read twice is known by its Message-ID.
"""

from __future__ import annotations

import base64
import contextlib
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from projectdesk.errors import EnvironmentFailure
from projectdesk.mail.account import Credentials, Inbox, Security
from projectdesk.mail.connecting import TIMEOUT_S, MailConnection, explained, refused_sign_in
from projectdesk.mail.oauth import xoauth2
from projectdesk.mail.tunnelled import Imap, ImapTls

LARGEST: Final = 20_000_000
"""Bytes of a message; a larger one is left out."""
MOST: Final = 500
"""Messages that are read at one time; the next reading goes on from there."""
BACK: Final = timedelta(days=14)
"""How far back a folder is read that was never read before."""
_MONTHS: Final = "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec"
_INTERNALDATE: Final = re.compile(rb'INTERNALDATE "([^"]+)"')
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_UID: Final = re.compile(rb"UID (\d+)")


@dataclass(frozen=True)
class Position:
    """How far a folder was read. validity: the folder's UIDVALIDITY."""

    validity: int
    uid: int


@dataclass(frozen=True)
class Fetched:
    """A message. content: None = it is too large. position: after it was read."""

    position: Position
    received_at: datetime
    content: bytes | None


class ImapConnection(MailConnection):
    """A signed-in connection; a context."""

    def __init__(self, inbox: Inbox, credentials: Credentials, ca_file: str = "") -> None:
        """Make it; nothing is connected yet.

        Args:
            inbox: the server and the folder.
            credentials: to sign in with.
            ca_file: of the authority that vouches for the server; "" = the system's.
        """
        super().__init__(inbox.server, ca_file)
        self._inbox = inbox
        self._credentials = credentials
        self._imap: imaplib.IMAP4 | None = None

    def close(self) -> None:
        """Say goodbye. Idempotent."""
        imap, self._imap = self._imap, None
        if imap is not None:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                imap.logout()
            with contextlib.suppress(OSError):
                imap.shutdown()

    def new_messages(
        self,
        after: Position | None,
        today: date,
        stop: Callable[[], bool] = lambda: False,
    ) -> Iterator[Fetched]:
        """Yield what came into the folder since, the oldest first; at most `MOST` messages.

        Args:
            after: how far it was read; None = never.
            today: where the computer is.
            stop: asked between two messages.

        Raises:
            EnvironmentFailure: `mail_no_folder`, `mail_server`, or the connection broke.
        """
        imap = self._open_folder()
        validity = self._validity(imap)
        begins = after if after is not None and after.validity == validity else None
        count = 0
        for uid in self._uids(imap, begins, today):
            if count == MOST or stop():
                return
            with self._said():
                fetched = self._fetch(imap, uid, Position(validity, uid))
            if fetched is not None:
                count += 1
                yield fetched

    # --- inside -----------------------------------------------------------------------------------

    def _begin(self, context: ssl.SSLContext) -> None:
        server = self._inbox.server
        with self._said():
            if server.security is Security.TLS:
                self._imap = ImapTls(server.host, server.port, context=context, timeout=TIMEOUT_S)
            else:
                self._imap = Imap(server.host, server.port, timeout=TIMEOUT_S)
            if server.security is Security.STARTTLS:
                if "STARTTLS" not in self._imap.capabilities:
                    raise EnvironmentFailure(
                        "mail_no_starttls",
                        "{host} offers no encryption at port {port}, so the password was not sent. "
                        "Try TLS at port 993.",
                        host=server.host,
                        port=server.port,
                    )
                self._imap.starttls(context)
        self._sign_in(self._imap)

    def _sign_in(self, imap: imaplib.IMAP4) -> None:
        given = self._credentials
        try:
            if given.token:
                shown = xoauth2(given.user, given.token).encode()
                # A refusal is told in a challenge, which an empty answer acknowledges.
                imap.authenticate("XOAUTH2", lambda said: b"" if said else shown)
            elif "AUTH=PLAIN" in imap.capabilities:
                plain = f"\0{given.user}\0{given.password}".encode()
                imap.authenticate("PLAIN", lambda _said: plain)
            else:
                imap.login(given.user, given.password)
        except imaplib.IMAP4.abort as error:
            raise self._failed(error) from error
        except imaplib.IMAP4.error as error:
            raise refused_sign_in(self._inbox.server.host, _words(error)) from error

    def _open_folder(self) -> imaplib.IMAP4:
        imap = self._imap
        if imap is None:
            raise RuntimeError("the connection is not open")
        with self._said():
            status, said = imap.select(_quoted(self._inbox.folder), readonly=True)
        if status != "OK":
            raise EnvironmentFailure(
                "mail_no_folder",
                "There is no folder “{folder}” in the mailbox at {host} ({reason}).",
                folder=self._inbox.folder,
                host=self._inbox.server.host,
                reason=_text(said),
            )
        return imap

    def _validity(self, imap: imaplib.IMAP4) -> int:
        _, said = imap.response("UIDVALIDITY")
        try:
            return int(said[0] or b"")
        except (IndexError, TypeError, ValueError) as error:
            raise self._failed(error) from error

    def _uids(self, imap: imaplib.IMAP4, after: Position | None, today: date) -> list[int]:
        if after is None:
            since = today - BACK
            asked = ("SINCE", f"{since.day:02}-{_MONTHS.split(',')[since.month - 1]}-{since.year}")
        else:
            asked = ("UID", f"{after.uid + 1}:*")
        with self._said():
            status, said = imap.uid("SEARCH", *asked)
        if status != "OK":
            raise self._failed(imaplib.IMAP4.error(_text(said)))
        found = sorted({int(uid) for part in said if part for uid in part.split()})
        # "n:*" names the last message even when it is older than n (RFC 3501, 6.4.8).
        return [uid for uid in found if after is None or uid > after.uid]

    def _fetch(self, imap: imaplib.IMAP4, uid: int, position: Position) -> Fetched | None:
        """Return a message; None = it went meanwhile."""
        _, said = imap.uid("FETCH", str(uid), "(RFC822.SIZE INTERNALDATE)")
        facts = b" ".join(part if isinstance(part, bytes) else part[0] for part in said if part)
        size = _SIZE.search(facts)
        if size is None:
            return None
        received_at = _instant(_INTERNALDATE.search(facts))
        if int(size.group(1)) > LARGEST:
            return Fetched(position, received_at, None)
        _, said = imap.uid("FETCH", str(uid), "(BODY.PEEK[])")
        for part in said:
            if isinstance(part, tuple) and _mine(part[0], uid):
                return Fetched(position, received_at, part[1])
        return None

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        """Turn what the server says or the line does into words."""
        try:
            with explained(self._inbox.server):
                yield
        except imaplib.IMAP4.error as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> EnvironmentFailure:
        return EnvironmentFailure(
            "mail_server",
            "{host} does not let the inbox be read now: {reason}",
            host=self._inbox.server.host,
            reason=_words(error),
        )


def _mine(head: bytes, uid: int) -> bool:
    found = _UID.search(head)
    return found is None or int(found.group(1)) == uid


def _instant(found: re.Match[bytes] | None) -> datetime:
    """Return an INTERNALDATE (`17-Jul-1996 02:44:25 -0700`) in UTC; now where it is none."""
    if found is not None:
        with contextlib.suppress(ValueError, TypeError):
            words = found.group(1).decode("ascii", "replace").strip().replace("-", " ", 2)
            return parsedate_to_datetime(words).astimezone(UTC)
    return datetime.now(UTC)


def _quoted(folder: str) -> str:
    """Return a folder's name as it goes over the wire: modified UTF-7, quoted (RFC 3501, 5.1.3)."""
    coded = ""
    pending = ""
    for character in [*folder, ""]:
        plain = character == "" or 0x20 <= ord(character) <= 0x7E
        if not plain:
            pending += character
            continue
        if pending:
            packed = base64.b64encode(pending.encode("utf-16-be")).decode("ascii")
            coded += "&" + packed.rstrip("=").replace("/", ",") + "-"
            pending = ""
        coded += "&-" if character == "&" else character
    escaped = coded.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _text(said: Sequence[object]) -> str:
    return " ".join(
        part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part)
        for part in said
        if part
    )[:300]


def _words(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:300]
