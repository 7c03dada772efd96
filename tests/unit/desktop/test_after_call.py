"""After the call, in the page of a meeting: what is left, and what is done with it in a click."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from projectdesk.desktop.pages.home import HomePage, Line
from projectdesk.desktop.pages.meeting.after import AfterCallPane
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.domain.rules.after_call import Check, Todo, findings
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries
from projectdesk.services.queries.unfinished import unfinished_of
from projectdesk.services.unfinished_rows import BACKLOG
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import InstantSession

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample project."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    with Workspace.open(folder, secrets=MemorySecrets(), now=lambda: NOW) as workspace:
        commands.open_sample(workspace)
    return folder


@pytest.fixture
def workspace(sample: Path, tmp_path: Path):
    """The sample, copied for each test."""
    import shutil

    shutil.copytree(sample, tmp_path / "sample")
    with Workspace.open(tmp_path / "sample", secrets=MemorySecrets(), now=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def board(workspace: Workspace) -> UUID:
    """The meeting that was held last."""
    rows = queries.meetings(workspace)
    return next(row.id for row in rows if row.title == "Executive Board 2")


@pytest.fixture
def pane(
    qtbot: QtBot, dressed: object, instant: InstantSession, workspace: Workspace, board: UUID
) -> AfterCallPane:
    choices = Choices(instant)  # type: ignore[arg-type]
    choices.open(queries.meeting(workspace, board).project_id)
    made = AfterCallPane(instant, choices, Reader(instant), lambda: date(2026, 11, 24))  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1100, 900)
    made.open_meeting(board)
    made.show()
    return made


def checks(pane: AfterCallPane) -> list[Check]:
    assert pane.presenter.shown is not None
    return [each.check for each in pane.presenter.shown.findings]


@pytest.mark.full
def test_what_is_left_is_shown_with_what_helps(pane: AfterCallPane):
    assert checks(pane) == [
        Check.ATTENDANCE,
        Check.ACTION_OWNER,
        Check.ACTION_DATE,
        Check.LEFT_OVER,
    ]
    assert len(pane.findings.lines) == 4
    assert [row.label for row in pane.todo.table.rows] == ["A17", "A18", "A19", "A20"]
    assert pane.decisions.table.rows[0].words.startswith("carried: 7 of 7")
    assert len(pane.left_over.lines) == 2
    bars = pane.times.bars
    assert [round(bar.value) for bar in bars] == [4, 31, 34, 15, 0, 0]
    assert bars[1].tip == "11 min longer than planned"
    assert pane.spoken.bars[0].name == "UMV"
    assert "Rui Sampaio 19 min" in pane.spoken.bars[0].tip
    assert pane.questions.table.rows[0].text == "Who pays for the second float?"
    assert pane.circulate.isEnabled()


def test_everything_is_finished_in_place_and_taken_back(pane: AfterCallPane, workspace: Workspace):
    pane.presenter.confirm_attendance()
    rows = {row.label: row for row in pane.todo.table.rows}
    fields = {c.field.name: c.field for c in pane.todo.table.columns if c.field}
    person = queries.people(workspace, rows["A19"].project_id)[0]
    pane.todo.table.edited.emit(rows["A19"], fields["owner_person_id"], person.id)
    pane.todo.table.edited.emit(rows["A18"], fields["due_on"], date(2026, 12, 4))
    pane.all_backlog.click()
    assert checks(pane) == []
    assert pane._ready.text() == "The minutes are ready to circulate."
    assert {each.waits for each in pane.presenter.shown.left_over} == {BACKLOG}
    commands.undo(workspace)
    assert checks(pane) == [Check.LEFT_OVER]


def test_an_item_goes_onto_the_next_agenda(pane: AfterCallPane, workspace: Workspace):
    shown = pane.presenter.shown
    assert shown is not None
    assert shown.next_meeting is not None
    before = len(queries.agenda(workspace, shown.next_meeting.id))
    pane.presenter.to_next([shown.left_over[0].id])
    items = queries.agenda(workspace, shown.next_meeting.id)
    assert len(items) == before + 1
    assert items[-1].carried_from_id == shown.left_over[0].id
    assert pane.presenter.shown.left_over[0].waits.startswith("Interim review")
    assert not pane.all_backlog.isVisible()  # one is left: its own button does


def test_the_page_shows_it_first_and_circulating_takes_two_clicks(
    qtbot: QtBot, dressed: object, instant: InstantSession, workspace: Workspace, board: UUID
):
    page = MeetingPage(instant, Reader(instant), lambda *_: None, lambda: date(2026, 11, 24))  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    page.open(Route(Place.MEETING, board))
    assert page.tabs.current == 3
    asked = []
    page.circulation.show_offer = asked.append  # type: ignore[method-assign, assignment]
    page.after.circulate.click()
    assert page.tabs.current == 5
    assert len(asked) == 1
    review = next(row for row in queries.meetings(workspace) if row.title == "Interim review")
    page.open(Route(Place.MEETING, review.id))
    assert page.tabs.current == 0
    page.close_page()


def test_bars_are_walked_by_keyboard_and_said(pane: AfterCallPane, qtbot: QtBot):
    assert pane.times.accessibleDescription() == (
        "1  Actions of the last board, 4 of 5 min, 1 min shorter than planned"
    )
    qtbot.keyClick(pane.times, Qt.Key.Key_Down)
    assert pane.times.accessibleDescription().startswith("2  Batteries")


def test_findings_come_in_the_order_in_which_they_are_done():
    found = findings(
        confirmed=False,
        empty_decisions=["D1"],
        undecided=["Budget"],
        actions=[Todo("A1", False, None), Todo("A2", True, date(2026, 1, 1))],
        left_over=["Any other business"],
        days_late=2,
    )
    assert [each.check for each in found] == list(Check)
    assert [each.about for each in found][1:] == [
        ("D1",), ("Budget",), ("A1",), ("A1",), ("Any other business",), (),
    ]  # fmt: skip
    nothing = findings(confirmed=True, empty_decisions=[], undecided=[], actions=[], left_over=[])
    assert nothing == ()


def test_home_says_which_minutes_wait(workspace: Workspace, board: UUID):
    (row,) = unfinished_of(workspace, queries.accepting_meetings(workspace))
    assert (row.meeting_id, len(row.findings), row.days_late) == (board, 4, 0)


def test_home_leads_to_what_is_to_finish(
    qtbot: QtBot, dressed: object, instant: InstantSession, board: UUID
):
    page = HomePage(instant, Reader(instant), lambda: date(2026, 11, 24))  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show()
    lines = [
        each
        for each in page.minutes.findChildren(Line)
        if "Executive Board 2" in each.accessibleName()
    ]
    assert "After the call: 4 to finish" in lines[0].accessibleName()
    gone = []
    page.go.connect(gone.append)
    qtbot.keyClick(lines[0], Qt.Key.Key_Return)
    assert gone == [Route(Place.MEETING, board, "after")]
    page.close_page()
