"""The desktop as a program: from the command line to the last window.

The window is painted before the services (and SQLAlchemy with them) are loaded; the pool loads
them and opens the data meanwhile.

May import: all of the desktop.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QTranslator, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from projectdesk.desktop import collecting, language, preferences
from projectdesk.desktop.crash import CrashGuard
from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.runtime.pool import Lane, Pool
from projectdesk.desktop.shell.shell import Shell, WayOn
from projectdesk.desktop.system_requests import SystemApplication
from projectdesk.desktop.theme import Scheme, Theme
from projectdesk.desktop.theme.scale import scale
from projectdesk.errors import ProjectDeskError
from projectdesk.folders.lock import DESKTOP_LOCK, FolderLock

if TYPE_CHECKING:
    from projectdesk.desktop.helping import Helping
    from projectdesk.desktop.opening import Opened
    from projectdesk.desktop.runtime.first_instance import FirstInstance
    from projectdesk.desktop.runtime.session import WorkspaceSession
    from projectdesk.desktop.workbench import Workbench
    from projectdesk.secrets import SecretStore
    from projectdesk.services.commands.meetings import MovedMeeting

_log = logging.getLogger(__name__)
_SAY_OPENING_AFTER_MS = 400
_PAINT_AT_MOST_MS = 500
_REST_AFTER_MS = 1500
"""How long after the first page is filled what the start did without is loaded."""


class Application(QObject):
    """One running desktop.

    settled: the first page is filled, and what the start did without is loaded.
    """

    settled = Signal()

    def __init__(
        self, qt: QApplication, data: Path, *, sample: bool = False, words: Sequence[str] = ()
    ) -> None:
        """Make it; `start` shows it.

        Args:
            qt: the Qt application.
            data: the data folder.
            sample: put the sample project into the data first.
            words: files and links to open once the data is there.
        """
        super().__init__(qt)
        self._words = list(words)
        self._first: FirstInstance | None = None
        self._qt = qt
        self._data = data
        self._sample = sample
        self._translators: list[QTranslator] = []
        self._workbench: Workbench | None = None
        self._session: WorkspaceSession | None = None
        self._open_data: Opened | None = None
        self._passphrase: str | None = None
        self._session_only = False
        self._store: SecretStore | None = None
        self._shown: QWidget | None = None
        self._unpainted = QTimer(self, singleShot=True, interval=_PAINT_AT_MOST_MS)
        self._unpainted.timeout.connect(self._begin)
        self._slow = QTimer(self, singleShot=True, interval=_SAY_OPENING_AFTER_MS)
        self._slow.timeout.connect(self._say_opening)
        self._pool = Pool(self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_AFTER_MS)
        self._rest.timeout.connect(self._load_rest)
        self._preferences = preferences.load(data)
        self.theme = Theme(qt)
        self.theme.apply(self._preferences.wanted_scheme)
        self._speak()
        self.shell = self._make_shell()

    @property
    def workbench(self) -> Workbench | None:
        """The pages; None until the data is open."""
        return self._workbench

    def start(self) -> None:
        """Show the window, then open the data."""
        self.shell.restore(self._preferences.geometry_bytes)
        # The first paint comes before anything slow is asked for; a window that is not painted
        # (minimised, on a screen that is off) must not wait for it.
        self._shown = self.shell.centralWidget()
        self._shown.installEventFilter(self)
        self._unpainted.start()
        self.shell.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open the data once the window has been painted."""
        if event.type() is QEvent.Type.Paint and watched is self._shown:
            QTimer.singleShot(0, self, self._begin)
        return False

    def _begin(self) -> None:
        """Open the data, once."""
        self._unpainted.stop()
        if self._shown is not None:
            self._shown.removeEventFilter(self)
            self._shown = None
            self._open()

    # --- opening

    def _open(self) -> None:
        self._pool.run(self._load, self._opened, self._not_opened)
        self._slow.start()

    def _load(self) -> Opened:
        """Load the services and open the data (on the pool).

        Nothing of Qt is loaded here: PySide6 makes its types when they are first used, and two
        threads that do so at once end the process now and then (its map of types has no lock).
        """
        from projectdesk.desktop.opening import open_data

        self._open_data = open_data(
            self._data,
            passphrase=self._passphrase,
            session_only=self._session_only,
            sample=self._sample,
            store=self._store,
        )
        self._store = self._open_data.workspace.secrets
        return self._open_data

    def _opened(self, opened: Opened) -> None:
        from projectdesk.desktop.runtime.session import Notice, WorkspaceSession

        self._slow.stop()
        self._session = WorkspaceSession(opened.workspace, self._pool, self)
        self._make_workbench(self._session).begun.connect(self._rest.start)
        if opened.moved:
            self._session.tell(Notice(_moved(opened.moved), error=True))
        self._listen()

    def _load_rest(self) -> None:
        """Load (on the pool) what the start did without, before somebody waits for it."""
        from projectdesk.desktop.opening import load_rest

        self._pool.run(load_rest, lambda _: self.settled.emit(), lane=Lane.LONG)

    def _listen(self) -> None:
        """Let later starts hand over what they were asked to open; open our own."""
        from projectdesk.desktop.runtime.first_instance import FirstInstance

        if self._first is None:
            self._first = FirstInstance(self._data, self)
            self._first.asked.connect(self.open_words)
        words, self._words = self._words, []
        if words:
            self.open_words(words)

    def ask_for(self, words: Sequence[str]) -> None:
        """Open files and links that the system asks for, now or once the data is open."""
        if self._workbench is None:
            self._words.extend(words)
        else:
            self.open_words(words)

    def open_words(self, words: Sequence[str]) -> None:
        """Come to the front, and open files and links."""
        if self._workbench is not None:
            for word in words:
                self._workbench.open_word(word)
        self.shell.setWindowState(self.shell.windowState() & ~Qt.WindowState.WindowMinimized)
        self.shell.show()
        self.shell.raise_()
        self.shell.activateWindow()

    def _not_opened(self, error: ProjectDeskError) -> None:
        self._slow.stop()
        _log.error("data not opened: %s", error.code)
        if error.code in {"passphrase_needed", "wrong_passphrase"}:
            self._ask_passphrase(error)
            return
        again: WayOn = (say("Try again"), self._open)
        if error.code.startswith("database_") and has_team(self._data):
            self._ask_team(error, again)
            return
        newest = error.facts.get("newest_backup")
        if error.code == "data_in_use":
            advice = say("Go on in its window, or close it and try again.")
            title = say("ProjectDesk is open already")
            self.shell.show_failure(title, f"{say_error(error)} {advice}", again)
        elif newest:
            restore: WayOn = (
                say("Restore the newest backup"),
                lambda: self._put_back(Path(str(newest))),
            )
            advice = say("The damaged file is kept beside it.")
            title = say("Your data is damaged")
            self.shell.show_failure(title, f"{say_error(error)} {advice}", restore, again)
        else:
            self.shell.show_failure(say("Your data could not be opened"), say_error(error), again)

    def _ask_team(self, error: ProjectDeskError, again: WayOn) -> None:
        """Say why the team's database cannot be opened; let its connection be changed."""

        def change() -> None:
            from projectdesk.desktop.pages.team_database import ask_again

            ask_again(self.shell, self._data, self._secrets, self._pool, self._open)

        title = say("The team database could not be opened")
        self.shell.show_failure(
            title, say_error(error), again, (say("Change the connection…"), change)
        )

    def _secrets(self) -> SecretStore:
        """Return this computer's secrets, the same ones for as long as the program runs."""
        if self._store is None:
            from projectdesk import secrets

            self._store = secrets.choose(self._data, passphrase=self._passphrase)
        return self._store

    def _ask_passphrase(self, error: ProjectDeskError) -> None:
        """Ask for what stands in for a keyring; closing the question leaves the data shut."""
        from projectdesk.desktop.pages.passphrase import PassphraseDialog

        def entered(words: str) -> None:
            self._passphrase, self._store = words, None
            self._open()

        def skipped() -> None:
            self._passphrase, self._session_only, self._store = None, True, None
            self._open()

        ask: WayOn = (say("Enter the passphrase"), lambda: self._ask_passphrase(error))
        without: WayOn = (say("Go on without"), skipped)
        self.shell.show_failure(say("Your secrets are locked"), say_error(error), ask, without)
        wrong = error.code == "wrong_passphrase"
        dialog = PassphraseDialog(
            self.shell,
            first=bool(error.facts.get("first")),
            problem=say("That is not the passphrase. Try again.") if wrong else "",
        )
        dialog.entered.connect(entered)
        dialog.skipped.connect(skipped)
        dialog.open()

    def _say_opening(self) -> None:
        self.shell.say_opening(say("Opening your data…"))

    # --- making and unmaking

    def _make_shell(self) -> Shell:
        shell = Shell()
        shell.closing.connect(self._on_closing)
        shell.help_asked.connect(lambda: self._helping().help_here())
        shell.guide_asked.connect(lambda topic: self._helping().show(topic))
        return shell

    def _helping(self) -> Helping:
        """Return what opens the user guide; also before the data is open, and where it is not."""
        from projectdesk.desktop.helping import Helping

        workbench = self._workbench
        return Helping(self.shell, workbench.where if workbench else lambda: None)

    def _make_workbench(self, session: WorkspaceSession) -> Workbench:
        from projectdesk.desktop.workbench import Workbench

        made = Workbench(self.shell, session, self._data, self._preferences)
        made.scheme_chosen.connect(self._choose_scheme)
        made.language_chosen.connect(self._choose_language)
        made.project_chosen.connect(self._keep_project)
        made.restore_asked.connect(self._restore)
        made.reopen_asked.connect(self._reopen)
        self._workbench = made
        return made

    def _speak(self) -> None:
        for translator in self._translators:
            self._qt.removeTranslator(translator)
        self._translators = language.install(self._qt, language.resolve(self._preferences.language))

    def _choose_scheme(self, scheme: Scheme) -> None:
        self._keep(scheme=scheme.value)
        self.theme.apply(scheme)

    def _choose_language(self, chosen: str) -> None:
        self._keep(language=chosen)
        self._speak()
        self._renew_shell()

    def _keep_project(self, project: UUID | None) -> None:
        self._keep(project=project.hex if project else "")

    def _renew_shell(self) -> None:
        """Build the window anew, over the same data, in the place of the old one."""
        session, old = self._session, self.shell
        if session is None:
            return
        if self._workbench is not None:
            self._workbench.close()
        geometry = old.keep_geometry()
        old.closing.disconnect(self._on_closing)
        self.shell = self._make_shell()
        self.shell.restore(geometry)
        self.shell.show()
        self._make_workbench(session)
        old.close()
        old.deleteLater()

    def _restore(self, backup: Path) -> None:
        """Close the data, put a backup in its place, open it again."""
        self._reopen(lambda: self._put_back(backup))

    def _reopen(self, then: Callable[[], object] | None = None) -> None:
        """Close the data and open what is chosen now; `then` does something before."""
        if self._session is None:
            return
        if self._workbench is not None:
            self._workbench.close()
            self._workbench = None
        self._close_data()
        self._pool = Pool(self)
        self.shell.closing.disconnect(self._on_closing)
        old, self.shell = self.shell, self._make_shell()
        self.shell.restore(old.keep_geometry())
        self.shell.show()
        old.close()
        old.deleteLater()
        (then or self._open)()

    def _put_back(self, backup: Path) -> None:
        """Put a backup in the place of the closed data, then open it."""

        def work() -> None:
            from projectdesk.services import commands

            commands.restore(self._data, backup)

        def failed(error: ProjectDeskError) -> None:
            again: WayOn = (say("Open your data"), self._open)
            self.shell.show_failure(say("The backup was not restored"), say_error(error), again)

        self._pool.run(work, lambda _: self._open(), failed, Lane.LONG)

    def _keep(self, **changes: str) -> None:
        self._preferences = replace(self._preferences, **changes)
        preferences.save(self._data, self._preferences)

    def _on_closing(self) -> None:
        self._keep(
            geometry=preferences.encode(self.shell.keep_geometry()),
            seen=datetime.now(UTC).isoformat(),
        )
        self.stop()

    def stop(self) -> None:
        """Write what is left, close the data. Idempotent."""
        self._slow.stop()
        self._rest.stop()
        self._unpainted.stop()
        self._shown = None
        if self._first is not None:
            self._first.stop()
            self._first = None
        if self._workbench is not None:
            self._workbench.close()
            self._workbench = None
        self._pool.close()
        self._close_data()

    def _close_data(self) -> None:
        """Close the data and let others have its folder."""
        if self._session is not None:
            from projectdesk.desktop.opening import renew_copy

            self._pool.close()
            renew_copy(self._session.workspace)
            self._session.close()
            self._session = None
        if self._open_data is not None:
            self._open_data.close()
            self._open_data = None


