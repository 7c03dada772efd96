"""What an invitation says in the language of its reader: words, dates, lengths.

Independent of the machine's locale: a mail is read far from where it was written, so months are
spelled out and every time names its place and its distance to UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Final

from projectdesk.domain.rules.invitation_changes import Change, Telling
from projectdesk.domain.rules.series import Repeat
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.mail.words import listed, said

_CHANGED: Final = {
    Change.TIME: "time",
    Change.DURATION: "duration",
    Change.TITLE: "title",
    Change.PLACE: "place",
    Change.LINK: "link",
    Change.PRESENCE: "presence",
    Change.DATES: "rule",
}


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    language: str

    def say(self, key: str, **facts: object) -> str:
        """Return a text; facts replace what is in braces, as they are."""
        return said(self.language, f"invitation.{key}", **facts)

    def labelled(self, key: str, value: str) -> str:
        """Return a text before a value, with the language's colon: "Agenda: ..."."""
        return self.say("labelled", label=self.say(key), value=value)

    def greeting(self, name: str) -> str:
        """Return the first line of a letter: "Dear Ida Holm,", "Hello," to who has no name."""
        return self.say("dear", name=name) if name else self.say("hello")

    def quoted(self, words: str) -> str:
        """Return words in the language's quotation marks: “done”, „erledigt“, «hecho»."""
        return self.say("quoted", words=words)

    def changed(self, change: Change) -> str:
        """Return what of the meeting changed, in a word or two."""
        return self.say(_CHANGED[change])

    def what(self, telling: Telling) -> str:
        """Return what a mail is: an invitation, a change, a cancellation."""
        return self.say(telling.value)

    def day(self, value: date) -> str:
        """Return "Tuesday 3 March 2026", "Dienstag, 3. März 2026"."""
        return self.say("day", weekday=self._days[value.weekday()], date=self.full_date(value))

    def full_date(self, value: date) -> str:
        """Return "3 March 2026", "3. März 2026"."""
        return self.say("full_date", day=value.day, month=self._month(value), year=value.year)

    def short_day(self, value: date) -> str:
        """Return "Tue 3 March", "Di 3. März"."""
        weekday = listed(self.language, "invitation.days_short")[value.weekday()]
        return self.say("short_day", weekday=weekday, day=value.day, month=self._month(value))

    def span(self, starts_at: datetime, minutes: int, zone: str) -> str:
        """Return "10:00 – 11:30" by a zone's clock, with the day of the end if it is another."""
        start = starts_at.astimezone(zone_of(zone))
        end = (starts_at + timedelta(minutes=minutes)).astimezone(zone_of(zone))
        tail = "" if end.date() == start.date() else f" ({self.short_day(end.date())})"
        return f"{start:%H:%M} – {end:%H:%M}{tail}"

    def length(self, minutes: int) -> str:
        """Return "1 h 30 min", "45 min"."""
        hours, rest = divmod(minutes, 60)
        parts = [f"{hours} {self.say('hours')}"] if hours else []
        if rest or not hours:
            parts.append(f"{rest} {self.say('minutes')}")
        return " ".join(parts)

    def rule(self, repeat: Repeat) -> str:
        """Return "every 2 weeks on Tuesday, 6 dates", "alle 2 Wochen am Dienstag, 6 Termine"."""
        names = (self._days[day] for day in repeat.weekdays)
        days = reduce(lambda one, other: self.say("both", first=one, second=other), names)
        dates = self.say("count_dates", count=repeat.times)
        every = repeat.interval
        if repeat.nth is None:
            weeks = self.say("every_weeks", count=every) if every > 1 else self.say("every_week")
            return self.say("weekly", weeks=weeks, days=days, dates=dates)
        months = self.say("every_months", count=every) if every > 1 else self.say("every_month")
        nth = self._nth(repeat.nth, repeat.weekdays[0])
        return self.say("monthly", nth=nth, days=days, months=months, dates=dates)

    def _nth(self, nth: int, weekday: int) -> str:
        """Return "first"; five words, or five for each day where its gender changes them."""
        ordinals = listed(self.language, "invitation.nth")
        place = nth - 1 if nth > 0 else 4
        return ordinals[place if len(ordinals) == 5 else weekday * 5 + place]

    def _month(self, value: date) -> str:
        return listed(self.language, "invitation.months")[value.month - 1]

    @property
    def _days(self) -> tuple[str, ...]:
        return listed(self.language, "invitation.days")


def sentence(words: str) -> str:
    """Return words that go on after a greeting as a sentence of their own: with a capital."""
    return words[:1].upper() + words[1:]


def city(zone: str) -> str:
    """Return the place that names a zone: "Europe/Copenhagen" is "Copenhagen"."""
    return "UTC" if zone in {"UTC", "Etc/UTC"} else zone.rsplit("/", 1)[-1].replace("_", " ")


def offset(instant: datetime, zone: str) -> str:
    """Return how far a zone is from UTC at an instant: "UTC+1", "UTC−3:30", "UTC"."""
    away = instant.astimezone(zone_of(zone)).utcoffset() or timedelta(0)
    minutes = round(away.total_seconds() / 60)
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "\N{MINUS SIGN}"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
