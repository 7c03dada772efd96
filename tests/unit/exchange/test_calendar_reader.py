"""Invitations as Outlook, Google, Apple, Teams, Zoom and Thunderbird write them, and worse ones."""

from __future__ import annotations

import contextlib
import csv
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.errors import FileTooLarge, ImportError_, UnreadableFile
from projectdesk.exchange.calendar import (
    Calendar,
    CalendarEvent,
    CalendarTime,
    EventStatus,
    Method,
    PartStat,
    Role,
    occurrences,
    read_calendar,
    write_calendar,
)

CORPUS = Path(__file__).parent / "calendar_corpus.tsv"
"""Every real file, whether it is read, and what it holds or why not."""


def calendar(*lines: str, head: str = "") -> bytes:
    text = ["BEGIN:VCALENDAR", "VERSION:2.0", *head.splitlines(), *lines, "END:VCALENDAR"]
    return "\r\n".join(text).encode()


def event(*lines: str, start: str = "DTSTART:20261203T140000Z") -> list[str]:
    return ["BEGIN:VEVENT", "UID:e1", start, *lines, "END:VEVENT"]


def one(*lines: str, start: str = "DTSTART:20261203T140000Z", head: str = "") -> CalendarEvent:
    return read_calendar(calendar(*event(*lines, start=start), head=head)).events[0]


def codes(read: Calendar) -> list[str]:
    return [found.code for found in read.findings]


def utc(event: CalendarEvent) -> datetime:
    assert isinstance(event.start, CalendarTime)
    return event.start.instant()


# --- programs -------------------------------------------------------------------------------------