def has_team(data: Path) -> bool:
    """Return whether a team's database is chosen (`services.team_database`, not loaded here)."""
    return (data / "database.json").exists()


def _moved(meetings: Sequence[MovedMeeting]) -> str:
    """Say which planned meetings begin at another instant than before (decisions 10)."""
    named = "; ".join(f"{m.title} ({m.before:%H:%M} → {m.after:%H:%M} UTC)" for m in meetings)
    return say(
        "New time zone rules moved {meetings}. The local time stays; tell those in other zones.",
        meetings=named,
    )


def _runs_already(data: Path, words: Sequence[str]) -> bool:
    """Tell whether a desktop has the folder open and has taken over what was to be opened."""
    if not FolderLock(data / DESKTOP_LOCK, "", "").is_taken():
        return False
    from projectdesk.desktop.runtime.first_instance import hand_over

    return hand_over(data, words)


def prepare() -> None:
    """Set what must be set before the Qt application is made (decisions 23)."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )


def run(argv: Sequence[str], data: Path, sample: bool = False, words: Sequence[str] = ()) -> int:
    """Run the desktop until its last window is closed; hand over to one that runs already.

    Args:
        argv: the program's name and Qt's options.
        data: the data folder; made if missing.
        sample: put the sample project into the data first.
        words: files and links to open.

    Returns:
        The exit code.
    """
    prepare()
    collecting.start()
    scale(preferences.load_size(data))
    qt = SystemApplication(list(argv))
    qt.setApplicationName("ProjectDesk")
    qt.setApplicationDisplayName("ProjectDesk")
    qt.setDesktopFileName("projectdesk")
    if _runs_already(data, words):
        return 0
    guard = CrashGuard(data / "logs" / "projectdesk.log", qt)
    guard.install()
    application = Application(qt, data, sample=sample, words=words)
    qt.asked.connect(application.ask_for)
    application.settled.connect(collecting.settle)
    application.start()
    from projectdesk.desktop.runtime.interrupts import Interrupts  # loads sockets

    interrupts = Interrupts(lambda: application.shell.close(), qt)
    try:
        return qt.exec()
    finally:
        interrupts.remove()
        application.stop()
        guard.remove()
