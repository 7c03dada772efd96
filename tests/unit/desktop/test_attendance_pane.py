"""Attendance in the page of a meeting: shown, corrected in place, taken back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from projectdesk.desktop.models.meeting_clock import instant_of, optional_instant_of
from projectdesk.desktop.pages.meeting.attendance import AttendancePane
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.domain.consortium import Body, BodyMember
from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.domain.minutes import AttendanceInterval, CorrectionKind
from projectdesk.domain.rules.attendance import AttendanceStatus
from projectdesk.services import commands, queries
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import InstantSession


@pytest.fixture
def start(workspace: Workspace, kick_off: UUID) -> datetime:
    """Hold the kick-off, of a body of all partners, for an hour; its first invitee was there."""
    row = queries.meeting(workspace, kick_off)
    invitation = queries.invitations(workspace, kick_off)[0]
    begin = row.starts_at.astimezone(UTC)
    with workspace.change("Hold", undoable=False) as unit:
        body = Body(project_id=row.project_id, name="Assembly", proxy_limit=1)
        unit.add(body)
        for partner in queries.partners(workspace, row.project_id):
            unit.add(BodyMember(body_id=body.id, partner_id=partner.id))
        meeting = unit.get(Meeting, kick_off)
        meeting.state, meeting.body_id = MeetingState.HELD, body.id
        meeting.opened_at, meeting.ended_at = begin, begin + timedelta(minutes=60)
        unit.add(
            AttendanceInterval(
                meeting_id=kick_off,
                invitation_id=invitation.id,
                name=invitation.name,
                joined_at=begin + timedelta(minutes=10),
                left_at=begin + timedelta(minutes=60),
            )
        )
    return begin


@pytest.fixture
def pane(
    qtbot: QtBot, dressed: object, instant: InstantSession, start: datetime, kick_off: UUID
) -> AttendancePane:
    choices = Choices(instant)  # type: ignore[arg-type]
    choices.open(queries.meeting(instant.workspace, kick_off).project_id)
    made = AttendancePane(instant, choices, Reader(instant))  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.open_meeting(kick_off)
    made.show()
    return made


def test_presence_is_said_in_place_and_taken_back(pane: AttendancePane, workspace: Workspace):
    absent = pane.people.rows[1]
    assert absent.status is AttendanceStatus.ABSENT
    field = next(c.field for c in pane.people.columns if c.field and c.field.name == "presence")
    pane.people.edited.emit(absent, field, CorrectionKind.PRESENT)
    row = pane.people.rows[1]
    assert (row.status, row.share, field.value(row)) == (
        AttendanceStatus.PRESENT,
        1.0,
        CorrectionKind.PRESENT,
    )
    assert pane.corrections.table.rows[0].invitation_id == row.invitation_id
    commands.undo(workspace)
    assert pane.people.rows[1].status is AttendanceStatus.ABSENT


@pytest.mark.full
def test_an_hour_is_typed_by_the_readers_clock(pane: AttendancePane, start: datetime):
    row = pane.people.rows[0]
    field = next(c.field for c in pane.people.columns if c.field and c.field.name == "first_in")
    local = start.astimezone(ZoneInfo(pane._reader.zone))
    pane.people.edited.emit(row, field, local.time())
    row = pane.people.rows[0]
    assert row.first_in == start
    assert row.is_corrected
    assert row.measured_minutes == 50


@pytest.mark.full
def test_what_cannot_be_is_said_and_changes_nothing(
    pane: AttendancePane, instant: InstantSession, start: datetime
):
    row = pane.people.rows[0]
    field = next(c.field for c in pane.people.columns if c.field and c.field.name == "last_out")
    beyond = (start + timedelta(minutes=90)).astimezone(ZoneInfo(pane._reader.zone))
    pane.people.edited.emit(row, field, beyond.time())
    assert "reaches beyond it" in instant.notices[-1].text
    assert not pane.people.rows[0].is_corrected


@pytest.mark.full
def test_a_dialog_says_beside_the_field_what_is_wrong(pane: AttendancePane, qtbot: QtBot):
    pane.ask_correction(pane.people.rows[0].invitation_id)
    dialog = pane.window().findChild(QDialog)
    form = dialog.form
    form.rows["from_at"].editor.setText("half past")
    dialog.submit()
    assert form.rows["from_at"].problem
    form.rows["from_at"].editor.setText("3:00")
    form.rows["to_at"].editor.setText("")
    dialog.submit()
    assert "reaches beyond" in form.rows["from_at"].problem + form.rows["to_at"].problem
    dialog.reject()


@pytest.mark.full
def test_who_sits_in_the_room_and_who_is_represented(
    pane: AttendancePane, workspace: Workspace, kick_off: UUID
):
    pane.ask_companion(pane.people.rows[0].invitation_id)
    dialog = pane.window().findChild(QDialog)
    dialog.form.rows["name"].editor.setText("Zita")
    dialog.submit()
    assert [row.name for row in pane.companions.table.rows] == ["Zita"]
    assert pane.people.rows[1].with_name == pane.people.rows[0].name
    members = [row for row in pane.partners.rows if row.member]
    pane.presenter.announce(
        {
            "from_partner_id": members[1].partner_id,
            "to_partner_id": members[0].partner_id,
            "note": "",
        },
        lambda: None,
        pane.presenter.refuse,
    )
    (proxy,) = pane.proxies.table.rows
    assert (proxy.from_partner, proxy.fault) == (members[1].partner, None)
    pane.presenter.end_proxy(proxy)
    assert pane.proxies.table.rows[0].ended_at is not None


@pytest.mark.full
def test_the_quorum_is_walked_by_keyboard_and_said(pane: AttendancePane, qtbot: QtBot):
    assert len(pane.stretches.rows) == 2
    chart = pane.chart
    assert "0 of" in chart.accessibleDescription()
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert "1 of" in chart.accessibleDescription()
    current = pane.stretches.current()
    assert current is not None
    assert current.present == 1
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    assert pane.stretches.current() == pane.stretches.rows[0]


def test_attendance_is_confirmed_and_that_is_taken_back(
    pane: AttendancePane, workspace: Workspace, kick_off: UUID
):
    pane.confirm.click()
    assert queries.meeting(workspace, kick_off).id == kick_off
    assert pane.confirm.text() == "Confirmed"
    pane.confirm.click()
    assert pane.confirm.text() == "Confirm attendance"


def test_a_time_of_day_lies_in_the_meeting_also_over_midnight():
    begin = datetime(2026, 3, 10, 21, 30, tzinfo=UTC)
    meeting = (begin, begin + timedelta(hours=4))
    assert instant_of(time(23, 0), "UTC", meeting) == begin + timedelta(minutes=90)
    assert instant_of(time(1, 0), "UTC", meeting) == begin + timedelta(minutes=210)
    assert instant_of(time(10, 30), "Pacific/Auckland", meeting) == begin
    assert optional_instant_of(" ", "UTC", meeting) is None
