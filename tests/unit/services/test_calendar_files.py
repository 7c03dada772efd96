"""Meetings as calendar objects, read back by another library."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import icalendar
import pytest
import vobject

from projectdesk.domain.meetings import FoldRule, Meeting, MeetingState
from projectdesk.domain.preparation import MeetingSeries
from projectdesk.domain.rules.zoned_time import to_utc
from projectdesk.errors import DomainError, EnvironmentFailure, NotFound
from projectdesk.services import calendar_files, commands, queries
from projectdesk.services.calendar_files import calendar_feed, calendar_file
from projectdesk.services.rows import Kind
from tests.unit.services.test_calendar import add_meeting, local


def events(content: bytes) -> dict[str, Any]:
    """Return the events by title, with the start of each in UTC."""
    parsed = icalendar.Calendar.from_ical(content)
    vobject.readOne(content.decode())  # a second opinion
    return {str(each["SUMMARY"]): each for each in parsed.walk("VEVENT")}


def test_every_meeting_has_its_time_zone_state_and_a_uid_that_stays(workspace, project_id):
    lisbon = add_meeting(workspace, project_id, "2026-03-10T10:00", title="Call; with, signs\\")
    boston = add_meeting(
        workspace, project_id, "2026-07-10T10:00", zone="America/New_York", title="Boston"
    )
    add_meeting(workspace, project_id, "2026-05-10T10:00", title="Off",
                state=MeetingState.CANCELLED)  # fmt: skip
    found = events(calendar_file(workspace, project_id).content)
    one = found["Call; with, signs\\"]
    assert one["UID"] == f"{lisbon.hex}@projectdesk"
    assert one.decoded("DTSTART").astimezone(UTC) == datetime(2026, 3, 10, 10, tzinfo=UTC)
    assert one.decoded("DTEND") - one.decoded("DTSTART") == timedelta(hours=1)
    assert found["Boston"]["UID"] == f"{boston.hex}@projectdesk"
    assert found["Boston"].decoded("DTSTART").astimezone(UTC) == datetime(
        2026, 7, 10, 14, tzinfo=UTC
    )
    assert found["Boston"]["DTSTART"].params["TZID"] == "America/New_York"
    assert (found["Off"]["STATUS"], found["Off"]["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    row = next(
        each for each in icalendar.Calendar.from_ical(calendar_file(workspace).content).walk()
    )
    assert row.name == "VCALENDAR"


def test_a_time_that_comes_twice_keeps_its_instant(workspace, project_id):
    later = to_utc(local("2026-10-25T02:30"), "Europe/Berlin", FoldRule.LATER)
    made = add_meeting(workspace, project_id, "2026-10-25T02:30", zone="Europe/Berlin")
    with workspace.change("Later") as unit:
        meeting = unit.get(Meeting, made)
        meeting.fold_rule, meeting.starts_at = FoldRule.LATER, later
    (event,) = events(calendar_file(workspace).content).values()
    assert event.decoded("DTSTART").astimezone(UTC) == later


def test_a_file_has_a_project_or_one_meeting_only(workspace, project_id, tmp_path: Path):
    other, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "ZEPHYR"})
    add_meeting(workspace, project_id, "2026-03-10T10:00", title="Ours")
    theirs = add_meeting(workspace, other, "2026-03-10T10:00", title="Theirs")
    out = tmp_path / "calendar.ics"
    assert commands.export_calendar(workspace, out) == 2
    acronym = queries.project(workspace, project_id).acronym
    assert sorted(events(out.read_bytes())) == sorted([f"{acronym}: Ours", "ZEPHYR: Theirs"])
    assert sorted(events(calendar_feed(workspace, None, "").content)) == sorted(
        [f"{acronym}: Ours", "ZEPHYR: Theirs"]
    )
    assert list(events(calendar_feed(workspace, other, "").content)) == ["Theirs"]
    assert commands.export_calendar(workspace, out, other) == 1
    assert list(events(out.read_bytes())) == ["Theirs"]
    assert commands.export_calendar(workspace, out, meeting_id=theirs) == 1
    assert list(events(out.read_bytes())) == ["Theirs"]
    with pytest.raises(NotFound):
        commands.export_calendar(workspace, out, meeting_id=uuid4())
    unnamed = tmp_path / "calendar"
    assert commands.export_calendar(workspace, unnamed, other, form="ics") == 1
    assert list(events(unnamed.read_bytes())) == ["Theirs"]
    with pytest.raises(DomainError, match="pdf"):
        commands.export_calendar(workspace, tmp_path / "cal.pdf", form="pdf")
    with pytest.raises(DomainError, match=r"\.ics, not cal\.pdf") as refused:
        commands.export_calendar(workspace, tmp_path / "cal.pdf")
    assert refused.value.code == "bad_format"
    assert not (tmp_path / "cal.pdf").exists()
    with pytest.raises(EnvironmentFailure):
        commands.export_calendar(workspace, tmp_path / "nowhere" / "calendar.ics")
    assert list(events(out.read_bytes())) == ["Theirs"], "what was there before stays"


def series(workspace, project_id, *, rule="FREQ=WEEKLY;COUNT=4") -> MeetingSeries:
    made = MeetingSeries(
        project_id=project_id,
        title="WP3 call",
        rule=rule,
        local_start=local("2026-03-16T10:00"),
        zone="Europe/Lisbon",
    )
    with workspace.change("Plan a series") as unit:
        unit.add(made)
    return made


def occurrence(workspace, of: MeetingSeries, start: str, **more: Any):
    at = more.pop("at", start)
    return add_meeting(
        workspace, of.project_id, at, title="WP3 call",
        series_id=of.id, recurrence_at=local(start), **more,
    )  # fmt: skip


def test_a_series_is_its_rule_with_what_differs_and_what_is_left_out(workspace, project_id):
    made = series(workspace, project_id)
    occurrence(workspace, made, "2026-03-16T10:00")
    occurrence(workspace, made, "2026-03-23T10:00", at="2026-03-24T15:00")
    last = occurrence(workspace, made, "2026-04-06T10:00")
    parsed = icalendar.Calendar.from_ical(calendar_file(workspace).content)
    master, moved = parsed.walk("VEVENT")
    assert master["UID"] == moved["UID"] == f"{made.id.hex}@projectdesk"
    assert master["RRULE"].to_ical() == b"FREQ=WEEKLY;UNTIL=20260406T090000Z"
    assert [each.dt.isoformat()[:16] for each in master["EXDATE"].dts] == ["2026-03-30T10:00"]
    assert moved.decoded("RECURRENCE-ID").isoformat()[:16] == "2026-03-23T10:00"
    assert moved.decoded("DTSTART").isoformat()[:16] == "2026-03-24T15:00"
    # One of them alone says which it is, as an invitation to it does.
    (alone,) = icalendar.Calendar.from_ical(calendar_file(workspace, meeting_id=last).content).walk(
        "VEVENT"
    )
    assert alone.decoded("RECURRENCE-ID").isoformat()[:16] == "2026-04-06T10:00"


def test_meetings_of_a_rule_that_was_changed_since_stand_for_themselves(workspace, project_id):
    made = series(workspace, project_id, rule="FREQ=MONTHLY;BYMONTHDAY=1;COUNT=4")
    occurrence(workspace, made, "2026-03-16T10:00")
    occurrence(workspace, made, "2026-03-23T10:00")
    both = icalendar.Calendar.from_ical(calendar_file(workspace).content).walk("VEVENT")
    assert len({str(each["UID"]) for each in both}) == 2
    assert not any("RRULE" in each for each in both)


def test_who_subscribes_reads_no_links_and_the_same_octets_for_the_same_meetings(
    workspace, project_id, clock
):
    add_meeting(
        workspace, project_id, "2026-03-10T10:00", outside_url="https://zoom.example/j/1?tk=secret"
    )
    feed = calendar_feed(workspace, None, "All meetings")
    assert b"secret" not in feed.content
    assert b"X-WR-CALNAME:All meetings" in feed.content
    assert b"secret" in calendar_file(workspace).content
    clock.advance(days=1)
    assert calendar_feed(workspace, None, "All meetings") == feed
    add_meeting(workspace, project_id, "2026-03-11T10:00")
    assert calendar_feed(workspace, None, "All meetings").changed_at > feed.changed_at
    clock.advance(days=420)
    assert calendar_feed(workspace, None, "All meetings").meetings == 0


def test_a_host_is_given_no_more_than_it_takes(workspace, project_id, monkeypatch):
    for day in range(10, 30):
        add_meeting(workspace, project_id, f"2026-03-{day}T10:00", title=f"Call {day}")
    whole = calendar_feed(workspace, None, "")
    monkeypatch.setattr(calendar_files, "MOST_OCTETS", len(whole.content) - 1)
    less = calendar_feed(workspace, None, "")
    assert len(less.content) < len(whole.content)
    assert "AQUA: Call 29" in events(less.content), "the newest stay"
    assert replace(less, content=b"").meetings < 20
