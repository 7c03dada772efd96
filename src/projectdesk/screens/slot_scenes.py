"""Scenes of finding a time: map, table, people, weights, moving a meeting, who paid."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast

from sqlalchemy import insert

from projectdesk.desktop.pages.find_time.page import FindTimePage
from projectdesk.desktop.routes import Place
from projectdesk.domain.meetings import MeetingState
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.store import schema

_MINUTES, _LAST = 60, date(2026, 12, 11)
_BUSY = (
    ("Seo-jun Baek", "Department review", 30, 8, 4),
    ("Henrike Wulff", "Lecture", 30, 8, 3),
    ("Duarte Meireles", "At sea", 31, 6, 12),
    ("Camilla Riis", "Board of VESENS", 33, 9, 2),
)
"""Who, what, from which day (November 30 is 30), which hour (UTC), how many hours."""


def _page(stage: Stage, tab: str = "slots") -> FindTimePage:
    stage.go(Place.FIND_TIME, None, tab)
    page = cast(FindTimePage, stage.workbench.page(Place.FIND_TIME))
    page.slots.view.buttons[0].click()
    rows = page.slots.question.form.rows
    for name, value in (("last", _LAST), ("minutes", _MINUTES)):
        if rows[name].value() != value:
            rows[name].editor.set_value(value)
            rows[name].editor.committed.emit()
            stage.settle()
    return page


def _fill_calendars(stage: Stage) -> None:
    """Put something into the calendars of some people, once."""
    workspace = stage.workspace
    people = {row.name: row.id for row in queries.people(workspace)}
    with workspace.read() as session:
        known = session.execute(schema.busy_time.select().limit(1)).first()
    if known is not None:
        return
    for name, what, day, hour, hours in _BUSY:
        if name not in people:
            continue
        values = {"person_id": people[name], "name": what}
        source, _ = commands.create(workspace, Kind.BUSY_SOURCE, values)
        month, day = (11, day) if day <= 30 else (12, day - 30)
        start = datetime(2026, month, day, hour, tzinfo=UTC)
        row = {
            "source_id": source,
            "seq": 1,
            "starts_at": start,
            "ends_at": start.replace(hour=hour + hours),
            "title": what,
        }
        with workspace.change("Read a calendar", undoable=False) as unit:
            unit.session.execute(insert(schema.busy_time).values(row))


def map_of_week(stage: Stage) -> None:
    """The map of a week and the best times."""
    _fill_calendars(stage)
    _page(stage)


def hours(stage: Stage) -> None:
    """The same week as a table."""
    page = _page(stage)
    page.slots.view.buttons[1].click()


def hard_hour(stage: Stage) -> None:
    """An hour that is hard on somebody."""
    page = _page(stage)
    page.slots.show_start(datetime(2026, 12, 3, 15, tzinfo=UTC))


def moving(stage: Stage) -> None:
    """A meeting gets another time."""
    rows = queries.meetings(stage.workspace)
    planned = [row for row in rows if row.state is MeetingState.PLANNED] or rows
    stage.go(Place.FIND_TIME, planned[0].id)


def nobody_free(stage: Stage) -> None:
    """No time suits everybody who is needed."""
    _fill_calendars(stage)
    page = _page(stage)
    rows = page.slots.question.form.rows
    for name, value in (("last", date(2026, 11, 30)), ("minutes", 12 * 60)):
        rows[name].editor.set_value(value)
        rows[name].editor.committed.emit()


def people(stage: Stage) -> None:
    """Who is needed and who is welcome."""
    _page(stage).slots.choose_people()


def weights(stage: Stage) -> None:
    """What an hour asks."""
    _page(stage).slots.change_weights()


def shares(stage: Stage) -> None:
    """Who paid, and a series that evens it out."""
    page = _page(stage, "shares")
    page.shares.look()
