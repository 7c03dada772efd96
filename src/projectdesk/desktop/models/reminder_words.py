"""Reminders of a meeting in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.domain.rules.reminding import CHOICES, ReminderState

_HOUR: Final = 60
_DAY: Final = 24 * _HOUR
_TONES: Final = {
    ReminderState.PLANNED: Tone.ACCENT,
    ReminderState.DUE: Tone.INFO,
    ReminderState.LATE: Tone.WARNING,
    ReminderState.SENT: Tone.SUCCESS,
    ReminderState.PASSED: Tone.NEUTRAL,
}
_MOST_NAMES: Final = 6


def before(minutes: int) -> str:
    """Return how long before a meeting, such as "7 days before"."""
    if minutes % _DAY == 0:
        return say_count(minutes // _DAY, "{count} day before", "{count} days before")
    if minutes % _HOUR == 0:
        return say_count(minutes // _HOUR, "{count} hour before", "{count} hours before")
    return say_count(minutes, "{count} minute before", "{count} minutes before")


def choices() -> tuple[Option, ...]:
    """Return the times that are offered."""
    return tuple(Option(minutes, before(minutes)) for minutes in CHOICES)


def usual_choices() -> tuple[Option, ...]:
    """Return the times that are offered, each as one word: a field shows the first words."""
    space = "\N{NO-BREAK SPACE}"
    return tuple(Option(option.value, option.label.replace(" ", space)) for option in choices())


def state(value: ReminderState) -> tuple[str, Tone]:
    """Return where a reminder stands, and its colour."""
    words = {
        ReminderState.PLANNED: say("Planned"),
        ReminderState.DUE: say("Goes out now"),
        ReminderState.LATE: say("Late, goes out now"),
        ReminderState.SENT: say("Sent"),
        ReminderState.PASSED: say("Not sent"),
    }
    return words[value], _TONES[value]


def names(people: Sequence[str]) -> str:
    """Return names in a line, the first few of many."""
    shown = ", ".join(people[:_MOST_NAMES])
    rest = len(people) - _MOST_NAMES
    return say("{names} and {count} more", names=shown, count=rest) if rest > 0 else shown
