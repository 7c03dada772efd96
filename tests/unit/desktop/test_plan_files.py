"""Work plans in and out of the desktop."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel

from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.presenters.plan_files import PlanExporter, loss_in_words
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.services import commands, queries
from projectdesk.services.commands import PlanFormat
from projectdesk.services.rows import Kind, Warning_
from tests.unit.desktop.conftest import TODAY, dialog_of


@pytest.fixture
def files(on_screen, session, settle, sample):
    page = on_screen(ProjectPage(session, lambda: TODAY))
    page.open(Route(Place.PROJECT, sample.project, tab="plan"))
    settle()
    return page.plan_desk.files


@pytest.fixture
def changed(workspace, sample, tmp_path) -> Path:
    """Return the plan as a file of Microsoft Project in which the work package is called anew."""
    file = tmp_path / "plan.xml"
    commands.export_work_plan(workspace, sample.project, file)
    text = file.read_text("utf-8").replace("WP1 Sensing", "WP1 Seeing")
    file.write_text(text, "utf-8")
    return file


def test_an_import_is_shown_first_and_can_be_undone(files, settle, workspace, sample, changed):
    dialog = files.show_import(changed)
    settle()
    assert [change.title for _, change in dialog.changes.rows] == ["WP1 Seeing"]
    assert queries.work_packages(workspace, sample.project)[0].title == "Sensing"
    dialog.go.click()
    settle()
    assert queries.work_packages(workspace, sample.project)[0].title == "Seeing"
    commands.undo(workspace)
    assert queries.work_packages(workspace, sample.project)[0].title == "Sensing"


@pytest.mark.full
def test_a_plan_of_other_years_is_counted_from_its_own_start(
    files, settle, workspace, sample, changed
):
    text = changed.read_text("utf-8")
    for year in (2029, 2028, 2027):
        text = text.replace(f"{year}-", f"{year - 20}-")
    changed.write_text(text, "utf-8")
    dialog = files.show_import(changed)
    settle()
    assert "Nothing was changed." in dialog._refusal.text()
    assert not dialog.go.isEnabled()
    dialog.own_start.click()
    settle()
    assert [change.title for _, change in dialog.changes.rows] == ["WP1 Seeing"]
    assert dialog.go.isEnabled()
    assert dialog.close_button.text() == "Cancel"
    dialog.go.click()
    settle()
    row = queries.work_packages(workspace, sample.project)[0]
    assert (row.title, row.start_month, row.end_month) == ("Seeing", 1, 36)


@pytest.mark.full
def test_tables_have_no_start_to_choose(files, settle, tmp_path):
    file = tmp_path / "risks.csv"
    file.write_text("Risk no.;Risk;Likelihood\nR1;Rain;high\n", encoding="utf-8")
    dialog = files.show_import(file)
    settle()
    assert not dialog.own_start.isVisible()
    assert [change.title for _, change in dialog.changes.rows] == ["R1 Rain"]
    dialog.reject()
    one = files.show_table(Kind.RISK, file)
    settle()
    assert [change.title for _, change in one.changes.rows] == ["R1 Rain"]


@pytest.mark.full
def test_what_a_format_cannot_hold_is_said_before_a_file_is_chosen(files, settle, qtbot):
    window = files._window()
    files.ask_export(PlanFormat.MSPDI)
    settle()
    dialog = dialog_of(window, Dialog)
    told = "\n".join(label.text() for label in dialog.findChildren(QLabel))
    assert "Types and dissemination levels of deliverables" in told
    assert not window.findChildren(QFileDialog)
    dialog.accept()
    files.ask_export(PlanFormat.XLSX)  # which holds everything
    settle()
    chooser = dialog_of(window, QFileDialog)
    assert chooser.selectedFiles()[0].endswith("AURORA.xlsx")
    chooser.reject()


def test_every_export_is_written_and_told(instant, sample, tmp_path):
    exporter = PlanExporter(instant)
    exporter.write(sample.project, PlanFormat.GAN, tmp_path / "p.gan")
    exporter.write_table(sample.project, Kind.DELIVERABLE, tmp_path / "d.csv")
    exporter.write_application(sample.project, tmp_path / "t.xlsx")
    exporter.write(sample.project, PlanFormat.GAN, tmp_path / "d.csv" / "p.gan")
    assert (tmp_path / "p.gan").stat().st_size
    assert "D1.1" in (tmp_path / "d.csv").read_text("utf-8-sig")
    notices = instant.notices
    assert [notice.text for notice in notices[:3]] == [
        "Written to p.gan.",
        "Written to d.csv.",
        "Written to t.xlsx.",
    ]
    assert notices[3].error


@pytest.mark.full
def test_menus_offer_this_table_where_there_is_one(files, qtbot, on_screen):
    from PySide6.QtWidgets import QWidget

    shown = [Kind.TASK]
    parent = QWidget()
    qtbot.addWidget(parent)
    for menu in (
        files.import_menu(lambda: shown[0], parent),
        files.export_menu(lambda: shown[0], parent),
    ):
        action = next(each for each in menu.actions() if each.text().startswith("Only this"))
        menu.aboutToShow.emit()
        assert action.isEnabled()
        shown[0] = Kind.MEETING
        menu.aboutToShow.emit()
        assert not action.isEnabled()
        shown[0] = Kind.TASK


def test_a_loss_that_has_no_words_here_is_told_as_it_is():
    warning = Warning_("", 0, "", "text_cut", "Excel holds less.")
    assert loss_in_words(warning) == "Excel holds less."
    assert loss_in_words(replace(warning, code="no_risks")) == "Risks"
    for code in ("no_reviews", "no_expected", "no_verification", "no_periods"):
        assert loss_in_words(replace(warning, code=code)) != warning.text
