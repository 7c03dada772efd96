"""`bench start`: from the start of the process to the window, against an empty QMainWindow.

Three programs, each in a process of its own, in turns: `empty` shows a QMainWindow with nothing
in it (the same PySide6, the same platform); `shell` is the application up to the first paint of
its window; `ready` goes on until Home is filled from the sample project and a key press was taken.
The time runs from before the process is made to the instant that it reports, by the system's clock.
Modules that must not be loaded before they are needed are looked for in the process that painted.

All three run from byte code, as an installed application does, whatever the environment says of
writing it: it is kept beside the sample data and filled by the first turn, which is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from projectdesk.bench.report import Row, at_most, report
from projectdesk.secrets import PASSPHRASE_VARIABLE

ROUNDS = 7
SHELL_LIMIT = 2.0
READY_LIMIT = 6.0
LATE_MODULES = ("aiortc", "av", "aiohttp", "PySide6.QtWebEngineCore", "sqlalchemy")
"""What the first paint must not wait for."""
_TIMEOUT_S = 180
_PASSPHRASE = secrets.token_urlsafe(8)
_PROGRAMS = ("empty", "shell", "ready")


def run(options: Sequence[str] = ()) -> Row:
    """Measure and return the report.

    Args:
        options: `--rounds N`.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench start")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args(list(options))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="projectdesk-bench-") as name:
        data = Path(name) / "data"
        data.mkdir()
        make_sample(data)
        for turn in range(chosen.rounds + 1):
            for program in _PROGRAMS:
                row = {"round": turn, "program": program, **_measure(program, data)}
                if turn:  # the first turn fills the caches of the system
                    rows.append(row)
    empty, shell, ready = (_middle(rows, program) for program in _PROGRAMS)
    early = sorted({name for row in rows if row["program"] == "shell" for name in row["early"]})
    return report(
        "start",
        rows,
        [
            at_most("start.ratio", round(shell / empty, 2), SHELL_LIMIT),
            at_most("start.ready_ratio", round(ready / empty, 2), READY_LIMIT),
            at_most("start.early_modules", len(early), 0),
        ],
        rounds=chosen.rounds,
        early_modules=early,
    )


def _middle(rows: Sequence[Row], program: str) -> float:
    times: list[float] = [row["ms"] for row in rows if row["program"] == program]
    return statistics.median(times)


def make_sample(data: Path) -> None:
    """Fill a data folder as somebody's who has used the product before, in a process of its own."""
    subprocess.run(
        [sys.executable, "-m", __name__, "sample", str(data)],
        check=True,
        capture_output=True,
        timeout=_TIMEOUT_S,
    )


def _measure(program: str, data: Path) -> Row:
    command = [sys.executable, "-m", __name__, program, str(data)]
    return measure(command, environment(data.parent))


def environment(folder: Path) -> dict[str, str]:
    """Return what measured programs are started with; `folder` keeps their byte code."""
    made = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "byte-code")}
    made.pop("PYTHONDONTWRITEBYTECODE", None)
    if sys.platform == "linux" and not (made.get("DISPLAY") or made.get("WAYLAND_DISPLAY")):
        made.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Where there is no keyring the desktop would ask for a passphrase, and wait for a person.
    made.setdefault(PASSPHRASE_VARIABLE, _PASSPHRASE)
    return made


def measure(command: Sequence[str], environment: Mapping[str, str]) -> Row:
    """Start a program and return what it reports: `ms` from before its start, `early` modules."""
    started = time.time()
    made = subprocess.run(
        command, check=True, capture_output=True, timeout=_TIMEOUT_S, text=True, env=environment
    )
    found: dict[str, Any] = json.loads(made.stdout.splitlines()[-1])
    return {"ms": round((found["at"] - started) * 1000, 1), "early": found["early"]}


# --- in the measured process ----------------------------------------------------------------------


def _report_and_leave() -> None:
    early = [name for name in LATE_MODULES if name in sys.modules]
    print(json.dumps({"at": time.time(), "early": early}), flush=True)
    os._exit(0)  # the way out is not measured, and must not be waited for


def _sample(data: Path) -> None:
    """Fill a data folder as somebody's who has used it before."""
    from projectdesk.bootstrap import open_workspace
    from projectdesk.services import commands

    with open_workspace(data) as workspace:
        commands.open_sample(workspace)
        commands.set_me(workspace, {"given_name": "Ana", "family_name": "Reis", "zone": "UTC"})


def _empty() -> None:
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Empty(QMainWindow):
        def paintEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
            _report_and_leave()

    application = QApplication([sys.argv[0]])
    window = Empty()
    window.show()
    application.exec()


def _application(data: Path, *, ready: bool) -> None:
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication

    from projectdesk.desktop import application, collecting

    class FirstPaint(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            if event.type() is QEvent.Type.Paint:
                _report_and_leave()
            return False

    application.prepare()
    collecting.start()
    qt = QApplication([sys.argv[0]])
    made = application.Application(qt, data)
    filter_ = FirstPaint()
    if not ready:
        made.shell.centralWidget().installEventFilter(filter_)
    made.start()
    if ready:
        timer = QTimer()
        timer.setInterval(5)
        timer.timeout.connect(lambda: _leave_when_ready(made))
        timer.start()
    qt.exec()


def _leave_when_ready(made: Any) -> None:
    """Leave once Home shows the sample's meetings and a key press reaches the search box."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    from projectdesk.desktop.routes import Place

    workbench = made.workbench
    if workbench is None:
        return
    from projectdesk.desktop.pages.home import Line

    home = workbench.pages.get(Place.HOME)  # pages are made when they are first shown
    if home is None or not home.isVisible() or not home.meetings.findChildren(Line):
        return
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        press = QKeyEvent(kind, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        QApplication.sendEvent(made.shell.windowHandle(), press)
    if made.shell.palette_box.isVisible():
        _report_and_leave()


def main(arguments: Sequence[str]) -> int:
    """Be one of the measured programs: its name and the data folder."""
    program, data = arguments[0], Path(arguments[1])
    programs: dict[str, Callable[[], None]] = {
        "sample": lambda: _sample(data),
        "empty": _empty,
        "shell": lambda: _application(data, ready=False),
        "ready": lambda: _application(data, ready=True),
    }
    programs[program]()
    return 0


if __name__ == "__main__":
    main(sys.argv[1:])
