"""Read the calendars of people, and the times at which they are taken."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from projectdesk.services.busy_rows import BusySourceRow, BusyTimeRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def busy_sources(
    workspace: Workspace, person_id: UUID | None = None, project_id: UUID | None = None
) -> list[BusySourceRow]:
    """Return calendars by person and name: of all people, of one, or of those in a project."""
    source, person, times = schema.busy_source, schema.person, schema.busy_time.c
    counted = (
        select(
            func.count().label("times"),
            func.max(times.ends_at).label("until"),
            times.source_id,
        )
        .group_by(times.source_id)
        .subquery()
    )
    query = (
        select(
            source,
            person.c.given_name,
            person.c.family_name,
            person.c.email,
            counted.c.times,
            counted.c.until,
        )
        .join_from(source, person, source.c.person_id == person.c.id)
        .join(counted, counted.c.source_id == source.c.id, isouter=True)
        .order_by(person.c.family_name, person.c.given_name, source.c.name, source.c.id)
    )
    if person_id is not None:
        query = query.where(source.c.person_id == person_id)
    if project_id is not None:
        member = schema.membership.c
        query = query.where(
            source.c.person_id.in_(
                select(member.person_id).where(member.project_id == project_id)
            )
        )  # fmt: skip
    with workspace.read() as session:
        rows = session.execute(query).all()
    return [
        BusySourceRow(
            id=row.id,
            version=row.version,
            person_id=row.person_id,
            person=f"{row.given_name} {row.family_name}".strip() or row.email,
            kind=row.kind,
            name=row.name,
            address=row.address,
            read_at=row.read_at,
            problem=row.problem,
            times=row.times or 0,
            until=row.until,
        )
        for row in rows
    ]


def busy_times(
    workspace: Workspace, person_id: UUID, first: datetime, last: datetime
) -> list[BusyTimeRow]:
    """Return when a person is taken between two UTC instants, by their calendars.

    Whole days that touch the days from `first` to `last` are among them.
    """
    source, times = schema.busy_source.c, schema.busy_time.c
    timed = (times.starts_at < last) & (times.ends_at > first)
    days = (times.first_day <= last.date()) & (times.last_day >= first.date())
    query = (
        select(schema.busy_time, source.name)
        .join_from(schema.busy_time, schema.busy_source, source.id == times.source_id)
        .where(source.person_id == person_id, timed | days)
        .order_by(times.first_day, times.starts_at, times.seq)
    )
    with workspace.read() as session:
        rows = session.execute(query).all()
    return [
        BusyTimeRow(
            source=row.name,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            first_day=row.first_day,
            last_day=row.last_day,
            tentative=row.tentative,
            title=row.title,
        )
        for row in rows
    ]
