"""The mail account of this computer: guessed, tried, kept, signed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from projectdesk.desktop import language
from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.runtime.session import LongWork, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.secrets import is_durable
from projectdesk.services import mail_accounts, mail_setup
from projectdesk.services.mail_accounts import (
    Inbox,
    MailAccount,
    MailServer,
    Security,
    SignIn,
)
from projectdesk.services.mail_setup import TestWords, Tried
from projectdesk.services.meeting_hosts import Server, meeting_hosts

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

Failed = Callable[[ProjectDeskError], None]
_FIELDS = {
    "mail_sign_in_refused": "password",
    "mail_password_needed": "password",
    "mail_no_authority": "ca_file",
    "server_sends_no_mail": "later_server",
    "mail_sender_not_allowed": "later_server",
    "host_unreachable": "later_server",
    "host_key_missing": "later_server",
    "key_unknown": "later_server",
}
"""Beside which field the fault of a server is said; the others at the foot."""


@dataclass(frozen=True)
class AccountState:
    """What the settings show. ready: it has a password or is signed in. fixed: by a policy.

    durable: False = this computer forgets passwords when the program ends. servers: that mail which
    is due later can be handed to.
    """

    account: MailAccount | None
    ready: bool
    fixed: frozenset[str]
    durable: bool
    servers: tuple[Server, ...] = ()


def load_state(session: Session, then: Callable[[AccountState], None], failed: Failed) -> None:
    """Ask for the account."""

    def work(workspace: Workspace) -> AccountState:
        known = mail_accounts.account(workspace.data)
        return AccountState(
            known,
            known is not None and mail_accounts.has_password(workspace.secrets, known),
            frozenset(mail_accounts.policy()),
            is_durable(workspace.secrets),
            meeting_hosts(workspace).servers,
        )

    session.ask(work, then, failed)


def forget(session: Session, then: Callable[[], None], failed: Failed) -> None:
    """Forget the account, its password and its tokens."""
    session.ask(lambda ws: mail_accounts.forget(ws.data, ws.secrets), lambda _: then(), failed)


def test_words() -> TestWords:
    """Return what the test mail says."""
    return TestWords(
        say("Test mail from ProjectDesk"),
        say(
            "This mail was sent by ProjectDesk to see whether mail goes out.\n\nIt arrived: "
            "invitations and reminders will, too."
        ),
    )


def tried_words(tried: Tried) -> str:
    """Say what came of a test."""
    sent = say("A mail to {address} was taken.", address=tried.recipient)
    return f"{sent} {say('The inbox can be read.')}" if tried.inbox else sent


def try_kept(session: Session, then: Callable[[Tried], None], failed: Failed) -> None:
    """Send a test mail with the account that is kept."""

    def work(workspace: Workspace, _: LongWork) -> Tried:
        known = mail_accounts.account(workspace.data) or MailAccount("")
        return mail_setup.try_out(workspace.secrets, known, workspace.now(), words=words)

    words = test_words()
    session.ask_long(work, then, failed)


class AccountView(Protocol):
    """The form of an account."""

    def show_account(self, account: MailAccount) -> None:
        """Show servers that were guessed."""

    def show_problem_of(self, field: str, words: str) -> None:
        """Say what is wrong beside a field, or at the foot."""

    def show_busy(self, words: str) -> None:
        """Say what goes on; "" = nothing any more."""

    def show_found(self, words: str) -> None:
        """Say what came of it."""

    def finish(self) -> None:
        """It is kept."""


class AccountFormPresenter:
    """Guesses, tries and keeps what the form says."""

    def __init__(self, session: Session, view: AccountView, account: MailAccount | None) -> None:
        self._session = session
        self._view = view
        self._base = account or MailAccount("")
        self._signing_in: LongWork | None = None

    def guess(self, address: str) -> str:
        """Show the servers of an address's provider; return what the person has to know of it."""
        found, provider = mail_setup.guess(address, self._base)
        if provider is None:
            return ""
        self._base = found
        self._view.show_account(found)
        if not provider.known:
            return say("These servers are guessed; a test shows whether they are right.")
        match provider.advice:
            case "app_password":
                return say(
                    "{provider} asks for an app password: make one in the settings of your "
                    "account there.",
                    provider=provider.name,
                )
            case "switch_on":
                return say(
                    "{provider}: switch on access by other programs (IMAP) in the settings of "
                    "your account there first.",
                    provider=provider.name,
                )
            case _ if provider.oauth and found.sign_in is SignIn.PASSWORD:
                return say(
                    "{provider} lets most accounts in by the browser only: choose it as the way "
                    "to sign in, with the client id of your organisation.",
                    provider=provider.name,
                )
            case _:
                return ""

    def account_of(self, values: Mapping[str, Any]) -> MailAccount:
        """Return the account that a form describes."""
        return replace(
            self._base,
            address=values["address"] or "",
            name=values["name"] or "",
            smtp=_server(values, "smtp"),
            inbox=Inbox(_server(values, "imap"), values["folder"] or "INBOX"),
            user=values["user"] or "",
            sign_in=SignIn(values["sign_in"]),
            oauth=values["oauth"] or "",
            client_id=values["client_id"] or "",
            tenant=values["tenant"] or "organizations",
            ca_file=values["ca_file"] or "",
            private_links=bool(values["private_links"]),
            later_server=values["later_server"] or "",
        )

    def try_it(self, values: Mapping[str, Any], password: str) -> None:
        """Send a test mail, and say what came of it."""
        known, said = self.account_of(values), test_words()

        def work(workspace: Workspace, _: LongWork) -> Tried:
            return mail_setup.try_out(
                workspace.secrets, known, workspace.now(), password=password, words=said
            )

        self._view.show_busy(say("Sending a test mail…"))
        self._session.ask_long(
            work, lambda tried: self._view.show_found(tried_words(tried)), self._failed
        )

    def sign_in(self, values: Mapping[str, Any]) -> None:
        """Open the browser to sign in, and wait until it comes back."""
        known, spoken = self.account_of(values), language.current()

        def work(workspace: Workspace, under_way: LongWork) -> None:
            mail_setup.sign_in(
                workspace.secrets,
                known,
                lambda url: QDesktopServices.openUrl(QUrl(url)),
                language=spoken,
                cancelled=under_way.cancelled,
            )

        def then(_: None) -> None:
            self._signing_in = None
            self._view.show_found(say("Signed in."))

        self._view.show_busy(say("Sign in in your browser; this goes on by itself then…"))
        self._signing_in = self._session.ask_long(work, then, self._failed)

    def keep(self, values: Mapping[str, Any], password: str) -> None:
        """Keep the account, and the password in the key store.

        A server that is newly named must say first that it sends mail of this address.
        """
        known = self.account_of(values)
        same = (known.later_server, known.address) == (self._base.later_server, self._base.address)

        def work(workspace: Workspace, _: LongWork | None = None) -> None:
            if known.later_server and not same:
                from projectdesk.services import handing

                handing.check_server(workspace, known)
            kept = mail_accounts.save(workspace.data, known)
            if password and kept.sign_in is SignIn.PASSWORD:
                mail_accounts.keep_password(workspace.secrets, kept, password)

        if not known.later_server or same:
            self._session.ask(work, lambda _: self._view.finish(), self._failed)
            return
        self._view.show_busy(say("Asking {url}…", url=known.later_server))
        self._session.ask_long(work, lambda _: self._view.finish(), self._failed)

    def cancel(self) -> None:
        """Wait for the browser no longer."""
        if self._signing_in is not None:
            self._signing_in.cancel()

    def _failed(self, error: ProjectDeskError) -> None:
        self._signing_in = None
        self._view.show_busy("")
        field = str(error.facts.get("field") or _FIELDS.get(error.code, ""))
        self._view.show_problem_of(field, say_error(error))


def _server(values: Mapping[str, Any], name: str) -> MailServer:
    host = (values[f"{name}_host"] or "").strip()
    if not host:
        return MailServer()
    return MailServer(host, values[f"{name}_port"] or 0, Security(values[f"{name}_security"]))
