"""`bench ics`: how long a calendar of 5,000 events takes from bytes to times on the clock.

Work: read the file (content lines, VTIMEZONE, Windows and IANA zone names, people, links) and place
every event, series with their exceptions, in the 400 days that busy times are kept for.
Floor: `icalendar.Calendar.from_ical` of the same bytes, which reads and places nothing. Both in
processor time, the middle of several rounds.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from icalendar import Calendar

from projectdesk.bench.report import below, report
from projectdesk.exchange.calendar import (
    Addition,
    Attendee,
    CalendarEvent,
    CalendarTime,
    Party,
    occurrences,
    read_calendar,
    write_calendar,
)

EVENTS: Final = 5_000
ROUNDS: Final = 3
RATIO_LIMIT: Final = 1.5
FIRST: Final = datetime(2026, 11, 1, tzinfo=UTC)
DAYS: Final = 400
_ZONES: Final = ("Europe/Lisbon", "Europe/Berlin", "America/New_York", "Asia/Seoul", "UTC")
_LINK: Final = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_{number}%40thread.v2/0"
_SERIES_EACH: Final = 20
"""One event of so many repeats."""


def run(options: Sequence[str] = ()) -> dict[str, Any]:
    """Measure and return the report.

    Args:
        options: `--rounds N`, `--events N`.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench ics")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--events", type=int, default=EVENTS)
    chosen = parser.parse_args(list(options))
    data = calendar_of(chosen.events)
    read = _middle(lambda: read_calendar(data), chosen.rounds)
    whole = _middle(lambda: placed(data), chosen.rounds)
    floor = _middle(lambda: Calendar.from_ical(data), chosen.rounds)
    events = len(read_calendar(data).events)
    if events != len(Calendar.from_ical(data).walk("VEVENT")):
        raise RuntimeError("the floor reads another calendar")
    rows = [
        {"what": "read", "cpu_s": round(read, 3)},
        {"what": "read and placed", "cpu_s": round(whole, 3), "times": placed(data)},
        {"what": "read by icalendar alone", "cpu_s": round(floor, 3)},
    ]
    goals = [below("ics.ratio", round(whole / floor, 3), RATIO_LIMIT)]
    return report("ics", rows, goals, events=events, days=DAYS, bytes=len(data))


def placed(data: bytes) -> int:
    """Read a calendar and place its events; return how many times they take place."""
    last = FIRST + timedelta(days=DAYS)
    return len(occurrences(read_calendar(data).events, FIRST, last, zone="Europe/Lisbon"))


def calendar_of(count: int) -> bytes:
    """Return a calendar as an office keeps it: single events, series, people, links, texts."""
    return write_calendar([_event(number) for number in range(count)], name="Office")


def _event(number: int) -> CalendarEvent:
    zone = _ZONES[number % len(_ZONES)]
    day = FIRST.replace(tzinfo=None) + timedelta(days=number % DAYS, hours=8 + number % 9)
    start = CalendarTime(day, zone)
    repeats = number % _SERIES_EACH == 0
    attendees = tuple(
        Attendee(f"person{(number + k) % 90}@partner{k}.example", f"Person {k}", rsvp=True)
        for k in range(number % 6)
    )
    return CalendarEvent(
        uid=f"{number}@office.example",
        start=start,
        end=CalendarTime(day + timedelta(minutes=30 + 15 * (number % 5)), zone),
        sequence=number % 4,
        summary=f"Work package {number % 12}: meeting, part {number}",
        description="Agenda:\n1. Progress; 2. Risks, 3. Next steps\n" * (1 + number % 4),
        location="Room 4, Building 12; or online",
        url=_LINK.format(number=number) if number % 3 == 0 else "",
        rules=("FREQ=WEEKLY;COUNT=40",) if repeats else (),
        exceptions=(CalendarTime(day + timedelta(days=14), zone),) if repeats else (),
        additions=(Addition(CalendarTime(day + timedelta(days=3), zone)),) if repeats else (),
        organiser=Party(f"person{number % 90}@office.example", "The Office"),
        attendees=attendees,
        stamp=FIRST,
        alarms=(15,) if number % 2 else (),
    )


def _middle(work: Callable[[], object], rounds: int) -> float:
    """Return the median of processor seconds over rounds."""
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return statistics.median(times)
