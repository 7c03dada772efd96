"""Opening data that another desktop has open, or that is damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from projectdesk.desktop.application import Application
from projectdesk.errors import EnvironmentFailure
from projectdesk.services.workspace import lock_data
from projectdesk.store.backup import backups
from projectdesk.store.engine import database_path
from tests.faults.conftest import Said, records

LONG_MS = 30_000


@pytest.fixture
def open_desktop(qapp: QApplication, qtbot: Any) -> Iterator[Callable[[Path], Application]]:
    """Start a desktop on a folder; all are closed at the end."""
    opened: list[Application] = []

    def open_desktop(data: Path) -> Application:
        desktop = Application(qapp, data)
        opened.append(desktop)
        desktop.start()
        return desktop

    yield open_desktop
    for desktop in opened:
        desktop.shell.close()
        desktop.stop()
        desktop.shell.deleteLater()
        desktop.deleteLater()


def failure(desktop: Application) -> Any:
    """Return the page that says why there is nothing to show, once it is shown."""
    page = desktop.shell._failure
    return page if page is not None and page.isVisible() else None


def words(page: Any) -> str:
    return f"{page._title.text()} | {page._sentence.text()}"


def damage(data: Path) -> None:
    """Overwrite half of the database after its first page, as a failing disk does."""
    path = database_path(data)
    content = bytearray(path.read_bytes())
    end = len(content) // 2
    content[4096:end] = b"\x5a" * (end - 4096)
    path.write_bytes(content)


# --- a second instance ----------------------------------------------------------------------------


def test_a_second_desktop_says_that_one_is_open_and_goes_on_when_it_is_closed(
    data: Path, open_desktop: Callable[[Path], Application], qtbot: Any
) -> None:
    with lock_data(data):
        second = open_desktop(data)
        qtbot.waitUntil(lambda: failure(second) is not None, timeout=LONG_MS)
        page = failure(second)
        assert "open already" in words(page)
        assert str(data) in words(page)
        assert second.workbench is None
    page.action.click()
    qtbot.waitUntil(lambda: second.workbench is not None, timeout=LONG_MS)


def test_a_running_desktop_holds_its_folder_and_its_end_frees_it(
    data: Path, open_desktop: Callable[[Path], Application], qtbot: Any
) -> None:
    first = open_desktop(data)
    qtbot.waitUntil(lambda: first.workbench is not None, timeout=LONG_MS)
    with pytest.raises(EnvironmentFailure) as caught:
        lock_data(data).acquire()
    assert caught.value.code == "data_in_use"
    first.shell.close()
    with lock_data(data):
        pass


def test_an_import_beside_a_running_desktop_works(
    data: Path,
    run: Callable[..., Said],
    shared_data: Path,
    open_desktop: Callable[[Path], Application],
    qtbot: Any,
) -> None:
    desktop = open_desktop(data)
    qtbot.waitUntil(lambda: desktop.workbench is not None, timeout=LONG_MS)
    said = run("import", shared_data / "cordis" / "xml" / "project-101190685.xml", "--json")
    assert (said.code, said.error) == (0, "")


def test_a_restore_beside_a_running_desktop_is_refused(
    data: Path, refused: Callable[..., str]
) -> None:
    with lock_data(data):
        said = refused("restore", backups(data)[0])
    assert "[data_in_use]" in said
    assert str(data) in said


# --- a damaged database ---------------------------------------------------------------------------


def test_the_command_line_names_the_newest_backup_and_how_to_restore_it(
    data: Path, run: Callable[..., Said]
) -> None:
    newest = backups(data)[0]
    good = records(data)
    damage(data)
    said = run("list", "projects")
    assert said.code == 2
    assert "[database_corrupt]" in said.error
    assert f'projectdesk restore "{newest}" --data "{data}"' in said.error
    assert run("restore", newest).code == 0
    assert records(data) == good
    assert len(list(data.glob("damaged-*.sqlite"))) == 1


def test_the_desktop_offers_the_newest_backup_and_opens_it(
    data: Path, open_desktop: Callable[[Path], Application], qtbot: Any
) -> None:
    damage(data)
    desktop = open_desktop(data)
    qtbot.waitUntil(lambda: failure(desktop) is not None, timeout=LONG_MS)
    page = failure(desktop)
    assert "damaged" in words(page)
    assert backups(data)[0].name in words(page)
    assert page.action.text() == "Restore the newest backup"
    page.action.click()
    qtbot.waitUntil(lambda: desktop.workbench is not None, timeout=LONG_MS)
    assert len(list(data.glob("damaged-*.sqlite"))) == 1
    with desktop._session.workspace.read() as session:  # type: ignore[union-attr]
        rows = session.connection().exec_driver_sql("SELECT acronym FROM project").all()
    assert rows == [("SALTMARK",)]


def test_without_a_backup_nothing_is_offered_that_is_not_there(
    data: Path, open_desktop: Callable[[Path], Application], qtbot: Any
) -> None:
    for backup in backups(data):
        backup.unlink()
    damage(data)
    desktop = open_desktop(data)
    qtbot.waitUntil(lambda: failure(desktop) is not None, timeout=LONG_MS)
    assert "there is no backup" in words(failure(desktop))
    assert failure(desktop).action.text() == "Try again"
