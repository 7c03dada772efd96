"""The lines of an agenda's list: days and sections as headings, items below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.domain.rules.agenda_times import DayTimes
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.agenda_rows import AgendaItemRow, AgendaPlan


@dataclass(frozen=True)
class AgendaLine:
    """One line. item: None of a heading. words: what a heading says. alarm: it is too long.

    id, version: of the item, or made up for a heading. section: "" of a day's heading.
    """

    id: UUID
    version: int
    item: AgendaItemRow | None
    words: str
    day: int
    section: str = ""
    alarm: bool = False

    @property
    def is_section(self) -> bool:
        """Whether it is the heading of a section."""
        return self.item is None and bool(self.section)


@dataclass(frozen=True)
class Place:
    """Where something comes to stand. position: among the other items, 0 = first."""

    position: int
    day: int
    section: str


def lines_of(plan: AgendaPlan) -> list[AgendaLine]:
    """Return the lines of an agenda; one of one day without sections has only items."""
    several = len(plan.days) > 1
    lines: list[AgendaLine] = []
    for day in plan.days:
        if several:
            lines.append(
                _heading(
                    plan, day.day, "", day_words(day, plan.zone), alarm=bool(day.over or day.beyond)
                )
            )
        section = ""
        for item in plan.items:
            if item.day != day.day:
                continue
            if item.section and item.section != section:
                lines.append(_heading(plan, day.day, item.section, item.section))
            section = item.section
            lines.append(AgendaLine(item.id, item.version, item, "", day.day, item.section))
    return lines


def place_at(lines: Sequence[AgendaLine], at: int, moved: UUID | None = None) -> Place:
    """Return where something comes to stand that is put before line `at`.

    Its section is that of what is above it: of a heading, or of an item. A break above lends its
    section as well.

    Args:
        lines: as shown.
        at: a gap, 0 = above the first line.
        moved: the item that is on its way, not counted; None = it comes from elsewhere.
    """
    above = [line for line in lines[:at] if line.id != moved]
    position = sum(line.item is not None for line in above)
    if not above:
        first = next((line for line in lines if line.id != moved), None)
        return Place(0, first.day if first else 1, "")
    last = above[-1]
    return Place(position, last.day, last.section)


def day_words(day: DayTimes, zone: str) -> str:
    """Return what the heading of a day says: its date, its hours, and whether it is too long."""
    begins, ends = to_local(day.starts_at, zone), to_local(day.ends_at, zone)
    words = [say("Day {day}", day=day.day), formats.weekday(day.date)]
    if day.planned:
        words.append(f"{formats.clock(begins)} – {formats.clock(ends)}")
    if day.beyond:
        words.append(say("after the end of the meeting"))
    elif day.over and day.limit is not None:
        limit = formats.clock(to_local(day.limit, zone))
        over = formats.minutes(day.over)
        words.append(say("{over} too long: it ends at {end}", over=over, end=limit))
    return formats.joined(words)


def sum_words(plan: AgendaPlan, length: int) -> tuple[str, bool]:
    """Return what is planned against the meeting's length, and whether it is too long.

    Of several days, whether any is.
    """
    planned = formats.minutes(plan.planned)
    if len(plan.days) > 1:
        long = [day for day in plan.days if day.over or day.beyond]
        if not long:
            return say(
                "{planned} planned on {count} days.", planned=planned, count=len(plan.days)
            ), False
        names = ", ".join(str(day.day) for day in long)
        return say("{planned} planned; too long: day {days}.", planned=planned, days=names), True
    places = {"planned": planned, "length": formats.minutes(length)}
    over = plan.planned - length
    if over > 0:
        words = say(
            "{planned} planned for a meeting of {length}: {over} too long.",
            over=formats.minutes(over),
            **places,
        )
        return words, True
    if over < 0:
        rest = formats.minutes(-over)
        return say("{planned} planned of {length}, {rest} left.", rest=rest, **places), False
    return say("{planned} planned, the whole meeting.", **places), False


def time_hint(item: AgendaItemRow) -> str:
    """Return what is odd about the time of an item, in words; "" when nothing is."""
    if item.overlap_minutes:
        minutes = formats.minutes(item.overlap_minutes)
        return say("Begins {minutes} before what is above it ends", minutes=minutes)
    if item.gap_minutes:
        minutes = formats.minutes(item.gap_minutes)
        return say("{minutes} free before it", minutes=minutes)
    return ""


def _heading(
    plan: AgendaPlan, day: int, section: str, words: str, *, alarm: bool = False
) -> AgendaLine:
    made = uuid5(NAMESPACE_OID, f"{plan.meeting_id}/{day}/{section}")
    return AgendaLine(made, 0, None, words, day, section, alarm)
