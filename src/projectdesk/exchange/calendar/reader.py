"""Reads calendar objects of Outlook, Google, Apple, Teams, Zoom, Thunderbird and whoever else.

What keeps its meaning is read and noted as a `Finding`. An event whose time cannot be known is left
out, and noted; a file of which nothing is left is an error that says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.calendar.event import BusyKind, BusyPeriod, Calendar, Method
from projectdesk.exchange.calendar.event_reader import EventReader
from projectdesk.exchange.calendar.lines import Component, Line, read_components
from projectdesk.exchange.calendar.times import Lost, Times
from projectdesk.exchange.calendar.values import read_duration, read_instant, read_line
from projectdesk.exchange.calendar.zones import Zones
from projectdesk.exchange.findings import Finding, Findings
from projectdesk.worded import Worded, why, worded

EVENTS_LIMIT = 100_000
BUSY_LIMIT = 20_000
"""Busy periods of one file."""

_OTHERS = frozenset({"VTODO", "VJOURNAL", "VAVAILABILITY", "VALARM", "VPOLL"})


def read_calendar(data: bytes, file: str = "calendar.ics") -> Calendar:
    """Return what a calendar file says.

    Args:
        data: its bytes.
        file: its name, for findings and errors.

    Raises:
        UnreadableFile: `not_a_calendar`, `cut_off`, `nested_too_deep`; `no_readable_event`: it has
            events and the time of none can be known.
        FileTooLarge: over a limit.
    """
    findings = Findings()
    root = read_components(data, file, findings)
    calendars = _calendars(root, data, file, findings)
    read = [_Reader(one, file, findings).read() for one in calendars]
    whole = _together(read, file, findings)
    offered = sum(len(one.named("VEVENT")) for one in calendars)
    if offered and not whole.events and not whole.busy:
        raise _nothing_left(file, offered, findings)
    return replace(whole, findings=findings.all())


def _calendars(root: Component, data: bytes, file: str, findings: Findings) -> list[Component]:
    """Return the calendars of a file; parts that lie in none make one, as some programs cut it."""
    found = root.named("VCALENDAR")
    bare = [part for part in root.parts if part.name.startswith("V") and part.name != "VCALENDAR"]
    if bare and bare[0].name != "VCARD":
        findings.add(
            file, bare[0].row, "BEGIN", "no_calendar", worded("parts that lie in no VCALENDAR")
        )
        found.append(Component("VCALENDAR", bare[0].row, [], bare))
    if not found:
        raise _no_calendar(data, file)
    return found


def _no_calendar(data: bytes, file: str) -> UnreadableFile:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    seen: str = worded("no iCalendar file")
    for mark, words in _OTHER_FORMATS:
        if head[: len(mark)].upper() == mark:
            seen = words
            break
    else:
        if not head:
            seen = worded("empty")
    return UnreadableFile(
        "not_a_calendar",
        "{file} is {seen}: no BEGIN:VCALENDAR in it.",
        file=file,
        seen=seen,
        expected="an iCalendar file (.ics)",
    )


_OTHER_FORMATS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", worded("a message or document of Microsoft (save it as .ics or .eml)")),
    (b"BEGIN:VCARD", worded("an address book (vCard)")),
    (b"<!DOCTYPE HTML", worded("a web page, perhaps one to log in")),
    (b"<HTML", worded("a web page, perhaps one to log in")),
    (b"<ICALENDAR", worded("a calendar as XML, xCal (export it as .ics)")),
    (b"<?XML", "XML"),
    (b'["VCALENDAR"', worded("a calendar as JSON, jCal (export it as .ics)")),
    (b'[["VCALENDAR"', worded("calendars as JSON, jCal (export them as .ics)")),
    (b"[", "JSON"),
    (b"{", "JSON"),
    (b"PK\x03\x04", worded("a ZIP archive")),
    (b"!BDN", worded("a data file of Outlook (export the calendar as .ics)")),
    (b"SQLITE FORMAT 3", worded("the database of a program (export the calendar as .ics)")),
)


def _why(left_out: Finding) -> str:
    """Return why an event was left out: what stands for it in its finding."""
    said = left_out.text.facts["why"]
    return said if isinstance(said, str) else str(said)


def _nothing_left(file: str, offered: int, findings: Findings) -> UnreadableFile:
    left_out = next((one for one in findings.all() if one.code == "event_left_out"), None)
    return UnreadableFile(
        "no_readable_event",
        "{file}: {none}. Line {row}: {why}.",
        file=file,
        none=worded("its only event cannot be read")
        if offered == 1
        else worded("none of its {count} events can be read", count=offered),
        row=left_out.row if left_out else 0,
        why=_why(left_out) if left_out else worded("their times are missing"),
        expected="events with a start (DTSTART)",
    )


def _together(read: list[Calendar], file: str, findings: Findings) -> Calendar:
    """Return the calendars of one file as one."""
    if len(read) == 1:
        return read[0]
    methods = {one.method for one in read}
    if len(methods) > 1:
        text = worded("calendars for different ends; each event is taken as it is")
        findings.add(file, 0, "METHOD", "several_methods", text)
    return Calendar(
        method=read[0].method if len(methods) == 1 else Method.NONE,
        events=tuple(event for one in read for event in one.events),
        busy=tuple(period for one in read for period in one.busy),
        name=next((one.name for one in read if one.name), ""),
        zone=next((one.zone for one in read if one.zone), ""),
        product=read[0].product,
        skipped=sum(one.skipped for one in read),
    )


class _Reader:
    """Reads one VCALENDAR."""

    def __init__(self, part: Component, file: str, findings: Findings) -> None:
        self._part = part
        self._file = file
        self._findings = findings
        self._zones = Zones(part.named("VTIMEZONE"), file, findings)
        self._method = self._read_method()
        self._zone = self._floating_zone()
        self._times = Times(self._zones, self._zone, self._note)

    def read(self) -> Calendar:
        events = []
        inner = list(_events_in(self._part))
        if len(inner) > EVENTS_LIMIT:
            raise UnreadableFile(
                "too_many_events",
                "{file} has {number} events; the limit is {limit}.",
                file=self._file,
                number=len(inner),
                limit=EVENTS_LIMIT,
            )
        for part in inner:
            try:
                events.append(EventReader(part, self._method, self._times, self._note).read())
            except Lost as lost:
                self._note(
                    part.row,
                    "",
                    "event_left_out",
                    worded("event left out: {why}", why=why(lost)),
                )
        return Calendar(
            method=self._method,
            events=tuple(events),
            busy=tuple(self._busy()),
            name=read_line(self._part.text("X-WR-CALNAME") or self._part.text("NAME")),
            zone=self._zone,
            product=read_line(self._part.text("PRODID")),
            skipped=sum(part.name in _OTHERS for part in self._part.parts),
        )

    def _note(self, row: int, column: str, code: str, text: Worded) -> None:
        self._findings.add(self._file, row, column, code, text)

    def _read_method(self) -> Method:
        line = self._part.first("METHOD")
        text = line.value.strip().upper() if line else ""
        try:
            return Method(text)
        except ValueError:
            self._note(
                line.row if line else 0,
                "METHOD",
                "unknown_method",
                worded("METHOD {text}", text=text[:40]),
            )
            return Method.NONE

    def _floating_zone(self) -> str:
        line = self._part.first("X-WR-TIMEZONE") or self._part.first("TIMEZONE-ID")
        if line is None or not line.value.strip():
            return ""
        zone = self._zones.find(line.value, datetime.now(UTC).year)
        if zone is None or zone.rules is not None:
            self._note(
                line.row,
                line.name,
                "unknown_zone",
                worded("the calendar's zone {value}", value=line.value[:60]),
            )
            return ""
        return zone.name

    def _busy(self) -> Iterator[BusyPeriod]:
        taken = 0
        for part in self._part.named("VFREEBUSY"):
            for line in part.lines:
                if line.name != "FREEBUSY":
                    continue
                kind = line.parameters.get("FBTYPE", "BUSY").upper()
                if kind == "FREE":
                    continue
                for text in filter(None, (one.strip() for one in line.value.split(","))):
                    taken += 1
                    if taken > BUSY_LIMIT:
                        self._note(
                            line.row, "FREEBUSY", "too_many", worded("more busy times are left out")
                        )
                        return
                    period = self._period(text, line)
                    if period is not None:
                        known = kind if kind in set(BusyKind) else "BUSY"
                        yield BusyPeriod(*period, BusyKind(known))

    def _period(self, text: str, line: Line) -> tuple[datetime, datetime] | None:
        first, _, second = text.partition("/")
        try:
            start = read_instant(first)
            if second[:1] in "Pp+-" and second:
                days, elapsed = read_duration(second)
                end = start + timedelta(days=days) + elapsed
            else:
                end = read_instant(second)
        except (ValueError, OverflowError) as error:
            self._note(
                line.row,
                "FREEBUSY",
                "bad_period",
                worded("no period: {text} ({error})", text=text[:60], error=why(error)),
            )
            return None
        if end <= start:
            self._note(
                line.row,
                "FREEBUSY",
                "bad_period",
                worded("ends before it starts: {text}", text=text[:60]),
            )
            return None
        return start, end


def _events_in(part: Component) -> Iterator[Component]:
    """Yield the events of a calendar; those inside a part of a foreign name count too."""
    for one in part.parts:
        if one.name == "VEVENT":
            yield one
        elif one.name not in _OTHERS and one.name not in ("VTIMEZONE", "VFREEBUSY"):
            yield from _events_in(one)
