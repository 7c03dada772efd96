"""Find a time: the slots of a period, ranked; and a series that spreads what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from projectdesk.domain.rules.fair_slots import Turn, spread
from projectdesk.domain.rules.pain import Band, Weights
from projectdesk.domain.rules.slots import Grid, Part, Slot, SlotTable
from projectdesk.domain.rules.zoned_time import to_utc, zone_of
from projectdesk.errors import DomainError
from projectdesk.services.queries.consortium import project
from projectdesk.services.queries.sacrifices import sacrifices
from projectdesk.services.queries.slot_people import Party, party
from projectdesk.services.slot_rows import (
    SeriesReport,
    SeriesSlot,
    SlotPart,
    SlotPerson,
    SlotReason,
    SlotReport,
    SlotRequest,
    SlotRow,
)
from projectdesk.services.slot_weights import slot_weights
from projectdesk.services.workspace import Workspace

MOST_MEETINGS: Final = 60
"""A series that is spread has at most so many meetings."""
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_WEEK: Final = 7
_BANDS: Final = (
    (Band.EARLY, SlotReason.EARLY),
    (Band.LATE, SlotReason.LATE),
    (Band.NIGHT, SlotReason.NIGHT),
)


def slots(
    workspace: Workspace,
    request: SlotRequest,
    limit: int = 20,
    *,
    blocked: bool = False,
    apart: bool = True,
    language: str = "en",
) -> SlotReport:
    """Return the best slots of a period and what each asks of each person.

    Args:
        workspace: the open database.
        request: who is to meet, when, for how long.
        limit: how many at most.
        blocked: those at which somebody needed cannot come too, after all others.
        apart: none that overlaps a better one.
        language: in which holidays are named.

    Raises:
        NotFound: no such project or person.
        DomainError: `unknown_zone`, `bad_period`, `bad_duration`, `bad_step`, or `nobody_to_meet`:
            nobody with a known zone is to come.
    """
    if limit < 1:
        raise DomainError("bad_limit", "At least one slot is asked for.", field="limit")
    named = project(workspace, request.project_id).acronym
    grid = _grid(request, request.first, request.last)
    weights = slot_weights(workspace)
    who = party(workspace, request, language=language)
    if not who.people:
        raise DomainError(
            "nobody_to_meet",
            "There is nobody to find a time for: name people with a time zone, or a body with "
            "members.",
            field="people",
        )
    table = SlotTable(grid, who.attendees, weights)
    found = table.ranked(limit, blocked=blocked, apart=apart)
    return SlotReport(
        request=request,
        project=named,
        people=who.people,
        without_zone=who.without_zone,
        slots=tuple(_row(table, slot, who.people) for slot in found),
        starts=grid.count,
        blocked=sum(bool(table.slot(number).blocked) for number in range(grid.count)),
        over=_grid(replace(request, since=None), request.first, request.last).count - grid.count,
        weights=weights,
        table=table,
    )


def slot_at(report: SlotReport, start: datetime) -> SlotRow | None:
    """Return any slot of a report's period, None where its grid has no such start."""
    number = report.table.grid.number(start)
    if number is None:
        return None
    return _row(report.table, report.table.slot(number), report.people)


def slot_series(
    workspace: Workspace,
    request: SlotRequest,
    count: int,
    every_weeks: int = 1,
    *,
    language: str = "en",
) -> SeriesReport:
    """Return times for a series, so that what the partners pay evens out with what they paid.

    Each meeting may be at any time of the request's period, of at most a week, moved on by
    `every_weeks` each time.

    Args:
        workspace: the open database.
        request: who is to meet; its period is that of the first meeting.
        count: how many meetings.
        every_weeks: from one to the next.
        language: in which holidays are named.

    Raises:
        DomainError: as `slots`, or `bad_series`.
    """
    if not 1 <= count <= MOST_MEETINGS or not 1 <= every_weeks <= 52:
        raise DomainError(
            "bad_series",
            "A series has from 1 to {most} meetings, from 1 to 52 weeks apart.",
            most=MOST_MEETINGS,
            field="series",
        )
    first, length = request.first, min((request.last - request.first).days, _WEEK - 1)
    windows = [first + n * every_weeks * _WEEK * _DAY for n in range(count)]
    _grid(request, request.first, request.last)  # refuses what cannot be asked
    who = party(workspace, request, windows[-1] + length * _DAY, language)
    if not who.people:
        raise DomainError("nobody_to_meet", "There is nobody to find a time for.", field="people")
    weights = slot_weights(workspace)
    tables = [_table(request, day, day + length * _DAY, who, weights) for day in windows]
    partner_of = {each.id: each.partner_id for each in who.people if each.partner_id is not None}
    history = sacrifices(workspace, request.project_id)
    paid = {row.partner_id: row.points for row in history}
    turns = spread(tables, partner_of, paid, zone=request.zone)
    here = set(partner_of.values())
    names = {row.partner_id: row.partner for row in history if row.partner_id in here}
    return _series_report(tables, windows, turns, who, names, paid)


