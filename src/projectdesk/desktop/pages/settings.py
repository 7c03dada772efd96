"""Settings: who one is, looks, data and backups, about."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from projectdesk.desktop import preferences
from projectdesk.desktop.language import languages, say, say_error
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.models.policy_words import settled_words
from projectdesk.desktop.models.reminder_words import usual_choices
from projectdesk.desktop.pages.mail_account import MailPane
from projectdesk.desktop.pages.meeting_hosts import HostsPane
from projectdesk.desktop.pages.network import ProxyPane, UpdatesPane
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.pages.privacy import PrivacyPane
from projectdesk.desktop.pages.team_database import TeamPane
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.presenters.settings import back_up_now, save_me
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Scheme
from projectdesk.desktop.theme.scale import SIZES
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from projectdesk.desktop.widgets.dialog import confirm
from projectdesk.desktop.widgets.editors import ChoiceEditor, ChoicesEditor
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.header import PageHeader, Segments
from projectdesk.desktop.widgets.layout import (
    Piece,
    button,
    column,
    frame,
    plain,
    row,
    scrolled,
    text,
)
from projectdesk.errors import ProjectDeskError
from projectdesk.policy import managed
from projectdesk.services import call_rules, commands, queries
from projectdesk.services.commands.alarms import set_alarm_minutes
from projectdesk.services.queries import alarms
from projectdesk.services.team_database import chosen

_WIDTH = 640
_REMINDERS_WIDTH = 240


def _card(title: str, *pieces: Piece) -> QFrame:
    card = frame(
        "card",
        column(
            text(title, "heading"),
            *pieces,
            spacing=SPACE_L,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
        ),
    )
    card.setFixedWidth(_WIDTH)
    return card


def _setting(label: str, hint: str, control: QWidget) -> QWidget:
    if not control.accessibleName():
        control.setAccessibleName(label)
    words = column(text(label), text(hint, "caption", wrap=True), spacing=SPACE_XS)
    layout = row(words, control, spacing=SPACE_L)
    layout.setStretch(0, 1)
    layout.setAlignment(control, Qt.AlignmentFlag.AlignVCenter)
    return plain(layout)


def _stays(data: Path) -> str:
    if chosen(data) is None:
        return say("Your data stays on this computer.")
    return say("Your data is on your team's server.")


class SettingsPage(Page):
    """Everything that is set once."""

    scheme_chosen = Signal(object)
    language_chosen = Signal(str)
    restore_asked = Signal(object)
    """Path of the backup to restore."""
    reopen_asked = Signal()
    """Another database was chosen."""

    def __init__(
        self,
        session: Session,
        reader: Reader,
        data: Path,
        scheme: Scheme,
        language: str,
        is_heard: Callable[[str], bool | None] = lambda _host: None,
    ) -> None:
        """Make the page.

        Args:
            session: the outside.
            reader: who one is.
            data: the data folder.
            scheme: colours as set.
            language: as set; "" = the system's.
            is_heard: tells whether a place where meetings are held answers.
        """
        super().__init__()
        self._session = session
        self._reader = reader
        self._data = data
        self.me = Form(
            [
                [
                    Field("given_name", say("Given name"), lambda r: r.given_name),
                    Field("family_name", say("Family name"), lambda r: r.family_name),
                ],
                [
                    Field("email", say("E-mail"), lambda r: r.email),
                    Field("zone", say("Time zone"), lambda r: r.zone, Entry.ZONE),
                ],
            ]
        )
        self.me.entered.connect(self._save_me)
        self.scheme = Segments(
            [
                (Scheme.SYSTEM, say("System")),
                (Scheme.LIGHT, say("Light")),
                (Scheme.DARK, say("Dark")),
                (Scheme.CONTRAST, say("High contrast")),
            ]
        )
        self.scheme.choose(scheme)
        self.scheme.chosen.connect(self.scheme_chosen)
        sizes = [Option(0, say("As the system")), *(Option(each, f"{each} %") for each in SIZES)]
        self.scaling = ChoiceEditor(lambda: sizes)
        self.scaling.setMinimumWidth(180)
        self.scaling.set_value(preferences.load_size(data))
        self.scaling.committed.connect(self._keep_size)
        spoken = [Option("", say("As the system")), *(Option(*i) for i in languages().items())]
        self.language = ChoiceEditor(lambda: spoken)
        self.language.setMinimumWidth(180)
        self.language.set_value(language)
        self.language.committed.connect(
            lambda: self.language_chosen.emit(str(self.language.value()))
        )
        settled = [self._settled()] if managed().place else []
        cards = column(
            *settled,
            self._you(),
            self._looks(),
            self._mail_card(),
            self._hosts_card(is_heard),
            self._network_card(),
            self._calls_card(),
            self._where_card(),
            self._data_card(),
            self._privacy_card(),
            self._about(),
            None,
            spacing=SPACE_L,
        )
        # Beside a stretch the cards are asked for their height at their own width.
        content = row(plain(cards), None, margins=(SPACE_XL, SPACE_XS, SPACE_XL, SPACE_XL))
        header = PageHeader(say("Settings"), say("Changes are saved at once."))
        top = plain(column(header, margins=(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_L)))
        self._scroll = scrolled(plain(content))
        layout = column(top, self._scroll, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        reader.on_loaded(self._show_me)
        self._show_me()

    def open(self, route: Route) -> None:
        """Show the card that `route` names."""
        cards: dict[str, QWidget] = {
            "mail": self.mail,
            "network": self.updates,
            "privacy": self.privacy,
        }
        card = cards.get(route.tab)
        if card is not None:
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(card))

    def _you(self) -> QFrame:
        hint = text(
            say("Shown to partners in invitations and minutes; times are shown in your zone."),
            "caption",
            wrap=True,
        )
        return _card(say("You"), hint, self.me)

    def _settled(self) -> QFrame:
        """Say what an administrator settled: it cannot be changed here."""
        lines = [text(words, wrap=True) for words in settled_words(managed())]
        hint = text(
            say("It cannot be changed here. It stands in {place}.", place=managed().place),
            "caption",
            wrap=True,
        )
        return _card(say("Set by your organisation"), *lines, hint)

    def _keep_size(self) -> None:
        preferences.save_size(self._data, int(str(self.scaling.value())))

    def _looks(self) -> QFrame:
        return _card(
            say("Looks"),
            _setting(say("Colours"), say("Light, dark, or as the system does."), self.scheme),
            _setting(
                say("Size"), say("Of everything on the screen, from the next start."), self.scaling
            ),
            _setting(
                say("Language"), say("Of the program; documents follow their own."), self.language
            ),
        )

    def _network_card(self) -> QFrame:
        self.proxy = ProxyPane(self._session, self._data)
        self.updates = UpdatesPane(self._session, self._data, self._reader.zone)
        return _card(say("Network"), self.proxy, self.updates)

    def _hosts_card(self, is_heard: Callable[[str], bool | None]) -> QFrame:
        self.hosts = HostsPane(self._session, is_heard)
        self.hosts.presenter.load()
        return _card(say("Meeting hosts"), self.hosts)

    def _mail_card(self) -> QFrame:
        self.mail = MailPane(self._session)
        self.mail.outbox_asked.connect(lambda: self.go.emit(Route(Place.MAIL)))
        return _card(say("Mail"), self.mail)

    def _calls_card(self) -> QFrame:
        sizes = [
            (size, say("{size} MB", size=size) if size else say("None"))
            for size in call_rules.FILE_MEGABYTES
        ]
        self.file_size = Segments(sizes)
        self.file_size.chosen.connect(self._set_file_size)
        self._session.ask(call_rules.file_megabytes, self.file_size.choose)
        return _card(
            say("Calls"),
            _setting(
                say("Files in the chat"),
                say("The largest that people may share; they are kept with the meeting."),
                self.file_size,
            ),
            self._alarm(),
            self._usual_reminders(),
        )

    def _alarm(self) -> QWidget:
        choices = [
            (minutes, say("{minutes} min", minutes=minutes) if minutes else say("Off"))
            for minutes in alarms.CHOICES
        ]
        self.alarm = Segments(choices)
        self.alarm.setAccessibleName(say("Notice before a meeting"))
        self.alarm.chosen.connect(self._set_alarm)
        self._session.ask(alarms.alarm_minutes, self.alarm.choose)
        return _setting(
            say("Notice before a meeting"),
            say("On the desktop, with Join; also while the window is minimised."),
            self.alarm,
        )

    def _set_alarm(self, minutes: object) -> None:
        chosen = int(str(minutes))
        self._session.ask(lambda workspace: set_alarm_minutes(workspace, chosen))

    def _usual_reminders(self) -> QWidget:
        self.reminders = ChoicesEditor(usual_choices)
        self.reminders.setAccessibleName(say("Usual reminders"))
        self.reminders.setFixedWidth(_REMINDERS_WIDTH)
        self.reminders.committed.connect(self._set_reminders)
        self._session.ask(queries.usual_reminders, self.reminders.set_value)
        return _setting(
            say("Usual reminders"),
            say("By mail to invitees; offered in each meeting's details."),
            self.reminders,
        )

    def _set_reminders(self) -> None:
        minutes = tuple(self.reminders.value())
        self._session.ask(lambda workspace: commands.set_usual_reminders(workspace, minutes))

    def _set_file_size(self, size: object) -> None:
        chosen = int(str(size))
        self._session.ask(lambda workspace: call_rules.set_file_megabytes(workspace, chosen))

    def _where_card(self) -> QFrame:
        self.team = TeamPane(self._session, self._data)
        self.team.reopen_asked.connect(self.reopen_asked)
        return _card(say("Where the data is"), self.team)

    def _data_card(self) -> QFrame:
        folder = button(say("Open folder"), "", "folder-open", self._open_folder)
        back_up = button(
            say("Back up now"), "", "archive-restore", lambda: back_up_now(self._session)
        )
        restore = button(say("Restore…"), "", "history", self._choose_backup)
        return _card(
            say("Data"),
            _setting(say("Data folder"), str(self._data), folder),
            _setting(
                say("Backups"),
                say("One a day and one before each update are made by themselves; ten are kept."),
                plain(row(back_up, restore, spacing=SPACE_S)),
            ),
        )

    def _privacy_card(self) -> QFrame:
        self.privacy = PrivacyPane(self._session)
        self.privacy.presenter.load()
        return _card(say("Privacy"), self.privacy)

    def _about(self) -> QFrame:
        version = metadata.version("projectdesk")
        return _card(
            say("About|program"),
            text(say("ProjectDesk {version}", version=version)),
            text(
                say(
                    "Free software under the Apache License 2.0. It uses Qt (LGPL), the Lucide "
                    "icons (ISC) and other free software; their licences come with it."
                ),
                "caption",
                wrap=True,
            ),
            plain(row(text(_stays(self._data), "caption"), None, spacing=SPACE_M)),
        )

    def _show_me(self) -> None:
        if self._reader.me is not None:
            self.me.show_row(self._reader.me)

    def _save_me(self, field: str, value: object) -> None:
        def failed(error: ProjectDeskError) -> None:
            self.me.show_problem(field, say_error(error))

        save_me(self._session, {field: value}, lambda: None, failed)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._data)))

    def _choose_backup(self) -> None:
        dialog = QFileDialog(self.window(), say("Restore a backup"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        backups = self._data / "backups"
        dialog.setDirectory(str(backups if backups.is_dir() else self._data))
        dialog.fileSelected.connect(lambda name: self.confirm_restore(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def confirm_restore(self, backup: Path) -> None:
        """Ask whether `backup` may take the place of the data."""
        confirm(
            self.window(),
            say("Restore this backup?"),
            say(
                "All data is replaced by the state in {file}. What is there now is backed up "
                "first, so that you can come back.",
                file=backup.name,
            ),
            say("Restore"),
            lambda: self.restore_asked.emit(backup),
        )
