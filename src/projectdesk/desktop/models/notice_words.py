"""The notice of a meeting in the reader's words: its light, its dates, what follows, what to do."""

from __future__ import annotations

from datetime import date
from typing import Final

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.domain.rules.notice import (
    AddedItem,
    Deadline,
    ItemStanding,
    NoticeLight,
    NoticeRule,
    NoticeState,
)
from projectdesk.services.notice_rows import EFFECTS, LIGHTS, STEPS, NoticeRow

_TONES: Final = {
    NoticeLight.NONE: Tone.NEUTRAL,
    NoticeLight.GREEN: Tone.SUCCESS,
    NoticeLight.AMBER: Tone.WARNING,
    NoticeLight.RED: Tone.DANGER,
}
_ICONS: Final = {
    NoticeLight.NONE: "info",
    NoticeLight.GREEN: "circle-check",
    NoticeLight.AMBER: "clock",
    NoticeLight.RED: "triangle-alert",
}

_URGENT: Final = frozenset({NoticeState.NEAR, NoticeState.LATE, NoticeState.MISSED})


def light_word(light: NoticeLight) -> str:
    """Return what a light means; "" where no rule holds."""
    return "" if light is NoticeLight.NONE else say(LIGHTS[light])


def light_tone(light: NoticeLight) -> Tone:
    """Return the colour of a light."""
    return _TONES[light]


def light_icon(light: NoticeLight) -> str:
    """Return the icon of a light: it is told apart without its colour too."""
    return _ICONS[light]


def rule_name(rule: NoticeRule) -> str:
    """Return what is required."""
    match rule:
        case NoticeRule.INVITATION:
            return say("Invitations sent")
        case NoticeRule.AGENDA:
            return say("Agenda sent")
        case NoticeRule.ITEMS:
            return say("Items added")


def required(deadline: Deadline) -> str:
    """Return by when something is required, and by which rule."""
    return say(
        "by {day}, {count} day before" if deadline.days == 1 else "by {day}, {count} days before",
        day=formats.weekday(deadline.due_on),
        count=deadline.days,
    )


def standing(deadline: Deadline, today: date) -> tuple[str, Tone]:
    """Return where a rule stands, and in which colour."""
    late = say_count(deadline.days_late, "{count} day late", "{count} days late")
    match deadline.state:
        case NoticeState.KEPT:
            return say("done {day}", day=formats.day(deadline.done_on)), Tone.SUCCESS
        case NoticeState.LATE | NoticeState.MISSED:
            return late, Tone.DANGER
        case NoticeState.CLOSED:
            return say("closed"), Tone.NEUTRAL
        case _:
            near = deadline.state is NoticeState.NEAR
            calm = Tone.NEUTRAL if deadline.rule is NoticeRule.ITEMS else Tone.SUCCESS
            return _left((deadline.due_on - today).days), Tone.WARNING if near else calm


def _left(days: int) -> str:
    if days <= 0:
        return say("today")
    return say_count(days, "{count} day left", "{count} days left")


def effects(row: NoticeRow) -> list[str]:
    """Return what follows from what is late."""
    return [say(EFFECTS[each]).replace("{days}", str(row.veto_days)) for each in row.effects]


def steps(row: NoticeRow) -> list[str]:
    """Return what can be done next."""
    due = {each.rule: each.due_on for each in row.deadlines}
    facts = {
        "{invite_by}": due.get(NoticeRule.INVITATION),
        "{agenda_by}": due.get(NoticeRule.AGENDA),
        "{earliest}": row.earliest_on,
    }
    words = []
    for step in row.steps:
        text = say(STEPS[step])
        for place, day in facts.items():
            text = text.replace(place, formats.weekday(day) if day else "")
        words.append(text)
    return words


def added(item: AddedItem) -> tuple[str, Tone]:
    """Return how an item stands that came after the agenda was sent."""
    if item.standing is ItemStanding.TOO_LATE:
        return say("added too late"), Tone.DANGER if item.decision else Tone.WARNING
    return say("added later, in time"), Tone.WARNING if item.decision else Tone.NEUTRAL


def urgent(row: NoticeRow, today: date) -> tuple[str, str]:
    """Return what is near or missed of a notice, and how much so."""
    for deadline in row.deadlines:
        if deadline.rule is NoticeRule.ITEMS or deadline.state not in _URGENT:
            continue
        return f"{rule_name(deadline.rule)} {required(deadline)}", standing(deadline, today)[0]
    count = len(row.added)
    words = say_count(count, "{count} item came later", "{count} items came later")
    return words, light_word(row.light)