# --- inside


def _table(
    request: SlotRequest, first: date, last: date, who: Party, weights: Weights
) -> SlotTable:
    return SlotTable(_grid(request, first, last), who.attendees, weights)


def _series_report(
    tables: list[SlotTable],
    windows: list[date],
    turns: list[Turn],
    who: Party,
    names: Mapping[UUID, str],
    paid: Mapping[UUID, float],
) -> SeriesReport:
    found, held, left_out = [], list(turns), []
    for table, day in zip(tables, windows, strict=True):
        number = table.grid.number(held[0].start) if held else None
        if number is None:
            left_out.append(day)
            continue
        turn = held.pop(0)
        row = _row(table, table.slot(number), who.people)
        found.append(SeriesSlot(row, _named(turn.asked, names), _named(turn.after, names)))
    before = {partner: paid.get(partner, 0.0) for partner in names}
    fixed = dict(before)
    for table in tables:
        for slot in table.ranked(1)[:1]:
            for partner, points in _asked(table, slot, who.people).items():
                fixed[partner] = fixed.get(partner, 0.0) + points
    return SeriesReport(tuple(found), tuple(left_out), _named(before, names), _named(fixed, names))


def _asked(table: SlotTable, slot: Slot, people: tuple[SlotPerson, ...]) -> dict[UUID, float]:
    """Return the points that a slot asks of each partner, the mean of those needed."""
    number = table.grid.number(slot.start) or 0
    shares: dict[UUID, list[float]] = {}
    for at, person in enumerate(people):
        if person.partner_id is not None and person.required:
            shares.setdefault(person.partner_id, []).append(table.pain(at, number))
    hours = table.grid.minutes / 60
    return {partner: sum(each) / len(each) * hours for partner, each in shares.items()}


def _named(points: Mapping[UUID, float], names: Mapping[UUID, str]) -> dict[str, float]:
    return {names[partner]: value for partner, value in points.items() if partner in names}


def _grid(request: SlotRequest, first: date, last: date) -> Grid:
    """Return the starts of some days by the clocks of the request's zone, none of them past.

    Raises:
        DomainError: as `Grid`; `bad_period` too if all these days are over.
    """
    zone_of(request.zone)
    start = to_utc(datetime.combine(first, time()), request.zone)
    end = to_utc(datetime.combine(last + _DAY, time()), request.zone)
    grid = Grid(start, end, request.minutes, request.step)
    if request.since is None or request.since <= start:
        return grid
    past = -((start - request.since) // (request.step * _MINUTE))
    if grid.count <= past:
        text = "These days are over: {first} to {last}."
        raise DomainError("bad_period", text, field="to", first=str(first), last=str(last))
    return replace(grid, start=grid.at(past))


def _row(table: SlotTable, slot: Slot, people: tuple[SlotPerson, ...]) -> SlotRow:
    parts = tuple(
        _part(person, each) for person, each in zip(people, table.parts(slot), strict=True)
    )
    return SlotRow(
        start=slot.start,
        end=slot.start + timedelta(minutes=table.grid.minutes),
        total=round(slot.total, 2),
        worst=round(slot.worst, 2),
        blocked=slot.blocked,
        outside=sum(part.pain > 0 for part in parts),
        parts=parts,
    )


def _part(person: SlotPerson, part: Part) -> SlotPart:
    reasons = [(reason, "") for band, reason in _BANDS if band in part.bands]
    if part.holiday:
        reasons.append((SlotReason.HOLIDAY, part.holiday))
    elif part.weekend:
        reasons.append((SlotReason.WEEKEND, ""))
    for each in part.busy:
        reasons.append((SlotReason.TENTATIVE if each.tentative else SlotReason.BUSY, each.what))
    return SlotPart(
        person, part.local_start, part.local_end, round(part.pain, 2), part.can_come, tuple(reasons)
    )
