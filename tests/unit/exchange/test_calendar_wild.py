"""What calendars that nobody here had seen before wrote otherwise than RFC 5545 has it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from projectdesk.exchange.calendar import Calendar, CalendarTime, occurrences, read_calendar

YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def read(*lines: str) -> Calendar:
    return read_calendar("\n".join(("BEGIN:VCALENDAR", *lines, "END:VCALENDAR")).encode())


def event(*lines: str, uid: str = "e1") -> tuple[str, ...]:
    return ("BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT")


def codes(calendar: Calendar) -> list[str]:
    return [found.code for found in calendar.findings]


def days(calendar: Calendar) -> list[int]:
    placed = occurrences(calendar.events, *YEAR)
    return [(one.starts_at or one.order()).timetuple().tm_yday for one in placed]


@pytest.mark.parametrize(
    ("tzid", "zone"),
    [
        ("US-Eastern", "US/Eastern"),
        ("Europe-Berlin", "Europe/Berlin"),
        ("America-Port-au-Prince", "America/Port-au-Prince"),
    ],
)
def test_a_zone_with_a_dash_for_its_slash(tzid: str, zone: str) -> None:
    (found,) = read(*event(f"DTSTART;TZID={tzid}:20261203T140000")).events
    assert isinstance(found.start, CalendarTime)
    assert found.start.zone == zone


def test_a_day_with_a_time_is_that_time_unless_it_is_midnight() -> None:
    calendar = read(
        *event("DTSTART;VALUE=DATE:20261203T140000", "DTEND;VALUE=DATE:20261203T150000"),
        *event("DTSTART;VALUE=DATE:20261203T000000", uid="e2"),
    )
    timed, whole = calendar.events
    assert timed.start == CalendarTime(datetime(2026, 12, 3, 14))  # noqa: DTZ001
    assert timed.end == CalendarTime(datetime(2026, 12, 3, 15))  # noqa: DTZ001
    assert whole.start == date(2026, 12, 3)
    assert set(codes(calendar)) == {"day_with_time"}


@pytest.mark.parametrize("open_part", ["VEVENT", "VTODO", "VTIMEZONE"])
def test_a_part_that_does_not_end_swallows_no_event(open_part: str) -> None:
    calendar = read(
        f"BEGIN:{open_part}",
        "UID:open",
        "DTSTART:20261201T140000Z",
        *event("DTSTART:20261203T140000Z"),
        *event("DTSTART:20261204T140000Z", uid="e2"),
    )
    assert [one.uid for one in calendar.events if one.uid != "open"] == ["e1", "e2"]
    assert len(calendar.events) == (3 if open_part == "VEVENT" else 2)
    assert codes(calendar) == ["bad_end"]


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY\\;COUNT=3", "FREQ=DAILY;COUNT=-1;UNTIL=20260103", "FREQ=DAILY;COUNT=3;"]
)
def test_a_rule_in_another_spelling(rule: str) -> None:
    calendar = read(*event("DTSTART:20260101T090000Z", f"RRULE:{rule}"))
    assert days(calendar) == [1, 2, 3]
    assert calendar.findings == ()


def test_a_change_of_what_a_newer_series_leaves_out_is_no_occurrence() -> None:
    series = ("DTSTART:20260101T090000Z", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260102T090000Z")
    change = ("RECURRENCE-ID:20260102T090000Z", "DTSTART:20260110T090000Z")
    older = read(*event(*series, "SEQUENCE:3"), *event(*change, "SEQUENCE:2"))
    as_new = read(*event(*series, "SEQUENCE:3"), *event(*change, "SEQUENCE:3"))
    assert days(older) == [1, 3]
    assert days(as_new) == [1, 3, 10]
