"""What the slot finder says: reasons, points and local times in words; and what was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QDate, QLocale

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.theme.tokens import Tone
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.slot_rows import SlotPart, SlotReason, SlotRow

HARD: Final = 4.0
"""From so many points for an hour on, a time is hard on somebody."""


@dataclass(frozen=True)
class ChosenSlots:
    """Times that were chosen out of a slot finder, with what they are for.

    starts: UTC. required, optional: people. body_id: whose members were asked for. meeting_id: the
    meeting that gets another time, None for a new one.
    """

    project_id: UUID
    zone: str
    minutes: int
    starts: tuple[datetime, ...]
    required: tuple[UUID, ...]
    optional: tuple[UUID, ...]
    body_id: UUID | None = None
    meeting_id: UUID | None = None


def points(value: float) -> str:
    """Return points as people read them: "0", "2.1", "10"."""
    text = QLocale().toString(value, "f", 1)
    return QLocale().toString(round(value)) if round(value, 1) == round(value) else text


def pain_tone(pain: float) -> Tone:
    """Return how hard an hour is on somebody: not at all, somewhat, hard."""
    if pain <= 0:
        return Tone.SUCCESS
    return Tone.WARNING if pain < HARD else Tone.DANGER


def short_day(local: datetime) -> str:
    """Return a day such as "Tue 9 Mar", as the reader writes it."""
    short = QLocale().dateFormat(QLocale.FormatType.ShortFormat)
    pattern = "ddd MMM d" if short[:1] in ("M", "y") else "ddd d. MMM" if "." in short else ""
    return QLocale().toString(_qdate(local), pattern or "ddd d MMM")


def start_words(start: datetime, zone: str) -> str:
    """Return when a slot begins in a zone, such as "Tue 9 Mar, 10:00"."""
    local = to_local(start, zone)
    return f"{short_day(local)}, {formats.clock(local)}"


def local_words(part: SlotPart, day: datetime) -> str:
    """Return somebody's local times; with the day where it is another than `day` (naive)."""
    span = f"{formats.clock(part.local_start)}–{formats.clock(part.local_end)}"
    if part.local_start.date() == day.date():
        return span
    weekday = QLocale().toString(_qdate(part.local_start), "ddd").rstrip(".")
    return f"{weekday} {span}"


def reason_words(reason: SlotReason, detail: str) -> str:
    """Return one reason in words."""
    match reason:
        case SlotReason.EARLY:
            return say("before working hours")
        case SlotReason.LATE:
            return say("after working hours")
        case SlotReason.NIGHT:
            return say("at night")
        case SlotReason.WEEKEND:
            return say("weekend")
        case SlotReason.HOLIDAY:
            return detail
        case SlotReason.TENTATIVE:
            return say("perhaps busy: {what}", what=detail) if detail else say("perhaps busy")
        case SlotReason.BUSY:
            return say("busy: {what}", what=detail) if detail else say("busy")


def part_words(part: SlotPart) -> str:
    """Return why a slot asks what it asks of somebody."""
    words = ", ".join(reason_words(*each) for each in part.reasons)
    return words[:1].upper() + words[1:] if words else say("Working hours")


def slot_words(slot: SlotRow) -> str:
    """Return in a line what is against a slot, or that nothing is."""
    missing = [part.person.name for part in slot.parts if not part.can_come]
    found = []
    if missing:
        shown = ", ".join(missing[:2])
        more = len(missing) - 2
        found.append(
            say("{names} and {count} more busy", names=shown, count=more)
            if more > 0
            else say("{names} busy", names=shown)
        )
    hardest = slot.hardest
    if hardest is not None:
        city = formats.city(hardest.person.zone)
        clock = formats.clock(hardest.local_start)
        where = f"{clock} {city}: {part_words(hardest)}"
        others = slot.outside - 1
        if others > 0:
            where = formats.joined((where, say_count(others, "{count} more", "{count} more")))
        found.append(where)
    return formats.joined(found) or say("In everybody’s working hours")


def _qdate(moment: datetime) -> QDate:
    return QDate(moment.year, moment.month, moment.day)
