"""What is known of a mailbox: its servers and how one signs in. No password is in here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from projectdesk.mail.address import Mailbox


class Security(StrEnum):
    """How a connection is encrypted. TLS: from the first byte; STARTTLS: after a greeting."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class SignIn(StrEnum):
    """How one signs in. NONE: the server takes mail from this network without."""

    PASSWORD = "password"  # noqa: S105 - a way to sign in, no password
    OAUTH = "oauth"
    NONE = "none"


@dataclass(frozen=True)
class MailServer:
    """A server of mail. host: "" = none is set up."""

    host: str = ""
    port: int = 0
    security: Security = Security.STARTTLS

    @property
    def known(self) -> bool:
        """True when it is set up."""
        return bool(self.host)


@dataclass(frozen=True)
class Inbox:
    """Where answers are looked for. folder: its name as people see it."""

    server: MailServer = field(default_factory=MailServer)
    folder: str = "INBOX"


@dataclass(frozen=True)
class MailAccount:
    """A mailbox of this computer's user.

    address: in From, and whose mail this computer sends. user: to sign in with, "" = the address.
    ca_file: of the authority that vouches for its servers, "" = the system's.
    private_links: mail with links that open in this network only goes out without asking.
    later_server: address of the server that sends what is due later; "" = this computer does.

    With SignIn.OAUTH: oauth: which service gives tokens ("microsoft", "google"). client_id: of this
    program there, as an administrator registered it. tenant: of Microsoft 365. authority: base
    address of the service where it is not the usual one (national clouds).
    """

    address: str
    name: str = ""
    smtp: MailServer = field(default_factory=MailServer)
    inbox: Inbox = field(default_factory=Inbox)
    user: str = ""
    sign_in: SignIn = SignIn.PASSWORD
    ca_file: str = ""
    oauth: str = ""
    client_id: str = ""
    tenant: str = "organizations"
    authority: str = ""
    private_links: bool = False
    later_server: str = ""

    @property
    def mailbox(self) -> Mailbox:
        """As it stands in From."""
        return Mailbox(self.address, self.name)

    @property
    def login(self) -> str:
        """The name to sign in with."""
        return self.user or self.address


@dataclass(frozen=True)
class Credentials:
    """What one signs in with, as long as it is needed. Never shown: `repr` hides both.

    password: for SignIn.PASSWORD; token: an access token for SignIn.OAUTH.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
