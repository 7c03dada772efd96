"""Documents out of the desktop: which are offered, in which formats, in which language."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from projectdesk.desktop.pages.export_documents import (
    LanguageMenu,
    RegisterExport,
    add_documents,
    document_names,
    format_names,
)
from projectdesk.services import queries
from projectdesk.services.commands.documents import DOCUMENTS, FORMATS, TABLES
from projectdesk.services.documents.languages import document_language


def test_every_document_is_offered_in_every_format_it_has(qtbot):
    menu = QMenu()
    qtbot.addWidget(menu)
    chosen: list[tuple[str, str]] = []
    made = add_documents(menu, lambda what, form: chosen.append((what, form)))
    assert set(made) == set(document_names()) == set(DOCUMENTS)
    for what, formats in made.items():
        expected = (*FORMATS, "csv") if what in TABLES else FORMATS
        assert tuple(format_names(what)) == expected
        for action in formats.actions():
            action.trigger()
    assert ("attendance", "csv") in chosen
    assert ("minutes", "csv") not in chosen
    assert len(chosen) == len(set(chosen)) == sum(len(format_names(what)) for what in made)


def test_the_language_is_shown_chosen_and_kept(instant, workspace, qtbot):
    menu = LanguageMenu(None, instant)
    qtbot.addWidget(menu)
    menu.aboutToShow.emit()
    assert [a.text() for a in menu.actions() if a.isChecked()] == ["English"]
    german = next(action for action in menu.actions() if action.text() == "Deutsch")
    german.trigger()
    assert document_language(workspace) == "de"
    assert document_language(workspace, "en") == "en"


def test_a_register_is_written_of_the_project_that_is_shown(
    instant, workspace, sample, qtbot, tmp_path
):
    made = RegisterExport(instant, "decisions")
    qtbot.addWidget(made)
    assert not made.isEnabled()
    assert made.toolTip()
    (project, *_) = queries.projects(workspace)
    made.set_project(project.id)
    assert made.isEnabled()
    made.write(project.id, "md", tmp_path / "d.md")
    assert f"# Decision register, {project.acronym}" in (tmp_path / "d.md").read_text("utf-8")
    assert instant.notices[-1].text == "Saved d.md."
