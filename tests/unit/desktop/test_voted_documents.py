"""The documents of a written procedure in its page: attached, taken off, fixed when it opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from projectdesk.desktop.pages.decisions.page import DecisionsPage
from projectdesk.desktop.pages.decisions.procedures import ProceduresPane
from projectdesk.services import commands
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import NOW


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "Budget.pdf"
    file.write_bytes(b"%PDF budget")
    return file


@pytest.fixture
def pane(on_screen, instant, reader, procedure):
    page = on_screen(DecisionsPage(instant, reader, lambda: NOW))
    page.tabs.show_tab(1)
    page.procedures.select_procedure(procedure)
    return page.procedures


def names(pane: ProceduresPane) -> list[str]:
    return [row.name for row in pane.documents.table.rows]


def test_documents_are_attached_taken_off_and_fixed(pane, workspace, sample, procedure, paper):
    documents = pane.documents
    assert documents.isVisible()
    assert not documents.table.isVisible()
    documents.presenter.attach([paper])
    assert names(pane) == ["Budget.pdf"]
    documents.table.select(documents.table.rows[0].id)
    documents.presenter.take_off(documents.table.rows)
    assert names(pane) == []
    commands.undo(workspace)
    assert names(pane) == ["Budget.pdf"]
    other = paper.with_name("Letter.pdf")
    other.write_bytes(b"%PDF letter")
    commands.attach_documents(workspace, Kind.PROJECT, sample.project, [other, paper])
    offered = []
    documents.presenter.ask_existing(offered.extend)
    assert [row.name for row in offered] == ["Letter.pdf"]
    dialog = documents.offer_existing(offered)
    dialog.form.rows["documents"].editor.set_value([offered[0].id])
    dialog.submit()
    assert sorted(names(pane)) == ["Budget.pdf", "Letter.pdf"]
    commands.open_procedure(workspace, procedure)
    assert not documents.add.isVisible()
    assert sorted(names(pane)) == ["Budget.pdf", "Letter.pdf"]
    documents.presenter.attach([paper])
    assert "attached here already" in documents._trouble.text()
