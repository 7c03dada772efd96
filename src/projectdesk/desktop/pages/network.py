"""Settings of the network: which proxy is taken, its login, and looking for updates."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.presenters.network import (
    ProxyPresenter,
    keep_login,
    look_now,
    mode_words,
    updates_state,
    want_updates,
)
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import CONTROL_HEIGHT, SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import button, column, plain, row, show_if, text
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.proxies import Mode, ProxySettings, Route, proxy_of

_CHOICES = (Mode.SYSTEM, Mode.NONE, Mode.PAC, Mode.MANUAL)


def _modes() -> list[Option]:
    return [Option(mode.value, mode_words(mode)) for mode in _CHOICES]


class ProxyLoginDialog(Dialog):
    """Asks for the name and the password of a proxy. kept: they are in the key store."""

    kept = Signal()

    def __init__(self, parent: QWidget | None, session: Session, route: Route) -> None:
        title = say("Sign in at the proxy")
        sentence = say(
            "{proxy} asks who you are before it lets ProjectDesk through. Both are kept in this "
            "computer's key store, and nowhere else.",
            proxy=str(route),
        )
        super().__init__(parent, title, sentence)
        self._session = session
        self._route = route
        self.user = self._field(say("User name"))
        self.password = self._field(say("Password"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.add_button(say("Cancel"), "", self.reject)
        self._save = self.add_button(say("Sign in"), "primary", self.submit, default=True)
        self.user.setFocus()

    def _field(self, label: str) -> QLineEdit:
        made = QLineEdit()
        made.setMinimumHeight(CONTROL_HEIGHT)
        made.setAccessibleName(label)
        words = text(label, "label")
        words.setBuddy(made)
        self.add(column(words, made, spacing=SPACE_XS))
        return made

    def submit(self) -> None:
        """Keep what was entered."""
        if not self.user.text().strip():
            self.show_problem(say("Enter your user name."))
            return
        self._save.setEnabled(False)
        user, password = self.user.text().strip(), self.password.text()
        keep_login(self._session, self._route, user, password, self._done, self._failed)

    def _done(self) -> None:
        self.accept()
        self.kept.emit()

    def _failed(self, error: ProjectDeskError) -> None:
        self._save.setEnabled(True)
        self.show_problem(say_error(error))


class ProxyPane(QWidget):
    """The proxy in Settings. changed: another one counts, or its login is another."""

    changed = Signal()

    def __init__(self, session: Session, data: Path) -> None:
        super().__init__()
        self._session = session
        self._chosen = ProxySettings()
        self.form = Form(_lines())
        self.form.entered.connect(self._on_entered)
        self._chip = Chip()
        self._settled = plain(row(self._chip, None))
        self._outcome = text("", "muted", wrap=True)
        self._outcome.hide()
        self.login = button(say("Sign in…"), "", "", self.ask_login)
        self.test = button(say("Try the connection"), "", "", lambda: self.presenter.try_it())
        hint = text(
            say(
                "For servers, mail, calendars, calls and updates. This computer and its own "
                "network are always reached directly."
            ),
            "caption",
            wrap=True,
        )
        self.setLayout(
            column(
                hint,
                self._settled,
                self.form,
                row(self.test, self.login, None, spacing=SPACE_S),
                self._outcome,
                spacing=SPACE_M,
            )
        )
        self.presenter = ProxyPresenter(session, self, data)
        self.presenter.load()

    def ask_login(self) -> ProxyLoginDialog | None:
        """Ask for the login of the proxy that is chosen."""
        try:
            route = proxy_of(self._chosen.address)
        except DomainError as error:
            self.show_problem_of("address", say_error(error))
            return None
        dialog = ProxyLoginDialog(self.window(), self._session, route)
        dialog.kept.connect(self.changed)
        dialog.open()
        return dialog

    def _on_entered(self, field: str, value: object) -> None:
        self.presenter.change(field, value if value is not None else "")

    # --- what the presenter calls

    def show_chosen(self, chosen: ProxySettings, *, settled: bool) -> None:
        """Show what counts, and the fields that it has."""
        self._chosen = chosen
        self.form.show_row(chosen)
        self.form.setEnabled(not settled)
        self._chip.set(say("Set by your organisation") if settled else "", Tone.ACCENT)
        show_if(self._settled, settled)
        for name, mode in (
            ("address", Mode.MANUAL),
            ("exceptions", Mode.MANUAL),
            ("script", Mode.PAC),
        ):
            show_if(self.form.rows[name], chosen.mode is mode)
        show_if(self.login, chosen.mode is Mode.MANUAL)
        if chosen.mode is Mode.BLOCKED:
            self.show_outcome(
                say("What is settled cannot be read: nothing is reached beyond this network.")
            )

    def show_problem_of(self, field: str, words: str) -> None:
        """Say what is wrong beside a field."""
        if not self.form.show_problem(field, words):
            self.show_outcome(words)

    def show_outcome(self, words: str) -> None:
        """Say at the foot what came of it."""
        self._outcome.setText(words)
        show_if(self._outcome, bool(words))

    def kept(self) -> None:
        """Tell that another choice counts."""
        self.changed.emit()


def _lines() -> list[Field[ProxySettings] | list[Field[ProxySettings]]]:
    return [
        Field("mode", say("Proxy|network"), lambda c: c.mode.value, Entry.CHOICE, _modes),
        Field(
            "address",
            say("Address of the proxy"),
            lambda c: c.address,
            hint="http://proxy.example.org:8080",
        ),
        Field(
            "script",
            say("Address of the PAC file"),
            lambda c: c.script,
            hint="https://proxy.example.org/proxy.pac",
        ),
        Field(
            "exceptions",
            say("Hosts without proxy, with commas"),
            lambda c: ", ".join(c.exceptions),
            hint="example.org, 10.0.0.0/8, <local>",
        ),
    ]


class UpdatesPane(QWidget):
    """Looking for updates, in Settings."""

    def __init__(self, session: Session, data: Path, zone: str) -> None:
        super().__init__()
        self._session = session
        self._data = data
        self._zone = zone
        self._words = text("", "caption", wrap=True)
        self.wanted = Segments([(True, say("Once a day")), (False, say("Off"))])
        self.wanted.setAccessibleName(say("Look for updates"))
        self.wanted.chosen.connect(self._choose)
        self.now = button(say("Look now"), "", "", self.look)
        label = column(text(say("Look for updates")), self._words, spacing=SPACE_XS)
        layout = row(label, self.now, self.wanted, spacing=SPACE_L)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.load()

    def load(self) -> None:
        """Show what is known."""
        state = updates_state(self._data, self._zone)
        self.wanted.choose(state.wanted)
        self.wanted.setEnabled(state.can)
        self.now.setEnabled(state.can)
        show_if(self.now, state.can)
        self._words.setText(state.words)

    def look(self) -> None:
        """Look now."""
        self.now.setEnabled(False)
        self._words.setText(say("Looking…"))
        look_now(self._session, self._data, datetime.now(UTC), self.load)

    def _choose(self, wanted: object) -> None:
        want_updates(self._session, self._data, bool(wanted), self.load)
