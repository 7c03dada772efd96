"""Reads one VEVENT: what each property says, and what is told of those that are bent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

from projectdesk.exchange.calendar.event import (
    Addition,
    CalendarEvent,
    CalendarTime,
    Conference,
    EventStatus,
    Method,
    When,
)
from projectdesk.exchange.calendar.lines import Component, Line
from projectdesk.exchange.calendar.links import PROPERTIES, conferences, safe_link
from projectdesk.exchange.calendar.people import read_attendee, read_party
from projectdesk.exchange.calendar.recurrence import read_rule, unknown_parts
from projectdesk.exchange.calendar.times import Lost, Note, Times, alike, is_before, later
from projectdesk.exchange.calendar.values import (
    read_duration,
    read_line,
    read_list,
    read_name,
    read_text,
)
from projectdesk.worded import Worded, why, worded

PEOPLE_LIMIT = 5_000
EXTRA_LIMIT = 20_000
"""Exceptions, and additions, of one event."""

RULES_LIMIT = 20
"""Rules of one event; more than two are met in no calendar."""

_WITHOUT_START = frozenset({Method.REPLY, Method.CANCEL, Method.REFRESH, Method.DECLINECOUNTER})


class EventReader:
    """Reads one VEVENT."""

    def __init__(self, part: Component, method: Method, times: Times, note: Note) -> None:
        """Read an event.

        Args:
            part: the component.
            method: of its calendar.
            times: reads its days and times.
            note: takes what was bent.
        """
        self._part = part
        self._method = method
        self._times = times
        self._tell = note
        self._lines: dict[str, list[Line]] = {}
        for line in part.lines:
            self._lines.setdefault(line.name, []).append(line)

    def read(self) -> CalendarEvent:
        """Return the event.

        Raises:
            Lost: its time cannot be known.
        """
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
            recurrence_id=alike(recurrence_id, start),
            and_following=self._is_following(recurrence),
            summary=self._text_line("SUMMARY"),
            description=self._text("DESCRIPTION"),
            html=self._html(),
            location=self._text_line("LOCATION"),
            url=safe_link(self._text_line("URL")),
            conferences=self._conferences(),
            rules=self._rules("RRULE"),
            exceptions=self._exceptions(start),
            exception_rules=self._rules("EXRULE"),
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

    def _note(self, line: Line | Component, code: str, text: Worded) -> None:
        column = line.name if isinstance(line, Line) else ""
        self._tell(line.row, column, code, text)

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
        text = worded("no UID; one is made of what the event says")
        self._note(self._part, "no_uid", text)
        return f"{sha256(said.encode()).hexdigest()[:32]}@nameless"

    def _start(self, recurrence_id: When | None) -> When:
        line = self._first("DTSTART")
        if line is not None:
            try:
                return self._times.when(line)
            except (ValueError, OverflowError) as error:
                raise Lost(worded("DTSTART is {error}", error=why(error))) from error
        stamp = self._instant("DTSTAMP")
        if self._method in _WITHOUT_START and (recurrence_id or stamp):
            if recurrence_id is not None:
                return recurrence_id
            if stamp is not None:
                return CalendarTime(stamp.replace(tzinfo=None), "UTC")
        raise Lost(worded("it has no start (DTSTART)"))

    def _end(self, start: When) -> When | None:
        line = self._first("DTEND")
        if line is not None:
            return self._stated_end(line, start)
        line = self._first("DURATION")
        if line is None:
            return None
        try:
            days, elapsed = read_duration(line.value)
            return later(start, days, elapsed)
        except (ValueError, OverflowError) as error:
            text = worded("{error}; read as without an end", error=why(error))
            self._note(line, "bad_end", text)
            return None

    def _stated_end(self, line: Line, start: When) -> When | None:
        try:
            end = self._times.when(line)
        except (ValueError, OverflowError, Lost) as error:
            text = worded("{error}; read as without an end", error=why(error))
            self._note(line, "bad_end", text)
            return None
        same = alike(end, start)
        if same is not end:
            text = worded("a day and a time as start and end; read as the start is")
            self._note(line, "bad_end", text)
        if same is not None and is_before(same, start):
            text = worded("ends before it starts; read as without an end")
            self._note(line, "bad_end", text)
            return None
        if not isinstance(same, CalendarTime) and same == start:
            return None
        return same

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
            return self._times.when(line)
        except (ValueError, OverflowError) as error:
            raise Lost(worded("{name} is {error}", name=line.name, error=why(error))) from error

    def _is_following(self, line: Line | None) -> bool:
        return line is not None and line.parameters.get("RANGE", "").upper() == "THISANDFUTURE"

    def _whole_number(self, name: str) -> int:
        text = self._value(name)
        if not text:
            return 0
        if text.isdecimal() and len(text) < 10:
            return int(text)
        line = self._first(name)
        said = worded("no number: {text}; read as 0", text=text[:20])
        self._note(line or self._part, "bad_number", said)
        return 0

    def _instant(self, name: str) -> datetime | None:
        line = self._first(name)
        if line is None:
            return None
        try:
            when = self._times.when(line)
            if isinstance(when, CalendarTime):
                return when.instant()
            return datetime(when.year, when.month, when.day, tzinfo=UTC)
        except (ValueError, OverflowError, Lost):
            text = worded("no time: {value}; left out", value=line.value[:30])
            self._note(line, "bad_instant", text)
            return None

    def _status(self) -> EventStatus:
        text = self._value("STATUS")
        try:
            return EventStatus("CANCELLED" if text == "CANCELED" else text)
        except ValueError:
            line = self._first("STATUS")
            said = worded("STATUS {text}; left out", text=text[:30])
            self._note(line or self._part, "unknown_status", said)
            return EventStatus.NONE

    def _busy_status(self) -> str:
        # An invitation of Outlook says TENTATIVE until it is answered: that tells nothing of it.
        if self._method is Method.REQUEST:
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

    def _rules(self, name: str) -> tuple[str, ...]:
        """Return the rules of a property that can be read: RRULE or EXRULE."""
        rules: dict[str, None] = {}
        for line in self._lines.get(name, ()):
            text = line.value.replace("\\", "")  # some escape its signs, as in a text
            try:
                read_rule(text)
                unknown = unknown_parts(text)
            except (ValueError, OverflowError) as error:
                self._note(line, "bad_rule", _without_rule(name, error))
                continue
            if unknown:
                words = worded(
                    "{parts} of a rule is not known; read without it",
                    parts=", ".join(unknown)[:60],
                )
                self._note(line, "unknown_rule_part", words)
            if len(rules) == RULES_LIMIT:
                self._note(line, "too_many", worded("more of {name} are left out", name=name))
                break
            rules[text.strip().strip(";").upper()] = None
        return tuple(rules)

    def _whens(self, name: str) -> Iterator[tuple[Line, str]]:
        taken = 0
        for line in self._lines.get(name, ()):
            for text in line.value.split(","):
                if not text.strip():
                    said = worded("{name} without a date; left out", name=name)
                    self._note(line, "blank_date", said)
                    continue
                taken += 1
                if taken > EXTRA_LIMIT:
                    self._note(line, "too_many", worded("more of {name} are left out", name=name))
                    return
                yield line, text

    def _exceptions(self, start: When) -> tuple[When, ...]:
        found = []
        for line, text in self._whens("EXDATE"):
            try:
                when = self._times.when(line, text)
            except (ValueError, OverflowError, Lost) as error:
                self._note(line, "bad_date", worded("{error}; left out", error=why(error)))
                continue
            same = alike(when, start)
            if same is not when:
                said = worded("{text}: read as the start is", text=text[:20])
                self._note(line, "unlike_date", said)
            if same is not None:
                found.append(same)
        return tuple(found)

    def _additions(self, start: When) -> tuple[Addition, ...]:
        found = []
        for line, text in self._whens("RDATE"):
            first, slash, second = text.partition("/")
            try:
                begin = alike(self._times.when(line, first), start)
                end: When | None = None
                if slash and begin is not None:
                    end = self._period_end(line, begin, second)
            except (ValueError, OverflowError, Lost) as error:
                self._note(line, "bad_date", worded("{error}; left out", error=why(error)))
                continue
            if begin is not None:
                found.append(Addition(begin, end))
        return tuple(found)

    def _period_end(self, line: Line, begin: When, text: str) -> When | None:
        if text[:1] in ("P", "p", "+"):
            return later(begin, *read_duration(text))
        end = alike(self._times.when(line, text), begin)
        return None if end is None or is_before(end, begin) else end

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


def _without_rule(name: str, error: Exception) -> Worded:
    """Return how an event is read one of whose rules cannot be."""
    if name == "RRULE":
        return worded("{error}; read as if it did not repeat", error=why(error))
    return worded("{error}; left out", error=why(error))
