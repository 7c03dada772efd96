"""Read where the partners of a project are, and what time and day it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from projectdesk.domain.places import has_several_zones, zone_at, zones_of
from projectdesk.domain.regions import region_of
from projectdesk.domain.rules import consortium, sun
from projectdesk.domain.rules.working_hours import (
    DAY_END,
    DAY_START,
    common_zone,
    day_of_work,
    differing_zones,
    is_at_work,
)
from projectdesk.domain.rules.zoned_time import to_local, zone_of
from projectdesk.errors import DomainError
from projectdesk.services import public_holidays
from projectdesk.services.consortium_rows import WorldRow, ZoneSource
from projectdesk.services.queries.consortium import partners, people
from projectdesk.services.rows import PartnerRow, PersonRow
from projectdesk.services.workspace import Workspace

_NOWHERE: Final = 24 * 60
"""Sorts what has no zone after every zone."""


@dataclass(frozen=True)
class _Clock:
    """A zone, how it is known, and what its clocks show."""

    zone: str
    source: ZoneSource
    local: datetime | None
    offset_minutes: int | None


def world(workspace: Workspace, project_id: UUID, language: str = "en") -> list[WorldRow]:
    """Return the partners that take part today with their local time, west to east.

    Args:
        workspace: the open database; its clock is what is now.
        project_id: the project.
        language: in which holidays are named.
    """
    now = workspace.now()
    rows = partners(workspace, project_id)
    staff: dict[UUID | None, list[PersonRow]] = {}
    for person in people(workspace, project_id):
        staff.setdefault(person.partner_id, []).append(person)
    here = consortium.active_on(rows, now.date())
    found = [_row(row, staff.get(row.id, []), now, language) for row in here]
    return sorted(
        found, key=lambda row: _NOWHERE if row.offset_minutes is None else row.offset_minutes
    )


def _row(row: PartnerRow, staff: Sequence[PersonRow], now: datetime, language: str) -> WorldRow:
    zones = [person.zone for person in staff if is_zone(person.zone)]
    clock = _clock(row, zones, now)
    position = _position(row, clock.zone)
    region = region_of(row.nuts_code)
    day = (clock.local or now).date()
    today = public_holidays.on_day(row.country, region, day, language)
    coming = public_holidays.next_holiday(row.country, region, day, language)
    at_work = sum(_works(person, row, clock.zone, now, language) for person in staff)
    working: bool | None = at_work > 0
    if not staff:
        working = None
        if clock.local is not None:
            working = is_at_work(clock.local, DAY_START, DAY_END, free=today.free)
    return WorldRow(
        id=row.id,
        number=row.number,
        partner=row.short_name,
        legal_name=row.legal_name,
        role=row.role,
        country=row.country,
        region=region,
        city=row.city,
        zone=clock.zone,
        source=clock.source,
        other_zones=differing_zones(zones, clock.zone, now) if clock.zone else (),
        local=clock.local,
        offset_minutes=clock.offset_minutes,
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
        exact=row.latitude is not None and row.longitude is not None,
        daylight=sun.is_day(now, *position) if position else None,
        weekend=today.weekend,
        holiday=today.holiday,
        next_holiday=coming[1] if coming else "",
        next_holiday_on=coming[0] if coming else None,
        working=working,
        at_work=at_work,
        people=len(staff),
    )


def _clock(row: PartnerRow, zones: Sequence[str], now: datetime) -> _Clock:
    zone, source = partner_zone(row, zones)
    if not zone:
        return _Clock("", ZoneSource.UNKNOWN, None, None)
    offset = now.astimezone(zone_of(zone)).utcoffset()
    minutes = 0 if offset is None else int(offset.total_seconds() // 60)
    return _Clock(zone, source, to_local(now, zone).replace(second=0, microsecond=0), minutes)


def partner_zone(row: PartnerRow, zones: Sequence[str]) -> tuple[str, ZoneSource]:
    """Return a partner's zone: its people's, else its position's, else its country's main one."""
    if named := common_zone(zones):
        return named, ZoneSource.PEOPLE
    places = zones_of(row.country)
    if not places:
        return "", ZoneSource.UNKNOWN
    if not has_several_zones(row.country):
        return places[0].zone, ZoneSource.COUNTRY
    if row.latitude is not None and row.longitude is not None:
        return zone_at(row.country, row.latitude, row.longitude), ZoneSource.PLACE
    return places[0].zone, ZoneSource.SEVERAL


def _position(row: PartnerRow, zone: str) -> tuple[float, float] | None:
    """Return where a partner is: its organisation, else the principal place of its zone there."""
    if row.latitude is not None and row.longitude is not None:
        return row.latitude, row.longitude
    places = zones_of(row.country)
    found = next((place for place in places if place.zone == zone), places[0] if places else None)
    return None if found is None else (found.latitude, found.longitude)


def _works(
    person: PersonRow, row: PartnerRow, partners_zone: str, now: datetime, language: str
) -> bool:
    zone = person.zone if is_zone(person.zone) else partners_zone
    if not zone:
        return False
    local = to_local(now, zone)
    country = person.own_country or row.country
    region = person.region or (region_of(row.nuts_code) if country == row.country else "")
    day = day_of_work(local, person.work_from, person.work_to)
    free = public_holidays.on_day(country, region, day, language).free
    return is_at_work(local, person.work_from, person.work_to, free=free)


def is_zone(name: str) -> bool:
    """Return whether a zone is one that this computer knows; an imported one may not be."""
    if not name:
        return False
    try:
        zone_of(name)
    except DomainError:
        return False
    return True