OUTLOOK = """BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def test_outlook_writes_windows_zones_and_the_link_of_teams() -> None:
    link = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=x"
    read = read_calendar(
        calendar(
            *event(
                'ATTENDEE;CN="Ana Silva";ROLE=OPT-PARTICIPANT;RSVP=TRUE:MAILTO:ana@x.example',
                "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
                f"X-MICROSOFT-SKYPETEAMSMEETINGURL:{link}",
                start="DTSTART;TZID=Romance Standard Time:20261203T140000",
            ),
            head=f"METHOD:REQUEST\n{OUTLOOK}",
        )
    )
    (found,) = read.events
    assert read.method is Method.REQUEST
    assert found.start == CalendarTime(datetime(2026, 12, 3, 14), "Europe/Paris")  # noqa: DTZ001
    assert found.conferences[0].address == link
    assert found.conferences[0].label == "Microsoft Teams"
    assert not found.tentative, "TENTATIVE until it is answered says nothing of the meeting"
    assert found.attendees[0].role is Role.OPTIONAL
    assert found.attendees[0].rsvp
    assert read.findings == ()


def test_outlook_writes_whole_days_as_times() -> None:
    found = one(
        "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        "DTEND;TZID=Romance Standard Time:20261205T000000",
        start="DTSTART;TZID=Romance Standard Time:20261203T000000",
    )
    assert (found.start, found.end) == (date(2026, 12, 3), date(2026, 12, 5))


def test_google_gives_the_zone_of_the_calendar_and_a_link_of_meet() -> None:
    found = one(
        "X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij",
        "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;CN=ana@x.example;X-NUM-GUESTS=0:mailto:ana@x"
        "\r\n .example",
        start="DTSTART:20261203T140000",
        head="X-WR-TIMEZONE:Europe/Lisbon\nX-WR-CALNAME:Ana",
    )
    assert found.start == CalendarTime(datetime(2026, 12, 3, 14), "Europe/Lisbon")  # noqa: DTZ001
    assert found.conferences[0].label == "Google Meet"
    assert (found.attendees[0].name, found.attendees[0].address) == ("", "ana@x.example")
    assert found.attendees[0].partstat is PartStat.ACCEPTED


def test_apple_puts_the_address_beside_its_own_name_of_somebody() -> None:
    found = one(
        "ATTENDEE;CN=Ana;EMAIL=ana@x.example;PARTSTAT=DECLINED:/aMTQxNjQ4/principal/",
        "ORGANIZER;CN=Ida;EMAIL=ida@x.example:urn:uuid:4d5f",
    )
    assert found.attendees[0].address == "ana@x.example"
    assert found.organiser
    assert found.organiser.address == "ida@x.example"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Join: <https://us02web.zoom.us/j/8123456789?pwd=abc>", "Zoom"),
        ("https://meet.jit.si/SaltmarkCall", "Jitsi Meet"),
        ("https://saltmark.webex.com/meet/ana, thanks", "Webex"),
        ("https://bbb.uni.example/b/ana-x1y-z2w", "BigBlueButton"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.microsoft.com"
            "%2Fl%2Fmeetup-join%2F19&data=05",
            "Microsoft Teams",
        ),
        ("see https://example.org/agenda", ""),
        ("http://zoom.us/j/1 is not encrypted", ""),
        ("https://zoom.us@evil.example/j/123456", ""),
        ("https://zoom.us.evil.example/j/123456", ""),
    ],
)
def test_the_link_of_a_call_is_found_in_a_text(text: str, label: str) -> None:
    found = one(f"DESCRIPTION:{text}")
    assert [way.label for way in found.conferences] == ([label] if label else [])


def test_thunderbird_escapes_and_folds() -> None:
    found = one("SUMMARY:Budget\\; risks\\, next\\nsteps \\\\ x", "DESCRIPTION:a\\nb\r\n  c")
    assert found.summary == "Budget; risks, next steps \\ x"
    assert found.description == "a\nb c"


# --- zones ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Lisbon", "Europe/Lisbon"),
        ("europe/lisbon", "Europe/Lisbon"),
        ('"Europe/Lisbon"', "Europe/Lisbon"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Lisbon", "Europe/Lisbon"),
        (
            "/mozilla.org/20050126_1/America/Argentina/Buenos_Aires",
            "America/Argentina/Buenos_Aires",
        ),
        ("America/Los Angeles", "America/Los_Angeles"),
        ("Korea Standard Time", "Asia/Seoul"),
        ("GMT Standard Time", "Europe/London"),
        ('"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris"', "Europe/Brussels"),
        ('"(UTC-05:00) Eastern Time (US & Canada)"', "America/New_York"),
        ("Etc/UTC", "UTC"),
        ("GMT", "UTC"),
    ],
)
def test_a_zone_is_known_by_any_of_its_names(name: str, zone: str) -> None:
    found = one(start=f"DTSTART;TZID={name}:20261203T140000")
    assert isinstance(found.start, CalendarTime)
    assert found.start.zone == zone


def test_a_name_with_a_colon_that_is_not_quoted_is_put_together() -> None:
    data = calendar(
        *event(start="DTSTART;TZID=(UTC+01:00) Amsterdam, Berlin, Bern:20261203T140000")
    )
    read = read_calendar(data)
    assert utc(read.events[0]) == datetime(2026, 12, 3, 13, tzinfo=UTC)
    assert "unquoted_zone" in codes(read)


def test_an_offset_as_a_name_is_used() -> None:
    assert utc(one(start="DTSTART;TZID=UTC+3:20261203T140000")).hour == 11
    assert utc(one(start="DTSTART;TZID=GMT-0530:20261203T140000")).hour == 19


def test_rules_without_a_known_name_are_matched_to_a_zone() -> None:
    head = OUTLOOK.replace("Romance Standard Time", "Our office")
    data = calendar(*event(start="DTSTART;TZID=Our office:20260703T140000"), head=head)
    read = read_calendar(data)
    (found,) = read.events
    assert isinstance(found.start, CalendarTime)
    assert found.start.zone == "Europe/Brussels"
    assert codes(read) == ["zone_guessed"]


def test_rules_that_are_nobodys_are_used_as_they_are() -> None:
    head = OUTLOOK.replace("Romance Standard Time", "Mars").replace("+0200", "+0337")
    summer = one(start="DTSTART;TZID=Mars:20260703T140000", head=head)
    winter = one(start="DTSTART;TZID=Mars:20261203T140000", head=head)
    assert utc(summer) == datetime(2026, 7, 3, 10, 23, tzinfo=UTC)
    assert utc(winter) == datetime(2026, 12, 3, 13, tzinfo=UTC)


def test_a_blank_zone_is_one_without_a_zone_unless_the_file_gives_its_rules() -> None:
    read = read_calendar(calendar(*event(start="DTSTART;TZID=:20261203T140000")))
    assert read.events[0].start == CalendarTime(datetime(2026, 12, 3, 14))  # noqa: DTZ001
    assert codes(read) == ["blank_zone"]
    head = OUTLOOK.replace("TZID:Romance Standard Time", "TZID:")
    assert utc(one(start="DTSTART;TZID=:20261203T140000", head=head)).hour == 13


def test_a_zone_that_nobody_knows_leaves_the_event_out_and_says_which() -> None:
    data = calendar(
        *event(start="DTSTART;TZID=Customized Time Zone:20261203T140000"), *event("SUMMARY:Good")
    )
    read = read_calendar(data)
    assert [found.summary for found in read.events] == ["Good"]
    (left,) = read.findings
    assert left.row == 3
    assert "Customized Time Zone" in left.text


def test_bad_offsets_of_a_zone_with_a_good_name_do_no_harm() -> None:
    head = OUTLOOK.replace("+0200", "+9900")
    assert (
        utc(one(start="DTSTART;TZID=Romance Standard Time:20260703T140000", head=head)).hour == 12
    )


# --- ends, values, lines --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "minutes", "told"),
    [
        (["DTEND:20261203T150000Z"], 60, []),
        (["DURATION:PT1H30M"], 90, []),
        (["DURATION:P1D"], 1440, []),
        ([], 0, []),
        (["DTEND:20261203T130000Z"], 0, ["bad_end"]),
        (["DTEND:tomorrow"], 0, ["bad_end"]),
        (["DURATION:-PT1H"], 0, ["bad_end"]),
        (["DURATION:P999999999W"], 0, ["bad_end"]),
        (["DTEND;VALUE=DATE:20261204"], 1440, ["bad_end"]),
    ],
)
def test_how_long_an_event_takes(lines: list[str], minutes: int, told: list[str]) -> None:
    read = read_calendar(calendar(*event(*lines)))
    assert read.events[0].length() == timedelta(minutes=minutes)
    assert codes(read) == told


def test_a_day_of_the_calendar_is_nominal_and_an_hour_elapses() -> None:
    start = "DTSTART;TZID=Europe/Berlin:20261024T120000"
    assert one("DURATION:P1D", start=start).length() == timedelta(hours=25)
    assert one("DURATION:PT24H", start=start).length() == timedelta(hours=24)


def test_lines_that_are_none_are_told_with_their_place() -> None:
    read = read_calendar(calendar(*event("this is no property", ";x:1", "SUMMARY:Good")))
    assert read.events[0].summary == "Good"
    assert [(found.row, found.code) for found in read.findings] == [
        (6, "bad_line"),
        (7, "bad_line"),
    ]


def test_bytes_of_other_encodings_are_read() -> None:
    text = calendar(*event("SUMMARY:Überprüfung")).decode()
    for data in (text.encode("utf-16"), text.encode("utf-16-le"), b"\xef\xbb\xbf" + text.encode()):
        assert read_calendar(data).events[0].summary == "Überprüfung"
    read = read_calendar(text.encode("cp1252"))
    assert read.events[0].summary == "Überprüfung"
    assert codes(read) == ["not_utf8"]


def test_a_fold_inside_a_character_is_undone() -> None:
    data = calendar(*event("SUMMARY:Prüfung")).replace("ü".encode(), b"\xc3\r\n \xbc")
    assert read_calendar(data).events[0].summary == "Prüfung"


def test_an_event_without_uid_has_the_same_one_each_time() -> None:
    data = calendar("BEGIN:VEVENT", "DTSTART:20261203T140000Z", "SUMMARY:x", "END:VEVENT")
    first, second = read_calendar(data), read_calendar(data)
    assert first.events[0].uid == second.events[0].uid
    assert codes(first) == ["no_uid"]


def test_a_reply_without_a_start_is_read() -> None:
    data = calendar(
        *("BEGIN:VEVENT", "UID:e1", "DTSTAMP:20261101T100000Z", "SEQUENCE:3"),
        *(
            "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ana@x.example",
            "COMMENT:Train is late",
            "END:VEVENT",
        ),
        head="METHOD:REPLY",
    )
    read = read_calendar(data)
    assert read.method is Method.REPLY
    assert read.events[0].attendees[0].partstat is PartStat.TENTATIVE
    assert read.events[0].comment == "Train is late"
    assert read.events[0].sequence == 3


def test_status_transparency_and_privacy_are_read() -> None:
    found = one("STATUS:CANCELLED", "TRANSP:TRANSPARENT", "CLASS:CONFIDENTIAL")
    assert found.status is EventStatus.CANCELLED
    assert not found.opaque
    assert found.private


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (b"", "not_a_calendar", "empty"),
        (b"<!doctype html><html>", "not_a_calendar", "web page"),
        (b"BEGIN:VCARD\nEND:VCARD\n", "not_a_calendar", "address book"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "not_a_calendar", "Microsoft"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261203T1", "cut_off", "VEVENT"),
        (calendar(*event(start="DTSTART:soon")), "no_readable_event", "soon"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 50, "nested_too_deep", "line 17"),
    ],
)
def test_what_is_no_calendar_is_refused_by_what_it_is(data: bytes, code: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as refused:
        read_calendar(data, "x.ics")
    assert refused.value.code == code
    assert refused.value.facts["file"] == "x.ics"


# --- strangers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        calendar(*event("SUMMARY:" + "x" * 3_000_000)),
        calendar(*event("SUMMARY" + ";A=" + '"' * 200_000 + ":x")),
        calendar(*event("ATTENDEE" + ";" * 500_000 + ":x")),
        calendar(*event("ATTENDEE;" + " " * 500_000 + "=x:y")),
        calendar(*event("X" * 1_000_000)),
        calendar(*event("DESCRIPTION:" + "https://" * 100_000)),
        calendar(*event("EXDATE:" + "20261203T140000Z," * 60_000)),
        calendar(*event("SUMMARY:" + "\\" * 1_000_000)),
        calendar(*event("ATTENDEE:mailto:" + "@" * 1_000_000)),
        b"BEGIN:VCALENDAR\n" + b"END:VEVENT\n" * 20_000 + b"END:VCALENDAR\n",
        calendar(
            *event(start="DTSTART;TZID=M:20261203T140000"),
            head=OUTLOOK.replace("Romance Standard Time", "M").replace("YEARLY", "SECONDLY"),
        ),
    ],
)
def test_a_hostile_file_takes_no_longer_than_its_size_asks(data: bytes) -> None:
    begin = time.process_time()
    with contextlib.suppress(ImportError_):
        read_calendar(data)
    assert time.process_time() - begin < 4


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(FileTooLarge):
        read_calendar(calendar(*event("SUMMARY:x" + ("\r\n  " + "y" * 1000) * 4300)))


LINES = st.sampled_from(
    [
        *("BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:STANDARD"),
        *("END:STANDARD", "BEGIN:VALARM", "END:VALARM", "END:VCALENDAR", "BEGIN:VFREEBUSY"),
        *("DTSTART:20261203T140000Z", "DTSTART;VALUE=DATE:20261203", "DTEND:20261203T150000"),
        *("DTSTART;TZID=Mars:20261203T140000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"),
        *("TZID:Mars", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "RRULE:FREQ=YEARLY;BYMONTH=3"),
        *("EXDATE:20261204", "RDATE;VALUE=PERIOD:20261205T100000Z/PT1H", "UID:u", "SEQUENCE:x"),
        *("RECURRENCE-ID:20261204T140000Z", "STATUS:CANCELLED", 'ATTENDEE;CN="x:mailto:a@b.c'),
        *("METHOD:REPLY", "X-WR-TIMEZONE:Nowhere", "FREEBUSY:20261203T140000Z/P1D", " folded", ""),
    ]
)


@given(st.lists(st.one_of(LINES, st.text(max_size=30)), max_size=30))
@settings(max_examples=60, deadline=2000)
def test_whatever_lines_come_they_are_read_or_refused(lines: list[str]) -> None:
    try:
        read = read_calendar("\n".join(["BEGIN:VCALENDAR", *lines]).encode())
    except ImportError_:
        return
    found = occurrences(
        read.events, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    )
    assert all((each.starts_at is None) == (each.first_day is not None) for each in found)
    for each in read.events:
        again = read_calendar(write_calendar([each])).events[0]
        assert again.length() == each.length()


# --- real files -----------------------------------------------------------------------------------


def _verdict(data: bytes, name: str) -> tuple[str, str]:
    try:
        read = read_calendar(data, name)
    except UnreadableFile as error:
        why = error.facts.get("why") or error.facts.get("seen") or error.facts.get("part") or ""
        return "no", f"{error.code}: {str(why).strip()}"
    events = len(read.events)
    parts = [f"{events} event{'' if events == 1 else 's'}"] if events else []
    parts += [f"{len(read.busy)} busy times"] if read.busy else []
    parts += [f"{read.skipped} others"] if read.skipped else []
    bent = " ".join(sorted(set(codes(read))))
    says = "; ".join(filter(None, (", ".join(parts), bent)))
    return ("yes" if parts else "empty"), says


@pytest.mark.data
def test_every_real_calendar_is_read_or_refused_as_the_table_says(shared_data: Path) -> None:
    folder = shared_data / "calendar"
    found = {}
    for file in sorted(folder.rglob("*.ics")):
        found[file.relative_to(folder).as_posix()] = _verdict(file.read_bytes(), file.name)
    with CORPUS.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        expected = {row["file"]: (row["read"], row["says"]) for row in rows}
    assert len(found) > 300
    assert found == expected


@pytest.mark.full
@pytest.mark.data
@pytest.mark.filterwarnings("ignore")
def test_real_calendars_are_read_as_icalendar_reads_them(shared_data: Path) -> None:
    """Each start that the other library can read is the same; where it is not, we say why."""
    import icalendar

    compared, differing = 0, []
    for file in sorted((shared_data / "calendar").rglob("*.ics")):
        try:
            ours = read_calendar(file.read_bytes(), file.name)
            theirs = icalendar.Calendar.from_ical(file.read_bytes(), multiple=True)
        except (ImportError_, ValueError):
            continue
        events = [
            event
            for part in theirs
            for event in ([part] if part.name == "VEVENT" else part.walk("VEVENT"))
            if event.get("DTSTART") is not None and hasattr(event["DTSTART"], "dt")
        ]
        if len(events) != len(ours.events):
            continue
        for mine, other in zip(ours.events, events, strict=True):
            compared += 1
            if _plain(mine.start) != _plain_other(other["DTSTART"].dt):
                differing.append(file.name)
    assert compared > 300
    # Outlook's names of zones with cities in them, which the other library takes for no zone.
    assert differing == ["tz.ics"]


def _plain(when: object) -> object:
    if isinstance(when, CalendarTime):
        return when.instant() if when.zone else when.local
    return when


def _plain_other(when: object) -> object:
    if isinstance(when, datetime) and when.tzinfo is not None:
        return when.astimezone(UTC)
    return when
