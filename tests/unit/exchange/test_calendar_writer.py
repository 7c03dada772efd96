"""What we write, read by others: vobject, icalendar, dateutil, and by our own reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.errors import LocalProtocolError
from projectdesk.exchange.calendar import (
    Attendee,
    CalendarEvent,
    CalendarTime,
    Conference,
    EventStatus,
    Method,
    PartStat,
    Party,
    Role,
    read_calendar,
    write_calendar,
)
from projectdesk.exchange.calendar.zone_rules import zone_lines

ZONES = (
    "Europe/Lisbon",
    "Europe/Dublin",
    "America/New_York",
    "America/Santiago",
    "Asia/Seoul",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Europe/Moscow",
)
STAMP = datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
CHAIR = Party("chair@example.org", "Öz, Deniz")


def naive(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - planned times are naive


def local(hour: int, zone: str = "Europe/Lisbon") -> CalendarTime:
    return CalendarTime(naive(2026, 12, 1, hour), zone)


def meeting(**changes: object) -> CalendarEvent:
    event = CalendarEvent(
        uid="a1@projectdesk",
        sequence=2,
        start=local(10),
        end=local(12),
        summary="General Assembly; budget, risks\\issues",
        description="First line\nSecond line, with ümläuts " + "x" * 120,
        location="Lisbon, Room 2",
        url="https://example.org/r/room",
        conferences=(Conference("https://example.org/r/room", "ProjectDesk"),),
        organiser=CHAIR,
        attendees=(
            Attendee("ana@example.org", 'Ana "Nita" Silva', rsvp=True),
            Attendee("kim@example.org", role=Role.OPTIONAL, partstat=PartStat.ACCEPTED),
        ),
        status=EventStatus.CONFIRMED,
        stamp=STAMP,
    )
    return replace(event, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2011, 2026])
def test_zone_rules_give_the_zones_own_clock_to_another_library(zone: str, year: int) -> None:
    lines = zone_lines(zone, year, year + 2)
    read = tzical(StringIO("\r\n".join(lines) + "\r\n")).get(zone)
    truth = ZoneInfo(zone)
    at = naive(year, 1, 1, 0, 30)
    while at.year < year + 6:
        # An hour in a gap, or for the second time, is read differently by libraries; not by zones.
        clear = truth.utcoffset(at) == truth.utcoffset(at.replace(fold=1))
        if clear:
            assert read.utcoffset(at) == truth.utcoffset(at), (zone, at)
        at += timedelta(hours=53)


def test_regular_zones_are_written_as_rules_without_an_end() -> None:
    text = "\n".join(zone_lines("Europe/Berlin", 2026, 2026))
    assert text.count("RRULE:") == 2
    assert "UNTIL" not in text
    assert "RDATE" not in text


def test_a_rule_that_was_given_up_has_its_end() -> None:
    text = "\n".join(zone_lines("Europe/Moscow", 2008, 2009))
    assert "UNTIL=20101030T230000Z" in text


@pytest.mark.parametrize("zone", ZONES)
def test_every_zone_named_is_described(zone: str) -> None:
    start = CalendarTime(naive(2026, 3, 29, 10), zone)
    text = write_calendar([meeting(start=start, end=None)], Method.REQUEST, now=STAMP).decode()
    assert f"DTSTART;TZID={zone}:20260329T100000\r\n" in text
    assert f"TZID:{zone}\r\n" in text


def test_lines_are_folded_at_75_octets_between_characters() -> None:
    data = write_calendar([meeting(summary="ü" * 300)], Method.REQUEST)
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_vobject_reads_a_request() -> None:
    read = vobject.readOne(write_calendar([meeting()], Method.REQUEST).decode())
    event = read.vevent
    assert read.method.value == "REQUEST"
    assert event.summary.value == "General Assembly; budget, risks\\issues"
    assert event.description.value.startswith("First line\nSecond line, with ümläuts")
    assert event.dtstart.value.astimezone(UTC) == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert event.sequence.value == "2"
    assert event.attendee_list[0].params["RSVP"] == ["TRUE"]
    assert event.attendee_list[1].params["ROLE"] == ["OPT-PARTICIPANT"]
    assert event.organizer.value == "mailto:chair@example.org"


def test_vobject_and_icalendar_expand_a_series_with_an_exception_as_meant() -> None:
    zone = "America/New_York"
    first = CalendarTime(naive(2026, 10, 20, 9), zone)
    left_out = CalendarTime(naive(2026, 11, 3, 9), zone)
    series = meeting(
        start=first,
        end=CalendarTime(naive(2026, 10, 20, 10), zone),
        rules=("FREQ=WEEKLY;COUNT=4",),
        exceptions=(left_out,),
    )
    data = write_calendar([series], Method.REQUEST)
    found = sorted(vobject.readOne(data.decode()).vevent.rruleset)
    starts = [at.astimezone(UTC) for at in found]
    # Daylight saving ends in New York on 1 November.
    assert [at.hour for at in starts] == [13, 13, 14]
    exdate = icalendar.Calendar.from_ical(data).walk("VEVENT")[0]["EXDATE"].dts[0].dt
    assert exdate.astimezone(UTC) == datetime(2026, 11, 3, 14, tzinfo=UTC)


def test_whole_days_are_dates() -> None:
    event = meeting(start=date(2026, 12, 1), end=date(2026, 12, 3))
    text = write_calendar([event]).decode()
    assert "DTSTART;VALUE=DATE:20261201" in text
    assert "DTEND;VALUE=DATE:20261203" in text
    assert "VTIMEZONE" not in text
    assert vobject.readOne(text).vevent.dtend.value == date(2026, 12, 3)


def test_a_changed_occurrence_names_its_start_with_the_zone() -> None:
    moved = meeting(recurrence_id=local(10), start=local(15), end=local(16))
    text = write_calendar([moved], Method.REQUEST).decode()
    assert "RECURRENCE-ID;TZID=Europe/Lisbon:20261201T100000" in text


def test_a_cancellation_is_cancelled() -> None:
    read = vobject.readOne(write_calendar([meeting()], Method.CANCEL).decode())
    assert read.vevent.status.value == "CANCELLED"


def test_a_reply_names_who_answers() -> None:
    answer = Attendee("ana@example.org", "Ana Silva", partstat=PartStat.DECLINED)
    data = write_calendar([meeting(attendees=(answer,), comment="Ill")], Method.REPLY)
    read = read_calendar(data)
    assert read.method is Method.REPLY
    assert read.events[0].attendees == (answer,)
    assert read.events[0].comment == "Ill"
    assert vobject.readOne(data.decode()).vevent.attendee.params["PARTSTAT"] == ["DECLINED"]


@pytest.mark.parametrize(
    ("method", "changes", "rule"),
    [
        (Method.REQUEST, {"attendees": ()}, "named attendees"),
        (Method.CANCEL, {"attendees": ()}, "named attendees"),
        (Method.REQUEST, {"organiser": None}, "organiser"),
        (Method.REPLY, {}, "one attendee"),
        (Method.COUNTER, {}, "one attendee"),
        (Method.NONE, {"uid": ""}, "UID"),
        (Method.NONE, {"end": local(9)}, "ends after"),
        (Method.NONE, {"end": date(2026, 12, 2)}, "all days or all times"),
        (Method.NONE, {"exceptions": (date(2026, 12, 2),)}, "all days or all times"),
    ],
)
def test_what_a_method_forbids_is_refused(
    method: Method, changes: dict[str, object], rule: str
) -> None:
    with pytest.raises(LocalProtocolError, match=rule):
        write_calendar([meeting(**changes)], method)


def test_a_request_is_of_one_event() -> None:
    with pytest.raises(LocalProtocolError, match="one event"):
        write_calendar([meeting(), meeting(uid="b2@projectdesk")], Method.REQUEST)


def test_a_feed_has_a_name_and_says_how_often_to_read_it() -> None:
    data = write_calendar([meeting(), meeting(uid="b2")], name="AURORA", refresh_minutes=60)
    read = icalendar.Calendar.from_ical(data)
    assert read["X-WR-CALNAME"] == "AURORA"
    assert read["REFRESH-INTERVAL"].dt == timedelta(hours=1)


def test_alarms_are_written() -> None:
    read = vobject.readOne(write_calendar([meeting(alarms=(15,))]).decode())
    assert read.vevent.valarm.trigger.value == timedelta(minutes=-15)


TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=120
).map(str.strip)
LINE = TEXT.map(lambda text: " ".join(text.split()))
TIMES = st.datetimes(naive(1990, 1, 1), naive(2060, 1, 1)).map(lambda at: at.replace(microsecond=0))


@given(
    summary=LINE,
    description=TEXT,
    name=LINE.filter(lambda text: "\\," not in text).map(lambda text: text.strip("'\" ")),
    start=TIMES,
    zone=st.sampled_from(["UTC", *ZONES]),
    minutes=st.integers(0, 3000),
    sequence=st.integers(0, 10**6),
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_again(
    summary: str,
    description: str,
    name: str,
    start: datetime,
    zone: str,
    minutes: int,
    sequence: int,
) -> None:
    begin = CalendarTime(start, zone)
    end = CalendarTime(start + timedelta(minutes=minutes), zone)
    if end.instant() < begin.instant():
        end = begin
    event = CalendarEvent(
        uid="u1",
        sequence=sequence,
        start=begin,
        end=end,
        summary=summary,
        description=description,
        organiser=CHAIR,
        attendees=(Attendee("a@example.org", name, rsvp=True),),
        stamp=STAMP,
    )
    read = read_calendar(write_calendar([event], Method.REQUEST))
    assert read.findings == ()
    assert read.events == (event,)
