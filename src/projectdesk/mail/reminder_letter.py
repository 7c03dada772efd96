"""What a reminder of a meeting says: an invitation's page with another beginning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from projectdesk.catalogues import catalogue
from projectdesk.mail.invitation_page import Letter
from projectdesk.mail.words import said


@dataclass(frozen=True)
class ReminderLetter(Letter):
    """What one invitee is reminded of.

    remaining: until the start. planned: when it should have gone out, in words, "" = in time.
    unanswered, unchecked: what is still asked of this person. begins: day and time of the start,
    for a mail of which nobody knows when exactly it goes out; "" = `remaining` says it.
    """

    remaining: timedelta = timedelta(0)
    planned: str = ""
    unanswered: bool = False
    unchecked: bool = False
    begins: str = ""

    @property
    def heading(self) -> str:
        """What kind of mail it is, in a word."""
        return self._say("reminder")

    @property
    def lead(self) -> str:
        """The first sentences."""
        parts = [self._say("lead", when=self.begins or self.remaining_words)]
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

    def _say(self, key: str, **facts: object) -> str:
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
        troubles = tuple(
            f"{name}: {', '.join(map(self._problem, codes)) or self._problem('limited')}"
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

    def _problem(self, code: str) -> str:
        """Return a code of a check in words; what a newer page found is told as it is."""
        key = f"reminder.problem.{code}"
        return said(self.language, key) if key in catalogue("mail", self.language) else code

    def _counts(self, key: str) -> str:
        return self._say(key, checked=self.checked, expected=self.expected)

    def _listed(self, key: str, names: tuple[str, ...]) -> list[str]:
        return ["", f"{self._say(key)}:", *(f"- {name}" for name in names)] if names else []

    def _say(self, key: str, **facts: object) -> str:
        return _said(self.language, key, **facts)


def remaining_words(language: str, remaining: timedelta) -> str:
    """Return how long it is until the start: "in 3 days", "in an hour", "in 20 minutes"."""
    minutes = round(remaining.total_seconds() / 60)
    if minutes <= 0:
        return _said(language, "now")
    if minutes < 55:
        return _said(language, "minutes", count=minutes)
    hours = round(minutes / 60)
    if hours < 36:
        one = {1: "hour", 24: "day"}.get(hours)
        return _said(language, one) if one else _said(language, "hours", count=hours)
    days = round(hours / 24)
    return _said(language, "day") if days == 1 else _said(language, "days", count=days)


def _said(language: str, key: str, **facts: object) -> str:
    return said(language, f"reminder.{key}", **facts)
