"""The settings of mail: the account of this computer, and the dialog that sets it up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.presenters.mail_account import (
    AccountFormPresenter,
    AccountState,
    forget,
    load_state,
    tried_words,
    try_kept,
)
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import CONTROL_HEIGHT, SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.dialog import Dialog, confirm
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import button, column, plain, row, show_if, text
from projectdesk.errors import ProjectDeskError
from projectdesk.services.mail_accounts import MailAccount, MailServer, Security, SignIn
from projectdesk.services.meeting_hosts import Server

_WIDTH = 640
_RARE = ("folder", "user", "private_links", "ca_file")
"""Fields that are shown when one asks for them."""


def _securities() -> list[Option]:
    return [
        Option(Security.STARTTLS, "STARTTLS"),
        Option(Security.TLS, "TLS"),
        Option(Security.NONE, say("None")),
    ]


def _ways() -> list[Option]:
    return [
        Option(SignIn.PASSWORD, say("With a password")),
        Option(SignIn.OAUTH, say("In the browser")),
        Option(SignIn.NONE, say("Not needed")),
    ]


def _services() -> list[Option]:
    return [Option("microsoft", "Microsoft 365"), Option("google", "Google"), Option("", "–")]


def _links() -> list[Option]:
    return [
        Option(False, say("Ask before sending")),
        Option(True, say("Send without asking")),
    ]


class MailAccountDialog(Dialog):
    """Asks for an account, tries it and keeps it. kept: it is kept."""

    kept = Signal()

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        account: MailAccount | None,
        servers: Sequence[Server] = (),
    ) -> None:
        """Make it.

        Args:
            parent: the window.
            session: the outside.
            account: what is kept, None = nothing yet.
            servers: that mail which is due later can be handed to.
        """
        title = say("Set up mail") if account is None else say("Change the mail account")
        sentence = say(
            "Servers of well-known providers are found by the address. The password is kept in "
            "this computer's key store."
        )
        super().__init__(parent, title, sentence, width=_WIDTH)
        self.presenter = AccountFormPresenter(session, self, account)
        self._guessed = "" if account is None else account.address
        later = _later(servers, account)
        self._offers_later = len(later) > 1
        self.form = Form(_form_lines(later))
        self.form.entered.connect(self._on_entered)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMinimumHeight(CONTROL_HEIGHT)
        self.password.setPlaceholderText(say("as before") if account is not None else "")
        self.password.setAccessibleName(say("Password"))
        label = text(say("Password"), "label")
        label.setBuddy(self.password)
        self._password = plain(column(label, self.password, spacing=SPACE_XS))
        self._advice = text("", "muted", wrap=True)
        self._advice.hide()
        self._outcome = text("", "muted", wrap=True)
        self._outcome.hide()
        self._unfolded = False
        self.more = button(say("More settings"), "link", "", self.unfold)
        self.browser = button(say("Sign in in the browser…"), "", "external-link", self.sign_in)
        self.test = button(say("Send a test mail"), "", "mail", self.try_it)
        self.add(
            self.form,
            self._password,
            self._advice,
            row(self.more, None),
            row(self.browser, self.test, None, spacing=SPACE_S),
            self._outcome,
        )
        self.add_button(say("Cancel"), "", self.reject)
        self._save = self.add_button(say("Save"), "primary", self.submit, default=True)
        self.show_account(account or MailAccount("", smtp=MailServer("", 587, Security.STARTTLS)))

    def unfold(self) -> None:
        """Show what few people need, or hide it again."""
        self._unfolded = not self._unfolded
        self.more.setText(say("Fewer settings") if self._unfolded else say("More settings"))
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self.grow)  # what is hidden counts only once it is on the screen

    def try_it(self) -> None:
        """Send a test mail, and say what came of it."""
        if (values := self._values()) is not None:
            self.presenter.try_it(values, self.password.text())

    def sign_in(self) -> None:
        """Sign in in the browser."""
        if (values := self._values()) is not None:
            self.presenter.sign_in(values)

    def submit(self) -> None:
        """Keep what was entered."""
        if (values := self._values()) is not None:
            self.presenter.keep(values, self.password.text())

    def reject(self) -> None:
        """Close; nothing is kept."""
        self.presenter.cancel()
        super().reject()

    # --- what the presenter calls

    def show_account(self, account: MailAccount) -> None:
        """Show an account."""
        self.form.show_row(account)
        self._fit()

    def show_problem_of(self, field: str, words: str) -> None:
        """Say what is wrong beside a field, or at the foot."""
        self.show_busy("")
        if field in _RARE and not self._unfolded:
            self.unfold()
        if not self.form.show_problem(field, words):
            self.show_problem(words)
        self.grow()

    def show_busy(self, words: str) -> None:
        """Say what goes on; "" = nothing any more."""
        for each in (self.test, self.browser, self._save, self.form, self.password):
            each.setEnabled(not words)
        self._tell(self._outcome, words)

    def show_found(self, words: str) -> None:
        """Say what came of it."""
        self.show_busy("")
        self._tell(self._outcome, words)

    def finish(self) -> None:
        """Close: it is kept."""
        self.accept()
        self.kept.emit()

    # --- inside

    def _values(self) -> dict[str, Any] | None:
        self.show_problem("")
        self._tell(self._outcome, "")
        return self.form.values()

    def _tell(self, label: QWidget, words: str) -> None:
        label.setText(words)  # type: ignore[attr-defined]
        show_if(label, bool(words))
        self.grow()

    def _on_entered(self, field: str, value: object) -> None:
        if field == "address" and value and value != self._guessed:
            self._guessed = str(value)
            self._tell(self._advice, self.presenter.guess(self._guessed))
        self._fit()

    def _fit(self) -> None:
        """Show what the chosen way to sign in needs."""
        way = self.form.rows["sign_in"].value()
        show_if(self._password, way == SignIn.PASSWORD)
        browser = way == SignIn.OAUTH
        show_if(self.browser, browser)
        for name in ("oauth", "client_id"):
            show_if(self.form.rows[name], browser)
        microsoft = self.form.rows["oauth"].value() == "microsoft"
        show_if(self.form.rows["tenant"], browser and microsoft)
        for name in _RARE:
            show_if(self.form.rows[name], self._unfolded)
        show_if(self.form.rows["later_server"], self._offers_later)
        self.grow()


def _later(servers: Sequence[Server], account: MailAccount | None) -> list[Option]:
    """Return who can send what is due later; also a chosen server that is not known any more."""
    named = {one.url: one.name for one in servers if one.has_key}
    if account is not None and account.later_server:
        named.setdefault(account.later_server, account.later_server)
    here = Option("", say("This computer, while it is on"))
    return [here, *(Option(url, name) for url, name in named.items())]


def _form_lines(
    later: list[Option],
) -> list[Field[MailAccount] | list[Field[MailAccount]]]:
    return [
        [
            Field("address", say("E-mail address"), lambda a: a.address),
            Field("name", say("Name in From"), lambda a: a.name),
        ],
        [
            *_server_fields("smtp", say("Outgoing server (SMTP)"), lambda a: a.smtp),
        ],
        [
            *_server_fields(
                "imap", say("Inbox (IMAP; empty = not read)"), lambda a: a.inbox.server
            ),
        ],
        [
            Field("folder", say("Folder of the inbox"), lambda a: a.inbox.folder),
            Field("user", say("User name (empty = the address)"), lambda a: a.user),
        ],
        [
            Field("sign_in", say("Sign in"), lambda a: a.sign_in, Entry.CHOICE, _ways),
            Field("oauth", say("At"), lambda a: a.oauth, Entry.CHOICE, _services),
            Field("tenant", say("Organisation"), lambda a: a.tenant),
        ],
        Field("client_id", say("Client id"), lambda a: a.client_id),
        Field(
            "later_server",
            say("Mail that is due later is sent by"),
            lambda a: a.later_server,
            Entry.CHOICE,
            lambda: later,
        ),
        [
            Field(
                "private_links",
                say("Links that open in this network only"),
                lambda a: a.private_links,
                Entry.CHOICE,
                _links,
            ),
            Field(
                "ca_file",
                say("Authority's certificate (file; usually empty)"),
                lambda a: a.ca_file,
            ),
        ],
    ]


def _server_fields(name: str, label: str, server: Any) -> list[Field[MailAccount]]:
    return [
        Field(f"{name}_host", label, lambda a: server(a).host, hint=f"{name}.example.org"),
        Field(
            f"{name}_port",
            say("Port"),
            lambda a: server(a).port or (587 if name == "smtp" else 993),
            Entry.NUMBER,
            minimum=1,
            maximum=65_535,
        ),
        Field(
            f"{name}_security",
            say("Encryption"),
            lambda a: server(a).security if server(a).known else _usual(name),
            Entry.CHOICE,
            _securities,
        ),
    ]


def _usual(name: str) -> Security:
    return Security.STARTTLS if name == "smtp" else Security.TLS


class MailPane(QWidget):
    """The account in Settings. outbox_asked: one wants to see the mail. changed: it is another."""

    outbox_asked = Signal()
    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._state: AccountState | None = None
        self._name = text("")
        self._chip = Chip()
        self._line = text("", "caption", wrap=True)
        self._outcome = text("", "muted", wrap=True)
        self._outcome.hide()
        self.edit = button(say("Set up mail…"), "", "mail", self.ask_account)
        self.test = button(say("Send a test mail"), "", "", self.try_it)
        self.outbox = button(say("Open the outbox"), "", "", self.outbox_asked.emit)
        self.forget = button(say("Forget…"), "danger", "", self.ask_forget)
        words = column(
            row(self._name, self._chip, None, spacing=SPACE_S), self._line, spacing=SPACE_XS
        )
        self.setLayout(
            column(
                words,
                row(self.edit, self.test, None, self.forget, spacing=SPACE_S),
                row(self.outbox, None),
                self._outcome,
                spacing=SPACE_M,
            )
        )
        self.load()

    def load(self) -> None:
        """Ask for the account."""
        load_state(self._session, self.show_state, self._failed)

    def show_state(self, state: AccountState) -> None:
        """Show the account."""
        self._state = state
        known = state.account
        for each in (self.test, self.forget):
            show_if(each, known is not None)
        if known is None:
            self._name.setText(say("No account yet"))
            self._chip.set("")
            self._line.setText(
                say(
                    "Invitations and reminders wait in the outbox until there is one. They can be "
                    "saved as files for your mail program, too."
                )
            )
            self.edit.setText(say("Set up mail…"))
            return
        self._name.setText(str(known.mailbox))
        ready = (say("Ready"), Tone.SUCCESS)
        self._chip.set(*(ready if state.ready else (say("Password missing"), Tone.WARNING)))
        self.edit.setText(say("Change…"))
        out = say("Out: {host}, port {port}", host=known.smtp.host, port=known.smtp.port)
        inbox = known.inbox.server
        read = (
            say("answers from {host}, {folder}", host=inbox.host, folder=known.inbox.folder)
            if inbox.known
            else say("answers are not read")
        )
        lines = [formats.joined((out, read))]
        if known.later_server:
            named = {one.url: one.name for one in state.servers}
            server = named.get(known.later_server, known.later_server)
            lines.append(say("Mail that is due later is sent by {server}.", server=server))
        if state.fixed:
            lines.append(say("Some of it is fixed by your administrator."))
        if not state.durable:
            lines.append(say("This computer has no key store: the password is asked for anew."))
        self._line.setText("\n".join(lines))

    def ask_account(self) -> MailAccountDialog:
        """Ask for the account and keep it."""
        known = self._state.account if self._state else None
        servers = self._state.servers if self._state else ()
        dialog = MailAccountDialog(self.window(), self._session, known, servers)
        dialog.kept.connect(self._on_kept)
        dialog.open()
        return dialog

    def try_it(self) -> None:
        """Send a test mail, and say what came of it."""
        self._tell(say("Sending a test mail…"))
        self.test.setEnabled(False)

        def failed(error: ProjectDeskError) -> None:
            self.test.setEnabled(True)
            self._tell(say_error(error))

        def then(tried: Any) -> None:
            self.test.setEnabled(True)
            self._tell(tried_words(tried))

        try_kept(self._session, then, failed)

    def ask_forget(self) -> None:
        """Ask whether the account is to be forgotten."""
        confirm(
            self.window(),
            say("Forget the mail account?"),
            say(
                "Its password is deleted from this computer. What was sent and what waits stays "
                "in the outbox."
            ),
            say("Forget"),
            lambda: forget(self._session, self._on_kept, self._failed),
        )

    def _on_kept(self) -> None:
        self._tell("")
        self.load()
        self.changed.emit()

    def _tell(self, words: str) -> None:
        self._outcome.setText(words)
        show_if(self._outcome, bool(words))

    def _failed(self, error: ProjectDeskError) -> None:
        self._session.tell(Notice(say_error(error), error=True))
