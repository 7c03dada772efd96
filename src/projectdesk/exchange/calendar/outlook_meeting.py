"""A meeting as Outlook keeps it (MS-OXOCAL) as a calendar object, for who gets only winmail.dat.

Made is the text of a calendar file, so that one reader says what any of them means.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.exchange.calendar.outlook_series import read_series, since_1601
from projectdesk.exchange.calendar.values import LAST_YEAR
from projectdesk.exchange.calendar.winmail import Name, Properties, Winmail, open_winmail
from projectdesk.exchange.calendar.zones import named_zone

WINMAIL_NAME = "winmail.dat"
WINMAIL_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_CALENDAR_SUFFIXES = (".ics", ".ical", ".vcs")

_SET = "0220060000000000c000000000000046"
_MEETING_SET = "90dad86e0b451b1098da00aa003f1305"
_START, _END = (_SET, 0x820D), (_SET, 0x820E)
_PLACE, _WHOLE_DAYS, _SEQUENCE = (_SET, 0x8208), (_SET, 0x8215), (_SET, 0x8201)
_SERIES, _REPLACED = (_SET, 0x8216), (_SET, 0x8228)
_ZONE_WORDS, _ZONES = (_SET, 0x8234), ((_SET, 0x8260), (_SET, 0x825E))
_CLEAN_ID, _ID = (_MEETING_SET, 0x0023), (_MEETING_SET, 0x0003)
_KIND, _SUBJECT, _BODY, _PLAIN_START, _PLAIN_END = 0x001A, 0x0037, 0x1000, 0x0060, 0x0061
_SENDERS = ((0x5D02, 0x0042), (0x0065, 0x0042), (0x5D01, 0x0C1A), (0x0C1F, 0x0C1A))
"""Address and name of who a message is from: of whom it is sent for, then of who sends it."""

_RECIPIENT, _RECIPIENT_NAME, _RECIPIENT_ROLE = (0x39FE, 0x3003), 0x3001, 0x0C15
_ROLES = {1: "REQ-PARTICIPANT", 2: "OPT-PARTICIPANT"}

_KINDS = {
    "ipm.microsoft schedule.mtgreq": ("REQUEST", ""),
    "ipm.schedule.meeting.request": ("REQUEST", ""),
    "ipm.microsoft schedule.mtgcncl": ("CANCEL", ""),
    "ipm.schedule.meeting.canceled": ("CANCEL", ""),
    "ipm.microsoft schedule.mtgrespp": ("REPLY", "ACCEPTED"),
    "ipm.schedule.meeting.resp.pos": ("REPLY", "ACCEPTED"),
    "ipm.microsoft schedule.mtgrespn": ("REPLY", "DECLINED"),
    "ipm.schedule.meeting.resp.neg": ("REPLY", "DECLINED"),
    "ipm.microsoft schedule.mtgrespa": ("REPLY", "TENTATIVE"),
    "ipm.schedule.meeting.resp.tent": ("REPLY", "TENTATIVE"),
    "ipm.appointment": ("PUBLISH", ""),
}
"""What messages of Outlook are, by their class: the method, and the answer that they give."""

_BY_CALENDAR_ID = b"vCal-Uid\x01\0\0\0"
_BEGIN = b"BEGIN:VCALENDAR"


def calendars_in_winmail(
    data: bytes, sender: str = "", text: str = ""
) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the calendar files in an envelope, and of the meetings that it is.

    Nothing of one that cannot be opened.

    Args:
        data: the envelope.
        sender: the address of the mail around it.
        text: of the mail around it.
    """
    try:
        envelope = open_winmail(data)
    except ValueError:
        return
    for message in envelope.all():
        if made := meeting_object(message, sender, text):
            yield WINMAIL_NAME, made
        for file in message.files:
            begins = file.content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").upper()
            if file.name.lower().endswith(_CALENDAR_SUFFIXES) or begins.startswith(_BEGIN):
                yield file.name or WINMAIL_NAME, file.content


