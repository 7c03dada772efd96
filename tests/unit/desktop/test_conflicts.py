"""Somebody else saved first: said when both are kept, asked when both changed one field."""

from __future__ import annotations

from uuid import UUID

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.pages.conflict_dialog import EDIT, MINE, THEIRS, ConflictDialog
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.widgets.editors import NumberEditor
from projectdesk.desktop.widgets.form import Form
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.conflicts import ConflictView
from projectdesk.services.rows import Kind, WorkPackageRow
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import InstantSession


@pytest.fixture
def package(workspace: Workspace) -> WorkPackageRow:
    project, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "AQUA"})
    values = {"project_id": project, "title": "Pilots", "start_month": 3, "end_month": 12}
    commands.create(workspace, Kind.WORK_PACKAGE, values)
    return _read(workspace, project)


def _read(workspace: Workspace, project: UUID) -> WorkPackageRow:
    [row] = queries.work_packages(workspace, project)
    return row


def _other(workspace: Workspace, row: WorkPackageRow, **values: object) -> None:
    """Save as another desktop does."""
    with Workspace.open(workspace.data, secrets=workspace.secrets, now=workspace.now) as other:
        commands.set_fields(other, Kind.WORK_PACKAGE, row.id, row.version, values)


def _save(session: InstantSession, row: WorkPackageRow, **values: object) -> list[ProjectDeskError]:
    refused: list[ProjectDeskError] = []
    presenter = Presenter(session)
    presenter.save(Kind.WORK_PACKAGE, row.id, row.version, values, refused.append)
    return refused


def _conflict(session: InstantSession) -> ConflictView:
    found = session.notices[-1].conflict
    assert found is not None
    return found


@pytest.fixture
def session(workspace: Workspace) -> InstantSession:
    return InstantSession(workspace)


def test_fields_that_only_one_changed_are_both_kept(
    workspace: Workspace, session: InstantSession, package: WorkPackageRow
) -> None:
    _other(workspace, package, end_month=20)
    assert _save(session, package, title="Mine") == []
    [notice] = session.notices
    assert "both are kept" in notice.text
    assert "End month" in notice.text
    row = _read(workspace, package.project_id)
    assert (row.title, row.end_month) == ("Mine", 20)


def test_own_edits_merge_silently(
    workspace: Workspace, session: InstantSession, package: WorkPackageRow
) -> None:
    assert _save(session, package, end_month=20) == []
    assert _save(session, package, title="Mine") == []
    assert session.notices == []


def test_a_rule_is_said_beside_the_field(
    workspace: Workspace, session: InstantSession, package: WorkPackageRow
) -> None:
    _other(workspace, package, end_month=6)
    [refusal] = _save(session, package, start_month=9)
    assert refusal.facts["field"] == "start_month"


@pytest.mark.parametrize(("choice", "kept"), [(THEIRS, "Theirs"), (MINE, "Mine"), (EDIT, "Both")])
def test_a_person_chooses(
    qtbot: QtBot,
    dressed: object,
    workspace: Workspace,
    session: InstantSession,
    package: WorkPackageRow,
    choice: str,
    kept: str,
) -> None:
    _other(workspace, package, title="Theirs")
    _save(session, package, title="Mine", start_month=5)
    assert _read(workspace, package.project_id).title == "Theirs"
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ConflictDialog(parent, session, _conflict(session))
    dialog.open()
    [field] = dialog.choices
    assert "Start month" in dialog._also.text()
    field.choose(choice)
    if choice == EDIT:
        field.editor.setPlainText("Both")
    dialog.submit()
    row = _read(workspace, package.project_id)
    assert (row.title, row.start_month) == (kept, 5)
    assert not dialog.isVisible()


