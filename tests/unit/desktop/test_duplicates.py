"""Doubles on the screen: merged in the directory, chosen about in an import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from projectdesk.desktop.pages.directory import DirectoryPage
from projectdesk.desktop.pages.duplicates import DuplicatesDialog
from projectdesk.desktop.pages.import_dialog import PeopleImportDialog
from projectdesk.desktop.presenters.importing import PeopleRun
from projectdesk.desktop.runtime.session import WorkspaceSession
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import dialog_of

Settle = Callable[[], None]


def person(workspace: Workspace, **values: object) -> None:
    commands.create(workspace, Kind.PERSON, values)


@pytest.fixture
def twice(workspace: Workspace) -> None:
    person(workspace, given_name="Ida", family_name="Holm", email="a@x.example", phone="1")
    person(workspace, given_name="Ida", family_name="Hölm", email="b@x.example")


def test_two_people_are_merged_field_by_field_and_come_back(
    qtbot: QtBot, session: WorkspaceSession, workspace: Workspace, twice: None, settle: Settle
) -> None:
    page = DirectoryPage(session)
    qtbot.addWidget(page)
    page.show()
    settle()
    page.people.doubles.click()
    settle()
    dialog = dialog_of(page, DuplicatesDialog)
    assert dialog.list.picks()[0].title == "Ida Holm"
    assert dialog.form.taken() == frozenset()
    dialog.form.choose("family_name", second=True)
    dialog.keep_second.setChecked(True)
    dialog.merge.click()
    settle()
    [row] = queries.people(workspace)
    assert (row.name, row.email, row.phone) == ("Ida Hölm", "a@x.example", "1")
    assert not dialog.merge.isEnabled(), "there is no pair left"
    commands.undo(workspace)
    settle()
    assert len(queries.people(workspace)) == 2
    assert dialog.merge.isEnabled()
    dialog.apart.click()
    settle()
    assert not dialog.list.picks()
    dialog.reject()
    page.close_page()


def test_an_import_follows_what_was_chosen_about_doubles(
    qtbot: QtBot,
    session: WorkspaceSession,
    workspace: Workspace,
    twice: None,
    settle: Settle,
    tmp_path: Path,
) -> None:
    file = tmp_path / "people.csv"
    rows = "First name,Last name,E-mail,Phone\nIda,Holm,a@x.example,2\nHolm,Ida,c@x.example,3\n"
    file.write_text(rows, encoding="utf-8")
    window = QWidget()
    qtbot.addWidget(window)
    dialog = PeopleImportDialog(window, session, PeopleRun(file, None), lambda _report: None)
    dialog.show()
    settle()
    pane = dialog.doubles
    assert [pick.tag for pick in pane.list.picks()] == ["Merge", "Separate"]
    pane.form.choose("phone", second=True)
    pane.list.setCurrentRow(1)
    pane.same.setChecked(True)
    settle()
    assert [pick.tag for pick in pane.list.picks()] == ["Merge", "Merge"]
    assert pane.list.currentRow() == 1, "a new preview keeps the place"
    dialog.go.click()
    settle()
    people = {row.email: row for row in queries.people(workspace)}
    assert people.keys() == {"a@x.example", "b@x.example"}
    assert people["a@x.example"].phone == "2"
