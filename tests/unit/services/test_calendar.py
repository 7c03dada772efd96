"""What the calendar shows: meetings, days that matter, holidays, and one's busy times."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import insert

from projectdesk.domain.meetings import Meeting, MeetingState, MeetingType
from projectdesk.domain.preparation import BusySource, DatePoll, PollState
from projectdesk.domain.rules.zoned_time import to_utc
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def add_meeting(
    workspace: Workspace,
    project: UUID,
    start: str,
    *,
    zone: str = "Europe/Lisbon",
    minutes: int = 60,
    **more: object,
) -> UUID:
    made = Meeting(
        project_id=project,
        type=MeetingType.AD_HOC,
        title=str(more.pop("title", "Call")),
        local_start=local(start),
        zone=zone,
        starts_at=to_utc(local(start), zone),
        duration_minutes=minutes,
        **cast(dict[str, Any], more),
    )
    with workspace.change("Add a meeting") as unit:
        unit.add(made)
    return made.id


def test_meetings_of_all_projects_that_touch_the_days(workspace, project_id):
    other, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "ZEPHYR"})
    inside = add_meeting(workspace, project_id, "2026-03-10T10:00")
    theirs = add_meeting(workspace, other, "2026-03-11T23:30", zone="America/New_York")
    long = add_meeting(workspace, project_id, "2026-03-02T09:00", minutes=9 * 24 * 60)
    add_meeting(workspace, project_id, "2026-03-20T10:00")
    add_meeting(workspace, project_id, "2026-03-02T09:00", minutes=60)
    found = queries.calendar(workspace, date(2026, 3, 9), date(2026, 3, 13))
    assert [row.id for row in found.meetings] == [long, inside, theirs]
    assert found.meetings[2].ends_at == datetime(2026, 3, 12, 4, 30, tzinfo=UTC)
    assert [acronym for _, acronym in found.projects][-1] == "ZEPHYR"
    mine = queries.calendar(workspace, date(2026, 3, 9), date(2026, 3, 13), project_id=other)
    assert [row.id for row in mine.meetings] == [theirs]


def test_a_meeting_says_whether_it_can_be_moved_and_whether_invitees_know_its_time(
    workspace, project_id
):
    told = datetime(2026, 3, 1, tzinfo=UTC)
    add_meeting(workspace, project_id, "2026-03-10T10:00", invited_at=told)
    add_meeting(workspace, project_id, "2026-03-10T12:00", state=MeetingState.HELD)
    planned, held = queries.calendar_meetings(workspace)
    assert (planned.movable, planned.told) == (True, True)
    assert (held.movable, held.told) == (False, False)


def test_what_is_due_stands_on_its_day(workspace, project_id):
    package, _ = commands.create(
        workspace,
        Kind.WORK_PACKAGE,
        {"project_id": project_id, "title": "Sensing", "start_month": 1, "end_month": 36},
    )
    commands.create(
        workspace,
        Kind.DELIVERABLE,
        {"work_package_id": package, "title": "Report", "due_month": 3},
    )
    commands.create(
        workspace,
        Kind.MILESTONE,
        {"project_id": project_id, "title": "Kick-off", "due_month": 3},
    )
    commands.create(
        workspace,
        Kind.REPORTING_PERIOD,
        {"project_id": project_id, "number": 1, "start_month": 1, "end_month": 3, "due_days": 0},
    )
    found = queries.calendar(workspace, date(2026, 3, 31), date(2026, 4, 1)).marks
    assert {(mark.kind, mark.label, mark.title, mark.done) for mark in found} == {
        (Kind.DELIVERABLE, "D1.1", "Report", False),
        (Kind.MILESTONE, "MS1", "Kick-off", False),
        (Kind.REPORTING_PERIOD, "RP1", "", False),
    }
    assert not queries.calendar(workspace, date(2026, 3, 1), date(2026, 3, 31)).marks


def test_the_deadline_of_a_date_poll_is_a_day_in_its_zone(workspace, project_id):
    poll, _ = commands.create(
        workspace,
        Kind.DATE_POLL,
        {
            "project_id": project_id,
            "title": "When?",
            "zone": "Asia/Seoul",
            "deadline": datetime(2026, 3, 10, 16, tzinfo=UTC),
        },
    )
    row = queries.calendar(workspace, date(2026, 3, 11), date(2026, 3, 12))
    assert not row.marks, "nobody was asked yet"
    with workspace.change("Open the poll") as unit:
        unit.get(DatePoll, poll).state = PollState.OPEN
    (mark,) = queries.calendar(workspace, date(2026, 3, 11), date(2026, 3, 12)).marks
    assert (mark.kind, mark.title, mark.day) == (Kind.DATE_POLL, "When?", date(2026, 3, 11))


def test_public_holidays_of_the_country_that_is_chosen(workspace):
    found = queries.calendar(workspace, date(2026, 6, 8), date(2026, 6, 12), country="PT")
    assert [(day.day, bool(day.name)) for day in found.holidays] == [(date(2026, 6, 10), True)]
    assert not queries.calendar(workspace, date(2026, 6, 8), date(2026, 6, 12)).holidays


def test_my_busy_times_and_nobody_elses(workspace):
    commands.set_me(workspace, {"given_name": "Ada", "family_name": "Lund", "zone": "UTC"})
    me = queries.me(workspace)
    assert me is not None
    other, _ = commands.create(workspace, Kind.PERSON, {"family_name": "Other"})
    for person, title in ((me.id, "Dentist"), (other, "Secret")):
        source = BusySource(person_id=person, name="Calendar")
        with workspace.change("Read a calendar") as unit:
            unit.add(source)
            unit.session.flush()
            rows = [
                {
                    "source_id": source.id,
                    "seq": 1,
                    "starts_at": datetime(2026, 3, 10, 9, tzinfo=UTC),
                    "ends_at": datetime(2026, 3, 10, 10, tzinfo=UTC),
                    "title": title,
                },
                {
                    "source_id": source.id,
                    "seq": 2,
                    "first_day": date(2026, 3, 12),
                    "last_day": date(2026, 3, 13),
                    "title": title,
                },
            ]
            for row in rows:
                unit.session.execute(insert(schema.busy_time).values(row))
    found = queries.calendar(workspace, date(2026, 3, 9), date(2026, 3, 16)).busy
    assert [(row.title, row.first_day) for row in found] == [
        ("Dentist", date(2026, 3, 12)),
        ("Dentist", None),
    ]
    assert not queries.calendar(workspace, date(2026, 3, 14), date(2026, 3, 16)).busy


@pytest.mark.parametrize("days", [0, -1, 4000])
def test_a_span_is_some_days(workspace, days):
    begin = date(2026, 3, 1)
    with pytest.raises(DomainError) as caught:
        queries.calendar(workspace, begin, date.fromordinal(begin.toordinal() + days))
    assert caught.value.code == "bad_span"


def test_home_says_the_zones_of_who_is_invited_where_most_are_first(workspace, project_id):
    meeting = add_meeting(workspace, project_id, "2026-03-10T10:00")
    zones = ("Asia/Seoul", "Europe/Lisbon", "Asia/Seoul", "")
    for number, zone in enumerate(zones):
        person, _ = commands.create(
            workspace, Kind.PERSON, {"family_name": f"P{number}", "zone": zone}
        )
        values = {"meeting_id": meeting, "person_id": person}
        commands.create(workspace, Kind.INVITATION, values)
    found = queries.home(workspace, date(2026, 3, 2)).zones
    assert found == {meeting: ("Asia/Seoul", "Europe/Lisbon")}
