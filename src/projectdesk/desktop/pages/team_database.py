"""The settings of where the data is, and the dialog of a team's database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QProgressBar, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.models.formats import moment
from projectdesk.desktop.presenters.reader import system_zone
from projectdesk.desktop.presenters.team_database import (
    Ask,
    TeamFormPresenter,
    asking,
    copy_to_file,
    hand_over_key,
    load_key_source,
    renew_key,
    take_over_key,
    use_local,
)
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import CONTROL_HEIGHT, SPACE_L, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.dialog import Dialog, confirm
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    hairline,
    plain,
    row,
    show_if,
    text,
)
from projectdesk.errors import ProjectDeskError
from projectdesk.services.team_database import TeamDatabase, chosen

if TYPE_CHECKING:
    from projectdesk.desktop.runtime.pool import Pool
    from projectdesk.secrets import SecretStore
    from projectdesk.services.workspace import Workspace

_WIDTH = 560
_EMPTY = TeamDatabase("", "projectdesk", "")


def _tls_options() -> list[Option]:
    return [
        Option("require", say("Encrypted")),
        Option("verify-full", say("Encrypted, certificate checked")),
        Option("disable", say("Not encrypted (this computer only)")),
    ]


class TeamDatabaseDialog(Dialog):
    """Asks for a team's database, tries it, then uses it (or copies the data there first).

    used: it is chosen; the data is to be opened again.
    """

    used = Signal()

    def __init__(
        self,
        parent: QWidget | None,
        ask: Ask,
        data: Path,
        team: TeamDatabase | None,
        filling: Session | None = None,
    ) -> None:
        """Make it.

        Args:
            parent: the window.
            ask: runs what needs the secrets.
            data: the data folder.
            team: what is chosen, None = nothing yet.
            filling: the session whose data is copied there first; None = only use it.
        """
        title = say("Copy to a team database") if filling else say("Use a team database")
        sentence = say(
            "Its administrator gives you these. The password is kept in this computer's key store."
        )
        super().__init__(parent, title, sentence, width=_WIDTH)
        self._filling = filling
        self.presenter = TeamFormPresenter(ask, self, data)
        self.form = Form(
            [
                [
                    Field("host", say("Host"), lambda t: t.host, hint="db.example.org"),
                    Field(
                        "port",
                        say("Port"),
                        lambda t: t.port,
                        Entry.NUMBER,
                        minimum=1,
                        maximum=65_535,
                    ),
                ],
                [
                    Field("name", say("Database"), lambda t: t.name),
                    Field("user", say("User"), lambda t: t.user),
                ],
                Field("tls", say("Connection"), lambda t: t.tls, Entry.CHOICE, _tls_options),
                Field(
                    "ca_file",
                    say("Certificate of the authority (file; empty = the system's)"),
                    lambda t: t.ca_file,
                ),
            ]
        )
        self.form.show_row(team or _EMPTY)
        self.form.entered.connect(self._on_entered)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMinimumHeight(CONTROL_HEIGHT)
        self.password.setPlaceholderText(say("as before") if team else "")
        self.password.setAccessibleName(say("Password"))
        label = text(say("Password"), "label")
        label.setBuddy(self.password)
        self._outcome = text("", "muted", wrap=True)
        self._outcome.hide()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(say("Progress"))
        self._bar.hide()
        self.choose_file = button(say("Choose file…"), "", "", self._ask_file)
        self.test = button(say("Test connection"), "", "", self.try_it)
        self.add(
            self.form,
            row(self.choose_file, None),
            plain(column(label, self.password, spacing=SPACE_XS)),
            row(self.test, None),
            self._outcome,
            self._bar,
        )
        self.add_button(say("Cancel"), "", self.reject)
        words = say("Copy the data") if filling else say("Use it")
        self._go = self.add_button(words, "primary", self.submit, default=True)
        self._show_file()

    def try_it(self) -> None:
        """Ask the server, and say what it answered."""
        if (values := self._values()) is not None:
            self.presenter.try_it(values, self.password.text())

    def submit(self) -> None:
        """Use what was entered; copy the data there first where that was asked for."""
        values = self._values()
        if values is None:
            return
        if self._filling is None:
            self.presenter.use(values, self.password.text())
        else:
            self.presenter.fill(self._filling, values, self.password.text())

    def reject(self) -> None:
        """Close; a copy under way is stopped, and nothing is copied."""
        self.presenter.cancel()
        super().reject()

    # --- what the presenter calls

    def show_problem_of(self, field: str, words: str) -> None:
        """Say what is wrong beside a field, or at the foot."""
        self.show_busy("")
        if not self.form.show_problem(field, words):
            self.show_problem(words)
        self.grow()

    def show_busy(self, words: str) -> None:
        """Say what goes on; "" = nothing any more."""
        for each in (self.test, self._go, self.form, self.password, self.choose_file):
            each.setEnabled(not words)
        self._say(words)
        show_if(self._bar, bool(words) and self._filling is not None)
        self._bar.setRange(0, 0)

    def show_found(self, words: str) -> None:
        """Say what the server answered."""
        self.show_busy("")
        self._say(words)

    def show_progress(self, done: int, total: int) -> None:
        """Say how far the copy is."""
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)

    def finish(self) -> None:
        """Close: the database is chosen."""
        self.accept()
        self.used.emit()

    # --- inside

    def _values(self) -> dict[str, Any] | None:
        self.show_problem("")
        self._say("")
        return self.form.values()

    def _say(self, words: str) -> None:
        self._outcome.setText(words)
        show_if(self._outcome, bool(words))
        self.grow()

    def _on_entered(self, field: str, _value: object) -> None:
        if field == "tls":
            self._show_file()

    def _show_file(self) -> None:
        strict = self.form.rows["tls"].value() == "verify-full"
        show_if(self.form.rows["ca_file"], strict)
        show_if(self.choose_file, strict)
        self.grow()

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, say("Certificate of the authority"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.form.rows["ca_file"].editor.set_value)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class KeyDialog(Dialog):
    """Asks for the link key that a colleague handed over."""

    def __init__(self, parent: QWidget | None, session: Session) -> None:
        super().__init__(
            parent,
            say("Take over the link key"),
            say(
                "A colleague copies it in Settings, Where the data is. With it this computer makes "
                "the same personal links as theirs."
            ),
        )
        self._session = session
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setMinimumHeight(CONTROL_HEIGHT)
        self.key.setAccessibleName(say("Link key"))
        self.add(self.key)
        self.add_button(say("Cancel"), "", self.reject)
        self.add_button(say("Keep it"), "primary", self.submit, default=True)

    def submit(self) -> None:
        """Keep what was entered, or say what is wrong with it."""

        def then() -> None:
            self._session.tell(Notice(say("This computer makes the team's links now.")))
            self.accept()

        def failed(error: ProjectDeskError) -> None:
            self.show_problem(say_error(error))

        take_over_key(self._session, self.key.text(), then, failed)


class TeamPane(QWidget):
    """Where the data is, and the ways to put it elsewhere.

    reopen_asked: another database is chosen; the data is to be opened again.
    """

    reopen_asked = Signal()

    def __init__(self, session: Session, data: Path) -> None:
        super().__init__()
        self._session = session
        self._data = data
        self._team = chosen(data)
        self._state = Chip()
        self._place = text("")
        self._hint = text("", "caption", wrap=True)
        left = column(
            row(self._place, self._state, None, spacing=SPACE_S), self._hint, spacing=SPACE_XS
        )
        self.setLayout(column(left, hairline(), *self._ways(), spacing=SPACE_L))
        self._show("", Tone.MUTED)
        session.ask(_state_of, lambda state: self._show(*state))

    def _ways(self) -> list[QWidget]:
        if self._team is None:
            self.use = button(say("Use a team database…"), "", "database", self.ask_team)
            self.fill = button(say("Copy this data there…"), "", "", self.ask_fill)
            return [
                _line(
                    say("Team database"),
                    say(
                        "Several people work on the same data, on a PostgreSQL server. Whoever has "
                        "its password may read and change everything in it."
                    ),
                ),
                plain(row(self.use, self.fill, None, spacing=SPACE_S)),
            ]
        self.change = button(say("Change…"), "", "", self.ask_team)
        self.leave = button(say("Use this computer's data"), "", "", self.ask_leave)
        self.keep = button(say("Copy to a file…"), "", "", self._choose_file)
        self.hand_over = button(say("Copy key"), "", "", self.copy_key)
        self.take_over = button(say("Enter key…"), "", "", self.ask_key)
        self.renew = button(say("Renew key…"), "", "", self.ask_renewal)
        key_hint = say(
            "All desktops of a team need the same key for personal links. It is in no database: "
            "it comes from the team's meeting server, or you hand it to your colleagues by a safe "
            "way."
        )
        self.key_source = text("", "caption", wrap=True)
        self.key_source.hide()
        load_key_source(self._session, self.show_key_source)
        return [
            plain(row(self.change, self.leave, self.keep, None, spacing=SPACE_S)),
            hairline(),
            _line(say("Link key"), key_hint),
            self.key_source,
            plain(row(self.hand_over, self.take_over, self.renew, None, spacing=SPACE_S)),
        ]

    def _show(self, words: str, tone: Tone) -> None:
        team = self._team
        if team is None:
            self._place.setText(say("On this computer"))
            self._hint.setText(say("Only this computer works on it."))
        else:
            self._place.setText(team.name)
            self._hint.setText(team.address)
        self._state.set(words, tone)

    def show_key_source(self, words: str) -> None:
        """Say where the link key is; "" = nothing is known of it."""
        self.key_source.setText(words)
        show_if(self.key_source, bool(words))

    def ask_team(self) -> TeamDatabaseDialog:
        """Ask for a team's database and use it."""
        return self._open(None)

    def ask_fill(self) -> TeamDatabaseDialog:
        """Ask for a team's database, copy the data there and use it."""
        return self._open(self._session)

    def _open(self, filling: Session | None) -> TeamDatabaseDialog:
        dialog = TeamDatabaseDialog(
            self.window(), asking(self._session), self._data, self._team, filling
        )
        dialog.used.connect(self.reopen_asked)
        dialog.open()
        return dialog

    def ask_leave(self) -> Dialog:
        """Ask whether this computer is to use its own data again."""
        return confirm(
            self.window(),
            say("Use this computer's data?"),
            say(
                "The team's data stays on its server. What this computer had of its own before is "
                "shown again; to take the team's data with you, copy it to a file first."
            ),
            say("Use this computer's data"),
            lambda: use_local(self._session, self._data, self.reopen_asked.emit),
        )

    def copy_key(self) -> None:
        """Put the link key on the clipboard."""

        def then(key: str) -> None:
            QGuiApplication.clipboard().setText(key)
            words = say("The link key is on the clipboard. Who has it can make personal links.")
            self._session.tell(Notice(words))

        hand_over_key(self._session, then)

    def ask_key(self) -> KeyDialog:
        """Ask for the link key of a colleague."""
        dialog = KeyDialog(self.window(), self._session)
        dialog.accepted.connect(lambda: load_key_source(self._session, self.show_key_source))
        dialog.open()
        return dialog

    def ask_renewal(self) -> Dialog:
        """Ask whether the team is to have a new link key."""
        return confirm(
            self.window(),
            say("Renew the link key?"),
            say(
                "Every personal link that was sent before ends, calendar feeds too: send the links "
                "again afterwards. Colleagues fetch the new key from the team's server by "
                "themselves. This cannot be undone."
            ),
            say("Renew it"),
            lambda: renew_key(self._session, self.show_key_source),
        )

    def _choose_file(self) -> None:
        dialog = QFileDialog(self.window(), say("Copy to a file"), "projectdesk-team.sqlite")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.fileSelected.connect(lambda name: copy_to_file(self._session, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def ask_again(
    parent: QWidget,
    data: Path,
    store: Callable[[], SecretStore],
    pool: Pool,
    reopen: Callable[[], object],
) -> TeamDatabaseDialog:
    """Ask for the team's database while no data is open.

    Args:
        parent: the window.
        data: the data folder.
        store: finds this computer's secrets.
        pool: runs what is asked.
        reopen: opens the data.
    """

    def ask(
        work: Callable[[SecretStore], Any],
        then: Callable[[Any], None],
        failed: Callable[[ProjectDeskError], None],
    ) -> object:
        return pool.run(lambda: work(store()), then, failed)

    def local() -> None:
        from projectdesk.services.team_database import use_local as choose_local

        choose_local(data)
        dialog.accept()
        reopen()

    dialog = TeamDatabaseDialog(parent, ask, data, chosen(data))
    dialog.add_button(say("Use this computer's data"), "", local)
    dialog.used.connect(reopen)
    dialog.rejected.connect(reopen)
    dialog.open()
    return dialog


def _state_of(workspace: Workspace) -> tuple[str, Tone]:
    if workspace.copied_at is not None:
        when = moment(workspace.copied_at, system_zone())
        return say("Copy of {when}", when=when), Tone.WARNING
    if workspace.shared:
        return say("Connected"), Tone.SUCCESS
    return "", Tone.MUTED


def _line(label: str, hint: str) -> QWidget:
    words = column(text(label), text(hint, "caption", wrap=True), spacing=SPACE_XS)
    words.setAlignment(Qt.AlignmentFlag.AlignTop)
    return plain(words)
