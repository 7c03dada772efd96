"""Series expanded: against dateutil, through changes of the clocks, and in bounded time."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.exchange.calendar import Occurrence, occurrences, read_calendar
from projectdesk.exchange.calendar.event_reader import RULES_LIMIT
from projectdesk.exchange.calendar.recurrence import Steps, expand, last_start, read_rule
from projectdesk.exchange.findings import Findings

FIRST, LAST = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)


def naive(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - planned times are naive


def place(text: str, **options: object) -> list[Occurrence]:
    data = f"BEGIN:VCALENDAR\nVERSION:2.0\n{text}\nEND:VCALENDAR\n".encode()
    return occurrences(read_calendar(data).events, FIRST, LAST, **options)  # type: ignore[arg-type]


def event(*lines: str) -> str:
    return "\n".join(("BEGIN:VEVENT", "UID:s1", "DTSTAMP:20260901T000000Z", *lines, "END:VEVENT"))


def hours(found: list[Occurrence]) -> list[str]:
    return [f"{one.starts_at:%d.%m. %H:%M}" for one in found]


EVERY = ",".join(map(str, range(60)))
HOURS = ",".join(map(str, range(24)))
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NUMBERED = st.tuples(st.integers(-4, 4).filter(bool), st.sampled_from(DAYS)).map(
    lambda pair: f"{pair[0]}{pair[1]}"
)


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]))
    parts = [f"FREQ={frequency}"]

    def some(values: st.SearchStrategy[object], name: str, chance: int = 3) -> None:
        if draw(st.integers(0, chance)) == 0:
            chosen = draw(st.lists(values, min_size=1, max_size=3, unique=True))
            parts.append(f"{name}={','.join(map(str, chosen))}")

    parts.append(f"INTERVAL={draw(st.integers(1, 4))}")
    some(st.integers(1, 12), "BYMONTH")
    if frequency in ("YEARLY", "MONTHLY"):
        # Not both at once: dateutil then wants a day to be every Monday and the fourth Wednesday.
        some(st.sampled_from(DAYS) if draw(st.booleans()) else NUMBERED, "BYDAY", 1)
    else:
        some(st.sampled_from(DAYS), "BYDAY", 1)
    # Not the 30th of February by days or hours: dateutil looks for it until the year 9999.
    often = frequency in ("DAILY", "HOURLY")
    if frequency != "WEEKLY" and not (often and any("BYMONTH" in part for part in parts)):
        some(st.integers(-31, 31).filter(bool), "BYMONTHDAY")
    if frequency == "YEARLY":
        some(st.integers(-366, 366).filter(bool), "BYYEARDAY", 5)
    some(st.integers(0, 23), "BYHOUR", 4)
    some(st.sampled_from([0, 15, 30]), "BYMINUTE", 4)
    if len(parts) > 2 and frequency in ("YEARLY", "MONTHLY"):
        some(st.sampled_from([1, 2, -1]), "BYSETPOS", 3)
    parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU']))}")
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
    elif end == "UNTIL":
        parts.append("UNTIL=20290401T093000")
    return ";".join(parts)


def same_as_dateutil(text: str, start: datetime, skipped: int) -> None:
    start = start.replace(microsecond=0)
    first = start + timedelta(days=skipped)
    last = first + timedelta(days=300)
    # dateutil may look for an occurrence until the year 9999: it is given an end.
    bounded = text if "COUNT" in text or "UNTIL" in text else f"{text};UNTIL={last:%Y%m%dT%H%M%S}"
    try:
        source = list(rrulestr(bounded, dtstart=start).between(start, last, inc=True))
    except ValueError:  # dateutil refuses some rules that make nothing
        source = []
    # dateutil leaves out a start that the rule does not make; RFC 5545 counts it as the first.
    expected = [at for at in source if at != start][: (read_rule(text).count or 10**9) - 1]
    expected = [at for at in expected if at >= first]
    rule = read_rule(text)
    found = expand(rule, start, first, min(last, last_start(rule, None)), Steps(10**7))
    assert [at for at in found if at != start] == expected


DRAWN = (rules(), st.datetimes(naive(2025, 1, 1), naive(2027, 12, 31)), st.integers(0, 900))


@pytest.mark.full
@given(*DRAWN)
@settings(max_examples=25, deadline=None)
def test_a_rule_makes_what_dateutil_makes_of_it(text: str, start: datetime, skipped: int) -> None:
    same_as_dateutil(text, start, skipped)


def test_days_with_and_without_a_number_are_both_meant() -> None:
    found = place(
        event("DTSTART:20261201T090000Z", "RRULE:FREQ=MONTHLY;BYMONTH=12;BYDAY=MO,4WE;COUNT=6")
    )
    days = ["01", "07", "14", "21", "23", "28"]  # the first is the start, as RFC 5545 counts it
    assert hours(found) == [f"{day}.12. 09:00" for day in days]


def test_an_hour_stays_that_hour_when_the_clocks_move() -> None:
    found = place(
        event(
            "DTSTART;TZID=Europe/Lisbon:20261016T100000",
            "DTEND;TZID=Europe/Lisbon:20261016T110000",
            "RRULE:FREQ=WEEKLY;COUNT=3",
        )
    )
    assert hours(found) == ["16.10. 09:00", "23.10. 09:00", "30.10. 10:00"]
    assert all(one.ends_at - one.starts_at == timedelta(hours=1) for one in found)  # type: ignore[operator]


def test_exceptions_additions_and_changes_are_applied() -> None:
    found = place(
        event(
            "SUMMARY:Call",
            "DTSTART;TZID=Europe/Berlin:20261102T090000",
            "DURATION:PT30M",
            "RRULE:FREQ=DAILY;COUNT=5",
            "EXDATE;TZID=Europe/Berlin:20261103T090000",
            "EXDATE:20261104T080000Z",
            "RDATE;TZID=Europe/Berlin:20261120T140000",
        )
        + "\n"
        + event(
            "SUMMARY:Moved",
            "RECURRENCE-ID;TZID=Europe/Berlin:20261105T090000",
            "DTSTART;TZID=Europe/Berlin:20261105T160000",
            "DTEND;TZID=Europe/Berlin:20261105T170000",
        )
        + "\n"
        + event(
            "RECURRENCE-ID;TZID=Europe/Berlin:20261106T090000",
            "DTSTART;TZID=Europe/Berlin:20261106T090000",
            "STATUS:CANCELLED",
        )
    )
    assert hours(found) == ["02.11. 08:00", "05.11. 15:00", "20.11. 13:00"]
    assert [one.event.summary for one in found] == ["Call", "Moved", "Call"]


def test_a_change_of_this_and_all_that_follow() -> None:
    found = place(
        event("DTSTART:20261102T090000Z", "DTEND:20261102T100000Z", "RRULE:FREQ=WEEKLY;COUNT=4")
        + "\n"
        + event(
            "RECURRENCE-ID;RANGE=THISANDFUTURE:20261116T090000Z",
            "DTSTART:20261116T133000Z",
            "DTEND:20261116T140000Z",
        )
    )
    assert hours(found) == ["02.11. 09:00", "09.11. 09:00", "16.11. 13:30", "23.11. 13:30"]
    assert found[3].ends_at == datetime(2026, 11, 23, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "count"),
    [
        ("20261104", 3),  # a day for a time: all of that day
        ("20261104T230000Z", 3),
        ("20261104T080000Z", 3),  # 09:00 in Berlin
        ("20261104T075959Z", 2),
        ("20261104T090000", 3),  # without a zone: on the local clock
        ("20200101T000000Z", 0),  # before the start: what Google leaves of a series that moved
        ("20261101T225959Z", 0),
        ("20261102T000000Z", 1),  # midnight that stands for the day
    ],
)
def test_an_end_of_a_series_in_any_spelling(until: str, count: int) -> None:
    found = place(
        event("DTSTART;TZID=Europe/Berlin:20261102T090000", f"RRULE:FREQ=DAILY;UNTIL={until}")
    )
    assert len(found) == count


def test_whole_days_stay_days() -> None:
    found = place(
        event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227", "RRULE:FREQ=YEARLY")
    )
    assert [(one.first_day, one.last_day) for one in found] == [
        (date(2026, 12, 24), date(2026, 12, 26))
    ]
    assert found[0].starts_at is None


def test_what_is_newer_by_sequence_holds() -> None:
    found = place(
        event("SEQUENCE:2", "SUMMARY:New", "DTSTART:20261102T090000Z")
        + "\n"
        + event("SEQUENCE:1", "SUMMARY:Old", "DTSTART:20261105T090000Z")
    )
    assert [one.event.summary for one in found] == ["New"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=7",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;COUNT=2000000000",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=100000",
        "FREQ=YEARLY;BYYEARDAY=-366,366;BYSETPOS=-366",
        f"FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR={HOURS};BYMINUTE={EVERY};BYSECOND={EVERY}",
    ],
)
def test_hostile_rules_end_in_bounded_time(rule: str) -> None:
    findings = Findings()
    begin = time.process_time()
    text = "\n".join(
        event(f"DTSTART:19700101T0000{n:02}Z", f"RRULE:{rule}").replace("UID:s1", f"UID:s{n}")
        for n in range(2)
    )
    found = place(text, findings=findings)
    assert time.process_time() - begin < 4
    assert len(found) <= 100_000


def test_a_series_that_is_cut_is_told() -> None:
    findings = Findings()
    place(event("DTSTART:20260101T000000Z", "RRULE:FREQ=SECONDLY"), findings=findings)
    assert findings.count("too_many_occurrences") == 1


@pytest.mark.parametrize(
    "rule",
    ["FREQ=FORTNIGHTLY", "INTERVAL=2", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYMONTHDAY=0", "x", ""],
)
def test_a_rule_that_is_none_is_told_and_the_event_kept(rule: str) -> None:
    data = f"BEGIN:VCALENDAR\n{event('DTSTART:20261102T090000Z', f'RRULE:{rule}')}\nEND:VCALENDAR"
    read = read_calendar(data.encode())
    assert read.events[0].rules == ()
    assert [one.code for one in read.findings] == ["bad_rule"]


def test_an_exception_rule_leaves_its_starts_out() -> None:
    days = event(
        "DTSTART:20261102T090000Z",
        "RRULE:FREQ=DAILY;COUNT=10",
        "EXRULE:FREQ=WEEKLY;BYDAY=SA,SU",
        "EXRULE:FREQ=DAILY;INTERVAL=5;COUNT=2",
        "EXRULE:FREQ=OFTEN",
    )
    found = place(days)
    # The second rule makes the start itself, and the 7th: a Saturday.
    assert hours(found) == [f"{day:02}.11. 09:00" for day in (3, 4, 5, 6, 9, 10, 11)]
    theirs = rrulestr(
        "DTSTART:20261102T090000\nRRULE:FREQ=DAILY;COUNT=10\n"
        "EXRULE:FREQ=WEEKLY;BYDAY=SA,SU\nEXRULE:FREQ=DAILY;INTERVAL=5;COUNT=2"
    )
    assert [one.starts_at.replace(tzinfo=None) for one in found if one.starts_at] == list(theirs)
    data = f"BEGIN:VCALENDAR\n{days}\nEND:VCALENDAR\n".encode()
    assert "no frequency: “OFTEN”; left out" in [one.text for one in read_calendar(data).findings]


def test_exception_rules_are_bounded_as_rules_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(occurrences.__globals__, "STEPS_OF_A_RULE", 100)
    many = [f"EXRULE:FREQ=SECONDLY;INTERVAL={number}" for number in range(1, 200)]
    findings = Findings()
    rule = "RRULE:FREQ=DAILY;COUNT=3"
    place(event("DTSTART:20261101T090000Z", rule, *many), findings=findings)
    assert findings.count("too_many_occurrences") == RULES_LIMIT


@pytest.mark.parametrize(
    ("rule", "start", "days"),
    [
        ("FREQ=MONTHLY;SKIP=BACKWARD", "20260131", ["31.01.", "28.02.", "31.03.", "30.04."]),
        ("FREQ=MONTHLY;SKIP=FORWARD", "20260131", ["31.01.", "01.03.", "31.03.", "01.05."]),
        ("FREQ=MONTHLY;SKIP=OMIT", "20260131", ["31.01.", "31.03.", "31.05.", "31.07."]),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,30,31;SKIP=FORWARD",
            "20260130",
            ["30.01.", "31.01.", "01.02.", "01.03."],
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=SA;SKIP=BACKWARD",
            "20260131",
            ["31.01.", "28.02.", "31.10.", "31.07."],
        ),
        ("FREQ=YEARLY;SKIP=BACKWARD", "20240229", ["29.02.", "28.02.", "28.02.", "28.02."]),
        ("FREQ=YEARLY;SKIP=FORWARD", "20240229", ["29.02.", "01.03.", "01.03.", "01.03."]),
    ],
)
def test_a_day_that_a_month_lacks_is_moved_as_the_rule_says(
    rule: str, start: str, days: list[str]
) -> None:
    """RFC 7529, section 4.1."""
    first = datetime.strptime(start, "%Y%m%d")  # noqa: DTZ007 - naive
    last = first + timedelta(days=4000)
    found = expand(read_rule(f"RSCALE=GREGORIAN;{rule}"), first, first, last, Steps(5000))
    assert [f"{at:%d.%m.}" for at, _ in zip(found, range(4), strict=False)] == days


def test_a_part_of_a_rule_that_nobody_knows_is_told() -> None:
    text = event("DTSTART:20261101T090000Z", "RRULE:FREQ=YEARLY;BYEASTER=0;X-A=1")
    data = f"BEGIN:VCALENDAR\n{text}\nEND:VCALENDAR\n".encode()
    assert [
        one.text for one in read_calendar(data).findings if one.code == "unknown_rule_part"
    ] == ["BYEASTER, X-A of a rule is not known; read without it"]
    for refused in ("RSCALE=CHINESE;FREQ=YEARLY", "FREQ=MONTHLY;SKIP=NEVER"):
        with pytest.raises(ValueError, match=r"Gregorian|skip"):
            read_rule(refused)
