"""The pages of meetings, over real services: planning, invitees, agenda, minutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor

from projectdesk.desktop.models import formats
from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.meeting.invitees import InviteDialog
from projectdesk.desktop.pages.meeting.notes_editor import NotesEditor
from projectdesk.desktop.pages.meeting.page import CAPACITY, EVERYONE, MeetingPage
from projectdesk.desktop.pages.meeting.record_lines import ActionLine, DecisionLine
from projectdesk.desktop.pages.meetings import MeetingsPage
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.domain.meetings import CallRole, MeetingState
from projectdesk.domain.minutes import ActionStatus
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import NOW, TODAY, choose, dialog_of, enter


def test_a_meeting_is_planned_in_a_short_dialog(
    on_screen, session, settle, reader, qtbot, workspace, sample
):
    page = on_screen(MeetingsPage(session, reader, lambda: NOW))
    page.new.click()
    settle()
    dialog = dialog_of(page, FormDialog)
    enter(dialog.form, date="8 Apr 2027", time="14:30", zone="New York")
    with qtbot.waitSignal(page.go) as told:
        dialog.submit()
    row = queries.meeting(workspace, told.args[0].id)
    assert (row.zone, row.local_start.hour, row.local_start.minute) == ("America/New_York", 14, 30)
    assert row.items > 3
    assert row.invited >= 2
    settle()
    assert [shown.id for shown in page.pane.table.shown()] == [row.id]


def test_without_projects_a_meeting_needs_one_first(on_screen, session, settle, qtbot):
    reader = Reader(session)
    page = on_screen(MeetingsPage(session, reader, lambda: NOW))
    with qtbot.waitSignal(page.go) as told:
        page.ask_meeting()
    assert told.args[0] == Route(Place.PROJECTS, tab="new")
    reader.close()


@pytest.fixture
def meeting(on_screen, session, settle, reader, workspace, kick_off):
    def links(meeting, then, failed):
        then({row.id: f"http://h/#{row.name}" for row in queries.invitations(workspace, meeting)})

    page = on_screen(MeetingPage(session, reader, links, lambda: TODAY))
    page.open(Route(Place.MEETING, kick_off))
    settle()
    return page


def test_the_header_says_when_in_both_zones(meeting, workspace, settle):
    assert "10:00 Copenhagen" in meeting.header._subtitle.text()
    commands.set_me(workspace, {"zone": "America/New_York"})
    settle()
    assert "04:00 New York" in meeting.header._subtitle.text()


@pytest.mark.full
def test_more_people_than_a_call_takes_are_told_before_it_starts(meeting):
    page = meeting
    row = page.presenter.row
    assert page.crowded.isHidden()
    page.show_meeting(replace(row, invited=EVERYONE))
    assert page.crowded.isHidden()
    page.show_meeting(replace(row, invited=CAPACITY))
    assert "25 are invited. With more than 12 people in the call" in page.crowded.words
    page.show_meeting(replace(row, invited=30, accepted=CAPACITY))
    assert "25 people at once, and 30 are invited" in page.crowded.words
    page.show_meeting(replace(row, invited=30, accepted=26))
    assert "and 26 have accepted" in page.crowded.words
    page.show_meeting(replace(row, invited=30, state=MeetingState.HELD))
    assert page.crowded.isHidden()


def test_an_agenda_that_is_too_long_turns_red(meeting, settle, workspace, kick_off):
    assert meeting.agenda.sum.property("look") == "muted"
    row = queries.meeting(workspace, kick_off)
    commands.set_fields(workspace, Kind.MEETING, row.id, row.version, {"duration_minutes": 30})
    settle()
    assert meeting.agenda.sum.property("look") == "alarm"
    assert "too long" in meeting.agenda.sum.text()


def test_items_are_moved_added_and_deleted(meeting, settle, workspace, kick_off, qtbot):
    pane = meeting.agenda
    first = next(line for line in pane.table.rows if line.item is not None)
    pane.table.select(first.id)
    pane.table.setFocus()
    qtbot.keyClick(pane.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    settle()
    assert queries.agenda(workspace, kick_off)[1].id == first.id
    assert pane.table.current().id == first.id
    pane.add.click()
    settle()
    assert queries.agenda(workspace, kick_off)[2].title == "New item"
    assert pane.table.current().item.title == "New item"
    pane.inspector.delete.click()
    settle()
    assert "New item" not in [row.title for row in queries.agenda(workspace, kick_off)]


def test_invitees_their_times_and_links(meeting, settle, kick_off, workspace):
    meeting.open(Route(Place.MEETING, kick_off, "invitees"))
    settle()
    pane = meeting.invitees
    american = next(row for row in pane.table.rows if row.country == "US")
    there = next(i for i, c in enumerate(pane.table._model.columns) if c.title == "Their time")
    assert pane.table._model.columns[there].text(american) == "04:00 New York"
    pane.copy_all.click()
    assert len(QGuiApplication.clipboard().text().splitlines()) == len(pane.table.rows)
    pane.presenter.copy_checks([american])
    settle()
    copied = QGuiApplication.clipboard().text()
    assert "/check#" in copied
    assert "\n" not in copied
    model = pane.table._model
    role = next(i for i, c in enumerate(model.columns) if c.title == "Role")
    number = model.find(american.id)
    model.setData(model.index(number, role), CallRole.PRESENTER)
    settle()
    rows = {row.id: row for row in queries.invitations(workspace, kick_off)}
    assert rows[american.id].role is CallRole.PRESENTER


@pytest.mark.full
def test_people_are_ticked_and_invited(meeting, settle, workspace, sample, kick_off):
    row = queries.invitations(workspace, kick_off)[0]
    commands.delete(workspace, Kind.INVITATION, row.id, row.version)
    meeting.open(Route(Place.MEETING, kick_off, "invitees"))
    settle()
    meeting.invitees.invite.click()
    dialog = dialog_of(meeting, InviteDialog)
    assert not dialog.action.isEnabled()
    dialog.list.item(0).setCheckState(Qt.CheckState.Checked)
    dialog.submit()
    settle()
    assert row.person_id in [r.person_id for r in queries.invitations(workspace, kick_off)]


@pytest.mark.full
def test_every_keystroke_in_the_notes_is_kept(meeting, settle, workspace, kick_off, qtbot):
    meeting.open(Route(Place.MEETING, kick_off, "minutes"))
    settle()
    pane = meeting.minutes
    notes = pane.notes
    qtbot.keyClicks(notes, "Hello world")
    cursor = notes.textCursor()
    cursor.setPosition(5)
    cursor.insertText(" 😀,")
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.deletePreviousChar()
    assert notes.toPlainText() == "Hello 😀, worl"
    assert pane.presenter.text_of(pane.item) == "Hello 😀, worl"
    notes.undo()
    assert pane.presenter.text_of(pane.item) == notes.toPlainText()
    item = pane.item
    meeting.close_page()
    settle()
    assert queries.notes(workspace, kick_off)[item] == notes.toPlainText()


def test_another_item_has_its_own_notes(meeting, settle, kick_off, qtbot, workspace):
    meeting.open(Route(Place.MEETING, kick_off, "minutes"))
    settle()
    pane = meeting.minutes
    first, second = (row.id for row in queries.agenda(workspace, kick_off)[:2])
    qtbot.keyClicks(pane.notes, "first")
    pane.list.setCurrentRow(1)
    assert pane.item == second
    assert pane.notes.toPlainText() == ""
    qtbot.keyClicks(pane.notes, "second")
    pane.show_item(first)
    assert pane.notes.toPlainText() == "first"


def test_what_others_type_leaves_the_cursor_where_it_is(meeting, settle, kick_off, qtbot):
    meeting.open(Route(Place.MEETING, kick_off, "minutes"))
    settle()
    notes = meeting.minutes.notes
    qtbot.keyClicks(notes, "one two")
    cursor = notes.textCursor()
    cursor.setPosition(3)
    notes.setTextCursor(cursor)
    notes.show_text(meeting.minutes.item, "zero one two")
    assert notes.textCursor().position() == 8
    notes.show_text(meeting.minutes.item, "zero one two three")
    assert notes.textCursor().position() == 8


def test_decisions_and_actions_are_written_with_enter(
    meeting, settle, kick_off, qtbot, workspace, sample
):
    meeting.open(Route(Place.MEETING, kick_off, "minutes"))
    settle()
    pane = meeting.minutes
    qtbot.keyClicks(pane.new_decision.field, "We go on.")
    qtbot.keyClick(pane.new_decision.field, Qt.Key.Key_Return)
    settle()
    assert [d.text for d in queries.decisions(workspace)] == ["We go on."]
    assert len(pane.findChildren(DecisionLine)) == 1
    pane.new_action.who.set_value(sample.people[1])
    pane.new_action.due.setText("soon")
    qtbot.keyClicks(pane.new_action.what, "Send the draft")
    qtbot.keyClick(pane.new_action.what, Qt.Key.Key_Return)
    assert pane.new_action.due.property("invalid") == "true"
    pane.new_action.due.setText(formats.day(TODAY + timedelta(days=9)))
    qtbot.keyClick(pane.new_action.what, Qt.Key.Key_Return)
    settle()
    action = queries.actions(workspace)[0]
    assert action.owner_person_id == sample.people[1]
    assert action.due_on == TODAY + timedelta(days=9)
    line = pane.findChildren(ActionLine)[0]
    line.tick.setChecked(True)
    settle()
    assert queries.actions(workspace)[0].status is ActionStatus.DONE


@pytest.mark.full
def test_who_does_an_action_and_by_when_is_changed_in_the_minutes(
    meeting, settle, kick_off, workspace, sample
):
    item = queries.agenda(workspace, kick_off)[0].id
    values = {"meeting_id": kick_off, "agenda_item_id": item, "text": "Send the draft"}
    commands.create(workspace, Kind.ACTION, values)
    meeting.open(Route(Place.MEETING, kick_off, "minutes"))
    settle()
    [line] = meeting.minutes.findChildren(ActionLine)
    assert (line.form.unfolded, line.facts) == (False, "A1")
    line.edit.click()
    rows = line.form.form.rows
    choose(rows["owner_person_id"].editor, sample.people[1])
    settle()
    choose(rows["owner_partner_id"].editor, sample.partners[1])
    settle()
    rows["due_on"].editor.setText("soon")
    rows["due_on"].editor.editingFinished.emit()
    assert rows["due_on"].problem
    rows["due_on"].editor.setText(formats.day(TODAY - timedelta(days=1)))
    rows["due_on"].editor.editingFinished.emit()
    settle()
    row = queries.actions(workspace)[0]
    assert (row.owner_person_id, row.owner_partner_id) == (sample.people[1], sample.partners[1])
    assert row.due_on == TODAY - timedelta(days=1)
    assert line in meeting.minutes.findChildren(ActionLine), "it stays under one's hands"
    assert "Bo OfMIT (MIT)" in line.facts
    choose(rows["status"].editor, ActionStatus.DROPPED)
    settle()
    assert line.facts.endswith("Dropped")
    choose(rows["status"].editor, ActionStatus.DONE)
    settle()
    assert line.tick.isChecked()
    assert queries.actions(workspace)[0].done_on == TODAY


def test_nobody_has_been_there_yet(meeting, settle, kick_off):
    meeting.open(Route(Place.MEETING, kick_off, "attendance"))
    settle()
    assert meeting.attendance.people._empty.isVisible()


def test_details_are_saved_at_once(meeting, settle, workspace, kick_off):
    meeting.open(Route(Place.MEETING, kick_off, "details"))
    settle()
    rows = meeting.details.form.rows
    rows["time"].editor.setText("15:45")
    rows["time"].editor.editingFinished.emit()
    settle()
    assert queries.meeting(workspace, kick_off).local_start.minute == 45
    rows["date"].editor.setText("9 Apr 2027")
    rows["date"].editor.editingFinished.emit()
    settle()
    kept = queries.meeting(workspace, kick_off).local_start
    assert (kept.date(), kept.hour) == (date(2027, 4, 9), 15)


def test_start_is_asked_of_the_application(meeting, qtbot, kick_off, settle, workspace):
    with qtbot.waitSignal(meeting.start_asked) as told:
        meeting.start.click()
    assert told.args[0].id == kick_off
    row = queries.meeting(workspace, kick_off)
    commands.set_fields(
        workspace, Kind.MEETING, row.id, row.version, {"state": MeetingState.CANCELLED}
    )
    settle()
    assert not meeting.start.isVisible()


def test_a_keystroke_leaves_hard_spaces_as_they_are(qtbot):
    item, typed = uuid4(), []
    editor = NotesEditor()
    qtbot.addWidget(editor)
    editor.typed.connect(lambda *words: typed.append(words))
    editor.show_text(item, "10\u00a0km\nof cable")
    editor.insertPlainText("s")
    assert typed == [(item, "10\u00a0km\nof cable", "10\u00a0km\nof cables", 14)]
