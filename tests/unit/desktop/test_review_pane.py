"""The tab Review: pack, slots, rehearsal, and questions that are typed while one listens."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from PySide6.QtCore import Qt

from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.pages.meeting.review import LOG
from projectdesk.desktop.routes import Place, Route
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.preparation import QuestionState
from projectdesk.services import commands, queries
from projectdesk.services.documents.languages import choose_document_language
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import TODAY, dialog_of

START = datetime(2027, 4, 1, 10)  # noqa: DTZ001 - a planned time is local


@pytest.fixture
def review(workspace, sample):
    made, _ = commands.plan_meeting(
        workspace, sample.project, MeetingType.INTERIM_REVIEW, START, "Europe/Copenhagen"
    )
    return made


@pytest.fixture
def page(on_screen, session, settle, reader, review):
    made = on_screen(MeetingPage(session, reader, lambda *_: None, lambda: TODAY))
    made.open(Route(Place.MEETING, review, tab="review"))
    settle()
    return made


def review_tab(page):
    return page.tabs._bar.buttons[-1]


@pytest.mark.full
def test_only_a_review_has_the_tab(page, workspace, review, kick_off, settle):
    assert review_tab(page).isVisible()
    page.open(Route(Place.MEETING, kick_off))
    settle()
    assert not review_tab(page).isVisible()


@pytest.mark.full
def test_the_pack_shows_what_is_due_and_what_is_not_ready(page, workspace, review, sample, settle):
    pane = page.review
    (row,) = pane.deliverables.table.rows
    assert row.row.id == sample.deliverable
    assert row.days_late == 10  # due on 28 February, not submitted, it is the 10 March
    assert "1 deliverable is late." in pane.findings.words


@pytest.mark.full
def test_no_table_of_the_pack_is_squeezed(page):
    for part in (page.review.slots, page.review.deliverables):
        assert part.height() >= part.table.geometry().bottom()
        assert part.table.height() > len(part.table.rows) * 30


@pytest.mark.full
def test_a_work_package_gets_its_slot(page, workspace, review, sample, settle):
    pane = page.review
    for item in queries.agenda(workspace, review):
        if item.work_package_id == sample.work_package or "WP1" in item.title:
            commands.delete(workspace, Kind.AGENDA_ITEM, item.id, item.version)
    settle()
    (slot,) = pane.slots.table.rows
    assert "Without a slot on the agenda: WP1." in pane.findings.words
    pane.presenter.add_slot(slot)
    settle()
    assert pane.slots.table.rows[0].minutes == 15
    assert "slot" not in pane.findings.words


@pytest.mark.full
def test_the_rehearsal_is_one_dialog_away(page, workspace, review, qtbot, settle):
    page.review.rehearse.click()
    dialog = dialog_of(page, FormDialog)
    with qtbot.waitSignal(page.go) as told:
        dialog.submit()
    made = queries.meeting(workspace, told.args[0].id)
    assert made.rehearsal_of_id == review
    assert made.local_start == datetime(2027, 3, 25, 10)  # noqa: DTZ001
    settle()
    with qtbot.waitSignal(page.go) as told:
        page.review.rehearse.click()
    assert told.args[0] == Route(Place.MEETING, made.id)


def test_questions_are_typed_one_after_the_other(page, workspace, review, qtbot, settle):
    page.tabs.show_tab(0)
    qtbot.keyClick(
        page, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    pane = page.review
    assert pane.which.value == LOG
    for typed in ("Reviewer: why is D1.1 late?", "And now?"):
        qtbot.keyClicks(pane.questions.quick, typed)
        qtbot.keyClick(pane.questions.quick, Qt.Key.Key_Return)
        settle()
        assert pane.questions.quick.text() == ""
    rows = pane.questions.table.rows
    assert [(row.label, row.asked_by, row.deliverable) for row in rows] == [
        ("Q1", "Reviewer", "D1.1"),
        ("Q2", "", ""),
    ]
    pane.questions.presenter.edit(
        Kind.REVIEW_QUESTION, rows[0].id, rows[0].version, "state", QuestionState.ANSWERED
    )
    settle()
    assert pane.questions.table.rows[0].state is QuestionState.ANSWERED


@pytest.mark.full
def test_pack_and_log_are_saved(page, tmp_path, review, settle, workspace):
    commands.add_question(workspace, review, "Why?")
    choose_document_language(workspace, "de")
    pack, log = tmp_path / "pack.md", tmp_path / "log.csv"
    page.review.presenter.export("md", pack)
    page.review.presenter.export("csv", log)
    settle()
    assert "Begutachtungsmappe" in pack.read_text("utf-8")
    assert {"Why?", "Gefragt von"} <= set(re.split("[;\r\n]+", log.read_text("utf-8-sig")))
