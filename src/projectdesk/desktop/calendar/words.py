"""What the calendar says of days and entries."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from PySide6.QtCore import QDate, QLocale

from projectdesk.desktop.calendar.days import LIST_MONTHS, View, months_on
from projectdesk.desktop.calendar.entries import Entry, EntryKind
from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.formats import city, clock, day, weekday
from projectdesk.desktop.models.words import word
from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.rows import Kind


def month_words(value: date) -> str:
    """Return a month and its year: "December 2026"."""
    return f"{QLocale().standaloneMonthName(value.month)} {value.year}"


def span_words(view: View, anchor: date, begin: date, end: date) -> str:
    """Return what is shown, as the heading of the calendar says it."""
    if view is View.MONTH:
        return month_words(anchor)
    if view is View.LIST:
        last = months_on(begin, LIST_MONTHS - 1)
        return f"{_short_month(begin)} – {_short_month(last)}"
    until = end - timedelta(days=1)
    week = QDate(begin.year, begin.month, begin.day).addDays(3).weekNumber()[0]
    return formats.joined((f"{day(begin)} – {day(until)}", say("week {number}", number=week)))


def _short_month(value: date) -> str:
    short = QLocale.FormatType.ShortFormat
    return f"{QLocale().standaloneMonthName(value.month, short)} {value.year}"


def day_name(value: date) -> str:
    """Return the short name of a weekday: "Mon"."""
    name = QLocale().toString(QDate(value.year, value.month, value.day), "ddd")
    return name.rstrip(".")


def number_words(value: date, *, with_month: bool) -> str:
    """Return the number of a day, with its month where it begins: "1 Dec"."""
    if not with_month:
        return str(value.day)
    pattern = "d. MMM" if QLocale().language() == QLocale.Language.German else "d MMM"
    return QLocale().toString(QDate(value.year, value.month, value.day), pattern)


def mark_words(entry: Entry) -> str:
    """Return what a day that matters is called."""
    mark = entry.mark
    if mark is None:
        return entry.title
    match mark.kind:
        case Kind.REPORTING_PERIOD:
            return say("{label}: report due", label=mark.label)
        case Kind.EFFORT_STATEMENT:
            return say("{label}: partners’ effort due", label=mark.label)
        case Kind.DATE_POLL:
            return say("Date poll ends: {title}", title=mark.title)
        case _:
            return entry.title


def title_words(entry: Entry) -> str:
    """Return what an entry is called on the calendar."""
    if entry.kind is EntryKind.MARK:
        return mark_words(entry)
    if entry.kind is EntryKind.BUSY:
        return entry.title or say("Busy")
    return entry.title


def time_words(entry: Entry) -> str:
    """Return from when to when an entry is, without its day; "" for whole days."""
    if entry.start is None or entry.end is None:
        return ""
    return f"{clock(entry.start)}–{clock(entry.end)}"


def time_there(entry: Entry, zone: str) -> str:
    """Return when a meeting starts in another zone: "04:30 Boston", with the day if it differs."""
    if entry.meeting is None or entry.start is None or not zone:
        return ""
    there = to_local(entry.meeting.starts_at, zone)
    return f"{clock(there)} {city(zone)}{other_day(there.date(), entry.start.date())}"


def other_day(there: date, here: date) -> str:
    """Return by how many days a date there is another one: " +1", "" for the same."""
    days = (there - here).days
    return "" if not days else f" {'+' if days > 0 else '−'}{abs(days)}"


def when_words(entry: Entry) -> str:
    """Return when an entry is, with its day."""
    if entry.start is None or entry.end is None:
        if entry.first == entry.last:
            return weekday(entry.first)
        return f"{weekday(entry.first)} – {weekday(entry.last)}"
    if entry.first == entry.last:
        return f"{weekday(entry.first)}, {time_words(entry)}"
    end = entry.end
    return f"{weekday(entry.first)}, {clock(entry.start)} – {weekday(end.date())}, {clock(end)}"


def state_words(entry: Entry, today: date) -> str:
    """Return how an entry stands; "" where it has no state."""
    if entry.meeting is not None:
        return word(entry.meeting.state)
    if entry.mark is not None:
        if entry.mark.done:
            return say("done")
        return say("late") if entry.mark.day < today else say("open")
    if entry.kind is EntryKind.BUSY:
        return say("tentative") if entry.tentative else say("busy")
    return say("public holiday")


def described(entry: Entry, zone: str, other: str, today: date) -> str:
    """Return all that the calendar shows of an entry, for those who hear it and for its tip.

    Args:
        entry: which.
        zone: the reader's.
        other: the second zone, "" = none.
        today: where the reader is.
    """
    meeting = entry.meeting
    zones = [city(zone)] if entry.start is not None else []
    if meeting is not None:
        zones += [time_there(entry, each) for each in zones_beside(entry, zone, other)]
    parts = [
        title_words(entry),
        entry.project,
        " ".join((when_words(entry), *zones[:1])),
        *zones[1:],
        meeting.place if meeting is not None else "",
        state_words(entry, today),
    ]
    return ", ".join(part for part in parts if part)


def zones_beside(entry: Entry, zone: str, other: str) -> tuple[str, ...]:
    """Return the zones that are worth saying beside the reader's: the second, the meeting's own."""
    if entry.meeting is None:
        return ()
    own = entry.meeting.zone
    return tuple(dict.fromkeys(each for each in (other, own) if each and each != zone))


def is_cancelled(entry: Entry) -> bool:
    """Return whether a meeting does not take place."""
    return entry.meeting is not None and entry.meeting.state is MeetingState.CANCELLED


def moved_words(title: str, start: datetime, zone: str) -> str:
    """Return that a meeting was moved, and to when."""
    when = f"{weekday(start.date())}, {clock(start)} {city(zone)}"
    return say("Moved “{title}” to {when}.", title=title, when=when)
