"""An import that is stopped, killed or out of disk leaves nothing half done; a large one is taken.

The large ones are the size of a framework programme: 25,000 projects, 150,000 participations, one
file.
"""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import event
from sqlalchemy.pool import Pool as Connections

from projectdesk.bench.importing import write_export
from projectdesk.commandline import data as data_commands
from projectdesk.desktop.presenters.importing import ImportPresenter, import_cordis
from projectdesk.desktop.runtime.pool import Pool
from projectdesk.desktop.runtime.session import WorkspaceSession
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.rows import ImportReport
from projectdesk.services.workspace import Workspace
from projectdesk.store.engine import database_path
from tests.faults.conftest import COMMAND, PATIENCE_S, Said, measured, records

ROWS = 6_000
MANY_ROWS = 150_000


def export(path: Path, rows: int) -> Path:
    """Write an invented export of so many participations as one file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in write_export(path.parent, rows):
            archive.write(file, file.name)
            file.unlink()
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(tmp_path_factory.mktemp("export") / "export.zip", ROWS)


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(tmp_path_factory.mktemp("export") / "large.zip", MANY_ROWS)


def sound(data: Path) -> bool:
    """Return whether the database is whole, and search finds what it held."""
    with closing(sqlite3.connect(database_path(data))) as connection:
        return connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# --- stopped --------------------------------------------------------------------------------------


def test_progress_is_shown_and_ctrl_c_takes_the_import_back(
    data: Path, file: Path, run: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = records(data)
    shares: list[int] = []

    def press(done: int, total: int) -> None:
        shares.append(100 * done // total)
        if shares[-1] >= 20:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(data_commands, "_progress", press)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    handler = signal.getsignal(signal.SIGINT)
    said = run("import", file)
    assert said.code == 130
    assert "nothing was changed" in said.error
    assert said.out == ""
    assert shares == sorted(shares)
    assert len(shares) >= 3
    assert shares[-1] < 100
    assert records(data) == before
    assert signal.getsignal(signal.SIGINT) is handler


class View:
    """Where a desktop would show an import."""

    def __init__(self) -> None:
        self.presenter: ImportPresenter
        self.shares: list[int] = []
        self.refusals: list[str] = []
        self.finished = False

    def show_busy(self, words: str) -> None:
        self.shares.clear()

    def show_progress(self, done: int, total: int) -> None:
        self.shares.append(100 * done // total)
        self.presenter.cancel()

    def show_preview(self, report: ImportReport) -> None:
        raise AssertionError("nobody asked for one")

    def show_refusal(self, words: str) -> None:
        self.refusals.append(words)

    def finish(self, report: ImportReport) -> None:
        self.finished = True


def test_cancel_in_the_desktop_takes_the_import_back(
    data: Path, tmp_path: Path, qapp: QApplication, qtbot: Any
) -> None:
    # Long enough that the button is pressed while it runs, on two busy cores too.
    file = export(tmp_path / "export.zip", 5 * ROWS)
    before = records(data)
    session = WorkspaceSession(Workspace.open(data, secrets=MemorySecrets()), Pool())
    view = View()
    view.presenter = ImportPresenter(session, view, import_cordis([file]))
    view.presenter.go()
    qtbot.waitUntil(lambda: bool(view.refusals) or view.finished, timeout=PATIENCE_S * 1000)
    view.presenter.close()
    session.close()
    session.pool.deleteLater()
    session.deleteLater()
    assert view.refusals == ["The import was cancelled: nothing was changed."]
    assert view.shares
    assert view.shares[-1] < 100
    assert records(data) == before


_HALF_WAY = """
import sys, time
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.pool import Pool
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.commands import import_cordis
from projectdesk.services.workspace import Workspace

def stop(done, total):
    if done > total / 2:
        print("half", flush=True)
        time.sleep(600)

workspace = Workspace.open(Path(sys.argv[1]), secrets=MemorySecrets())
# Little memory, so that half of the change is on the disk before it is whole.
event.listen(Pool, "checkout", lambda c, *_: c.execute("PRAGMA cache_size=20"))
import_cordis(workspace, [Path(sys.argv[2])], progress=stop)
"""


def test_an_import_killed_half_way_leaves_nothing(
    data: Path, file: Path, run: Callable[..., Said]
) -> None:
    before = records(data)
    process = subprocess.Popen(
        [sys.executable, "-c", _HALF_WAY, str(data), str(file)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    process.kill()
    process.communicate()
    assert database_path(data).with_name("projectdesk.sqlite-wal").stat().st_size > 500_000
    assert records(data) == before
    assert sound(data)
    said = run("import", file, "--json")
    assert (said.code, json.loads(said.out)["projects"]) == (0, ROWS // 6)


# --- out of disk ----------------------------------------------------------------------------------


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let no connection grow the database by more than 100 pages."""

    def limit(connection: sqlite3.Connection, _entry: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 100}")

    event.listen(Connections, "connect", limit)
    yield
    event.remove(Connections, "connect", limit)


def test_a_full_disk_takes_the_import_back(
    data: Path, file: Path, refused: Callable[..., str], request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("small_disk")
    assert "[disk_full]" in refused("import", file)
    assert sound(data)


# --- large ----------------------------------------------------------------------------------------


@pytest.mark.full
@pytest.mark.timeout(400)
def test_a_framework_programme_in_one_file(data: Path, large_file: Path) -> None:
    said, peak = measured("import", large_file, "--data", data, "--json")
    assert said.code == 0, said.error
    report = json.loads(said.out)
    assert report["projects"] == MANY_ROWS // 6
    assert report["partners"] == MANY_ROWS
    assert report["warnings"] == []
    assert peak < 300
    again, _ = measured("import", large_file, "--data", data, "--json")
    report = json.loads(again.out)
    assert (report["added"], report["updated"]) == (0, 0)
    assert sound(data)


@pytest.mark.full
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_large_import_shows_its_progress_and_ctrl_c_ends_it(data: Path, large_file: Path) -> None:
    import os
    import pty

    before = records(data)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "import", str(large_file), "--data", str(data)],
        stderr=theirs,
        stdout=subprocess.PIPE,
    )
    os.close(theirs)
    seen = ""
    pressed = 0.0
    try:
        while chunk := os.read(ours, 1024):
            seen += chunk.decode("utf-8")
            shares = [int(share) for share in re.findall(r"(\d+) %", seen)]
            if not pressed and shares and shares[-1] >= 60:
                pressed = time.monotonic()
                process.send_signal(signal.SIGINT)
    except OSError:
        pass  # Linux: the other end is closed
    finally:
        os.close(ours)
    out, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert time.monotonic() - pressed < 10
    assert out == b""
    assert "nothing was changed" in seen
    assert len(set(shares)) > 20
    assert records(data) == before


@pytest.mark.full
def test_a_large_import_killed_while_it_writes_leaves_nothing(
    data: Path, large_file: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    before = records(data)
    process = start("import", large_file, "--data", data)
    log = database_path(data).with_name("projectdesk.sqlite-wal")
    deadline = time.monotonic() + 4 * PATIENCE_S
    while not log.exists() or log.stat().st_size < 30 << 20:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert records(data) == before
    assert sound(data)
