"""What calendars that nobody here had seen before wrote otherwise than RFC 5545 has it."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.calendar import (
    Calendar,
    CalendarTime,
    occurrences,
    read_calendar,
    read_calendar_file,
)

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


def test_a_text_that_is_not_folded_goes_on_in_the_next_lines() -> None:
    link = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0"
    calendar = read(
        *event(
            "DTSTART:20261203T140000Z",
            "DESCRIPTION:First line",
            "Microsoft Teams",
            f"Join here: {link}",
            "",
            "https://x.example/agenda",
            "X-KIND:kept",
            "LOCATION:Room 1",
            "SUMMARY:Board",
        )
    )
    (found,) = calendar.events
    assert found.description.splitlines() == [
        "First line",
        "Microsoft Teams",
        f"Join here: {link}",
        "https://x.example/agenda",
    ]
    assert (found.location, found.summary) == ("Room 1", "Board")
    assert [one.address for one in found.conferences] == [link]
    assert codes(calendar) == ["torn_text"]


def test_names_in_small_letters_are_properties_where_all_are_small() -> None:
    calendar = read_calendar(
        b"begin:vcalendar\nbegin:vevent\ndtstart:20261203T140000Z\n"
        b"description:Text\nlocation:Room 1\nend:vevent\nend:vcalendar\n"
    )
    assert (calendar.events[0].description, calendar.events[0].location) == ("Text", "Room 1")


@pytest.mark.parametrize(
    "lines",
    [
        ('ATTENDEE;ROLE=CHAIR;CN="Holm: Ida"', ":MAILTO:ida@x.example"),
        ("ATTENDEE:KEY=1;CN=Ida Ho", "lm Berg;CUTYPE=INDIVIDUAL:mailto:ida@x.example"),
    ],
)
def test_an_attendee_over_two_lines_is_not_lost(lines: tuple[str, str]) -> None:
    (found,) = read(*event("DTSTART:20261203T140000Z", *lines, "SUMMARY:Board")).events
    assert [one.address for one in found.attendees] == ["ida@x.example"]
    assert found.summary == "Board"


@pytest.mark.parametrize("name", ["Dtstart", "DtStart;Value=Date-Time", "dtstart"])
def test_a_property_in_any_case_ends_a_torn_text(name: str) -> None:
    lines = ("SUMMARY:Board", f"{name}:20261203T140000Z", "x-Kind:kept", "Location:Room 1")
    calendar = read(*event(*lines))
    (found,) = calendar.events
    assert (found.summary, found.location) == ("Board", "Room 1")
    assert found.start == CalendarTime(datetime(2026, 12, 3, 14), "UTC")  # noqa: DTZ001
    assert codes(calendar) == []


def test_a_torn_text_may_say_when_and_where_it_begins() -> None:
    text = ("Please come.", "Begin: 10:00", "End: 11:00", "Location: at the desk")
    lines = ("DTSTART:20261203T140000Z", f"DESCRIPTION:{text[0]}", *text[1:], "LOCATION:Room 1")
    calendar = read(*event(*lines))
    (found,) = calendar.events
    assert found.description.splitlines() == list(text)
    assert found.location == "Room 1"
    assert codes(calendar) == ["torn_text"]


def test_a_component_in_small_letters_ends_a_torn_text() -> None:
    calendar = read(
        *("begin:vevent", "UID:e1", "DTSTART:20261203T140000Z", "DESCRIPTION:One", "two"),
        *("end:vevent", "begin:vevent", "UID:e2", "DTSTART:20261204T140000Z", "end:vevent"),
    )
    assert [one.uid for one in calendar.events] == ["e1", "e2"]


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        (("mailto:ida@x.eu", "----------"), "ida@x.eu"),
        (("mailto:ida@x.eu", "_" * 30, "Join"), "ida@x.eu"),
        (("mailto:ida@x.", "eu", "----------"), "ida@x.eu"),
        (("mailto:ida", "@x.example"), "ida@x.example"),
    ],
)
def test_an_address_that_is_whole_does_not_go_on(lines: tuple[str, ...], address: str) -> None:
    for name in ("ORGANIZER", "ATTENDEE"):
        said = (f"{name}:{lines[0]}", *lines[1:])
        (found,) = read(*event("DTSTART:20261203T140000Z", *said, "SUMMARY:Board")).events
        who = found.organiser if name == "ORGANIZER" else found.attendees[0]
        assert who is not None
        assert who.address == address
        assert found.summary == "Board"


ZONE = (
    *("BEGIN:VTIMEZONE", "TZID:Own", "X-LIC-LOCATION:Africa/Lagos", "BEGIN:STANDARD"),
    *("DTSTART:19700101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100"),
    *("END:STANDARD", "END:VTIMEZONE"),
)
IN_OWN = ("DTSTART;TZID=Own:20261203T140000", "SUMMARY:Board")


@pytest.mark.parametrize("lines", [(*ZONE, *IN_OWN), (*IN_OWN, *ZONE), (*IN_OWN, *ZONE[:-1])])
def test_a_zone_in_an_event_is_the_calendars(lines: tuple[str, ...]) -> None:
    calendar = read(*event(*lines), *event("DTSTART:20261204T140000Z", uid="e2"))
    assert [(one.uid, one.summary) for one in calendar.events] == [("e1", "Board"), ("e2", "")]
    first, _ = occurrences(calendar.events, *YEAR)
    assert first.starts_at == datetime(2026, 12, 3, 13, tzinfo=UTC)


def test_a_zone_of_dashes_alone_is_no_zone() -> None:
    calendar = read(
        *event(f"DTSTART;TZID={'-' * 1500}:20261203T140000"),
        *event("DTSTART:20261204T140000Z", uid="e2"),
    )
    assert [one.uid for one in calendar.events] == ["e2"]


@pytest.mark.parametrize(
    ("of_series", "of_change", "kept"),
    [
        # As allenporter/ical writes it: a move is an EXDATE of the series, and a change.
        (("DTSTAMP:20260101T080000Z",), ("DTSTAMP:20260101T090000Z",), True),
        (("DTSTAMP:20260101T080000Z",), ("DTSTAMP:20260101T080000Z",), True),
        (("DTSTAMP:20260101T080001Z",), ("DTSTAMP:20260101T080000Z",), False),
        # Exports stamp all of them with the time of the export: LAST-MODIFIED says more.
        (
            ("DTSTAMP:20260102T080000Z", "LAST-MODIFIED:20260101T093342Z"),
            ("DTSTAMP:20260102T080001Z", "LAST-MODIFIED:20260101T092247Z"),
            False,
        ),
        ((), (), False),
    ],
)
def test_a_move_that_is_left_out_of_its_series_too_takes_place(
    of_series: tuple[str, ...], of_change: tuple[str, ...], kept: bool
) -> None:
    series = ("DTSTART:20260101T090000Z", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260102T090000Z")
    change = ("RECURRENCE-ID:20260102T090000Z", "DTSTART:20260110T090000Z", "SEQUENCE:0")
    calendar = read(*event(*series, "SEQUENCE:3", *of_series), *event(*change, *of_change))
    assert days(calendar) == ([1, 3, 10] if kept else [1, 3])


def test_outlook_of_2003_writes_offsets_with_a_point() -> None:
    tzid = "(GMT-05.00) Eastern Time (US & Canada)"
    (found,) = read(*event(f"DTSTART;TZID={tzid}:20261203T140000")).events
    assert isinstance(found.start, CalendarTime)
    assert found.start.zone == "America/New_York"


@pytest.mark.parametrize(
    ("link", "service"),
    [
        ("https://uni.zoom-x.de/j/64012345678?pwd=abc.1", "Zoom"),
        ("https://us02web.zoom.us/meeting/register/tZYsd", "Zoom"),
        ("https://x.webex.com/webappng/sites/x/meeting/info/1a2b", "Webex"),
        ("https://app.goto.com/meeting/123456789", "GoTo Meeting"),
        ("https://conf.dfn.de/webapp/conference/979123456", "DFNconf"),
        ("https://rendez-vous.renater.fr/board-2026", "Renater Rendez-vous"),
        ("https://facetime.apple.com/join#v=1&p=abc&k=def", "FaceTime"),
        ("https://cloud.x.example/index.php/call/ab3de6gh", "Nextcloud Talk"),
        ("https://cloud.x.example/call/for-papers", ""),
        ("https://x.example/webapp/1", ""),
    ],
)
def test_links_of_calls_are_known(link: str, service: str) -> None:
    (found,) = read(*event("DTSTART:20261203T140000Z", f"DESCRIPTION:Join {link} now")).events
    labels = [(one.label, one.address) for one in found.conferences]
    assert labels == ([(service, link)] if service else [])


def test_what_is_no_event_is_told(tmp_path: Path) -> None:
    parts = ("VTODO", "VJOURNAL", "VAVAILABILITY")
    lines = [f"BEGIN:{part}\nUID:{part}\nEND:{part}" for part in parts]
    file = tmp_path / "a.ics"
    file.write_text("\n".join(("BEGIN:VCALENDAR", *lines, "END:VCALENDAR")))
    (found,) = read_calendar_file(file).findings
    assert (found.code, found.text) == (
        "no_event",
        "3 tasks or the like: left out, as events and busy times alone are read",
    )


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b'["vcalendar",[],[]]', "jCal"),
        (b'<icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0"/>', "xCal"),
        (b"!BDN\0", "Outlook"),
    ],
)
def test_a_calendar_of_another_sort_is_named(content: bytes, seen: str) -> None:
    with pytest.raises(UnreadableFile, match=seen):
        read_calendar(content)


def test_quoted_printable_is_looked_for_where_it_is_said() -> None:
    before = time.process_time()
    read(*event("DTSTART:20260101T090000Z", "DESCRIPTION:" + "x" * 1_000_000 + "\n =" * 60_000))
    assert time.process_time() - before < 5
