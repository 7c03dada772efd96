"""What an invitation says, in English and German: words, dates, lengths.

Independent of the machine's locale: a mail is read far from where it was written, so months are
spelled out and every time names its place and its distance to UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from projectdesk.domain.rules.invitation_changes import Change, Telling
from projectdesk.domain.rules.series import Repeat
from projectdesk.domain.rules.zoned_time import zone_of

ENGLISH: Final = "en"
GERMAN: Final = "de"

_MONTHS: Final = {
    ENGLISH: "January February March April May June "
    "July August September October November December",
    GERMAN: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
_DAYS: Final = {
    ENGLISH: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    GERMAN: "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
}

_ENGLISH: Final[Mapping[str, str]] = {
    "new": "Invitation",
    "update": "Changed",
    "again": "Invitation again",
    "cancel": "Cancelled",
    "dear": "Dear {name},",
    "hello": "Hello,",
    "lead_new": "You are invited to this meeting.",
    "lead_series": "You are invited to this series of meetings.",
    "lead_update": "This meeting has changed:",
    "lead_again": "This meeting takes place after all; you are invited again.",
    "lead_cancel": "This meeting is cancelled. You need not do anything.",
    "lead_removed": "You are no longer expected at this meeting. You need not do anything.",
    "when": "When",
    "where": "Where",
    "presence": "Your presence",
    "required": "needed",
    "optional": "welcome, not needed",
    "online": "Online, by your personal link",
    "join": "Open the meeting",
    "join_says": "The link is yours alone: please do not pass it on. No account, no installation. "
    "It opens 30 minutes before the start; until then it shows the agenda and takes your answer.",
    "check": "Check camera, microphone and connection beforehand",
    "answer": "How to answer",
    "answer_says": "Use Accept, Tentative or Decline in your calendar, or answer on the page of "
    "your link. Neither works? Answer this mail in words.",
    "ask_again": "Please answer again: your earlier answer was to the earlier time.",
    "zones": "The same time elsewhere",
    "agenda": "Agenda",
    "agenda_in": "Times in {place}",
    "dates": "The dates",
    "dates_says": "Each date has a link of its own; the links are for you alone.",
    "open": "Open",
    "cancelled_date": "cancelled",
    "moved_date": "moved",
    "footer": "Sent for {project} with ProjectDesk. Nobody else sees your address.",
    "time": "Time",
    "duration": "Length",
    "title": "Title",
    "place": "Place",
    "link": "Your link",
    "link_is": "a new one; the earlier one no longer leads to the meeting",
    "rule": "Dates",
    "repeats": "Repeats",
    "nth": "first second third fourth last",
    "minutes": "min",
    "hours": "h",
    "on": "on",
    "subject": "{what}: {title}, {when}",
    "presenter": "with {name}",
}
_GERMAN: Final[Mapping[str, str]] = {
    "new": "Einladung",
    "update": "Geändert",
    "again": "Erneute Einladung",
    "cancel": "Abgesagt",
    "dear": "Guten Tag {name},",
    "hello": "Guten Tag,",
    "lead_new": "Sie sind zu dieser Besprechung eingeladen.",
    "lead_series": "Sie sind zu dieser Reihe von Besprechungen eingeladen.",
    "lead_update": "diese Besprechung hat sich geändert:",
    "lead_again": "diese Besprechung findet doch statt; Sie sind erneut eingeladen.",
    "lead_cancel": "diese Besprechung ist abgesagt. Sie brauchen nichts zu tun.",
    "lead_removed": "Sie werden in dieser Besprechung nicht mehr erwartet. Sie brauchen nichts zu "
    "tun.",
    "when": "Wann",
    "where": "Wo",
    "presence": "Ihre Teilnahme",
    "required": "nötig",
    "optional": "willkommen, nicht nötig",
    "online": "Online, über Ihren persönlichen Link",
    "join": "Besprechung öffnen",
    "join_says": "Der Link ist nur für Sie: bitte nicht weitergeben. Ohne Konto, ohne "
    "Installation. Er öffnet 30 Minuten vor Beginn; bis dahin zeigt er die Tagesordnung und nimmt "
    "Ihre Antwort entgegen.",
    "check": "Kamera, Mikrofon und Verbindung vorab prüfen",
    "answer": "So antworten Sie",
    "answer_says": "Mit Zusagen, Vorbehalt oder Ablehnen in Ihrem Kalender, oder auf der Seite "
    "Ihres Links. Geht beides nicht? Antworten Sie auf diese Mail.",
    "ask_again": "Bitte antworten Sie erneut: Ihre frühere Antwort galt der früheren Zeit.",
    "zones": "Dieselbe Zeit anderswo",
    "agenda": "Tagesordnung",
    "agenda_in": "Zeiten in {place}",
    "dates": "Die Termine",
    "dates_says": "Jeder Termin hat einen eigenen Link; die Links sind nur für Sie.",
    "open": "Öffnen",
    "cancelled_date": "abgesagt",
    "moved_date": "verlegt",
    "footer": "Gesendet für {project} mit ProjectDesk. Niemand sonst sieht Ihre Adresse.",
    "time": "Zeit",
    "duration": "Dauer",
    "title": "Titel",
    "place": "Ort",
    "link": "Ihr Link",
    "link_is": "ein neuer; der frühere führt nicht mehr zur Besprechung",
    "rule": "Termine",
    "repeats": "Wiederholt sich",
    "nth": "ersten zweiten dritten vierten letzten",
    "minutes": "Min.",
    "hours": "Std.",
    "on": "am",
    "subject": "{what}: {title}, {when}",
    "presenter": "mit {name}",
}
_WORDS: Final = {ENGLISH: _ENGLISH, GERMAN: _GERMAN}

_CHANGED: Final = {
    Change.TIME: "time",
    Change.DURATION: "duration",
    Change.TITLE: "title",
    Change.PLACE: "place",
    Change.LINK: "link",
    Change.PRESENCE: "presence",
    Change.DATES: "rule",
}


def language_of(languages: tuple[str, ...]) -> str:
    """Return in which language somebody is written: German for who names it before English."""
    for tag in languages:
        base = tag.lower().partition("-")[0]
        if base in _WORDS:
            return base
    return ENGLISH


def filled(words: str, facts: Mapping[str, str]) -> str:
    """Return a text in which facts stand, as they are, where their names were in braces."""
    for name, value in facts.items():
        words = words.replace("{" + name + "}", value)
    return words


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    language: str

    def say(self, key: str, **facts: str) -> str:
        """Return a text; facts replace what is in braces, as they are."""
        return filled(_WORDS[self.language][key], facts)

    def changed(self, change: Change) -> str:
        """Return what of the meeting changed, in a word or two."""
        return self.say(_CHANGED[change])

    def what(self, telling: Telling) -> str:
        """Return what a mail is: an invitation, a change, a cancellation."""
        return self.say(telling.value)

    def day(self, value: date) -> str:
        """Return "Tuesday 3 March 2026", "Dienstag, 3. März 2026"."""
        weekday = _DAYS[self.language].split()[value.weekday()]
        return f"{weekday}{', ' if self._german else ' '}{self.full_date(value)}"

    def full_date(self, value: date) -> str:
        """Return "3 March 2026", "3. März 2026"."""
        month = _MONTHS[self.language].split()[value.month - 1]
        return f"{value.day}{'.' if self._german else ''} {month} {value.year}"

    def short_day(self, value: date) -> str:
        """Return "Tue 3 March", "Di 3. März"."""
        weekday = _DAYS[self.language].split()[value.weekday()]
        month = _MONTHS[self.language].split()[value.month - 1]
        if self._german:
            return f"{weekday[:2]} {value.day}. {month}"
        return f"{weekday[:3]} {value.day} {month}"

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
        names = _DAYS[self.language].split()
        days = (" und " if self._german else " and ").join(names[day] for day in repeat.weekdays)
        every, times = repeat.interval, repeat.times
        if repeat.nth is not None:
            nth = self.say("nth").split()[repeat.nth - 1 if repeat.nth > 0 else -1]
            if self._german:
                months = "jedes Monats" if every == 1 else f"alle {every} Monate"
                return f"am {nth} {days} {months}, {times} Termine"
            months = "every month" if every == 1 else f"every {every} months"
            return f"on the {nth} {days} of {months}, {times} dates"
        if self._german:
            weeks = "jede Woche" if every == 1 else f"alle {every} Wochen"
            return f"{weeks} am {days}, {times} Termine"
        weeks = "every week" if every == 1 else f"every {every} weeks"
        return f"{weeks} on {days}, {times} dates"

    @property
    def _german(self) -> bool:
        return self.language == GERMAN


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
