"""Calendar objects: invitations and calendars of other programs read, our own written.

`read_calendar` and `read_mail` give plain values and say what they had to bend; `write_calendar`
holds to RFC 5545, 5546 and 6047. docs/adr/0074 says why the reader is our own.

May import: domain, errors, exchange.
"""

from projectdesk.exchange.calendar.event import (
    Addition,
    Attendee,
    BusyKind,
    BusyPeriod,
    Calendar,
    CalendarEvent,
    CalendarTime,
    Conference,
    EventStatus,
    Method,
    PartStat,
    Party,
    Role,
    When,
)
from projectdesk.exchange.calendar.files import (
    CalendarFile,
    is_calendar_file,
    read_calendar_file,
)
from projectdesk.exchange.calendar.mail import Mail, is_mail, read_mail
from projectdesk.exchange.calendar.occurrences import Occurrence, latest, occurrences
from projectdesk.exchange.calendar.reader import read_calendar
from projectdesk.exchange.calendar.writer import write_calendar

__all__ = [
    "Addition",
    "Attendee",
    "BusyKind",
    "BusyPeriod",
    "Calendar",
    "CalendarEvent",
    "CalendarFile",
    "CalendarTime",
    "Conference",
    "EventStatus",
    "Mail",
    "Method",
    "Occurrence",
    "PartStat",
    "Party",
    "Role",
    "When",
    "is_calendar_file",
    "is_mail",
    "latest",
    "occurrences",
    "read_calendar",
    "read_calendar_file",
    "read_mail",
    "write_calendar",
]
