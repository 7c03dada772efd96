"""Who paid for past meetings, and how a series is spread so that what all paid evens out.

The unit is the point (`pain`): an hour of a meeting at `Weights.night` for somebody is that many.
A partner pays what its people who were there paid, in the mean: who sends more people does not pay
more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from projectdesk.domain.rules.slots import SlotTable
from projectdesk.domain.rules.zoned_time import to_local

_HARD: Final = 1e-9
"""Less than this is nothing: a mean of nothings."""


@dataclass(frozen=True)
class Paid:
    """What one person paid for one meeting. pain: points for an hour; minutes: how long."""

    partner_id: UUID
    meeting_id: UUID
    pain: float
    minutes: float


@dataclass(frozen=True)
class Sacrifice:
    """What a partner paid so far.

    points: over all meetings. meetings: at which it was. outside: those of them that asked
    something of it. worst: the most points for an hour that one asked.
    """

    partner_id: UUID
    points: float = 0.0
    meetings: int = 0
    outside: int = 0
    worst: float = 0.0


def sacrifices(paid: Iterable[Paid], partners: Sequence[UUID]) -> list[Sacrifice]:
    """Return what each partner paid, in the order of `partners`; who never came paid nothing."""
    shares: dict[UUID, dict[UUID, list[Paid]]] = {}
    for each in paid:
        shares.setdefault(each.partner_id, {}).setdefault(each.meeting_id, []).append(each)
    return [_sacrifice(partner, shares.get(partner, {}).values()) for partner in partners]


def _sacrifice(partner: UUID, meetings: Iterable[Sequence[Paid]]) -> Sacrifice:
    points, count, outside, worst = 0.0, 0, 0, 0.0
    for people in meetings:
        pain = sum(each.pain for each in people) / len(people)
        points += sum(each.pain * each.minutes for each in people) / len(people) / 60
        count += 1
        outside += pain > _HARD
        worst = max(worst, pain)
    return Sacrifice(partner, points, count, outside, worst)


@dataclass(frozen=True)
class Turn:
    """One meeting of a series that is spread.

    start: UTC. asked: points that it asks of each partner. after: what each has paid then, with
    what it paid before the series.
    """

    start: datetime
    asked: Mapping[UUID, float]
    after: Mapping[UUID, float]


def spread(
    tables: Sequence[SlotTable],
    partner_of: Mapping[UUID, UUID],
    paid: Mapping[UUID, float],
    *,
    zone: str,
    hours: int = 3,
) -> list[Turn]:
    """Return a start for each meeting of a series, so that what the partners pay evens out.

    Each meeting takes the start with the least sum of squares of what all have paid after it: so
    an hour costs more the more a partner has paid already, and a hard hour for one costs more than
    a little for several. Only differences of what was paid count. At most `hours` different
    weekdays and hours are used, so that people can keep them in mind; they go round in turn.

    Args:
        tables: one for each meeting, each with the starts it may have (a week, say), all with the
            same attendees.
        partner_of: of each attendee by id; who has none pays for nobody.
        paid: points that each partner paid before; who is not in it paid nothing.
        zone: in which weekday and hour are reckoned.
        hours: how many different weekdays and hours at most.

    Returns:
        a turn for each table that has a start at which everybody who is needed can come.
    """
    partners = sorted({*partner_of.values()}, key=str)
    least = min((paid.get(partner, 0.0) for partner in partners), default=0.0)
    sums = {partner: paid.get(partner, 0.0) - least for partner in partners}
    used: dict[tuple[int, int], None] = {}
    found: list[Turn] = []
    for table in tables:
        chosen = _cheapest(table, partner_of, sums, zone, used, full=len(used) >= hours)
        if chosen is None:
            continue
        start, asked = chosen
        sums = {partner: sums[partner] + asked.get(partner, 0.0) for partner in partners}
        used[_pattern(start, zone)] = None
        found.append(Turn(start, asked, {partner: sums[partner] + least for partner in partners}))
    return found


def _cheapest(
    table: SlotTable,
    partner_of: Mapping[UUID, UUID],
    sums: Mapping[UUID, float],
    zone: str,
    used: Collection[tuple[int, int]],
    *,
    full: bool,
) -> tuple[datetime, dict[UUID, float]] | None:
    """Return the best start of one meeting and what it asks.

    Among equals one at an hour that is used already, else on a weekday that is; where no more may
    be used (`full`), one of those if there is any.
    """
    groups: dict[UUID, list[int]] = {}
    for who, attendee in enumerate(table.attendees):
        if attendee.required and attendee.id in partner_of:
            groups.setdefault(partner_of[attendee.id], []).append(who)
    starts = [slot.start for slot in table.ranked(apart=False)]
    patterns = {at: _pattern(at, zone) for at in starts}
    if full:
        starts = [at for at in starts if patterns[at] in used] or starts
    weekdays = {weekday for weekday, _ in used}
    starts.sort(key=lambda at: (patterns[at] not in used, patterns[at][0] not in weekdays))
    best: tuple[float, datetime, dict[UUID, float]] | None = None
    for at in starts:
        number = table.grid.number(at)
        if number is None:
            continue
        asked = _asked(table, groups, number)
        cost = sum(
            points * (points + 2 * sums.get(partner, 0.0)) for partner, points in asked.items()
        )
        if best is None or cost < best[0] - _HARD:
            best = (cost, at, asked)
    return None if best is None else (best[1], best[2])


def _asked(table: SlotTable, groups: Mapping[UUID, Sequence[int]], start: int) -> dict[UUID, float]:
    """Return the points that a start asks of each partner over the whole meeting."""
    hours = table.grid.minutes / 60
    return {
        partner: sum(table.pain(number, start) for number in people) / len(people) * hours
        for partner, people in groups.items()
    }


def _pattern(start: datetime, zone: str) -> tuple[int, int]:
    """Return weekday and minute of the day, by the clocks of a zone."""
    local = to_local(start, zone)
    return local.weekday(), local.hour * 60 + local.minute
