"""Reads calendar objects of Outlook, Google, Apple, Teams, Zoom, Thunderbird and whoever else.

What keeps its meaning is read and noted as a `Finding`. An event whose time cannot be known is left
out, and noted; a file of which nothing is left is an error that says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.errors import UnreadableFile
from projectdesk.exchange.calendar.event import (
    Addition,
    BusyKind,
    BusyPeriod,
    Calendar,
    CalendarEvent,
    CalendarTime,
    Conference,
    EventStatus,
    Method,
    When,
)
from projectdesk.exchange.calendar.lines import Component, Line, read_components
from projectdesk.exchange.calendar.links import PROPERTIES, conferences, safe_link
from projectdesk.exchange.calendar.people import read_attendee, read_party
from projectdesk.exchange.calendar.recurrence import read_rule
from projectdesk.exchange.calendar.values import (
    read_duration,
    read_instant,
    read_line,
    read_list,
    read_name,
    read_text,
    read_when,
)
from projectdesk.exchange.calendar.zones import Zones
from projectdesk.exchange.findings import Findings

EVENTS_LIMIT = 100_000
PEOPLE_LIMIT = 5_000
_EXTRA_LIMIT = 20_000
"""Exceptions and additions of one event, and busy periods of one file."""

_LEFT_OUT = "event left out: "
_OTHERS = frozenset({"VTODO", "VJOURNAL", "VAVAILABILITY", "VALARM", "VPOLL"})
_WITHOUT_START = frozenset({Method.REPLY, Method.CANCEL, Method.REFRESH, Method.DECLINECOUNTER})


class _Lost(Exception):
    """An event whose time cannot be known; says why."""


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
        findings.add(file, bare[0].row, "BEGIN", "no_calendar", "parts that lie in no VCALENDAR")
        found.append(Component("VCALENDAR", bare[0].row, [], bare))
    if not found:
        raise _no_calendar(data, file)
    return found


def _no_calendar(data: bytes, file: str) -> UnreadableFile:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    seen = "no iCalendar file"
    for mark, words in _OTHER_FORMATS:
        if head[: len(mark)].upper() == mark:
            seen = words
            break
    else:
        if not head:
            seen = "empty"
    return UnreadableFile(
        "not_a_calendar",
        "{file} is {seen}: no BEGIN:VCALENDAR in it.",
        file=file,
        seen=seen,
        expected="an iCalendar file (.ics)",
    )


_OTHER_FORMATS = (
    (b"\xd0\xcf\x11\xe0", "a message or document of Microsoft (save it as .ics or .eml)"),
    (b"BEGIN:VCARD", "an address book (vCard)"),
    (b"<!DOCTYPE HTML", "a web page, perhaps one to log in"),
    (b"<HTML", "a web page, perhaps one to log in"),
    (b"<?XML", "XML"),
    (b"[", "JSON"),
    (b"{", "JSON"),
    (b"PK\x03\x04", "a ZIP archive"),
)


def _nothing_left(file: str, offered: int, findings: Findings) -> UnreadableFile:
    why = next((one for one in findings.all() if one.code == "event_left_out"), None)
    return UnreadableFile(
        "no_readable_event",
        "{file}: of {number} events none can be read. Line {row}: {why}.",
        file=file,
        number=offered,
        row=why.row if why else 0,
        why=why.text.removeprefix(_LEFT_OUT) if why else "their times are missing",
        expected="events with a start (DTSTART)",
    )


def _together(read: list[Calendar], file: str, findings: Findings) -> Calendar:
    """Return the calendars of one file as one."""
    if len(read) == 1:
        return read[0]
    methods = {one.method for one in read}
    if len(methods) > 1:
        text = "calendars for different ends; each event is taken as it is"
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
        self._told: set[str] = set()
        self._whens: dict[tuple[str, str, str], When] = {}

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
                events.append(self._event(part))
            except _Lost as lost:
                self._note(part.row, "", "event_left_out", f"{_LEFT_OUT}{lost}")
        return Calendar(
            method=self._method,
            events=tuple(events),
            busy=tuple(self._busy()),
            name=read_line(self._part.text("X-WR-CALNAME") or self._part.text("NAME")),
            zone=self._zone,
            product=read_line(self._part.text("PRODID")),
            skipped=sum(part.name in _OTHERS for part in self._part.parts),
        )

    def _note(self, row: int, column: str, code: str, text: str) -> None:
        self._findings.add(self._file, row, column, code, text)

    def _read_method(self) -> Method:
        line = self._part.first("METHOD")
        text = line.value.strip().upper() if line else ""
        try:
            return Method(text)
        except ValueError:
            self._note(line.row if line else 0, "METHOD", "unknown_method", f"METHOD {text[:40]}")
            return Method.NONE

    def _floating_zone(self) -> str:
        line = self._part.first("X-WR-TIMEZONE") or self._part.first("TIMEZONE-ID")
        if line is None or not line.value.strip():
            return ""
        zone = self._zones.find(line.value, datetime.now(UTC).year)
        if zone is None or zone.rules is not None:
            self._note(
                line.row, line.name, "unknown_zone", f"the calendar's zone {line.value[:60]}"
            )
            return ""
        return zone.name

    def _event(self, part: Component) -> CalendarEvent:
        by_name: dict[str, list[Line]] = {}
        for line in part.lines:
            by_name.setdefault(line.name, []).append(line)
        return _EventReader(self, part, by_name).read()

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
                    if taken > _EXTRA_LIMIT:
                        self._note(line.row, "FREEBUSY", "too_many", "more busy times are left out")
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
            self._note(line.row, "FREEBUSY", "bad_period", f"no period: {text[:60]} ({error})")
            return None
        if end <= start:
            self._note(line.row, "FREEBUSY", "bad_period", f"ends before it starts: {text[:60]}")
            return None
        return start, end

    # -- times: what the event reader asks for

    def when(self, line: Line, text: str | None = None) -> When:
        """Return a property's day or time.

        Raises:
            ValueError: it is none.
            _Lost: its zone cannot be known.
        """
        value = (line.value if text is None else text).strip()
        tzid = line.parameters.get("TZID")
        key = (value, tzid or "", line.parameters.get("VALUE", ""))
        found = self._whens.get(key)
        if found is None:
            found = self._whens[key] = self._read_when(line, value, tzid)
        return found

    def _read_when(self, line: Line, value: str, tzid: str | None) -> When:
        if ")" in value and tzid is not None and ":" in value:
            # A TZID with a colon that is not quoted, as (UTC-03:00) Brasilia.
            rest, _, value = value.rpartition(":")
            tzid = f"{tzid}:{rest}"
            self._note(line.row, line.name, "unquoted_zone", f"TZID={tzid[:80]} is not quoted")
        found, utc = read_when(value)
        if line.parameters.get("VALUE", "").upper() == "DATE" and isinstance(found, datetime):
            self._note(line.row, line.name, "day_with_time", f"a day with a time: {value[:30]}")
            return found.date()
        if not isinstance(found, datetime):
            return found
        if utc:
            return CalendarTime(found, "UTC")
        if tzid is not None and (tzid.strip() or self._zones.has("")):
            return self._zoned(found, tzid, line)
        if tzid is not None:
            self._note(line.row, line.name, "blank_zone", "TZID is blank; read as without a zone")
        return CalendarTime(found, self._zone)

    def _zoned(self, local: datetime, tzid: str, line: Line) -> CalendarTime:
        zone = self._zones.find(tzid, local.year)
        if zone is None:
            raise _Lost(f"{line.name} has the zone “{tzid[:60]}”, which nobody knows")
        if zone.guessed and zone.guessed not in self._told:
            self._told.add(zone.guessed)
            self._note(line.row, "TZID", "zone_guessed", zone.guessed)
        return CalendarTime(local, zone.name, zone.rules)

    @property
    def method(self) -> Method:
        """Return what the calendar is for."""
        return self._method

    @property
    def note(self) -> Callable[[int, str, str, str], None]:
        """Return what takes a finding: row, property, code, text."""
        return self._note


def _events_in(part: Component) -> Iterator[Component]:
    """Yield the events of a calendar; those inside a part of a foreign name count too."""
    for one in part.parts:
        if one.name == "VEVENT":
            yield one
        elif one.name not in _OTHERS and one.name not in ("VTIMEZONE", "VFREEBUSY"):
            yield from _events_in(one)


class _EventReader:
    """Reads one VEVENT."""

    def __init__(self, calendar: _Reader, part: Component, lines: dict[str, list[Line]]) -> None:
        self._calendar = calendar
        self._part = part
        self._lines = lines

    def read(self) -> CalendarEvent:
        recurrence = self._first("RECURRENCE-ID")
        recurrence_id = self._when_or_none(recurrence)
        start = self._start(recurrence_id)
        start, end = self._outlook_days(start, self._end(start))
        organiser = self._first("ORGANIZER")
        status = self._status()
        return CalendarEvent(
            uid=self._uid(),
            start=start,
            end=end,
            sequence=self._whole_number("SEQUENCE"),
            recurrence_id=_alike(recurrence_id, start),
            and_following=self._is_following(recurrence),
            summary=self._text_line("SUMMARY"),
            description=self._text("DESCRIPTION"),
            html=self._html(),
            location=self._text_line("LOCATION"),
            url=safe_link(self._text_line("URL")),
            conferences=self._conferences(),
            rules=self._rules(),
            exceptions=self._exceptions(start),
            additions=self._additions(start),
            organiser=read_party(organiser) if organiser else None,
            attendees=tuple(
                attendee
                for line in self._lines.get("ATTENDEE", ())[:PEOPLE_LIMIT]
                if (attendee := read_attendee(line)) is not None
            ),
            status=status,
            opaque=self._is_opaque(),
            tentative=status is EventStatus.TENTATIVE or self._busy_status() == "TENTATIVE",
            private=self._value("CLASS") in ("PRIVATE", "CONFIDENTIAL"),
            stamp=self._instant("DTSTAMP"),
            changed_at=self._instant("LAST-MODIFIED"),
            categories=tuple(
                text for line in self._lines.get("CATEGORIES", ()) for text in read_list(line.value)
            ),
            comment=self._text("COMMENT"),
            alarms=self._alarms(),
        )

    def _note(self, line: Line | Component, code: str, text: str) -> None:
        column = line.name if isinstance(line, Line) else ""
        self._calendar.note(line.row, column, code, text)

    def _first(self, name: str) -> Line | None:
        lines = self._lines.get(name)
        return lines[0] if lines else None

    def _value(self, name: str) -> str:
        line = self._first(name)
        return line.value.strip().upper() if line else ""

    def _text(self, name: str) -> str:
        line = self._first(name)
        return read_text(line.value) if line else ""

    def _text_line(self, name: str) -> str:
        line = self._first(name)
        return read_line(line.value) if line else ""

    def _uid(self) -> str:
        uid = self._text_line("UID")
        if uid:
            return uid
        said = "\n".join(f"{line.name}:{line.value}" for line in self._part.lines)
        self._note(self._part, "no_uid", "no UID; one is made of what the event says")
        return f"{sha256(said.encode()).hexdigest()[:32]}@nameless"

    def _start(self, recurrence_id: When | None) -> When:
        line = self._first("DTSTART")
        if line is not None:
            try:
                return self._calendar.when(line)
            except (ValueError, OverflowError) as error:
                raise _Lost(f"DTSTART is {error}") from error
        stamp = self._instant("DTSTAMP")
        if self._calendar.method in _WITHOUT_START and (recurrence_id or stamp):
            if recurrence_id is not None:
                return recurrence_id
            if stamp is not None:
                return CalendarTime(stamp.replace(tzinfo=None), "UTC")
        raise _Lost("it has no start (DTSTART)")

    def _end(self, start: When) -> When | None:
        line = self._first("DTEND")
        if line is not None:
            return self._stated_end(line, start)
        line = self._first("DURATION")
        if line is None:
            return None
        try:
            days, elapsed = read_duration(line.value)
            return _later(start, days, elapsed)
        except (ValueError, OverflowError) as error:
            self._note(line, "bad_end", f"{error}; read as without an end")
            return None

    def _stated_end(self, line: Line, start: When) -> When | None:
        try:
            end = self._calendar.when(line)
        except (ValueError, OverflowError, _Lost) as error:
            self._note(line, "bad_end", f"{error}; read as without an end")
            return None
        alike = _alike(end, start)
        if alike is not end:
            self._note(line, "bad_end", "a day and a time as start and end; read as the start is")
        if alike is not None and _is_before(alike, start):
            self._note(line, "bad_end", "ends before it starts; read as without an end")
            return None
        if not isinstance(alike, CalendarTime) and alike == start:
            return None
        return alike

    def _outlook_days(self, start: When, end: When | None) -> tuple[When, When | None]:
        """Return whole days where Outlook wrote them as times."""
        if self._value("X-MICROSOFT-CDO-ALLDAYEVENT") != "TRUE":
            return start, end
        if isinstance(start, CalendarTime) and isinstance(end, CalendarTime):
            day, last = start.local.date(), end.local.date()
            return day, last if last > day else None
        return start, end

    def _when_or_none(self, line: Line | None) -> When | None:
        if line is None:
            return None
        try:
            return self._calendar.when(line)
        except (ValueError, OverflowError) as error:
            raise _Lost(f"{line.name} is {error}") from error

    def _is_following(self, line: Line | None) -> bool:
        return line is not None and line.parameters.get("RANGE", "").upper() == "THISANDFUTURE"

    def _whole_number(self, name: str) -> int:
        text = self._value(name)
        if not text:
            return 0
        if text.isdecimal() and len(text) < 10:
            return int(text)
        line = self._first(name)
        self._note(line or self._part, "bad_number", f"no number: {text[:20]}; read as 0")
        return 0

    def _instant(self, name: str) -> datetime | None:
        line = self._first(name)
        if line is None:
            return None
        try:
            when = self._calendar.when(line)
            if isinstance(when, CalendarTime):
                return when.instant()
            return datetime(when.year, when.month, when.day, tzinfo=UTC)
        except (ValueError, OverflowError, _Lost):
            self._note(line, "bad_instant", f"no time: {line.value[:30]}; left out")
            return None

    def _status(self) -> EventStatus:
        text = self._value("STATUS")
        try:
            return EventStatus("CANCELLED" if text == "CANCELED" else text)
        except ValueError:
            line = self._first("STATUS")
            self._note(line or self._part, "unknown_status", f"STATUS {text[:30]}; left out")
            return EventStatus.NONE

    def _busy_status(self) -> str:
        # An invitation of Outlook says TENTATIVE until it is answered: that tells nothing of it.
        if self._calendar.method is Method.REQUEST:
            return ""
        return self._value("X-MICROSOFT-CDO-BUSYSTATUS")

    def _is_opaque(self) -> bool:
        return self._value("TRANSP") != "TRANSPARENT" and self._busy_status() != "FREE"

    def _html(self) -> str:
        for name in ("X-ALT-DESC", "STYLED-DESCRIPTION"):
            line = self._first(name)
            if line and line.parameters.get("FMTTYPE", "").lower() == "text/html":
                return read_text(line.value)
        return ""

    def _conferences(self) -> tuple[Conference, ...]:
        named = [
            (label, read_line(line.value))
            for name, label in PROPERTIES.items()
            for line in self._lines.get(name, ())
        ]
        named += [
            (read_name(line.parameters.get("LABEL", "")), line.value)
            for line in self._lines.get("CONFERENCE", ())
        ]
        texts = ("URL", "LOCATION", "DESCRIPTION", "X-ALT-DESC")
        return conferences(
            named, [read_text(line.value) for name in texts for line in self._lines.get(name, ())]
        )

    def _rules(self) -> tuple[str, ...]:
        rules = []
        for line in self._lines.get("RRULE", ()):
            try:
                read_rule(line.value)
            except (ValueError, OverflowError) as error:
                self._note(line, "bad_rule", f"{error}; read as if it did not repeat")
            else:
                rules.append(line.value.strip().strip(";").upper())
        if "EXRULE" in self._lines:
            self._note(self._lines["EXRULE"][0], "exrule", "EXRULE is not supported; left out")
        return tuple(rules)

    def _whens(self, name: str) -> Iterator[tuple[Line, str]]:
        taken = 0
        for line in self._lines.get(name, ()):
            for text in line.value.split(","):
                if not text.strip():
                    self._note(line, "blank_date", f"{name} without a date; left out")
                    continue
                taken += 1
                if taken > _EXTRA_LIMIT:
                    self._note(line, "too_many", f"more of {name} are left out")
                    return
                yield line, text

    def _exceptions(self, start: When) -> tuple[When, ...]:
        found = []
        for line, text in self._whens("EXDATE"):
            try:
                when = self._calendar.when(line, text)
            except (ValueError, OverflowError, _Lost) as error:
                self._note(line, "bad_date", f"{error}; left out")
                continue
            alike = _alike(when, start)
            if alike is not when:
                self._note(line, "unlike_date", f"{text[:20]}: read as the start is")
            if alike is not None:
                found.append(alike)
        return tuple(found)

    def _additions(self, start: When) -> tuple[Addition, ...]:
        found = []
        for line, text in self._whens("RDATE"):
            first, slash, second = text.partition("/")
            try:
                begin = _alike(self._calendar.when(line, first), start)
                end: When | None = None
                if slash and begin is not None:
                    end = self._period_end(line, begin, second)
            except (ValueError, OverflowError, _Lost) as error:
                self._note(line, "bad_date", f"{error}; left out")
                continue
            if begin is not None:
                found.append(Addition(begin, end))
        return tuple(found)

    def _period_end(self, line: Line, begin: When, text: str) -> When | None:
        if text[:1] in ("P", "p", "+"):
            return _later(begin, *read_duration(text))
        end = _alike(self._calendar.when(line, text), begin)
        return None if end is None or _is_before(end, begin) else end

    def _alarms(self) -> tuple[int, ...]:
        """Return the minutes before the start of alarms that are set so."""
        minutes = set()
        for part in self._part.named("VALARM"):
            line = part.first("TRIGGER")
            if line is None or line.parameters.get("RELATED", "START").upper() != "START":
                continue
            try:
                days, elapsed = read_duration(line.value)
            except ValueError:
                continue
            before = -(days * 1440 + int(elapsed.total_seconds()) // 60)
            if 0 <= before <= 60 * 1440:
                minutes.add(before)
        return tuple(sorted(minutes))


def _later(start: When, days: int, elapsed: timedelta) -> When | None:
    """Return the end after a duration: days by the calendar, then time as it elapses."""
    if days < 0 or elapsed < timedelta(0):
        raise ValueError("a negative duration")
    if not isinstance(start, CalendarTime):
        end = start + timedelta(days=days) + elapsed
        return end if end > start else None
    local = start.local + timedelta(days=days)
    if start.zone in ("", "UTC"):
        return replace(start, local=local + elapsed)
    instant = replace(start, local=local).instant() + elapsed
    return replace(start, local=_local(instant, start))


def _local(instant: datetime, like: CalendarTime) -> datetime:
    return instant.astimezone(like.own_zone or zone_of(like.zone)).replace(tzinfo=None)


def _alike(when: When | None, start: When) -> When | None:
    """Return a time as a day, or a day as a time, where the start is one."""
    if when is None or isinstance(when, CalendarTime) == isinstance(start, CalendarTime):
        return when
    if isinstance(when, CalendarTime):
        return when.local.date()
    if isinstance(start, CalendarTime):
        return replace(start, local=datetime.combine(when, start.local.time()))
    return when


def _is_before(one: When, other: When) -> bool:
    if isinstance(one, CalendarTime) and isinstance(other, CalendarTime):
        return one.instant() < other.instant()
    if isinstance(one, CalendarTime) or isinstance(other, CalendarTime):
        return False
    return one < other
