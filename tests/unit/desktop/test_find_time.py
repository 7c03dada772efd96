"""Finding a time: the question, the map and its keys, the best times, people, weights, shares."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from projectdesk.desktop.models.heat import heat_week
from projectdesk.desktop.models.slot_words import ChosenSlots
from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.find_time.dialogs import Coming, PeopleDialog
from projectdesk.desktop.pages.find_time.page import FindTimePage
from projectdesk.desktop.pages.find_time.slots_pane import SlotsPane
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.domain.rules.pain import USUAL
from projectdesk.services import commands, queries, slot_weights
from projectdesk.services.rows import Kind
from projectdesk.services.slot_rows import SlotRequest
from tests.unit.desktop.conftest import choose, dialog_of

MONDAY = date(2027, 3, 15)


@pytest.fixture
def page(session, reader, settle, sample, on_screen):
    made = FindTimePage(session, reader, lambda: datetime(2027, 3, 10, 9, tzinfo=UTC))
    went: list[Route] = []
    made.went = went  # type: ignore[attr-defined]
    made.go.connect(went.append)
    made.set_project(sample.project)
    made.open(Route(Place.FIND_TIME))
    return on_screen(made)


def enter(page: FindTimePage, settle, name: str, value: object) -> None:
    row = page.slots.question.form.rows[name]
    row.editor.set_value(value)
    row.editor.committed.emit()
    settle()


def test_the_best_times_of_a_period_are_ranked_and_told_person_by_person(page, settle):
    pane = page.slots
    request = pane.presenter.request
    assert (request.first, request.last) == (MONDAY, MONDAY + timedelta(days=11))
    assert request.zone == "Europe/Copenhagen"
    best = pane.ranked.shown()[0]
    assert best.total == 0, "Copenhagen at work until five, Boston from nine: five hours apart"
    assert best.start == datetime(2027, 3, 15, 13, tzinfo=UTC)
    assert pane.ranked.current() == best
    assert "14:00–15:00 Copenhagen" in pane.detail.heading.text()
    assert {part.person.name for part in pane.detail.table.rows} == {"Bo OfDTU", "Bo OfMIT"}
    assert "2 people" in pane.summary.text()
    last = pane.ranked.shown()[-1]
    pane.ranked.select(last.start)
    assert pane.detail.table.rows[0].pain > 0


@pytest.mark.full
def test_an_hour_of_the_map_is_taken_by_mouse_and_keys_and_said_in_words(page, settle, qtbot):
    pane = page.slots
    heat = pane.heat
    assert len(heat._week.rows) == 2
    assert [row.label for row in heat._week.rows] == ["New York", "Copenhagen"]
    heat.setFocus()
    heat.choose(0)
    qtbot.keyClick(heat, Qt.Key.Key_Down)
    for _ in range(10):
        qtbot.keyClick(heat, Qt.Key.Key_Right)
    assert heat.cursor_hour == 34
    assert "10:00 Copenhagen" in heat.accessibleDescription()
    assert "05:00 New York: 10" in heat.accessibleDescription()
    qtbot.keyClick(heat, Qt.Key.Key_Return)
    assert pane.detail.heading.text().startswith("Tue 16 Mar, 10:00")
    assert pane.detail.table.rows[0].pain == 10
    assert not pane.ranked.selected()
    x = heat._left(60) + 2
    qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=_point(x, heat._top(1) + 4))
    assert pane.detail.heading.text().startswith("Wed 17 Mar, 12:00")
    pane.later.click()
    assert pane.week_words.text().startswith("22 Mar 2027")
    assert not pane.later.isEnabled()


def _point(x: float, y: float):
    from PySide6.QtCore import QPoint

    return QPoint(int(x), int(y))


@pytest.mark.full
def test_bars_are_higher_where_an_hour_asks_more(page):
    heat = page.slots.heat
    picture = heat.grab().toImage()
    scale = picture.width() / heat.width()

    def filled(hour: int, line: int) -> int:
        x = int((heat._left(hour) + heat._hour_width / 2) * scale)
        top, bottom = int(heat._top(line) * scale) + 4, int(heat._top(line + 1) * scale) - 4
        ground = QColor(picture.pixel(x, top))
        return sum(QColor(picture.pixel(x, y)) != ground for y in range(top, bottom))

    evening, later = filled(26, 2), filled(42, 2)
    assert heat._week.rows[1].pains[42] < heat._week.rows[1].pains[45]
    assert later > 0
    assert filled(45, 2) > later
    assert evening == 0, "the whole cell is bar at night"


@pytest.mark.full
def test_the_hours_of_the_map_are_a_table_too(page):
    pane = page.slots
    pane.view.buttons[1].click()
    rows = pane.hours.shown()
    assert len(rows) == 7 * 24
    assert rows[10].where == "05:00 New York (10)  ·  10:00 Copenhagen (0)"
    pane.hours.select(rows[10].start)
    assert pane.detail.heading.text().startswith("Mon 15 Mar, 10:00")


def test_a_week_in_which_clocks_change_shows_each_hour_by_the_clock(workspace, sample):
    request = SlotRequest(
        sample.project, date(2027, 3, 22), date(2027, 4, 4), 60, "Europe/Copenhagen"
    )
    report = queries.slots(workspace, request, 5)
    week = heat_week(report, date(2027, 3, 28))
    assert week.starts[0] == datetime(2027, 3, 27, 23, tzinfo=UTC)
    assert week.starts[12] == datetime(2027, 3, 28, 10, tzinfo=UTC), "noon in summer time"
    assert week.hour_of(datetime(2027, 3, 29, 8, tzinfo=UTC)) == 34
    for start, number in zip(week.starts, range(168), strict=True):
        at = report.table.grid.number(start)
        pains = [row.pains[number] for row in week.rows]
        assert pains == [report.table.pain(who, at) for who in (1, 0)]


@pytest.mark.full
def test_what_is_wrong_is_said_beside_the_field(page, settle):
    enter(page, settle, "last", date(2027, 3, 1))
    assert page.slots.question.form.rows["last"].problem == "The period ends before it begins."
    assert not page.slots.ranked.rows
    assert page.slots.heat._week is None
    assert not page.slots.detail.use.isEnabled()
    enter(page, settle, "last", date(2027, 3, 19))
    assert page.slots.question.form.rows["last"].problem == ""
    assert page.slots.ranked.rows


@pytest.mark.full
def test_people_are_needed_optional_or_not_asked(page, settle, sample):
    dialog = page.slots.choose_people()
    assert isinstance(dialog, PeopleDialog)
    assert {row.coming for row in dialog.table.rows} == {Coming.NEEDED}
    boston = next(row for row in dialog.table.rows if row.id == sample.people[1])
    dialog._set([boston], Coming.OPTIONAL)
    dialog.action.click()
    settle()
    request = page.slots.presenter.request
    assert (request.people, request.optional) == ((sample.people[0],), (sample.people[1],))
    assert page.slots.ranked.shown()[0].start == datetime(2027, 3, 15, 13, tzinfo=UTC)
    worst = max(page.slots.ranked.shown(), key=lambda slot: slot.worst)
    assert worst.total < worst.worst, "whoever is optional counts for half"
    dialog = page.slots.choose_people()
    dialog._set(dialog.table.rows, Coming.NOT_ASKED)
    assert not dialog.action.isEnabled()
    dialog.reject()


@pytest.mark.full
def test_weights_are_kept_and_refused_beside_the_field(page, settle, workspace):
    dialog = page.slots.change_weights()
    assert isinstance(dialog, FormDialog)
    dialog.form.rows["evening"].editor.set_value(11)
    dialog.submit()
    assert "night" in dialog.form.rows["night"].problem
    dialog.form.rows["evening"].editor.set_value(2)
    dialog.form.rows["night"].editor.set_value(20)
    dialog.submit()
    settle()
    assert slot_weights.slot_weights(workspace).night == 20
    page.slots.show_start(datetime(2027, 3, 15, 9, tzinfo=UTC))
    assert page.slots.detail.table.rows[0].pain == 20
    again = page.slots.change_weights()
    again.buttons.itemAt(0).widget().click()
    again.submit()
    settle()
    assert slot_weights.slot_weights(workspace) == USUAL


@pytest.mark.full
def test_the_meeting_is_planned_where_it_was_chosen(page, settle, workspace):
    page.slots.detail.use.click()
    settle()
    dialog = dialog_of(page, FormDialog)
    values = dialog.form.values()
    assert (values["date"], values["time"].hour) == (MONDAY, 14)
    assert (values["zone"], values["duration_minutes"]) == ("Europe/Copenhagen", 60)
    dialog.submit()
    settle()
    made = page.went[-1]
    assert made.place is Place.MEETING
    meeting = queries.meeting(workspace, made.id)
    assert meeting.starts_at == datetime(2027, 3, 15, 13, tzinfo=UTC)
    assert meeting.duration_minutes == 60
    page.open(Route(Place.FIND_TIME))
    settle()
    assert page.slots.ranked.shown()[0].start != meeting.starts_at, "they are busy now"


@pytest.mark.full
def test_whom_a_time_was_found_for_is_invited(page, settle, workspace, sample):
    body, _ = commands.create(
        workspace, Kind.BODY, {"project_id": sample.project, "name": "Executive Board"}
    )
    seat = {
        "body_id": body,
        "partner_id": sample.partners[1],
        "representative_id": sample.people[1],
    }
    commands.create(workspace, Kind.BODY_MEMBER, seat)
    settle()
    who = page.slots.question.form.rows["who"].editor
    who.load()
    choose(who, body)
    settle()
    assert [person.id for person in page.slots._report.people] == [sample.people[1]]
    page.slots.detail.use.click()
    settle()
    dialog_of(page, FormDialog).submit()
    settle()
    meeting = page.went[-1].id
    invited = {row.person_id for row in queries.invitations(workspace, meeting)}
    assert sample.people[1] in invited
    assert sample.people[0] not in invited


@pytest.mark.full
def test_a_meeting_gets_another_time_and_that_is_undone(page, settle, workspace, kick_off, session):
    page.open(Route(Place.FIND_TIME, kick_off))
    settle()
    before = queries.meeting(workspace, kick_off)
    pane = page.slots
    assert before.title in pane.moving.words
    assert pane.presenter.request.moving_id == kick_off
    assert pane.presenter.request.minutes == before.duration_minutes
    assert pane.detail.use.text() == "Move the meeting here"
    pane.show_start(datetime(2027, 3, 17, 13, tzinfo=UTC))
    pane.detail.use.click()
    settle()
    assert page.went[-1] == Route(Place.MEETING, kick_off)
    assert queries.meeting(workspace, kick_off).starts_at == datetime(2027, 3, 17, 13, tzinfo=UTC)
    commands.undo(workspace)
    assert queries.meeting(workspace, kick_off).starts_at == before.starts_at


@pytest.mark.full
def test_a_poll_is_offered_where_somebody_makes_it(page, settle, sample, session, reader, qtbot):
    alone = SlotsPane(session, reader, lambda: datetime(2027, 3, 10, 9, tzinfo=UTC))
    qtbot.addWidget(alone)
    assert alone.detail.poll.isHidden()
    alone.close_presenters()
    asked: list[ChosenSlots] = []
    page.slots.offer_polls(asked.append)
    assert not page.slots.detail.poll.isHidden()
    page.slots.detail.poll.click()
    assert asked[0].starts == (datetime(2027, 3, 15, 13, tzinfo=UTC),)
    assert asked[0].required == sample.people
    assert (asked[0].minutes, asked[0].zone) == (60, "Europe/Copenhagen")


@pytest.mark.full
def test_no_time_for_all_offers_the_least_bad(page, settle, workspace, sample):
    enter(page, settle, "last", MONDAY)
    busy = commands.create(
        workspace, Kind.BUSY_SOURCE, {"person_id": sample.people[0], "name": "x"}
    )
    _fill(workspace, busy[0], datetime(2027, 3, 14, tzinfo=UTC), datetime(2027, 3, 17, tzinfo=UTC))
    page.slots.presenter.reload()
    settle()
    assert not page.slots.ranked.rows
    page.slots.ranked.nothing.action.click()
    settle()
    first = page.slots.ranked.shown()[0]
    assert first.blocked == 1
    assert page.slots.detail.table.rows[0].can_come is False


def _fill(workspace, source: UUID, start: datetime, end: datetime) -> None:
    from sqlalchemy import insert

    from projectdesk.store import schema

    row = {"source_id": source, "seq": 1, "starts_at": start, "ends_at": end, "title": "Away"}
    with workspace.change("Read a calendar", undoable=False) as unit:
        unit.session.execute(insert(schema.busy_time).values(row))


@pytest.mark.full
def test_shares_show_who_paid_and_a_series_that_goes_round(page, settle):
    page.open(Route(Place.FIND_TIME, tab="shares"))
    settle()
    pane = page.shares
    assert [share.row.partner for share in pane.shares.shown()] == ["DTU", "MIT"]
    assert {share.after for share in pane.shares.rows} == {None}
    pane.form.rows["count"].editor.set_value(3)
    pane.spread.click()
    settle()
    assert len(pane.turns.rows) == 3
    assert pane.turns.rows[1].slot.start - pane.turns.rows[0].slot.start >= timedelta(days=20)
    assert {share.after for share in pane.shares.rows} == {0}
    assert not pane.plan.isEnabled()
    second = pane.turns.rows[1].slot.start
    pane.turns.select(second)
    pane.plan.click()
    settle()
    dialog = dialog_of(page, FormDialog)
    assert dialog.form.values()["date"] == second.date()
    dialog.reject()


@pytest.mark.full
def test_without_a_project_the_way_to_one_is_offered(session, settle, on_screen):
    reader = Reader(session)
    made = FindTimePage(session, reader)
    went: list[Route] = []
    made.go.connect(went.append)
    made.open(Route(Place.FIND_TIME))
    on_screen(made)
    assert made.slots.empty.isVisible()
    made.slots.empty.action.click()
    assert went == [Route(Place.PROJECTS, tab="new")]
    reader.close()
