"""Dates at the ends of time: what cannot be placed is named, and nothing is calculated with it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.calendar import (
    Calendar,
    CalendarTime,
    occurrences,
    read_calendar,
    zones,
)

ZONE_OF_THE_YEAR_1 = """BEGIN:VTIMEZONE
TZID:Own
BEGIN:STANDARD
DTSTART:00010101T000000
TZOFFSETFROM:+0100
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE"""


def read(*lines: str, head: str = "") -> Calendar:
    text = ["BEGIN:VCALENDAR", *head.splitlines(), "BEGIN:VEVENT", "UID:e1", *lines]
    return read_calendar("\r\n".join([*text, "END:VEVENT", "END:VCALENDAR"]).encode())


def placed(calendar: Calendar, zone: str = "Pacific/Auckland") -> int:
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    return len(occurrences(calendar.events, first, last, zone=zone))


@pytest.mark.parametrize(
    ("start", "why"),
    [
        ("99991231T235959Z", "DTSTART is in the year 9999, outside of 1600 to 2500"),
        ("00010101", "DTSTART is in the year 1, outside of 1600 to 2500"),
        ("00000000T000000Z", "DTSTART is no date or time: “00000000T000000Z”"),
        ("20270230T100000", "DTSTART is no date or time: “20270230T100000”"),
    ],
)
def test_an_event_out_of_reach_is_refused_in_a_sentence(start: str, why: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(f"DTSTART:{start}")
    assert caught.value.facts["why"] == why


@pytest.mark.parametrize("length", ["P9999999W", "P99999W", "PT999999999S", "P2900000D"])
@pytest.mark.parametrize("start", ["20270105T100000Z", "20270105T100000", "20270105"])
def test_a_length_of_centuries_is_no_length(start: str, length: str) -> None:
    calendar = read(f"DTSTART:{start}", f"DURATION:{length}", "RRULE:FREQ=YEARLY;COUNT=1")
    assert (calendar.events[0].end is None) == (length != "PT999999999S")
    assert placed(calendar) == 1


def test_a_rule_that_ends_before_time_begins_is_of_the_first_alone() -> None:
    rule = "RRULE:FREQ=DAILY;UNTIL=00010101T000000Z"
    calendar = read("DTSTART;TZID=America/Los_Angeles:20270105T100000", rule)
    assert placed(calendar) == 1


def test_a_zone_whose_rules_begin_in_the_year_1_is_read() -> None:
    calendar = read("DTSTART;TZID=Own:20270105T100000", head=ZONE_OF_THE_YEAR_1)
    assert placed(calendar) == 1


def test_a_zone_that_names_a_region_is_read_and_said_to_be_guessed() -> None:
    calendar = read("DTSTART;TZID=Western/Central Europe:20270105T100000")
    assert placed(calendar) == 1
    (told,) = calendar.findings
    assert told.code == "zone_guessed"
    assert told.text == "“Western/Central Europe” was read as Europe/Brussels"


def test_a_part_whose_name_is_no_name_is_not_repeated() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_calendar("BEGIN:VCALENDAR\r\nBEGIN:Ã¿þ\x01\r\nX:1".encode())
    assert "middle of a part without a proper name, which begins in line 2" in caught.value.text


def test_zones_of_a_calendar_of_many_years_are_known_in_each() -> None:
    summer = (
        "BEGIN:{}\nDTSTART:1970{}\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH={}\n"
        "TZOFFSETFROM:{}\nTZOFFSETTO:{}\nEND:{}\n"
    )
    rules = summer.format("STANDARD", "1025T030000", 10, "+0200", "+0100", "STANDARD")
    rules += summer.format("DAYLIGHT", "0329T020000", 3, "+0100", "+0200", "DAYLIGHT")
    body = "".join(
        f"BEGIN:VTIMEZONE\nTZID:Z{number}\n{rules}END:VTIMEZONE\n" for number in range(6)
    ) + "".join(
        f"BEGIN:VEVENT\nUID:{each}\nDTSTART;TZID=Z{each % 6}:{2000 + each // 6}0105T090000\n"
        "END:VEVENT\n"
        for each in range(120)
    )
    read = read_calendar(f"BEGIN:VCALENDAR\n{body}END:VCALENDAR\n".encode())
    found = {each.start.zone for each in read.events if isinstance(each.start, CalendarTime)}
    assert found == {"Europe/Brussels"}


def test_zones_that_nobody_knows_cost_a_bounded_time() -> None:
    def zone(number: int, more: str = "") -> str:
        return (
            f"BEGIN:VTIMEZONE\nTZID:Z{number}\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
            f"TZOFFSETFROM:+01{number % 60:02}\nTZOFFSETTO:+01{number % 60:02}\n{more}"
            "END:STANDARD\nEND:VTIMEZONE\n"
        )

    def calendar(count: int, more: str = "") -> Calendar:
        body = "".join(
            f"{zone(number, more)}BEGIN:VEVENT\nUID:{number}\n"
            f"DTSTART;TZID=Z{number}:20260105T090000\nEND:VEVENT\n"
            for number in range(1, count + 1)
        )
        return read_calendar(f"BEGIN:VCALENDAR\n{body}END:VCALENDAR\n".encode())

    compared: list[str] = []

    def note(_own: object, name: str, _year: int) -> str:
        compared.append(name)
        return ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zones, "same_zone", note)
        assert len(calendar(zones.COMPARED_LIMIT + 20).events) == zones.COMPARED_LIMIT + 20
    assert len(compared) == zones.COMPARED_LIMIT
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zones, "STEPS_IN_ALL", 6_000)
        read = calendar(3, "RRULE:FREQ=SECONDLY\n")
    assert len(read.events) == 1, "the rules of the others are not known"
    assert [one.code for one in read.findings].count("too_many") == 2
