"""The settings of where meetings are held, and the dialog of one server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.presenters.meeting_hosts import (
    HostsPresenter,
    found_words,
    host_name,
    host_options,
)
from projectdesk.desktop.runtime.host_check import HostCheck, HostFound
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import CONTROL_HEIGHT, SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.choice_editors import ChoiceEditor
from projectdesk.desktop.widgets.dialog import Dialog, confirm
from projectdesk.desktop.widgets.file_dialogs import ask_new_file
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    hairline,
    icon_button,
    plain,
    row,
    show_if,
    text,
)
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services.meeting_hosts import LAN, MeetingHosts, Server, server_address

_CHOICE_WIDTH = 180


class ServerDialog(Dialog):
    """Asks for address, name and key of a server, and tries them.

    entered: address, name, key ("" = as before).
    """

    entered = Signal(str, str, str)

    def __init__(
        self,
        parent: QWidget | None,
        server: Server | None,
        key_of: Callable[[str, Callable[[str], None], Callable[[ProjectDeskError], None]], None],
    ) -> None:
        """Make it.

        Args:
            parent: the window.
            server: the one that is changed, None = a new one.
            key_of: gives the key that is known for an address.
        """
        title = say("Add a server") if server is None else say("Change a server")
        sentence = say(
            "Its administrator gives you the address and an API key. The key is kept in this "
            "computer's key store."
        )
        super().__init__(parent, title, sentence)
        self._server = server
        self._key_of = key_of
        self._check = HostCheck(self)
        self.url = self._field(say("Address"), "https://meet.example.org")
        self.name = self._field(say("Name"), say("as you want to see it"))
        known = server is not None and server.has_key
        self.key = self._field(say("API key"), say("as before") if known else "pdk_…")
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        if server is not None:
            self.url.setText(server.url)
            self.url.setReadOnly(True)
            self.name.setText(server.name)
        self.outcome = text("", "muted", wrap=True)
        self.outcome.hide()
        self.test = button(say("Test connection"), "", "", self.try_it)
        self.add(row(self.test, None), self.outcome)
        self.add_button(say("Cancel"), "", self.reject)
        self.add_button(say("Save"), "primary", self.submit, default=True)
        (self.url if server is None else self.name).setFocus()

    def _field(self, label: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setMinimumHeight(CONTROL_HEIGHT)
        field.setPlaceholderText(hint)
        field.setAccessibleName(label)
        named = text(label, "label")
        named.setBuddy(field)
        self.add(plain(column(named, field, spacing=SPACE_XS)))
        return field

    def submit(self) -> None:
        """Hand over what was entered, or say what is wrong with it."""
        key = self.key.text().strip()
        if not key and not (self._server is not None and self._server.has_key):
            self.show_problem(say("Enter the API key."))
            return
        self.entered.emit(self.url.text(), self.name.text(), key)

    def refuse(self, error: ProjectDeskError) -> None:
        """Say why it was not kept."""
        self.show_problem(say_error(error))

    def try_it(self) -> None:
        """Ask the server, and say what it answered."""
        self.show_problem("")
        try:
            url = server_address(self.url.text())
        except DomainError as error:
            self.show_problem(say_error(error))
            return
        self._say(say("Asking {url}…", url=url))
        self.test.setEnabled(False)
        typed = self.key.text().strip()
        if typed or self._server is None:
            self._ask(url, typed)
        else:
            self._key_of(url, lambda known: self._ask(url, known), self._failed)

    def _ask(self, url: str, key: str) -> None:
        self._check.ask(url, key, lambda found: self._found(found, url), self._failed)

    def _found(self, found: HostFound, url: str) -> None:
        self.test.setEnabled(True)
        words, well = found_words(found, url, datetime.now(UTC))
        self._say(words if well else "")
        self.show_problem("" if well else words)

    def _failed(self, error: ProjectDeskError) -> None:
        self.test.setEnabled(True)
        self._say("")
        self.show_problem(say_error(error))

    def _say(self, words: str) -> None:
        self.outcome.setText(words)
        show_if(self.outcome, bool(words))
        self.grow()


class HostsPane(QWidget):
    """The servers, where new meetings are held, and the local network's certificate.

    changed: the address of a server that was added, changed or forgotten.
    """

    changed = Signal(str)

    def __init__(
        self, session: Session, is_heard: Callable[[str], bool | None] = lambda _host: None
    ) -> None:
        """Make it.

        Args:
            session: the outside.
            is_heard: tells whether a place answers; None = it was not asked.
        """
        super().__init__()
        self._is_heard = is_heard
        self._hosts = MeetingHosts((), "")
        self.presenter = HostsPresenter(session, self, self.changed.emit)
        self.default = ChoiceEditor(lambda: host_options(self._hosts, self._hosts.default))
        self.default.setMinimumWidth(_CHOICE_WIDTH)
        self.default.setAccessibleName(say("New meetings are held on"))
        self.default.committed.connect(
            lambda: self.presenter.choose_default(str(self.default.value()))
        )
        self.servers = column(spacing=SPACE_M)
        self.add = button(say("Add a server…"), "", "plus", lambda: self.ask_server(None))
        authority = button(say("Save certificate…"), "", "download", self._choose_file)
        self.setLayout(
            column(
                _line(
                    say("New meetings are held on"),
                    say("Each meeting can be moved in its details."),
                    self.default,
                ),
                hairline(),
                self.servers,
                row(self.add, None),
                hairline(),
                _line(
                    host_name(LAN),
                    say(
                        "Browsers of guests do not know this computer. Who installs this "
                        "certificate as an authority is not warned any more; it can vouch for "
                        "private addresses only."
                    ),
                    authority,
                ),
                spacing=SPACE_L,
            )
        )

    def show_hosts(self, hosts: MeetingHosts) -> None:
        """Show the servers."""
        self._hosts = hosts
        self.default.load()
        self.default.set_value(hosts.default)
        while self.servers.count():
            item = self.servers.takeAt(0)
            gone = item.widget() if item is not None else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for server in hosts.servers:
            self.servers.addWidget(self._server_line(server))
        if not hosts.servers:
            words = say("No server yet. With one, guests anywhere can come.")
            self.servers.addWidget(text(words, "muted", wrap=True))

    def show_heard(self) -> None:
        """Show again which servers answer."""
        self.show_hosts(self._hosts)

    def _server_line(self, server: Server) -> QWidget:
        words, tone = self._state(server)
        chip = Chip(words, tone)
        name = row(text(server.name), chip, None, spacing=SPACE_S)
        change = button(say("Change…"), "", "", lambda: self.ask_server(server))
        forget = icon_button(
            "trash-2",
            say("Forget {server}", server=server.name),
            lambda: self.ask_forget(server),
            Tone.DANGER,
        )
        left = column(name, text(server.url, "caption"), spacing=SPACE_XS)
        if server.settled:
            left.addWidget(text(say("Set by your organisation."), "caption"))
        show_if(forget, not server.settled)
        line = row(left, change, forget, spacing=SPACE_S)
        line.setStretch(0, 1)
        return plain(line)

    def _state(self, server: Server) -> tuple[str, Tone]:
        if not server.has_key:
            return say("No key"), Tone.WARNING
        heard = self._is_heard(server.url)
        if heard is None:
            return "", Tone.MUTED
        return (say("Connected"), Tone.SUCCESS) if heard else (say("No answer"), Tone.WARNING)

    def ask_server(self, server: Server | None) -> ServerDialog:
        """Ask for a server and keep it."""
        dialog = ServerDialog(self.window(), server, self.presenter.key_of)
        dialog.entered.connect(
            lambda url, name, key: self.presenter.keep(url, name, key, dialog.accept, dialog.refuse)
        )
        dialog.open()
        return dialog

    def ask_forget(self, server: Server) -> None:
        """Ask whether a server is to be forgotten."""
        confirm(
            self.window(),
            say("Forget {server}?", server=server.name),
            say(
                "Its key is deleted here. Meetings that are held there stay there, and their "
                "links go on; this computer can no longer change them or collect from them."
            ),
            say("Forget"),
            lambda: self.presenter.forget(server),
        )

    def _choose_file(self) -> None:
        ask_new_file(
            self.window(),
            "projectdesk-authority.crt",
            self.presenter.save_authority,
            title=say("Save certificate"),
        )


def _line(label: str, hint: str, control: QWidget) -> QWidget:
    words = column(text(label), text(hint, "caption", wrap=True), spacing=SPACE_XS)
    layout = row(words, control, spacing=SPACE_L)
    layout.setStretch(0, 1)
    layout.setAlignment(control, Qt.AlignmentFlag.AlignVCenter)
    return plain(layout)
