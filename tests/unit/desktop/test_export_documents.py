"""Documents out of the desktop: which are offered, in which formats, in which language."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QFileDialog, QMenu

from projectdesk.desktop.pages.export_documents import (
    LanguageMenu,
    RegisterExport,
    add_documents,
    document_names,
    format_names,
)
from projectdesk.services import commands, queries
from projectdesk.services.commands.documents import DOCUMENTS, FORMATS, TABLES
from projectdesk.services.documents.languages import document_language
from projectdesk.services.rows import Kind


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
    made.set_project(sample.project)
    made.ask("decisions", "md")
    dialog = made.window().findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "d.md"))
    dialog.reject()
    acronym = queries.project(workspace, sample.project).acronym
    assert f"# Decision register, {acronym}" in (tmp_path / "d.md").read_text("utf-8")
    assert instant.notices[-1].text == "Saved d.md."


def test_of_several_projects_one_has_to_be_chosen(instant, workspace, sample, qtbot):
    made = RegisterExport(instant, "actions")
    qtbot.addWidget(made)
    if len(queries.projects(workspace)) < 2:
        commands.create(
            workspace,
            Kind.PROJECT,
            {
                "acronym": "SECOND",
                "title": "",
                "start_date": date(2026, 1, 1),
                "duration_months": 9,
            },
        )
    made.ask("actions", "pdf")
    assert instant.notices[-1].error
    assert made.window().findChild(QFileDialog) is None
