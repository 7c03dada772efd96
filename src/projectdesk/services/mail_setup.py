"""Setting up the mail account: guess the servers, try them, send a mail to oneself, sign in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from projectdesk.domain.identity import new_id
from projectdesk.errors import EnvironmentFailure
from projectdesk.mail import oauth
from projectdesk.mail.account import Credentials, Inbox, MailAccount, SignIn
from projectdesk.mail.imap import ImapConnection
from projectdesk.mail.message import as_bytes, compose, new_message_id
from projectdesk.mail.oauth import BrowserSignIn, DeviceCode
from projectdesk.mail.providers import Provider, provider_of
from projectdesk.mail.smtp import Accepted, SmtpConnection
from projectdesk.services import mail_accounts, mail_tokens

if TYPE_CHECKING:
    from projectdesk.secrets import SecretStore

Cancelled = Callable[[], bool]
_SUBJECT: Final = "Test mail from ProjectDesk"
_TEXT: Final = (
    "This mail was sent by ProjectDesk to see whether mail goes out.\n\n"
    "It arrived: invitations and reminders will, too."
)


@dataclass(frozen=True)
class TestWords:
    """What the test mail says, in the language of who sends it."""

    subject: str = _SUBJECT
    text: str = _TEXT


@dataclass(frozen=True)
class Tried:
    """What a try gave. sent: the server's words. inbox: True = read, None = there is none."""

    recipient: str
    sent: str
    inbox: bool | None


def guess(address: str, known: MailAccount | None = None) -> tuple[MailAccount, Provider | None]:
    """Return an account with the servers of an address's provider, as far as they can be guessed.

    Args:
        address: of the mailbox.
        known: what was entered so far; its name stays, its servers are replaced.
    """
    provider = provider_of(address)
    base = replace(known, address=address) if known is not None else MailAccount(address)
    if provider is None:
        return mail_accounts.with_policy(base), None
    client_id = base.client_id if base.oauth == provider.oauth else ""
    found = replace(
        base,
        smtp=provider.smtp,
        inbox=Inbox(provider.imap, base.inbox.folder),
        oauth=provider.oauth,
        client_id=client_id,
    )
    found = mail_accounts.with_policy(found)
    # A browser is the better way where this program is known to the service.
    sign_in = SignIn.OAUTH if found.oauth and found.client_id else SignIn.PASSWORD
    if "sign_in" not in mail_accounts.policy():
        found = replace(found, sign_in=sign_in)
    return found, provider


def try_out(
    secrets: SecretStore,
    known: MailAccount,
    now: datetime,
    *,
    password: str = "",
    recipient: str = "",
    words: TestWords | None = None,
) -> Tried:
    """Send a test mail, and look whether the inbox can be read.

    Args:
        secrets: where passwords and tokens are.
        known: the account; it need not be kept yet.
        now: for the mail's date.
        password: as it was typed; "" = the one that is kept.
        recipient: who gets it; "" = oneself.
        words: what it says; None = English.

    Raises:
        DomainError: something of the account is missing or wrong; fact `field`.
        EnvironmentFailure: what is wrong with a server, and what to do.
    """
    known = mail_accounts.checked(mail_accounts.with_policy(known))
    given = _given(secrets, known, password)
    wanted = recipient.strip() or known.address
    said = words or TestWords()
    message = compose(
        sender=known.mailbox,
        recipient=replace(known.mailbox, address=wanted, name=""),
        subject=said.subject,
        text=said.text,
        message_id=new_message_id(known.address, new_id()),
        date=now,
        automatic=True,
    )
    with SmtpConnection(known.smtp, given, known.ca_file) as connection:
        outcome = connection.send(known.address, wanted, as_bytes(message))
    if not isinstance(outcome, Accepted):
        raise EnvironmentFailure(
            "mail_test_refused",
            "{host} let this account in and did not take the test mail: {reason}",
            host=known.smtp.host,
            reason=outcome.words,
        )
    return Tried(wanted, outcome.words, _inbox_read(known, given, now))


def _given(secrets: SecretStore, known: MailAccount, password: str) -> Credentials:
    if password and known.sign_in is SignIn.PASSWORD:
        return Credentials(known.login, password=password)
    return mail_accounts.credentials(secrets, known)


def _inbox_read(known: MailAccount, given: Credentials, now: datetime) -> bool | None:
    if not known.inbox.server.known:
        return None
    with ImapConnection(known.inbox, given, known.ca_file) as connection:
        # Opening the folder is what is tried: the first step of looking, then stopping.
        for _ in connection.new_messages(None, now.date(), stop=lambda: True):
            break
    return True


# --- signing in with a browser --------------------------------------------------------------------


def sign_in(
    secrets: SecretStore,
    known: MailAccount,
    open_browser: Callable[[str], object],
    *,
    language: str = "",
    cancelled: Cancelled = lambda: False,
    timeout_s: float = 300.0,
) -> None:
    """Sign in with the browser of this computer and keep the tokens.

    Args:
        secrets: where tokens are kept.
        known: the account, with service and client id.
        open_browser: opens an address in the browser.
        language: of what the browser shows at the end (BCP 47); "" = as it asks.
        cancelled: asked while waiting.
        timeout_s: seconds until it is given up.

    Raises:
        DomainError: something of the account is missing; `mail_sign_in_cancelled`.
        EnvironmentFailure: `mail_sign_in_timeout`, `mail_sign_in_refused`,
            `mail_service_unreachable`, `mail_service_unreadable`.
    """
    known = mail_accounts.checked(mail_accounts.with_policy(known))
    service, client = mail_tokens.service_of(known), mail_tokens.client_of(secrets, known)
    with BrowserSignIn(service, client, known.login, language) as waiting:
        open_browser(waiting.url)
        mail_tokens.keep(secrets, known, waiting.wait(cancelled, timeout_s))


def device_code(secrets: SecretStore, known: MailAccount) -> DeviceCode:
    """Return a code to type on another computer.

    Raises:
        DomainError: something of the account is missing; `mail_no_device_code`.
        EnvironmentFailure: the service refuses or does not answer.
    """
    known = mail_accounts.checked(mail_accounts.with_policy(known))
    return oauth.ask_device_code(
        mail_tokens.service_of(known), mail_tokens.client_of(secrets, known)
    )


def await_device(
    secrets: SecretStore,
    known: MailAccount,
    code: DeviceCode,
    cancelled: Cancelled = lambda: False,
) -> None:
    """Wait until the code was typed, and keep the tokens.

    Raises:
        DomainError: `mail_sign_in_cancelled`.
        EnvironmentFailure: `mail_sign_in_timeout`, `mail_sign_in_refused`, ...
    """
    known = mail_accounts.with_policy(known)
    service, client = mail_tokens.service_of(known), mail_tokens.client_of(secrets, known)
    mail_tokens.keep(secrets, known, oauth.await_device(service, client, code, cancelled))
