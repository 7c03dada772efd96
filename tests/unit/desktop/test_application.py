"""The program as a whole: window first, data after, language, restore, bugs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication

from projectdesk.desktop import preferences
from projectdesk.desktop.application import Application
from projectdesk.desktop.crash import CrashGuard
from projectdesk.desktop.preferences import Preferences
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Notice
from projectdesk.desktop.theme import Scheme
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace, lock_data

WAIT = 20_000


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def start(qapp, qtbot, data):
    """Return a function that starts the application and waits for a place."""
    running: list[Application] = []

    def begin(place: Place | None, *, sample: bool = False) -> Application:
        application = Application(qapp, data, sample=sample)
        running.append(application)
        application.start()
        if place is not None:
            qtbot.waitUntil(lambda: at(application) is place, timeout=WAIT)
        return application

    yield begin
    for application in running:
        application.shell.close()
        application.stop()
        application.shell.deleteLater()
        application.deleteLater()
    for translator in (t for application in running for t in application._translators):
        QCoreApplication.removeTranslator(translator)
    QLocale.setDefault(QLocale.system())


def at(application: Application) -> Place | None:
    if application.workbench is None:
        return None
    here = application.shell.content.currentWidget()
    return next((p for p, page in application.workbench.pages.items() if page is here), None)


def idle(application: Application) -> bool:
    return application._pool.idle


def filled(data: Path, *acronyms: str) -> None:
    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        commands.set_me(workspace, {"given_name": "Ada", "family_name": "Lund"})
        for acronym in acronyms:
            commands.create(workspace, Kind.PROJECT, {"acronym": acronym})


def test_the_window_is_painted_before_sql_is_loaded():
    code = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from projectdesk.desktop import application\n"
        "from pathlib import Path\n"
        "application.prepare()\n"
        "qt = QApplication([])\n"
        "made = application.Application(qt, Path(sys.argv[1]))\n"
        "made.shell.show()\n"
        "made.shell.repaint()\n"
        "print('sqlalchemy' in sys.modules, made.shell.isVisible())\n"
        "made.stop()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "unused"], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]


def test_the_first_start_welcomes(start):
    start(Place.WELCOME)


@pytest.mark.full
def test_the_sample_is_opened_on_request(start, qtbot):
    application = start(Place.WELCOME, sample=True)  # who one is was not asked yet
    qtbot.waitUntil(lambda: idle(application), timeout=WAIT)
    assert application.workbench is not None
    assert len(application.workbench._projects) == 1


def test_with_data_it_opens_at_home(start, data, qtbot):
    filled(data, "AURORA")
    application = start(Place.HOME)
    assert application.shell.top.switcher.text() == "All projects"


@pytest.mark.full
def test_the_chosen_project_is_kept_for_the_next_start(start, data, qtbot):
    filled(data, "AURORA", "BOREAS")
    application = start(Place.HOME)
    assert application.workbench is not None
    chosen = next(row for row in application.workbench._projects if row.acronym == "BOREAS")
    application.workbench.choose_project(chosen.id)
    assert preferences.load(data).project == chosen.id.hex
    application.shell.close()
    assert preferences.load(data).geometry
    application.stop()
    again = start(Place.HOME)
    assert again.shell.top.switcher.text() == "BOREAS"


@pytest.mark.full
def test_colours_are_changed_at_once_and_kept(start, data, qapp):
    filled(data, "AURORA")
    application = start(Place.HOME)
    application._choose_scheme(Scheme.DARK)
    assert application.theme.tokens.dark
    assert preferences.load(data).wanted_scheme is Scheme.DARK
    application._choose_scheme(Scheme.SYSTEM)


@pytest.mark.full
def test_another_language_builds_the_window_anew(start, data, qtbot):
    filled(data, "AURORA")
    application = start(Place.HOME)
    old = application.shell
    application._choose_language("de")
    qtbot.waitUntil(lambda: at(application) is Place.HOME, timeout=WAIT)
    assert application.shell is not old
    assert application.shell.rail.buttons[Place.MEETINGS].text() == "Besprechungen"
    assert preferences.load(data).language == "de"


@pytest.mark.full
def test_everything_can_be_found_and_opened(start, data, qtbot):
    filled(data, "AURORA")
    application = start(Place.HOME)
    box = application.shell.palette_box
    box.open()
    assert box.list.count() > 6, "without text it offers what can be done"
    box.field.setText("auro")
    qtbot.waitUntil(lambda: box.list.count() == 1 and idle(application), timeout=WAIT)
    box.run_current()
    assert at(application) is Place.PROJECT
    box.open()
    box.field.setText("new meeting")
    qtbot.waitUntil(lambda: idle(application), timeout=WAIT)
    assert application.workbench is not None
    application.workbench.go(Route(Place.SETTINGS))
    assert at(application) is Place.SETTINGS


@pytest.mark.full
def test_undo_of_a_toast_takes_back_no_other_change(start, data, qtbot):
    filled(data, "AURORA")
    application = start(Place.HOME)
    workbench, toast = application.workbench, application.shell.toast
    assert workbench is not None
    made = []
    for acronym in ("TOLD", "LATER"):
        workbench._session.ask(
            lambda ws, name=acronym: commands.create(ws, Kind.PROJECT, {"acronym": name}),
            lambda result: made.append(result[1]),
        )
    qtbot.waitUntil(lambda: len(made) == 2 and idle(application), timeout=WAIT)
    workbench._tell(Notice("Made TOLD.", undo=made[0].change_id))
    toast._action.click()
    qtbot.waitUntil(lambda: "LATER" in toast._words.text(), timeout=WAIT)
    qtbot.waitUntil(lambda: idle(application), timeout=WAIT)
    assert [row.acronym for row in workbench._projects] == ["AURORA", "LATER", "TOLD"]


@pytest.mark.full
def test_a_change_is_told_and_taken_back(start, data, qtbot):
    filled(data, "AURORA")
    application = start(Place.HOME)
    assert application.workbench is not None
    session = application.workbench._session
    session.ask(lambda ws: commands.create(ws, Kind.PROJECT, {"acronym": "GONE"}))
    qtbot.waitUntil(lambda: application.shell.top.undo.isEnabled(), timeout=WAIT)
    assert "GONE" in application.shell.top.undo.toolTip()
    application.shell.undo_asked.emit()
    qtbot.waitUntil(
        lambda: [row.acronym for row in application.workbench._projects] == ["AURORA"],
        timeout=WAIT,
    )
    qtbot.waitUntil(lambda: application.shell.top.redo.isEnabled(), timeout=WAIT)


@pytest.mark.full
def test_a_backup_takes_the_place_of_the_data(start, data, qtbot):
    filled(data, "AURORA")
    with Workspace.open(data, secrets=MemorySecrets()) as workspace:
        backup = commands.back_up(workspace)
        commands.create(workspace, Kind.PROJECT, {"acronym": "LATER"})
    application = start(Place.HOME)
    application._restore(backup)
    qtbot.waitUntil(lambda: at(application) is Place.HOME, timeout=WAIT)
    qtbot.waitUntil(lambda: idle(application), timeout=WAIT)
    assert application._session is not None
    assert [p.acronym for p in queries.projects(application._session.workspace)] == ["AURORA"]


@pytest.mark.full
def test_data_that_cannot_be_opened_is_said_with_a_way_on(start, data, qtbot):
    other = lock_data(data)
    other.acquire()
    application = start(None)
    qtbot.waitUntil(lambda: application.shell._failure is not None, timeout=WAIT)
    other.release()
    application._open()
    qtbot.waitUntil(lambda: at(application) is Place.WELCOME, timeout=WAIT)


def test_preferences_survive_nonsense(data):
    data.mkdir()
    assert preferences.load(data) == Preferences()
    (data / "desktop.json").write_text("[1]", encoding="utf-8")
    assert preferences.load(data) == Preferences()
    (data / "desktop.json").write_text('{"scheme": "pink", "geometry": "!", "x": 1}', "utf-8")
    kept = preferences.load(data)
    assert kept.wanted_scheme is Scheme.SYSTEM
    assert kept.geometry_bytes == b""
    preferences.save(data, Preferences(geometry=preferences.encode(b"place")))
    assert preferences.load(data).geometry_bytes == b"place"


def test_a_bug_is_logged_whole_and_shown_once(dressed, qtbot, tmp_path, caplog):
    guard = CrashGuard(tmp_path / "logs" / "projectdesk.log")
    guard.install()
    try:
        for _ in range(2):
            try:
                _fail()
            except ValueError as error:
                sys.excepthook(type(error), error, error.__traceback__)
        qtbot.waitUntil(lambda: guard.dialog is not None)
        dialog = guard.dialog
        assert dialog is not None
        QApplication.processEvents()
        assert guard.dialog is dialog
        assert "a bug in the fitting" in caplog.text
        assert caplog.text.count("Traceback") == 2
        texts = " ".join(label.text() for label in dialog.findChildren(type(dialog._sentence)))
        assert "projectdesk.log" in texts
        dialog.accept()
        qtbot.waitUntil(lambda: guard.dialog is None)
    finally:
        guard.remove()
        guard.deleteLater()
    assert sys.excepthook is not guard._on_error


def _fail() -> None:
    raise ValueError("a bug in the fitting")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send SIGTERM to itself")
def test_the_program_ends_in_order_when_it_is_told_to(data):
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtCore import QTimer\n"
        "from projectdesk.desktop import application\n"
        "made = []\n"
        "start = application.Application.start\n"
        "def begin(self):\n"
        "    start(self)\n"
        "    QTimer.singleShot(0, lambda: os.kill(os.getpid(), signal.SIGTERM))\n"
        "application.Application.start = begin\n"
        "sys.exit(application.run(['x'], Path(sys.argv[1])))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(data)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert preferences.load(data).geometry, "it was closed, not killed"
