"""Saying in the page of a meeting when it was held, and taking it back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.routes import Place, Route
from projectdesk.domain.meetings import MeetingType
from projectdesk.services import commands, queries
from tests.unit.desktop.conftest import NOW

START = datetime.fromisoformat("2027-03-08T10:00")
"""Two days before now, in Copenhagen."""


@pytest.fixture
def meeting(workspace, sample):
    return commands.plan_meeting(
        workspace,
        sample.project,
        MeetingType.WORKSHOP,
        START,
        "Europe/Copenhagen",
        title="In a room",
        duration_minutes=60,
    )[0]


@pytest.fixture
def page(on_screen, instant, reader, meeting):
    shown = on_screen(MeetingPage(instant, reader, lambda *_: None, now=lambda: NOW))
    shown.open(Route(Place.MEETING, meeting, "attendance"))
    return shown


def dialog_of(page: MeetingPage) -> FormDialog:
    page._held.trigger()
    return page.window().findChildren(FormDialog)[-1]


def test_it_is_said_in_the_page_and_undone(page, workspace, meeting):
    assert page._held.isVisible()
    assert not page._unsaid.isVisible()
    dialog = dialog_of(page)
    values = dialog.form.values()
    assert values is not None
    assert values["held_until"] == time(11)
    dialog.form.rows["held_from"].editor.set_value(time(10, 20))
    dialog.form.rows["held_until"].editor.set_value(time(9))
    dialog.submit()
    assert dialog.isVisible()
    assert "cannot end before" in dialog.form.rows["held_until"].problem
    dialog.form.rows["held_until"].editor.set_value(time(12, 5))
    dialog.submit()
    assert not dialog.isVisible()
    row = queries.meeting(workspace, meeting)
    start = datetime(2027, 3, 8, 9, 20, tzinfo=UTC)
    assert (row.held_from, row.held_until) == (start, start + timedelta(minutes=105))
    assert "10:20" in page.header._subtitle.text()
    assert "said by hand" in page.header._subtitle.text()
    assert page.attendance.presenter.shown.start == row.held_from
    page._unsaid.trigger()
    assert queries.meeting(workspace, meeting).held_from is None
    commands.undo(workspace)
    assert queries.meeting(workspace, meeting).held_from == row.held_from
