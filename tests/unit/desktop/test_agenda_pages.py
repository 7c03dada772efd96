"""The agenda's pane over real services: lines, moves, backlog, carry-over, templates, imports."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl

from projectdesk.desktop.models.agenda_lines import lines_of, place_at
from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.meeting.agenda_dialogs import (
    CarryOverDialog,
    DaysDialog,
    SendAgendaDialog,
)
from projectdesk.desktop.pages.meeting.agenda_import import AgendaImportDialog
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.pages.meeting.template_dialog import TemplateDialog
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.domain.meetings import MeetingType
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import TODAY, dialog_of, enter


@pytest.fixture
def page(on_screen, session, settle, reader, kick_off):
    shown = on_screen(MeetingPage(session, reader, lambda *_: None, lambda: TODAY))
    shown.open(Route(Place.MEETING, kick_off))
    settle()
    return shown


@pytest.fixture
def pane(page):
    return page.agenda


def line_of(pane, title):
    return next(line for line in pane.table.rows if line.item and line.item.title == title)


def heading(pane, words):
    return next(line for line in pane.table.rows if line.item is None and words in line.words)


def test_sections_are_headings_across_the_list(pane):
    rows = list(pane.table.rows)
    assert [line.words for line in rows if line.item is None] == [
        "Opening",
        "Work packages",
        "How we work together",
        "Closing",
    ]
    assert pane.table.columnSpan(0, 0) == pane.table.model().columnCount()
    pane.table.select(rows[0].id)
    assert pane.inspector is None or pane.inspector.isHidden()


def test_what_came_after_the_agenda_was_sent_is_marked(pane, workspace, kick_off):
    added = pane.table.model().columnCount() - 1
    line = line_of(pane, "Partner round")
    assert pane.table.isColumnHidden(added), "nothing was sent yet"
    meeting = queries.meeting(workspace, kick_off)
    pane.show_meeting(replace(meeting, agenda_sent_at=line.item.added_at))
    assert pane.table.isColumnHidden(added), "all was there when it was sent"
    before = line.item.added_at - timedelta(seconds=1)
    pane.show_meeting(replace(meeting, agenda_sent_at=before))
    assert not pane.table.isColumnHidden(added)
    at = list(pane.table.rows).index(line)
    assert pane.table.model().index(at, added).data() == "Later"


def test_an_item_crosses_a_heading_by_the_keyboard(pane, qtbot, settle, workspace, kick_off):
    last = [line for line in pane.table.rows if line.section == "Opening" and line.item][-1]
    pane.table.select(last.id)
    pane.table.setFocus()
    qtbot.keyClick(pane.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    settle()
    row = next(row for row in queries.agenda(workspace, kick_off) if row.id == last.id)
    assert (row.section, row.label) == ("Work packages", last.item.label)
    qtbot.keyClick(pane.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    settle()
    row = next(row for row in queries.agenda(workspace, kick_off) if row.id == last.id)
    assert row.section == "Opening"


def test_a_place_takes_its_section_from_what_is_above(workspace, kick_off):
    lines = lines_of(queries.agenda_plan(workspace, kick_off))
    assert place_at(lines, 0).section == ""
    assert place_at(lines, 1).section == "Opening"
    assert place_at(lines, len(lines)).section == "Closing"
    assert place_at(lines, len(lines)).position == len(queries.agenda(workspace, kick_off))
    assert place_at([], 0).day == 1


@pytest.mark.full
def test_a_break_is_added_below_the_selected_item(pane, settle, workspace, kick_off):
    pane.table.select(line_of(pane, "Partner round").id)
    pane.add_break()
    settle()
    rows = queries.agenda(workspace, kick_off)
    assert (rows[2].is_break, rows[2].section, rows[2].label) == (True, "Opening", "")


@pytest.mark.full
def test_a_fixed_start_is_typed_and_emptied(pane, settle, workspace, kick_off):
    line = line_of(pane, "Partner round")
    pane.table.select(line.id)

    def type_start(words):
        editor = pane.inspector.form.rows["starts_minute"].editor
        editor.setText(words)
        editor.editingFinished.emit()
        settle()

    type_start("10:30")
    row = next(row for row in queries.agenda(workspace, kick_off) if row.id == line.id)
    assert (row.starts_minute, row.gap_minutes) == (630, 20)
    type_start("soon")
    row = next(row for row in queries.agenda(workspace, kick_off) if row.id == line.id)
    assert row.starts_minute == 630
    type_start("")
    row = next(row for row in queries.agenda(workspace, kick_off) if row.id == line.id)
    assert row.starts_minute is None


def test_days_are_set_and_a_day_that_is_too_long_is_red_with_words(page, pane, settle):
    pane.ask_days()
    dialog = dialog_of(page, DaysDialog)
    dialog.fields[0][1].setText("10:05")
    dialog.add_day()
    dialog.submit()
    settle()
    day = heading(pane, "Day 1")
    assert day.alarm
    assert "too long: it ends at" in day.words
    assert pane.sum.property("look") == "alarm"
    assert "Day 2" in heading(pane, "Day 2").words


def test_items_wait_in_the_backlog_and_come_back(pane, settle, workspace, kick_off):
    line = line_of(pane, "Communication and tools")
    pane.presenter.to_backlog([line])
    settle()
    assert pane.waiting.text() == "Backlog (1)"
    pane.toggle_backlog()
    pane.backlog.list.selectAll()
    assert pane.backlog.to_agenda.isEnabled()
    data = pane.backlog.list.mimeData(pane.backlog.list.selectedItems())
    from projectdesk.desktop.widgets.agenda_table import waiting_ids

    pane.table.waiting_dropped.emit(waiting_ids(data), 1)
    settle()
    first = queries.agenda(workspace, kick_off)[0]
    assert (first.title, first.section) == ("Communication and tools", "Opening")
    assert pane.backlog.list.count() == 0


@pytest.mark.full
def test_files_are_attached_by_a_drop_on_an_item(pane, settle, workspace, kick_off, tmp_path):
    file = tmp_path / "slides.txt"
    file.write_text("x")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    line = line_of(pane, "Partner round")
    pane.table.files_dropped.emit(line, data)
    settle()
    assert line_of(pane, "Partner round").item.documents == 1
    (document,) = queries.meeting_documents(workspace, kick_off)
    assert (document.owner_kind, document.owner_id) == (Kind.AGENDA_ITEM, line.id)


@pytest.mark.full
def test_what_the_last_meeting_left_is_shown_before_it_is_taken(page, pane, settle, workspace):
    pane.ask_carry_over()
    settle()
    dialog = dialog_of(page, CarryOverDialog)
    assert dialog.list.count() == 0
    dialog.reject()


def test_a_template_shows_what_it_makes_before(page, pane, settle, workspace, kick_off):
    before = len(queries.agenda(workspace, kick_off))
    pane.ask_template()
    settle()
    dialog = dialog_of(page, TemplateDialog)
    assert dialog.chosen.type is MeetingType.KICK_OFF
    rows = [dialog.list.item(n) for n in range(dialog.list.count())]
    dialog.list.setCurrentItem(next(item for item in rows if "Workshop" in item.text()))
    settle()
    titles = [line.item.title for line in dialog.preview.rows if line.item]
    assert "Group work A" in titles
    assert len(queries.agenda(workspace, kick_off)) == before
    dialog.ask_save()
    asked = dialog.findChild(FormDialog)
    enter(asked.form, name="Mine")
    asked.submit()
    settle()
    assert any("Mine" in dialog.list.item(n).text() for n in range(dialog.list.count()))
    dialog.append.click()
    settle()
    assert len(queries.agenda(workspace, kick_off)) == before + len(titles)


def test_open_actions_of_an_own_template_become_a_table(page, pane, settle, workspace, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text('title = "Own"\n[[item]]\ntitle = "Left"\nlists = ["open_actions"]\n', "utf-8")
    commands.import_template(workspace, file)
    pane.ask_template()
    settle()
    dialog = dialog_of(page, TemplateDialog)

    def choose(start: str) -> None:
        rows = [dialog.list.item(n) for n in range(dialog.list.count())]
        dialog.list.setCurrentItem(next(row for row in rows if row.text().startswith(start)))
        settle()

    def kept() -> bool | None:
        return next(r.tabled for r in queries.agenda_templates(workspace) if r.id is not None)

    choose("General Assembly")
    assert dialog.tabled.isChecked()
    assert not dialog.tabled.isEnabled(), "ours stay as they are"
    choose("Workshop")
    assert not dialog.tabled.isVisible()
    choose("Own")
    assert not dialog.tabled.isChecked()
    dialog.tabled.click()
    settle()
    assert kept() is True
    assert dialog.tabled.isChecked()
    commands.undo(workspace)
    assert kept() is False


def test_a_pasted_agenda_is_previewed_and_replaces(page, pane, settle, workspace, kick_off):
    pane.ask_import()
    dialog = dialog_of(page, AgendaImportDialog)
    assert not dialog.append.isEnabled()
    dialog.text.setPlainText("hello")
    dialog.read()
    settle()
    assert "no agenda" in dialog.findings.text()
    dialog.text.setPlainText("- Welcome (15 min)\n- Coffee\n")
    dialog.read()
    settle()
    assert [line.item.title for line in dialog.preview.rows] == ["Welcome", "Coffee"]
    assert "Line 2" in dialog.findings.text()
    dialog.replace.click()
    settle()
    assert [row.title for row in queries.agenda(workspace, kick_off)] == ["Welcome", "Coffee"]
    commands.undo(workspace)
    assert len(queries.agenda(workspace, kick_off)) > 2


@pytest.mark.full
def test_the_agenda_is_written_as_mails_and_counts_as_sent(
    page, pane, settle, workspace, kick_off, tmp_path, qtbot
):
    assert queries.meeting(workspace, kick_off).agenda_sent_at is None
    pane.ask_send()
    dialog = dialog_of(page, SendAgendaDialog)
    dialog.as_word.click()
    dialog.save_in(tmp_path / "mails")
    qtbot.waitUntil(
        lambda: queries.meeting(workspace, kick_off).agenda_sent_at is not None, timeout=30_000
    )
    settle()
    first, *_ = Path(tmp_path / "mails").glob("*.eml")
    mail = message_from_bytes(first.read_bytes())
    names = [part.get_filename() or "" for part in mail.walk()]
    assert [name.rpartition(".")[2] for name in names if name] == ["pdf", "docx"]


def test_an_agenda_that_was_sent_is_sent_again_after_a_question(
    page, pane, settle, workspace, kick_off, monkeypatch
):
    commands.mark_agenda_sent(workspace, kick_off)
    settle()
    with pytest.raises(DomainError) as caught:
        commands.save_agenda_mails(workspace, kick_off, Path("never"))
    assert caught.value.code == "agenda_sent"
    sent = []

    def send(_note, formats, _then, _failed, *, again):
        sent.append((formats, again))

    monkeypatch.setattr(pane.presenter, "send", send)
    pane.ask_send()
    dialog = dialog_of(page, SendAgendaDialog)
    dialog.as_markdown.click()
    dialog.send.click()
    assert sent == []
    question = next(each for each in dialog.findChildren(Dialog) if each.isVisible())
    question.buttons.itemAt(question.buttons.count() - 1).widget().click()
    assert sent == [(["pdf", "md"], True)]