def test_months_are_read_and_typed_as_months(
    qtbot: QtBot,
    dressed: object,
    workspace: Workspace,
    session: InstantSession,
    package: WorkPackageRow,
) -> None:
    _other(workspace, package, end_month=30)
    _save(session, package, end_month=28)
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ConflictDialog(parent, session, _conflict(session))
    dialog.open()
    [field] = dialog.choices
    shown = {label.text() for label in field.findChildren(QLabel)}
    assert {"M12", "M30", "M28"} <= shown
    field.choose(EDIT)
    assert isinstance(field.editor, NumberEditor)
    field.editor.setText("M99999")
    dialog.submit()
    assert "End month" in dialog.problem
    assert _read(workspace, package.project_id).end_month == 30
    field.editor.setText("M29")
    dialog.submit()
    assert _read(workspace, package.project_id).end_month == 29
    assert not dialog.isVisible()


def test_a_third_edit_is_shown_anew(
    qtbot: QtBot,
    dressed: object,
    workspace: Workspace,
    session: InstantSession,
    package: WorkPackageRow,
) -> None:
    _other(workspace, package, title="Theirs")
    _save(session, package, title="Mine")
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ConflictDialog(parent, session, _conflict(session))
    dialog.open()
    _other(workspace, _read(workspace, package.project_id), title="Third")
    dialog.submit()
    assert dialog.isVisible()
    assert "once more" in dialog.problem
    assert dialog.choices[0].field.theirs == "Third"
    dialog.submit()
    assert _read(workspace, package.project_id).title == "Mine"


def test_giving_up_keeps_the_words(
    qtbot: QtBot,
    dressed: object,
    workspace: Workspace,
    session: InstantSession,
    package: WorkPackageRow,
) -> None:
    _other(workspace, package, title="Theirs")
    _save(session, package, title="My long text")
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ConflictDialog(parent, session, _conflict(session))
    dialog.open()
    dialog.reject()
    assert QGuiApplication.clipboard().text() == "My long text"
    assert "clipboard" in session.notices[-1].text
    assert _read(workspace, package.project_id).title == "Theirs"


def test_a_deleted_record_comes_back_with_the_words(
    qtbot: QtBot,
    dressed: object,
    workspace: Workspace,
    session: InstantSession,
    package: WorkPackageRow,
) -> None:
    with Workspace.open(workspace.data, secrets=workspace.secrets, now=workspace.now) as other:
        commands.delete(other, Kind.WORK_PACKAGE, package.id, package.version)
    _save(session, package, title="My long text")
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ConflictDialog(parent, session, _conflict(session))
    dialog.open()
    assert "deleted" in dialog.windowTitle()
    dialog.copy()
    assert QGuiApplication.clipboard().text() == "My long text"
    dialog.presenter.bring_back()
    assert _read(workspace, package.project_id).title == "My long text"
    assert not dialog.isVisible()


def test_what_is_typed_goes_out_with_the_version_that_was_seen(
    qtbot: QtBot, dressed: object, workspace: Workspace, package: WorkPackageRow
) -> None:
    form = Form([Field("title", "Title", lambda row: row.title, Entry.TEXT)])
    qtbot.addWidget(form)
    form.show()
    form.show_row(package)
    editor = form.rows["title"].editor
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus)
    qtbot.keyClicks(editor, " and more")
    _other(workspace, package, title="Theirs")
    newer = _read(workspace, package.project_id)
    form.show_row(newer)
    assert "and more" in editor.text()
    assert form.seen("title") == package, "an edit of this must not overwrite theirs unseen"
    editor.clearFocus()
    form.show_row(newer)
    assert form.seen("title") == newer
    assert editor.text() == "Theirs"


def test_what_was_refused_stays_in_the_field_and_is_offered_again(
    qtbot: QtBot, dressed: object, package: WorkPackageRow
) -> None:
    form = Form([Field("title", "Title", lambda row: row.title, Entry.TEXT)])
    qtbot.addWidget(form)
    form.show()
    form.show_row(package)
    sent: list[object] = []
    form.entered.connect(lambda _name, value: sent.append(value))
    editor = form.rows["title"].editor
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus)
    editor.setText("Not saved yet")
    editor.clearFocus()
    form.show_problem("title", "The database server does not answer.")
    form.show_row(package)
    assert editor.text() == "Not saved yet"
    assert "does not answer" in form.rows["title"].problem
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus)
    editor.clearFocus()
    assert sent == ["Not saved yet", "Not saved yet"]
    form.show_row(package)
    assert editor.text() == package.title
