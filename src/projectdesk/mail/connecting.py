"""What goes wrong between this computer and a server of mail, in words; SMTP and IMAP share it."""

from __future__ import annotations

import socket
import ssl
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from projectdesk.errors import EnvironmentFailure
from projectdesk.mail.account import MailServer, Security
from projectdesk.worded import worded

TIMEOUT_S: Final = 30.0
"""How long a server may take for one answer."""


def tls_context(ca_file: str) -> ssl.SSLContext:
    """Return what checks a server's certificate and name, TLS 1.2 at least.

    Args:
        ca_file: of the authority that vouches for it; "" = the system's.

    Raises:
        EnvironmentFailure: `mail_no_authority`; the file cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise EnvironmentFailure(
            "mail_no_authority",
            "The certificate of the authority, {file}, cannot be read.",
            file=ca_file,
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@contextmanager
def explained(server: MailServer) -> Iterator[None]:
    """Turn what fails while connecting into words; the caller's own errors stay what they are."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise EnvironmentFailure(
            "mail_certificate",
            "The certificate of {host} is not valid ({reason}). Nothing was sent to it. Ask who "
            "runs the server; if your organisation has an authority of its own, choose its "
            "certificate in Settings, Mail.",
            host=server.host,
            reason=error.verify_message,
        ) from error
    except ssl.SSLError as error:
        other = "STARTTLS" if server.security is Security.TLS else "TLS"
        raise EnvironmentFailure(
            "mail_tls",
            "{host} does not speak this kind of encryption at port {port}. Try {other}, or another "
            "port.",
            host=server.host,
            port=server.port,
            other=other,
        ) from error
    except socket.gaierror as error:
        raise EnvironmentFailure(
            "mail_no_host",
            "There is no server named {host}, or this computer is not connected to the network.",
            host=server.host,
        ) from error
    except (TimeoutError, ConnectionRefusedError) as error:
        raise EnvironmentFailure(
            "mail_no_answer",
            "{host} does not answer at port {port}. Look at the port, and whether this network "
            "lets mail out.",
            host=server.host,
            port=server.port,
        ) from error
    except OSError as error:
        raise EnvironmentFailure(
            "mail_no_connection",
            "The connection to {host} failed ({reason}).",
            host=server.host,
            reason=error.strerror or str(error) or type(error).__name__,
        ) from error


class MailConnection(ABC):
    """A signed-in connection to a server of mail; a context."""

    def __init__(self, server: MailServer, ca_file: str) -> None:
        """Make it; nothing is connected yet.

        Args:
            server: where.
            ca_file: of the authority that vouches for the server; "" = the system's.
        """
        self._server = server
        self._ca_file = ca_file

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def open(self) -> None:
        """Connect, encrypt and sign in.

        Raises:
            EnvironmentFailure: `mail_no_host`, `mail_no_answer`, `mail_no_connection`, `mail_tls`,
                `mail_certificate`, `mail_no_starttls`, `mail_sign_in_refused`, `mail_server`.
        """
        context = tls_context(self._ca_file)
        try:
            with explained(self._server):
                self._begin(context)
        except EnvironmentFailure:
            self.close()
            raise

    @abstractmethod
    def _begin(self, context: ssl.SSLContext) -> None:
        """Connect, encrypt as the server is set to, and sign in; errors are the protocol's."""

    @abstractmethod
    def close(self) -> None:
        """Say goodbye. Idempotent."""


def refused_sign_in(host: str, words: str) -> EnvironmentFailure:
    """Return that a server does not let one in, with its words."""
    return EnvironmentFailure(
        "mail_sign_in_refused",
        "{host} does not accept the name or the password: {reason}. Many providers ask for an app "
        "password, or for signing in with the browser.",
        host=host,
        reason=words.rstrip(". ") or worded("no reason given"),
    )
