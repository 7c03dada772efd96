"""Calendars of others on the desktop: dropped, previewed, imported; the calendars of a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from projectdesk.desktop.dropped import CalendarDrops, calendar_files
from projectdesk.desktop.pages.calendar_import import CalendarImportDialog
from projectdesk.desktop.pages.directory import DirectoryPage
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Notice, WorkspaceSession
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import Sample, dialog_of

Settle = Callable[[], None]

INVITATION = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:{method}
BEGIN:VEVENT
UID:x1@them
DTSTAMP:20270101T080000Z
SUMMARY:Review
ORGANIZER:mailto:officer@ec.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:ida@x.example
DTSTART;TZID=Europe/Brussels:20270310T100000
DTEND;TZID=Europe/Brussels:20270310T113000
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def ida(workspace: Workspace) -> UUID:
    values = {"given_name": "Ida", "family_name": "Holm", "email": "ida@x.example"}
    return commands.create(workspace, Kind.PERSON, values)[0]


@pytest.fixture
def invitation(tmp_path: Path) -> Path:
    file = tmp_path / "invite.ics"
    file.write_text(INVITATION.format(method="REQUEST"))
    return file


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.show()
    return made


def drop(window: QWidget, *files: Path) -> bool:
    """Drop files on a window; return whether they are taken."""
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    action, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier
    place = QPointF(20, 20)
    enter = QDragEnterEvent(place.toPoint(), action, dragged, buttons, keys.NoModifier)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        event = QDropEvent(place, action, dragged, buttons, keys.NoModifier)
        QApplication.sendEvent(window, event)
    return enter.isAccepted()


def test_an_invitation_dropped_on_the_window_is_shown_and_imported(
    window: QMainWindow,
    session: WorkspaceSession,
    workspace: Workspace,
    settle: Settle,
    sample: Sample,
    ida: UUID,
    invitation: Path,
) -> None:
    CalendarDrops(window, session, lambda: sample.project)
    before = len(queries.meetings(workspace, sample.project))
    assert drop(window, invitation)
    settle()
    dialog = dialog_of(window, CalendarImportDialog)
    assert [change.title for _, change in dialog.changes.rows] == [
        "2027-03-10 10:00  Review",
        "Ida Holm",
    ]
    assert len(queries.meetings(workspace, sample.project)) == before
    dialog.go.click()
    settle()
    assert len(queries.meetings(workspace, sample.project)) == before + 1
    assert commands.undo_label(workspace) == "Import meetings from invite.ics"


def test_other_files_are_not_taken(
    window: QMainWindow, session: WorkspaceSession, tmp_path: Path
) -> None:
    CalendarDrops(window, session, lambda: None)
    assert not drop(window, tmp_path / "plan.xml")
    dragged = QMimeData()
    dragged.setUrls([QUrl("https://example.org/a.ics"), QUrl.fromLocalFile("/x/A.ICS")])
    assert calendar_files(dragged) == [Path("/x/A.ICS")]


def test_an_answer_to_nothing_of_ours_is_told_and_no_import(
    window: QMainWindow,
    session: WorkspaceSession,
    settle: Settle,
    sample: Sample,
    tmp_path: Path,
) -> None:
    told: list[Notice] = []
    session.noticed.connect(told.append)
    file = tmp_path / "reply.ics"
    file.write_text(INVITATION.format(method="REPLY"))
    CalendarDrops(window, session, lambda: sample.project)
    drop(window, file)
    settle()
    assert [notice.error for notice in told] == [True]
    assert "answers no invitation" in told[0].text
    assert window.findChildren(CalendarImportDialog) == []


def test_what_a_calendar_becomes_is_chosen_in_the_dialog(
    window: QMainWindow,
    session: WorkspaceSession,
    workspace: Workspace,
    settle: Settle,
    sample: Sample,
    ida: UUID,
    invitation: Path,
) -> None:
    drops = CalendarDrops(window, session, lambda: None)
    drops.show_import(invitation)
    settle()
    dialog = dialog_of(window, CalendarImportDialog)
    assert dialog.project.isVisible()
    dialog.which.chosen.emit("busy")
    settle()
    assert not dialog.project.isVisible()
    dialog.person.set_value(ida)
    dialog.person.committed.emit()
    settle()
    dialog.go.click()
    settle()
    assert [row.person for row in queries.busy_sources(workspace)] == ["Ida Holm"]


def test_the_calendars_of_a_person_are_shown_read_again_and_removed(
    qtbot: QtBot,
    session: WorkspaceSession,
    workspace: Workspace,
    settle: Settle,
    ida: UUID,
    invitation: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return invitation.read_bytes()

    monkeypatch.setattr("projectdesk.exchange.calendar.web.fetch_calendar", fetch)
    page = DirectoryPage(session)
    qtbot.addWidget(page)
    page.show()
    settle()
    page.open(Route(Place.DIRECTORY, tab=Kind.PERSON, select=ida))
    settle()
    pane = page.people.calendars
    assert pane.lines == []
    dialog = pane.ask_address()
    dialog.form.rows["address"].editor.set_value("http://calendar.example/ida.ics")
    dialog.submit()
    settle()
    assert "https://" in dialog.form.rows["address"].problem
    dialog.form.rows["address"].editor.set_value("webcal://calendar.example/ida.ics")
    dialog.form.rows["name"].editor.set_value("Work")
    dialog.submit()
    settle()
    assert [line.name.text() for line in pane.lines] == ["Work"]
    pane.lines[0].refresh.click()
    settle()
    assert asked == ["https://calendar.example/ida.ics"] * 2
    pane.lines[0].drop.click()
    settle()
    assert pane.lines == []
    commands.undo(workspace)
    settle()
    assert [line.name.text() for line in pane.lines] == ["Work"]
    page.close_page()


def test_a_meeting_of_others_is_joined_at_their_address(
    on_screen: Callable[[QWidget], MeetingPage],
    session: WorkspaceSession,
    reader: Reader,
    workspace: Workspace,
    settle: Settle,
    sample: Sample,
    invitation: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link = "X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij\nDTSTART"
    invitation.write_text(invitation.read_text().replace("DTSTART", link))
    before = {row.id for row in queries.meetings(workspace)}
    commands.import_calendar(workspace, invitation, sample.project)
    (row,) = [row for row in queries.meetings(workspace) if row.id not in before]
    opened: list[str] = []
    started: list[object] = []
    monkeypatch.setattr(
        "projectdesk.desktop.pages.meeting.page.QDesktopServices.openUrl",
        lambda url: opened.append(url.toString()),
    )
    page = on_screen(MeetingPage(session, reader, lambda *_: None))
    page.start_asked.connect(started.append)
    page.open(Route(Place.MEETING, row.id))
    settle()
    assert page.start.text() == "Join meeting"
    page.start.click()
    assert opened == ["https://meet.google.com/abc-defg-hij"]
    assert started == []
