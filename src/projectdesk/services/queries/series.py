"""Read series of meetings: their rule in words, their dates, and what is to be known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from projectdesk.domain.preparation import MeetingSeries
from projectdesk.domain.rules import series as rules
from projectdesk.domain.rules.series import Repeat
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.errors import NotFound
from projectdesk.services import public_holidays
from projectdesk.services.inviting.planning import is_zone
from projectdesk.services.queries.meetings import meetings
from projectdesk.services.rows import MeetingRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_MOST_PLACES = 3


@dataclass(frozen=True)
class SeriesRow:
    """A series. words: its rule in English, with the dates of it that no meeting is at.

    meetings: in the order of their dates.
    """

    id: UUID
    version: int
    project_id: UUID
    title: str
    rule: str
    words: str
    local_start: datetime
    zone: str
    duration_minutes: int
    sequence: int
    meetings: tuple[MeetingRow, ...]


@dataclass(frozen=True)
class DateNote:
    """One date of a series before it is planned.

    local_start: by the rule. clock_start: what clocks show then, another time where they skip that.
    holidays: "DE: Good Friday", of the countries of the project. clocks: "Boston 05:00", where the
    time is another than at the first date.
    """

    local_start: datetime
    clock_start: datetime
    starts_at: datetime
    holidays: tuple[str, ...]
    clocks: tuple[str, ...]


def series_row(workspace: Workspace, series_id: UUID) -> SeriesRow:
    """Return a series.

    Raises:
        NotFound: no such series.
    """
    with workspace.read() as session:
        kept = session.get(MeetingSeries, series_id)
        meeting = schema.meeting.c
        found = session.execute(
            select(meeting.id, meeting.recurrence_at)
            .where(meeting.series_id == series_id)
            .order_by(meeting.recurrence_at, meeting.id)
        ).all()
    if kept is None:
        raise NotFound("not_found", "This series does not exist any more.", noun="series")
    repeat = rules.read_rule(kept.rule)
    there = {(at or kept.local_start).date() for _, at in found}
    left_out = {at.date() for at in rules.dates(repeat, kept.local_start)} - there
    rows = {row.id: row for row in meetings(workspace, kept.project_id)}
    return SeriesRow(
        id=kept.id,
        version=kept.version,
        project_id=kept.project_id,
        title=kept.title,
        rule=kept.rule,
        words=rules.in_words(repeat, left_out),
        local_start=kept.local_start,
        zone=kept.zone,
        duration_minutes=kept.duration_minutes,
        sequence=kept.sequence,
        meetings=tuple(rows[each] for each, _ in found if each in rows),
    )


def series_of(workspace: Workspace, meeting_id: UUID) -> UUID | None:
    """Return the series that a meeting is part of, None = of none."""
    meeting = schema.meeting.c
    with workspace.read() as session:
        found: UUID | None = session.scalar(
            select(meeting.series_id).where(meeting.id == meeting_id)
        )
    return found


def preview_series(
    workspace: Workspace, project_id: UUID, local_start: datetime, zone: str, repeat: Repeat
) -> tuple[DateNote, ...]:
    """Return the dates of a series before it is planned, with holidays and changes of the clock.

    Raises:
        DomainError: `bad_series`, `unknown_zone`.
    """
    repeat = rules.checked(repeat, local_start.date())
    countries, zones = _places(workspace, project_id)
    starts = [(at, to_utc(at, zone)) for at in rules.dates(repeat, local_start)]
    first = {name: to_local(starts[0][1], name).time() for name in zones if name != zone}
    return tuple(
        DateNote(
            local_start=at,
            clock_start=to_local(instant, zone),
            starts_at=instant,
            holidays=_holidays(countries, at.date()),
            clocks=_clocks(first, instant),
        )
        for at, instant in starts
    )


def _places(workspace: Workspace, project_id: UUID) -> tuple[Sequence[str], Sequence[str]]:
    """Return the countries and zones of the people of a project, the most frequent first."""
    person, partner = schema.person.c, schema.partner.c
    organisation = aliased(schema.organisation)
    country = func.coalesce(func.nullif(person.country, ""), organisation.c.country, "")
    query = (
        select(country, person.zone)
        .join_from(schema.membership, schema.person)
        .join(schema.partner, partner.id == schema.membership.c.partner_id, isouter=True)
        .join(organisation, organisation.c.id == partner.organisation_id, isouter=True)
        .where(schema.membership.c.project_id == project_id)
    )
    with workspace.read() as session:
        rows = session.execute(query).all()
    return _frequent(row[0] for row in rows), [
        zone for zone in _frequent(row[1] for row in rows) if is_zone(zone)
    ]


def _frequent(values: Iterable[str | None]) -> list[str]:
    counted = Counter(value for value in values if value)
    return [value for value, _ in sorted(counted.items(), key=lambda each: (-each[1], each[0]))]


def _holidays(countries: Collection[str], local: date) -> tuple[str, ...]:
    found: dict[str, list[str]] = {}
    for country in countries:
        day = public_holidays.on_day(country, "", local)
        if day.holiday:
            found.setdefault(day.holiday, []).append(country)
    return tuple(f"{', '.join(names)}: {holiday}" for holiday, names in found.items())


def _clocks(first: Mapping[str, time], instant: datetime) -> tuple[str, ...]:
    """Return where the clock shows another time than at the first date."""
    found: dict[str, list[str]] = {}
    for zone, at_first in first.items():
        now = to_local(instant, zone).time()
        if now != at_first:
            place = zone.rsplit("/", 1)[-1].replace("_", " ")
            found.setdefault(f"{now:%H:%M}", []).append(place)
    return tuple(
        f"{', '.join(places[:_MOST_PLACES])}{' …' if len(places) > _MOST_PLACES else ''} {at}"
        for at, places in sorted(found.items())
    )
