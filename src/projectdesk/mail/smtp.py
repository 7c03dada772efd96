"""Hands mail to a server (RFC 5321), one message for one person, and says what became of it.

What may be tried again and what may not is told apart exactly: until the line that ends the text
was sent, a mail is not delivered; after the server's answer it is or it is not; in between nobody
knows, and only a person may send it again (decisions 18).
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from typing import Final

from projectdesk.errors import EnvironmentFailure
from projectdesk.mail.account import Credentials, MailServer, Security
from projectdesk.mail.address import needs_utf8, wire_address
from projectdesk.mail.connecting import TIMEOUT_S, MailConnection, refused_sign_in
from projectdesk.mail.oauth import xoauth2
from projectdesk.mail.tunnelled import Smtp, SmtpTls

_MOST_WORDS: Final = 500


@dataclass(frozen=True)
class Accepted:
    """The server took the mail. words: its answer."""

    words: str


@dataclass(frozen=True)
class Refused:
    """The server will not take this mail, ever (5xx)."""

    words: str


@dataclass(frozen=True)
class Later:
    """The server does not take it now (4xx), or the connection broke before the end of the text."""

    words: str


@dataclass(frozen=True)
class Unknown:
    """The connection broke between the end of the text and the answer: nobody knows."""

    words: str


Outcome = Accepted | Refused | Later | Unknown


class SmtpConnection(MailConnection):
    """A signed-in connection; a context. broken: it is of no use any more."""

    def __init__(self, server: MailServer, credentials: Credentials, ca_file: str = "") -> None:
        """Make it; nothing is connected yet.

        Args:
            server: where mail is handed over.
            credentials: to sign in with; none = without.
            ca_file: of the authority that vouches for the server; "" = the system's.
        """
        super().__init__(server, ca_file)
        self._credentials = credentials
        self._smtp: smtplib.SMTP | None = None
        self.broken = False

    def _begin(self, context: ssl.SSLContext) -> None:
        try:
            self._smtp = self._connected(context)
            self._smtp.ehlo_or_helo_if_needed()
            if self._server.security is Security.STARTTLS:
                self._start_tls(self._smtp, context)
            self._sign_in(self._smtp)
        except smtplib.SMTPServerDisconnected as error:
            if isinstance(error.__context__, OSError):
                raise error.__context__ from None  # what it hides: no answer in time
            raise self._unusable(error) from error
        except (smtplib.SMTPException, UnicodeError) as error:
            raise self._unusable(error) from error

    def close(self) -> None:
        """Say goodbye. Idempotent."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            if not self.broken:
                smtp.quit()
        except (OSError, smtplib.SMTPException):
            pass
        finally:
            smtp.close()

    def send(self, author: str, recipient: str, content: bytes) -> Outcome:
        """Hand over one mail.

        Args:
            author: to whom a server sends it back.
            recipient: who gets it.
            content: the mail as `mail.message.as_bytes` gives it.
        """
        smtp = self._smtp
        if smtp is None or self.broken:
            return Later("There is no connection.")
        try:
            refusal = self._envelope(smtp, author, recipient, len(content))
            if refusal is not None:
                return refusal
            code, said = smtp.docmd("DATA")
            if code != 354:
                return self._answered(smtp, code, said)
        except (OSError, smtplib.SMTPException) as error:
            self.broken = True
            return Later(_words_of(error))
        return self._text(smtp, content)

    def _text(self, smtp: smtplib.SMTP, content: bytes) -> Outcome:
        """Send the text, its end and read the answer."""
        try:
            smtp.send(_stuffed(content))
        except (OSError, smtplib.SMTPException) as error:
            self.broken = True
            return Later(_words_of(error))
        # From here on the server may have the whole mail.
        try:
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.broken = True
            return Unknown(_words_of(error))
        if code == 250:
            return Accepted(_words(code, said))
        return self._answered(smtp, code, said)

    def _envelope(
        self, smtp: smtplib.SMTP, author: str, recipient: str, size: int
    ) -> Outcome | None:
        """Say who writes to whom; None = the server has nothing against it."""
        options = []
        if smtp.has_extn("size"):
            limit = smtp.esmtp_features.get("size", "").strip()
            if limit.isdigit() and 0 < int(limit) < size:
                megabytes = max(1, int(limit) // 1_000_000)
                return Refused(f"The server takes mails of at most {megabytes} MB.")
            options.append(f"SIZE={size}")
        if needs_utf8(author) or needs_utf8(recipient):
            if not smtp.has_extn("smtputf8"):
                return Refused(
                    "The server takes no addresses with letters beyond ASCII before the @."
                )
            options += ["SMTPUTF8", *(["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else [])]
            smtp.command_encoding = "utf-8"
        code, said = smtp.mail(wire_address(author), options)
        if code != 250:
            return self._answered(smtp, code, said)
        code, said = smtp.rcpt(wire_address(recipient))
        return None if code in {250, 251} else self._answered(smtp, code, said)

    def _answered(self, smtp: smtplib.SMTP, code: int, said: bytes) -> Outcome:
        """Return what a refusal means, and begin anew for the next mail."""
        words = _words(code, said)
        if code == 421 or code < 0:
            self.broken = True
        else:
            try:
                smtp.rset()
            except (OSError, smtplib.SMTPException):
                self.broken = True
        return Refused(words) if 500 <= code <= 599 else Later(words)

    # --- connecting -------------------------------------------------------------------------------

    def _connected(self, context: ssl.SSLContext) -> smtplib.SMTP:
        server = self._server
        # The own name of a computer says more about it than a mail needs to.
        own = "[127.0.0.1]"
        if server.security is Security.TLS:
            return SmtpTls(server.host, server.port, own, timeout=TIMEOUT_S, context=context)
        return Smtp(server.host, server.port, own, timeout=TIMEOUT_S)

    def _start_tls(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        if not smtp.has_extn("starttls"):
            raise EnvironmentFailure(
                "mail_no_starttls",
                "{host} offers no encryption at port {port}, so the password was not sent. Try TLS "
                "at port 465.",
                host=self._server.host,
                port=self._server.port,
            )
        smtp.starttls(context=context)
        smtp.ehlo()

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        given = self._credentials
        if not given.user:
            return
        try:
            if given.token:
                smtp.auth(
                    "XOAUTH2",
                    # A refusal is told in a challenge, which an empty answer acknowledges.
                    lambda challenge=None: (
                        xoauth2(given.user, given.token) if challenge is None else ""
                    ),
                )
            else:
                smtp.login(given.user, given.password)
        except smtplib.SMTPAuthenticationError as error:
            if 400 <= error.smtp_code <= 499:
                raise self._unusable(error) from error
            said = _words(error.smtp_code, error.smtp_error)
            raise refused_sign_in(self._server.host, said) from error
        except smtplib.SMTPNotSupportedError as error:
            raise EnvironmentFailure(
                "mail_no_sign_in",
                "{host} lets nobody sign in at port {port}. Look at the port and the encryption.",
                host=self._server.host,
                port=self._server.port,
            ) from error

    def _unusable(self, error: Exception) -> EnvironmentFailure:
        return EnvironmentFailure(
            "mail_server",
            "{host} does not take mail now: {reason}",
            host=self._server.host,
            reason=_words_of(error),
        )


def _stuffed(content: bytes) -> bytes:
    """Return a text as it is sent after DATA: lines end in CRLF, no line is a lonely dot."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines)


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    shown = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(f"{code} {shown}".split())[:_MOST_WORDS]


def _words_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError):
        return "The server did not answer in time."
    return "The connection broke."
