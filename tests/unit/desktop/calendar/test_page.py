"""The calendar in a person's hands: seen, opened, planned in, moved and taken back."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu

from projectdesk.desktop.calendar.days import View
from projectdesk.desktop.calendar.layout import Place as Spot
from projectdesk.desktop.pages.calendar import CalendarPage
from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.save_calendar import save_calendar
from projectdesk.desktop.presenters.calendar import CalendarLook, look_of
from projectdesk.desktop.routes import Place, Route
from projectdesk.domain.meetings import Meeting, MeetingState, MeetingType
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import choose, dialog_of

TODAY = date(2027, 3, 31)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def page(on_screen, session, settle, reader, kick_off):
    made = CalendarPage(session, reader, lambda: TODAY, lambda: at("2027-03-31T11:00"))
    shown = on_screen(made)
    settle()
    return shown


def at(text):
    return datetime.fromisoformat(text)


def mouse(view, kind, x, y):
    held = NONE if kind is QEvent.Type.MouseButtonRelease else LEFT
    button = NONE if kind is QEvent.Type.MouseMove else LEFT
    event = QMouseEvent(kind, QPointF(x, y), QPointF(x, y), button, held, PLAIN)
    QApplication.sendEvent(view.viewport(), event)


def press(view, key, modifiers=PLAIN):
    QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, key, modifiers))


def middle(view, key):
    rect = view.face.rects_of(key)[0]
    return rect.left + rect.width / 2, rect.top + min(rect.height / 2, 12)


def drag(view, key, dx, dy):
    x, y = middle(view, key)
    mouse(view, QEvent.Type.MouseButtonPress, x, y)
    mouse(view, QEvent.Type.MouseMove, x + dx / 2, y + dy / 2)
    mouse(view, QEvent.Type.MouseMove, x + dx, y + dy)
    mouse(view, QEvent.Type.MouseButtonRelease, x + dx, y + dy)


def key_of(meeting):
    return f"meeting {meeting}"


def look(page, settle, **changes):
    page.presenter.set_look(CalendarLook(**changes))
    settle()


def told(session):
    words = []
    session.noticed.connect(lambda notice: words.append(notice))
    return words


def test_a_month_shows_meetings_and_deadlines_and_a_click_opens_them(page, qtbot, kick_off):
    titles = {entry.title for entry in page.view.entries}
    assert "D1.1 Report" not in titles, "it is due in February"
    assert page.heading.text() == "March 2027"
    x, y = middle(page.view, key_of(kick_off))
    with qtbot.waitSignal(page.go) as gone:
        mouse(page.view, QEvent.Type.MouseButtonPress, x, y)
        mouse(page.view, QEvent.Type.MouseButtonRelease, x, y)
    assert gone.args[0] == Route(Place.MEETING, kick_off)


def test_a_deadline_opens_what_is_due(page, qtbot, settle, sample):
    page.presenter.go_to(date(2027, 2, 10))
    settle()
    mark = next(entry for entry in page.view.entries if entry.mark is not None)
    page.view.select_entry(mark)
    with qtbot.waitSignal(page.go) as gone:
        press(page.view, Qt.Key.Key_Return)
    assert gone.args[0] == Route(Place.PROJECT, sample.project, "deliverable", sample.deliverable)


def test_a_screen_reader_finds_every_entry_in_a_table(page, kick_off):
    table = QAccessible.queryAccessibleInterface(page.view)
    assert table is not None
    assert table.role() is QAccessible.Role.List
    assert table.childCount() == len(page.view.entries)
    number = [entry.key for entry in page.view.entries].index(key_of(kick_off))
    index = page.view.rows.index(number, 0)
    spoken = table.child(number).text(QAccessible.Text.Name)
    assert "AURORA" in spoken
    assert "10:00" in spoken
    assert "Copenhagen" in spoken
    assert page.view.visualRect(index).isValid()
    assert page.view.indexAt(page.view.visualRect(index).center()) == index


def test_arrows_go_from_day_to_day_and_out_of_the_month(page, settle):
    page.view.select_place(Spot(TODAY))
    press(page.view, Qt.Key.Key_Up)
    assert page.view.place == Spot(date(2027, 3, 24))
    page.view.select_place(Spot(date(2027, 4, 4)))
    press(page.view, Qt.Key.Key_Right)
    settle()
    assert page.view.place == Spot(date(2027, 4, 5))
    assert page.heading.text() == "April 2027"
    press(page.view, Qt.Key.Key_PageUp)
    settle()
    assert page.heading.text() == "March 2027"


def test_letters_choose_the_view_and_today(page, settle, qtbot):
    page.view.setFocus()
    for key, view in (
        (Qt.Key.Key_W, View.WEEK),
        (Qt.Key.Key_L, View.LIST),
        (Qt.Key.Key_M, View.MONTH),
    ):
        qtbot.keyClick(page, key)
        settle()
        assert page.presenter.look.view is view
        assert page.which.value == view
    page.presenter.go_to(date(2028, 1, 1))
    settle()
    qtbot.keyClick(page, Qt.Key.Key_T)
    settle()
    assert page.heading.text() == "March 2027"


def test_the_next_entry_is_one_key_away(page, kick_off):
    page.view.select_place(Spot(date(2027, 3, 1)))
    press(page.view, Qt.Key.Key_N)
    entry = page.view.current_entry()
    assert entry is not None
    assert entry.key == key_of(kick_off)


def test_a_week_shows_hours_in_two_zones_and_opens_where_one_was(page, settle, kick_off):
    page.presenter.go_to(date(2027, 4, 1))
    look(page, settle, view=View.WEEK, other="America/New_York")
    assert page.view.look.other == "America/New_York"
    entry = next(e for e in page.view.entries if e.key == key_of(kick_off))
    assert "04:00 New York" in page.view.words_of(entry)
    assert page.view.verticalScrollBar().value() > 0, "the morning is in sight, not midnight"


def test_a_double_click_on_an_empty_hour_plans_a_meeting_there(page, settle, qtbot, workspace):
    page.presenter.go_to(date(2027, 4, 1))
    look(page, settle, view=View.WEEK)
    face = page.view.face
    left = face.laid.columns[1][0] + 20
    y = face.laid.top + 14.5 * face.laid.sizes.hour - face.scrolled + 3
    mouse(page.view, QEvent.Type.MouseButtonDblClick, left, y)
    settle()
    dialog = dialog_of(page, FormDialog)
    choose(dialog.form.rows["type"].editor, MeetingType.AD_HOC)
    with qtbot.waitSignal(page.go) as gone:
        dialog.submit()
    row = queries.meeting(workspace, gone.args[0].id)
    assert row.local_start == at("2027-03-30T14:30")
    assert row.zone == "Europe/Copenhagen"
    settle()


def test_a_drag_moves_a_meeting_to_another_time_and_undo_takes_it_back(
    page, settle, session, workspace, kick_off
):
    page.presenter.go_to(date(2027, 4, 1))
    look(page, settle, view=View.WEEK)
    notices = told(session)
    face = page.view.face
    drag(page.view, key_of(kick_off), face.laid.columns[0][1], face.laid.sizes.hour * 1.5)
    settle()
    assert queries.meeting(workspace, kick_off).local_start == at("2027-04-02T11:30")
    (notice,) = notices
    assert "11:30 Copenhagen" in notice.text
    assert "told" not in notice.text
    assert notice.undo is not None
    commands.undo(workspace)
    settle()
    assert queries.meeting(workspace, kick_off).local_start == at("2027-04-01T10:00")


def test_in_a_month_a_drag_changes_the_day_and_says_that_invitees_know_another(
    page, settle, session, workspace, kick_off
):
    with workspace.change("Invite") as unit:
        unit.get(Meeting, kick_off).invited_at = workspace.now()
    commands.set_fields(
        workspace, Kind.MEETING, kick_off,
        queries.meeting(workspace, kick_off).version, {"zone": "America/New_York"},
    )  # fmt: skip
    settle()
    page.presenter.reload()
    settle()
    notices = told(session)
    drag(page.view, key_of(kick_off), page.view.face.laid.columns[0][1], 0)
    settle()
    row = queries.meeting(workspace, kick_off)
    assert (row.local_start, row.zone) == (at("2027-04-02T10:00"), "America/New_York")
    assert "send them the update" in notices[0].text


@pytest.mark.full
def test_what_was_held_is_not_moved(page, settle, workspace, kick_off):
    with workspace.change("Hold") as unit:
        unit.get(Meeting, kick_off).state = MeetingState.HELD
    page.presenter.reload()
    settle()
    drag(page.view, key_of(kick_off), page.view.face.laid.columns[0][1], 0)
    settle()
    assert queries.meeting(workspace, kick_off).local_start == at("2027-04-01T10:00")


def test_the_keyboard_moves_a_meeting_too(page, settle, workspace, kick_off):
    entry = next(e for e in page.view.entries if e.key == key_of(kick_off))
    page.view.select_entry(entry)
    press(page.view, Qt.Key.Key_Down, ALT)
    settle()
    assert queries.meeting(workspace, kick_off).local_start == at("2027-04-01T10:15")


def test_how_one_looks_is_kept(page, settle, workspace, reader):
    look(page, settle, view=View.WEEK, other="Asia/Seoul", country="PT", marks=False)
    kept = queries.setting(workspace, f"calendar.{reader.me.id.hex}")
    assert look_of(kept) == page.presenter.look
    assert look_of('{"view": "year"}') == CalendarLook()
    assert look_of('{"other": "Mars/Base"}') == CalendarLook()


def test_public_holidays_and_deadlines_are_switched(page, settle):
    look(page, settle, country="DK")
    assert any("Good Friday" in e.title or "Langfredag" in e.title for e in page.view.entries)
    look(page, settle, country="DK", holidays=False)
    assert not any(e.key.startswith("holiday") for e in page.view.entries)


@pytest.mark.full
def test_what_had_no_room_is_a_click_away(page, settle, workspace, sample):
    for hour in range(8, 18):
        commands.plan_meeting(
            workspace, sample.project, MeetingType.AD_HOC,
            at(f"2027-03-17T{hour:02}:00"), "Europe/Copenhagen",
        )  # fmt: skip
    page.presenter.reload()
    settle()
    (more,) = page.view.face.laid.mores
    mouse(page.view, QEvent.Type.MouseButtonPress, more.rect.left + 9, more.rect.top + 5)
    settle()
    assert page.presenter.look.view is View.WEEK
    assert page.presenter.anchor == date(2027, 3, 17)


def test_the_list_has_everything_of_a_year_and_can_be_filtered(page, settle, kick_off, qtbot):
    look(page, settle, view=View.LIST)
    page.filter.setText("kick")
    assert [entry.key for entry in page.list.shown()] == [key_of(kick_off)]
    with qtbot.waitSignal(page.go) as gone:
        page.list.opened.emit(page.list.shown()[0])
    assert gone.args[0].id == kick_off


def test_meetings_are_saved_as_a_file(page, settle, session, tmp_path, kick_off):
    notices = told(session)
    save_calendar(session, tmp_path / "calendar.ics")
    settle()
    assert b"BEGIN:VEVENT" in (tmp_path / "calendar.ics").read_bytes()
    assert notices[0].text == "Saved 1 meeting as calendar.ics."


def test_the_menu_of_a_meeting_and_of_an_empty_day(page, kick_off):
    entry = next(e for e in page.view.entries if e.key == key_of(kick_off))
    corner = page.view.viewport().mapToGlobal(page.view.viewport().rect().center())
    for target, words in ((entry, ["Open", "Save as .ics…"]), (Spot(TODAY), ["New meeting here"])):
        page.view.menu_asked.emit(target, corner)
        menu = page.findChildren(QMenu)[-1]
        assert [action.text() for action in menu.actions()] == words
        menu.hide()