def meeting_object(message: Winmail, sender: str = "", text: str = "") -> bytes:
    """Return the calendar object of a meeting, b"" where a message is none or has no time.

    Args:
        message: of the envelope.
        sender: the address of the mail around it, for who is not named inside.
        text: of the mail around it: the envelope often has its words as packed RTF alone.
    """
    kind = (message.text(_KIND) or message.kind).lower()
    method, answer = _KINDS.get(kind, ("", ""))
    start = _moment(message, _START) or _moment(message, _PLAIN_START)
    if not method or start is None:
        return b""
    meeting = _Meeting(message, start)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", *meeting.main(text)]
    lines += meeting.people(answer, sender)
    lines += ["END:VEVENT", *meeting.changes(), "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


class _Meeting:
    def __init__(self, message: Winmail, start: datetime) -> None:
        self._message = message
        self._start = start
        self._zone = _zone(message)
        self._whole_days = bool(message.number(_WHOLE_DAYS))
        self._uid = _uid(message)
        self._series = read_series(message.data(_SERIES))

    def main(self, text: str) -> Iterator[str]:
        """Yield the lines of the event, without its people and its end."""
        end = _moment(self._message, _END) or _moment(self._message, _PLAIN_END)
        subject = self._message.text(_SUBJECT) or self._message.subject
        yield from ("BEGIN:VEVENT", f"UID:{_line(self._uid)}", f"SUMMARY:{_line(subject)}")
        yield from self._at("DTSTART", self._local(self._start))
        if end is not None:
            yield from self._at("DTEND", self._local(end))
        yield f"SEQUENCE:{max(0, self._message.number(_SEQUENCE) or 0)}"
        if place := self._message.text(_PLACE):
            yield f"LOCATION:{_line(place)}"
        if words := self._message.text(_BODY) or text:
            yield f"DESCRIPTION:{_escaped(words)}"
        yield from self._links()
        replaced = _moment(self._message, _REPLACED)
        if replaced is not None:
            yield from self._at("RECURRENCE-ID", self._local(replaced))
        elif self._series is not None:
            yield f"RRULE:{self._series.rule}"
            moved = {each.original.date() for each in self._series.changes}
            begins = time.min if self._whole_days else self._local(self._start).time()
            for day in self._series.left_out:
                if day not in moved:
                    yield from self._at("EXDATE", datetime.combine(day, begins))

    def _links(self) -> Iterator[str]:
        for name, value in self._message.properties.items():
            if isinstance(name, tuple) and name[1] == "SkypeTeamsMeetingUrl":
                yield f"X-MICROSOFT-SKYPETEAMSMEETINGURL:{_line(str(value))}"

    def people(self, answer: str, sender: str) -> Iterator[str]:
        """Yield who invites and who is invited; of an answer, who gives it."""
        address, name = _sender(self._message.properties)
        said = f";CN={_quoted(name)}" if name else ""
        address = address or sender
        if answer and address:
            yield f"ATTENDEE;PARTSTAT={answer}{said}:mailto:{_line(address)}"
        if answer or not address:
            return
        yield f"ORGANIZER{said}:mailto:{_line(address)}"
        for row in self._message.recipients:
            guest = next((text for key in _RECIPIENT if "@" in (text := str(row.get(key, "")))), "")
            role = _ROLES.get(_whole(row.get(_RECIPIENT_ROLE)), "")
            if guest and role:
                called = _quoted(str(row.get(_RECIPIENT_NAME, "")))
                yield f"ATTENDEE;ROLE={role};CN={called}:mailto:{_line(guest)}"

    def changes(self) -> Iterator[str]:
        """Yield the events of the changed occurrences of a series."""
        for change in self._series.changes if self._series else ():
            subject = change.subject or self._message.text(_SUBJECT) or self._message.subject
            place = change.place or self._message.text(_PLACE)
            yield from ("BEGIN:VEVENT", f"UID:{_line(self._uid)}", f"SUMMARY:{_line(subject)}")
            yield from self._at("RECURRENCE-ID", change.original)
            yield from self._at("DTSTART", change.start)
            yield from self._at("DTEND", change.end)
            if place:
                yield f"LOCATION:{_line(place)}"
            yield "END:VEVENT"

    def _local(self, instant: datetime) -> datetime:
        """Return an instant on the clocks of the meeting's zone, naive; UTC without one."""
        if not self._zone:
            return instant
        return (
            instant.replace(tzinfo=zone_of("UTC"))
            .astimezone(zone_of(self._zone))
            .replace(tzinfo=None)
        )

    def _at(self, name: str, local: datetime) -> Iterator[str]:
        if self._whole_days:
            # Midnight of whoever wrote it; where the zone is not known, the nearest one.
            day = (local + timedelta(hours=0 if self._zone else 12)).date()
            yield f"{name};VALUE=DATE:{day:%Y%m%d}"
        elif self._zone:
            yield f'{name};TZID="{self._zone}":{local:%Y%m%dT%H%M%S}'
        else:
            yield f"{name}:{local:%Y%m%dT%H%M%S}Z"


def _moment(message: Winmail, name: Name) -> datetime | None:
    """Return a time that is kept as tenths of microseconds since 1601, naive, in UTC."""
    value = message.number(name)
    found = since_1601(microseconds=value // 10) if value else None
    return found if found is not None and found.year <= LAST_YEAR else None


def _zone(message: Winmail) -> str:
    """Return the IANA zone that a meeting was planned in, "" where none is said or known."""
    names = [_zone_key(message.data(name)) for name in _ZONES]
    for name in filter(None, (*names, message.text(_ZONE_WORDS))):
        zone = named_zone(name)
        if zone is not None and zone.rules is None:
            return zone.name
    return ""


def _zone_key(data: bytes) -> str:
    """Return the name of the zone in a definition of one (MS-OXOCAL section 2.2.1.41)."""
    if len(data) < 8:
        return ""
    letters = int.from_bytes(data[6:8], "little")
    return data[8 : 8 + 2 * letters].decode("utf-16-le", "replace").split("\0", 1)[0]


def _uid(message: Winmail) -> str:
    """Return the UID that the same meeting has in Outlook's calendar files (MS-OXCICAL)."""
    said = message.data(_CLEAN_ID) or message.data(_ID)
    if said[40:].startswith(_BY_CALENDAR_ID):
        text = said[40 + len(_BY_CALENDAR_ID) :].split(b"\0", 1)[0]
        return text.decode("utf-8", "replace")
    # The day of an occurrence is no part of what names the series.
    return (said[:16] + bytes(4) + said[20:]).hex().upper() if len(said) > 20 else ""


def _sender(properties: Properties) -> tuple[str, str]:
    for address, name in _SENDERS:
        found = str(properties.get(address, ""))
        if "@" in found:
            return found, str(properties.get(name, ""))
    return "", ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _line(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _quoted(text: str) -> str:
    return '"' + " ".join(text.replace('"', "'").split()) + '"'
