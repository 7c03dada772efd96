"""Documents in the desktop: dropped, opened, moved; the project file and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel

from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.documents import DocumentsPane
from projectdesk.desktop.pages.files_at_hand import runs, sorted_drop
from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.pages.project_file_dialog import ProjectFileDialog
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Notice
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.tab_groups import Group, Tab, TabGroups
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import NOW, TODAY, choose, dialog_of


@pytest.fixture
def pane(on_screen, session, settle, sample):
    page = on_screen(ProjectPage(session, lambda: TODAY))
    page.open(Route(Place.PROJECT, sample.project, "documents"))
    settle()
    yield page.documents
    page.documents.close_presenters()


def _drop(pane: DocumentsPane, *paths: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return _drop_data(pane, data)


def _drop_data(pane: DocumentsPane, data: QMimeData) -> bool:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    actions = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPointF(9, 9).toPoint(), actions, data, buttons, keys)
    enter.ignore()
    pane.dragEnterEvent(enter)
    if not enter.isAccepted():
        return False
    pane.dropEvent(QDropEvent(QPointF(9, 9), actions, data, buttons, keys))
    return True


def test_dropped_files_are_attached_and_listed(pane, settle, tmp_path, session, workspace, sample):
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"%PDF")
    assert not _drop(pane, tmp_path)  # a folder is no document
    assert _drop(pane, path)
    settle()
    [row] = pane.table.shown()
    assert (row.name, row.owner, row.here) == ("plan.pdf", "AURORA", True)
    assert pane.table.current() == row
    commands.undo(workspace)
    settle()
    assert pane.table.shown() == []


def test_what_is_left_out_of_a_drop_is_said(pane, settle, tmp_path, monkeypatch):
    told: list[Notice] = []
    monkeypatch.setattr(pane.presenter._session, "tell", told.append)
    paths = [tmp_path / name for name in ("a.pdf", "b.pdf")]
    for path in paths:
        path.write_bytes(path.name.encode())
    folder = tmp_path / "old reports"
    folder.mkdir()
    data = QMimeData()
    local = [QUrl.fromLocalFile(str(each)) for each in (*paths, folder, tmp_path / "gone.pdf")]
    data.setUrls([*local, QUrl("https://example.org/d3.pdf")])
    _drop_data(pane, data)
    settle()
    [notice] = told
    assert notice.text.startswith("Attached 2 documents.")
    for reason in (
        "old reports is a folder",
        "gone.pdf is not there",
        "https://example.org/d3.pdf is a web address",
    ):
        assert reason in notice.text
    paths.append(tmp_path / "c.pdf")
    paths[-1].write_bytes(b"c")
    _drop(pane, *paths)
    settle()
    assert "2 were attached already" in told[-1].text


def record_opened(monkeypatch: pytest.MonkeyPatch) -> list[QUrl]:
    """Keep what is handed to the system instead of opening it."""
    opened: list[QUrl] = []

    def keep(url: QUrl) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", keep)
    return opened


@pytest.mark.full
def test_a_document_is_opened_from_a_copy(pane, settle, tmp_path, monkeypatch):
    opened = record_opened(monkeypatch)
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"%PDF")
    _drop(pane, path)
    settle()
    pane.table.opened.emit(pane.table.shown()[0])
    settle()
    copy = Path(opened[0].toLocalFile())
    assert (copy.name, copy.read_bytes()) == ("plan.pdf", b"%PDF")
    assert copy != path


def test_a_program_is_opened_after_a_question_only(pane, settle, tmp_path, monkeypatch):
    opened = record_opened(monkeypatch)
    path = tmp_path / "setup.exe"
    path.write_bytes(b"MZ")
    _drop(pane, path)
    settle()
    pane.open_document(pane.table.shown()[0])
    settle()
    assert opened == []
    question = dialog_of(pane.window(), Dialog)
    assert any("program" in label.text() for label in question.findChildren(QLabel))
    question.reject()
    assert opened == []


@pytest.mark.parametrize("name", ["a.exe", "a.PDF.ExE", "a.bat ", "a.js.", "x.desktop"])
def test_what_runs_is_known(name):
    assert runs(name)
    assert not runs(f"{name}.pdf")


@pytest.mark.full
def test_a_document_is_attached_to_something_else(pane, settle, tmp_path, sample):
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"%PDF")
    _drop(pane, path)
    settle()
    pane._ask_owner(pane.table.shown()[0])
    settle()
    dialog = dialog_of(pane.window(), FormDialog)
    choose(dialog.form.rows["owner"].editor, (Kind.WORK_PACKAGE, sample.work_package))
    dialog.submit()
    settle()
    [row] = pane.table.shown()
    assert (row.owner_kind, row.owner_id) == (Kind.WORK_PACKAGE, sample.work_package)


def test_web_addresses_are_no_files():
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/plan.pdf")])
    assert sorted_drop(data)[0] == []


@pytest.mark.full
def test_a_project_file_comes_back_with_what_a_colleague_did(
    on_screen, session, settle, sample, workspace, tmp_path
):
    page = on_screen(ProjectPage(session, lambda: TODAY))
    page.open(Route(Place.PROJECT, sample.project))
    settle()
    path = tmp_path / "AURORA.projectdesk"
    page.presenter.export(path)
    settle()
    with Workspace.open(tmp_path / "other", secrets=MemorySecrets(), now=lambda: NOW) as other:
        commands.import_project_file(other, path)
        row = queries.work_packages(other, sample.project)[0]
        commands.set_fields(other, Kind.WORK_PACKAGE, row.id, row.version, {"title": "New"})
        commands.export_project_file(other, sample.project, path)
    done: list[object] = []
    dialog = ProjectFileDialog(page, session, path, done.append)
    settle()
    assert dialog.changes.rows[0][1].fields[0][2] == "New"
    dialog.go.click()
    settle()
    assert len(done) == 1
    assert queries.work_packages(workspace, sample.project)[0].title == "New"


def test_tabs_come_in_groups_and_remember_what_was_shown(qtbot):
    made: list[str] = []

    def page(name: str) -> QLabel:
        made.append(name)
        return QLabel(name)

    tabs = TabGroups(
        [
            Group("One", [Tab("one", "", lambda: page("one"))]),
            Group("Two", [Tab("two", "Two", lambda: page("two")), Tab("three", "Three", QLabel())]),
        ]
    )
    qtbot.addWidget(tabs)
    tabs.show()
    assert (tabs.current, made) == ("one", ["one"])
    tabs.show_tab("three")
    tabs.show_tab("one")
    tabs._bar.buttons[1].click()
    assert (tabs.current, made) == ("three", ["one"])
    tabs._bars[1][1].buttons[0].click()
    assert (tabs.current, made) == ("two", ["one", "two"])
    tabs.show_tab("nowhere")
    assert tabs.current == "two"
