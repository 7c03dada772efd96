"""What a reminder of a meeting says: an invitation's page with another beginning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from projectdesk.mail.invitation_page import Letter
from projectdesk.mail.invitation_words import ENGLISH, GERMAN, filled

_WORDS: Final = {
    ENGLISH: {
        "reminder": "Reminder",
        "lead": "This meeting begins {when}.",
        "unanswered": "You have not answered yet: please say whether you come.",
        "unchecked": "Please check camera, microphone and connection beforehand.",
        "late": "This reminder is late: it was due {planned}.",
        "no_link": "Your personal link is in your invitation.",
        "days": "in {count} days",
        "day": "in a day",
        "hours": "in {count} hours",
        "hour": "in an hour",
        "minutes": "in {count} minutes",
        "now": "now",
        "state_lead": "{title} begins {when}. Everybody who may come was reminded just now.",
        "checked": "Camera, microphone and connection checked: {checked} of {expected}.",
        "checked_of": "{checked} of {expected} have checked",
        "state_troubled": "The check found problems",
        "state_unchecked": "Not checked yet",
        "state_unanswered": "Not answered yet",
    },
    GERMAN: {
        "reminder": "Erinnerung",
        "lead": "diese Besprechung beginnt {when}.",
        "unanswered": "Sie haben noch nicht geantwortet: bitte sagen Sie, ob Sie kommen.",
        "unchecked": "Bitte prüfen Sie vorher Kamera, Mikrofon und Verbindung.",
        "late": "Diese Erinnerung kommt zu spät: sie war {planned} fällig.",
        "no_link": "Ihr persönlicher Link steht in Ihrer Einladung.",
        "days": "in {count} Tagen",
        "day": "in einem Tag",
        "hours": "in {count} Stunden",
        "hour": "in einer Stunde",
        "minutes": "in {count} Minuten",
        "now": "jetzt",
        "state_lead": "{title} beginnt {when}. Alle, die kommen können, wurden soeben erinnert.",
        "checked": "Kamera, Mikrofon und Verbindung geprüft: {checked} von {expected}.",
        "checked_of": "{checked} von {expected} haben geprüft",
        "state_troubled": "Die Prüfung fand Probleme",
        "state_unchecked": "Noch nicht geprüft",
        "state_unanswered": "Noch nicht geantwortet",
    },
}
_PROBLEMS: Final = {
    ENGLISH: {
        "browserOld": "browser too old",
        "noSocket": "the host is not reached",
        "noMedia": "sound and picture do not get through",
        "noMicrophone": "no microphone",
        "silentMicrophone": "the microphone stayed silent",
        "noCamera": "no camera",
        "noSpeaker": "the test sound is not heard",
        "relayOnly": "only by a relay",
        "slowUp": "little goes out",
        "slowDown": "little comes in",
        "lossy": "packets are lost",
        "far": "the host is slow to answer",
        "limited": "with limits",
    },
    GERMAN: {
        "browserOld": "Browser zu alt",
        "noSocket": "der Host ist nicht erreichbar",
        "noMedia": "Ton und Bild kommen nicht durch",
        "noMicrophone": "kein Mikrofon",
        "silentMicrophone": "das Mikrofon blieb stumm",
        "noCamera": "keine Kamera",
        "noSpeaker": "der Prüfton ist nicht zu hören",
        "relayOnly": "nur über ein Relais",
        "slowUp": "wenig geht hinaus",
        "slowDown": "wenig kommt an",
        "lossy": "Pakete gehen verloren",
        "far": "der Host antwortet langsam",
        "limited": "mit Einschränkungen",
    },
}


@dataclass(frozen=True)
class ReminderLetter(Letter):
    """What one invitee is reminded of.

    remaining: until the start. planned: when it should have gone out, in words, "" = in time.
    unanswered, unchecked: what is still asked of this person.
    """

    remaining: timedelta = timedelta(0)
    planned: str = ""
    unanswered: bool = False
    unchecked: bool = False

    @property
    def heading(self) -> str:
        """What kind of mail it is, in a word."""
        return self._say("reminder")

    @property
    def lead(self) -> str:
        """The first sentences."""
        parts = [self._say("lead", when=self.remaining_words)]
        if self.planned:
            parts.append(self._say("late", planned=self.planned))
        if self.unanswered:
            parts.append(self._say("unanswered"))
        if not self.link:
            parts.append(self._say("no_link"))
        elif self.unchecked:
            parts.append(self._say("unchecked"))
        return " ".join(parts)

    @property
    def remaining_words(self) -> str:
        """How long it is until the start."""
        return remaining_words(self.words.language, self.remaining)

    def _say(self, key: str, **facts: str) -> str:
        return _said(self.words.language, key, **facts)


@dataclass(frozen=True)
class StateLetter:
    """What who invites is told when a reminder goes out: how far the others are prepared.

    expected: how many may come. troubled: whose connection check found what, by the codes of
    `signalling.check`. unchecked, unanswered: names.
    """

    language: str
    title: str
    remaining: timedelta
    expected: int
    checked: int
    troubled: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unchecked: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Title and how many have checked."""
        return f"{self.title}: {self._counts('checked_of')}"

    @property
    def text(self) -> str:
        """All of it, as plain text."""
        when = remaining_words(self.language, self.remaining)
        known = _PROBLEMS[self.language]
        troubles = tuple(
            f"{name}: {', '.join(known.get(code, code) for code in codes) or known['limited']}"
            for name, codes in self.troubled
        )
        lines = [
            self._say("state_lead", title=self.title, when=when),
            "",
            self._counts("checked"),
            *self._listed("state_troubled", troubles),
            *self._listed("state_unchecked", self.unchecked),
            *self._listed("state_unanswered", self.unanswered),
        ]
        return "\n".join(lines)

    def _counts(self, key: str) -> str:
        return self._say(key, checked=str(self.checked), expected=str(self.expected))

    def _listed(self, key: str, names: tuple[str, ...]) -> list[str]:
        return ["", f"{self._say(key)}:", *(f"- {name}" for name in names)] if names else []

    def _say(self, key: str, **facts: str) -> str:
        return _said(self.language, key, **facts)


def remaining_words(language: str, remaining: timedelta) -> str:
    """Return how long it is until the start: "in 3 days", "in an hour", "in 20 minutes"."""
    minutes = round(remaining.total_seconds() / 60)
    if minutes <= 0:
        return _said(language, "now")
    if minutes < 55:
        return _said(language, "minutes", count=str(minutes))
    hours = round(minutes / 60)
    if hours < 36:
        one = {1: "hour", 24: "day"}.get(hours)
        return _said(language, one) if one else _said(language, "hours", count=str(hours))
    days = round(hours / 24)
    return _said(language, "day") if days == 1 else _said(language, "days", count=str(days))


def _said(language: str, key: str, **facts: str) -> str:
    return filled(_WORDS[language][key], facts)
