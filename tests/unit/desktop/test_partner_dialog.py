"""Adding a partner: found as one types, taken over by the keyboard, one step to undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from projectdesk.desktop.pages.partner_dialog import PartnerDialog
from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import WorkspaceSession
from projectdesk.services import commands, queries
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import TODAY, Sample, dialog_of
from tests.unit.exchange.exports import ORGANISATION, csv_file

ROWS = [
    {
        "organisationID": "900000001",
        "name": "Universidade de Évora",
        "shortName": "UEVORA",
        "country": "PT",
        "city": "Évora",
        "vatNumber": "PT1",
    },
    {"organisationID": "900000002", "name": "Universidad de León", "country": "ES"},
]


@pytest.fixture
def dialog(
    qtbot: QtBot,
    session: WorkspaceSession,
    workspace: Workspace,
    sample: Sample,
    settle: Callable[[], None],
    tmp_path: Path,
) -> Iterator[PartnerDialog]:
    commands.import_directory(workspace, [csv_file(tmp_path / "o.csv", ORGANISATION, ROWS)])
    page = ProjectPage(session, lambda: TODAY)
    qtbot.addWidget(page)
    page.show()
    page.open(Route(Place.PROJECT, sample.project, "consortium"))
    settle()
    page.ask_partner()
    settle()
    dialog: PartnerDialog = dialog_of(page, PartnerDialog)
    yield dialog
    page.close_page()


def typed(qtbot: QtBot, dialog: PartnerDialog, words: str, count: int) -> None:
    dialog.search.setText(words)
    qtbot.waitUntil(lambda: dialog.found.count() == count, timeout=10_000)


def test_typing_finds_and_enter_takes_over(
    qtbot: QtBot,
    dialog: PartnerDialog,
    workspace: Workspace,
    sample: Sample,
    settle: Callable[[], None],
) -> None:
    typed(qtbot, dialog, "univ evo", 1)
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.form.rows["legal_name"].value() == "Universidade de Évora"
    assert dialog.form.rows["pic"].value() == "900000001"
    dialog.submit()
    settle()
    added = queries.partners(workspace, sample.project)[-1]
    assert (added.short_name, added.city, added.vat_number) == ("UEVORA", "Évora", "PT1")
    commands.undo(workspace)
    assert not [row for row in queries.organisations(workspace) if row.pic]


def test_a_country_narrows_and_arrows_move(qtbot: QtBot, dialog: PartnerDialog) -> None:
    typed(qtbot, dialog, "univ", 4)  # two are our own
    assert dialog.found.picks()[0].tag.startswith("Here")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Down)
    assert dialog.found.currentRow() == 1
    dialog.country.set_value("ES")
    dialog.country.committed.emit()
    qtbot.waitUntil(lambda: dialog.found.count() == 1, timeout=10_000)
    assert dialog.found.picks()[0].title == "Universidad de León"


@pytest.mark.full
def test_what_is_typed_over_is_another_organisation(
    qtbot: QtBot,
    dialog: PartnerDialog,
    workspace: Workspace,
    sample: Sample,
    settle: Callable[[], None],
) -> None:
    typed(qtbot, dialog, "leon", 1)
    dialog.found.itemClicked.emit(dialog.found.item(0))
    dialog.form.rows["legal_name"].editor.setText("Leon Brothers")
    dialog.form.rows["pic"].editor.setText("")
    dialog.submit()
    settle()
    added = queries.partners(workspace, sample.project)[-1]
    assert (added.legal_name, added.pic) == ("Leon Brothers", "")
