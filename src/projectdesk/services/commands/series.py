"""Series of meetings: plan, extend, change or cancel this one and those after it, or all.

Each occurrence is a meeting with agenda, invitees and minutes of its own. One alone is changed as
every meeting is; it stays part of its series by `Meeting.recurrence_at`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.meetings import Invitation, Meeting, MeetingState, MeetingType
from projectdesk.domain.preparation import MeetingSeries
from projectdesk.domain.rules import series as rules
from projectdesk.domain.rules.series import Repeat
from projectdesk.domain.rules.zoned_time import shown, to_utc, tzdata_version
from projectdesk.errors import DomainError
from projectdesk.services.agenda_templates import agenda_language, agenda_template
from projectdesk.services.commands.meetings import LONGEST_MINUTES, add_meeting
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


class Scope(StrEnum):
    """Which occurrences are meant: this one and those after it, or all that are still to come."""

    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True)
class SeriesChange:
    """What is changed; None = stays as it is.

    local_start: of the occurrence from which the change is made, naive, in the series' zone; the
    others move by the same days and to the same hour.
    """

    local_start: datetime | None = None
    title: str | None = None
    duration_minutes: int | None = None
    place: str | None = None


@dataclass(frozen=True)
class Changed:
    """What a change did. moved: how many meetings; kept: those that had a time of their own."""

    series_id: UUID
    moved: int
    kept: tuple[str, ...]


def plan_series(
    workspace: Workspace,
    project_id: UUID,
    type: MeetingType,  # noqa: A002 - the field's word; callers name it
    local_start: datetime,
    zone: str,
    repeat: Repeat,
    *,
    title: str = "",
    duration_minutes: int | None = None,
    host: str = "",
    without: Collection[date] = (),
) -> tuple[UUID, Changes]:
    """Plan a series: each date is a meeting with the agenda of its template and its invitees.

    Args:
        workspace: the open data.
        project_id: whose meetings.
        type: which template.
        local_start: of the first one, naive, in `zone`.
        zone: IANA name.
        repeat: how it repeats; the first date is one of it.
        title: "" = as the template calls it.
        duration_minutes: None = as long as the agenda of the first one.
        host: where they are held, as `Meeting.host`.
        without: days of the rule on which nobody meets.

    Returns:
        The series' id, and what changed.

    Raises:
        NotFound: no such project.
        DomainError: `bad_series`, `unknown_zone`, `local_time_with_zone`, `bad_duration`.
    """
    _check_start(local_start, duration_minutes)
    repeat = rules.checked(repeat, local_start.date())
    title = " ".join(title.split())
    with workspace.change("Plan a series") as unit:
        title = title or agenda_template(type, agenda_language(unit.session)).title
        unit.label = f"Plan a series: {title}"
        series = MeetingSeries(
            project_id=project_id,
            title=title,
            type=type,
            rule=rules.rule_text(repeat),
            local_start=local_start,
            zone=zone,
        )
        unit.add(series)
        made: list[Meeting] = []
        for at in rules.dates(repeat, local_start):
            if at.date() not in without:
                minutes = made[0].duration_minutes if made else duration_minutes
                made.append(_occurrence(unit, series, at, minutes, host))
        if not made:
            raise DomainError("bad_series", "A series needs a date.", field="without")
        series.duration_minutes = made[0].duration_minutes
    return series.id, unit.changes


def repeat_meeting(
    workspace: Workspace, meeting_id: UUID, repeat: Repeat, without: Collection[date] = ()
) -> tuple[UUID, Changes]:
    """Make a meeting the first one of a series; the others get its invitees, title and length.

    Raises:
        NotFound: no such meeting.
        DomainError: `bad_series`; `in_series`, it is part of one already; `not_planned`.
    """
    with workspace.change("Make a series") as unit:
        meeting = unit.get(Meeting, meeting_id)
        if meeting.series_id is not None:
            raise DomainError("in_series", "This meeting is part of a series already.")
        if meeting.state is not MeetingState.PLANNED:
            raise DomainError("not_planned", "Only a meeting that is to come can be repeated.")
        repeat = rules.checked(repeat, meeting.local_start.date())
        unit.label = f"Repeat {meeting.title}"
        series = MeetingSeries(
            project_id=meeting.project_id,
            title=meeting.title,
            type=meeting.type,
            rule=rules.rule_text(repeat),
            local_start=meeting.local_start,
            zone=meeting.zone,
            duration_minutes=meeting.duration_minutes,
        )
        unit.add(series)
        meeting.series_id, meeting.recurrence_at = series.id, meeting.local_start
        for at in islice(rules.dates(repeat, series.local_start), 1, None):
            if at.date() not in without:
                _like(unit, series, at, meeting)
    return series.id, unit.changes


def extend_series(
    workspace: Workspace, series_id: UUID, version: int, more: int
) -> tuple[int, Changes]:
    """Add dates to the end of a series, with the invitees of its last meeting.

    Returns:
        How many meetings were added, and what changed.

    Raises:
        NotFound: no such series.
        Conflict: it was changed since.
        DomainError: `bad_series`, it would be too long.
    """
    with workspace.change("Extend a series") as unit:
        series = unit.get(MeetingSeries, series_id, version)
        unit.label = f"Extend {series.title}"
        before = rules.read_rule(series.rule)
        longer = rules.checked(
            replace(before, times=before.times + max(more, 0)), series.local_start.date()
        )
        meetings = _meetings(unit, series_id)
        if not meetings:
            raise DomainError("bad_series", "This series has no meeting any more.", field="times")
        added = list(islice(rules.dates(longer, series.local_start), before.times, None))
        for at in added:
            _like(unit, series, at, meetings[-1])
        series.rule = rules.rule_text(longer)
    return len(added), unit.changes


def change_series(
    workspace: Workspace, meeting_id: UUID, scope: Scope, change: SeriesChange
) -> tuple[Changed, Changes]:
    """Change an occurrence and those after it, or all that are still to come, as one change.

    Where earlier ones stay, the later ones become a series of their own: calendar programs do not
    agree on anything else (RFC 5546 section 3.2.2.6 leaves THISANDFUTURE to them).

    Raises:
        NotFound: no such meeting.
        DomainError: `not_in_series`; `bad_series`, the days cannot move so; `local_time_with_zone`,
            `bad_duration`; `required` for an empty title.
    """
    if change.local_start is not None or change.duration_minutes is not None:
        _check_start(change.local_start, change.duration_minutes)
    if change.title is not None and not change.title.strip():
        raise DomainError("required", "A meeting needs a title.", field="title")
    with workspace.change("Change a series") as unit:
        series, meetings = _series_of(unit, meeting_id)
        asked = next(each for each in meetings if each.id == meeting_id)
        first = asked if scope is Scope.FOLLOWING else _first_to_come(meetings)
        unit.label = f"Change {series.title}"
        if any(_at(each) < _at(first) for each in meetings):
            series = _split(unit, series, meetings, first)
        concerned = [
            each
            for each in meetings
            if _at(each) >= _at(first) and each.state is MeetingState.PLANNED
        ]
        kept = _move(series, concerned, _at(asked), change)
        _rename(series, concerned, change)
    return Changed(series.id, len(concerned) - len(kept), kept), unit.changes


def cancel_series(
    workspace: Workspace, meeting_id: UUID, scope: Scope
) -> tuple[tuple[UUID, ...], Changes]:
    """Cancel an occurrence and those after it, or all that are still to come, as one change.

    Returns:
        The meetings that were cancelled, and what changed.

    Raises:
        NotFound: no such meeting.
        DomainError: `not_in_series`.
    """
    with workspace.change("Cancel a series") as unit:
        series, meetings = _series_of(unit, meeting_id)
        asked = next(each for each in meetings if each.id == meeting_id)
        unit.label = f"Cancel {series.title}"
        cancelled = [
            each
            for each in meetings
            if each.state is MeetingState.PLANNED
            and (scope is Scope.ALL or _at(each) >= _at(asked))
        ]
        for each in cancelled:
            each.state = MeetingState.CANCELLED
    return tuple(each.id for each in cancelled), unit.changes


# --- inside ---------------------------------------------------------------------------------------


def _check_start(local_start: datetime | None, duration_minutes: int | None) -> None:
    if local_start is not None and local_start.tzinfo is not None:
        raise DomainError("local_time_with_zone", "A planned time is local: its zone is beside it.")
    if duration_minutes is not None and not 1 <= duration_minutes <= LONGEST_MINUTES:
        raise DomainError(
            "bad_duration",
            "A meeting lasts 1 to {longest} minutes, not {minutes}.",
            longest=LONGEST_MINUTES,
            minutes=duration_minutes,
        )


def _occurrence(
    unit: Unit, series: MeetingSeries, at: datetime, minutes: int | None, host: str
) -> Meeting:
    meeting = add_meeting(
        unit,
        series.project_id,
        series.type,
        at,
        series.zone,
        title=series.title,
        duration_minutes=minutes,
        host=host,
    )
    meeting.series_id, meeting.recurrence_at = series.id, at
    return meeting


def _like(unit: Unit, series: MeetingSeries, at: datetime, model: Meeting) -> Meeting:
    """Plan an occurrence with the invitees, place and rules of another meeting of the series."""
    guests = _invitations(unit, model.id)
    meeting = add_meeting(
        unit,
        series.project_id,
        series.type,
        at,
        series.zone,
        title=series.title,
        duration_minutes=series.duration_minutes,
        host=model.host,
        invitees={},
    )
    meeting.series_id, meeting.recurrence_at = series.id, at
    meeting.place, meeting.body_id = model.place, model.body_id
    for each in list(unit.session.new):
        if isinstance(each, Invitation) and each.meeting_id == meeting.id:
            unit.session.expunge(each)
    unit.add(
        *(
            Invitation(
                meeting_id=meeting.id,
                person_id=each.person_id,
                partner_id=each.partner_id,
                role=each.role,
                required=each.required,
            )
            for each in guests
            if not each.revoked
        )
    )
    return meeting


def _invitations(unit: Unit, meeting_id: UUID) -> Sequence[Invitation]:
    query = select(Invitation).where(schema.invitation.c.meeting_id == meeting_id)
    return unit.session.scalars(query.order_by(schema.invitation.c.id)).all()


def _meetings(unit: Unit, series_id: UUID) -> list[Meeting]:
    query = select(Meeting).where(schema.meeting.c.series_id == series_id)
    return sorted(unit.session.scalars(query), key=_at)


def _at(meeting: Meeting) -> datetime:
    """Return which date of the rule a meeting is."""
    return meeting.recurrence_at or meeting.local_start


def _usual_start(meeting: Meeting) -> datetime:
    """Return when a date of the rule begins by the clocks, which skip an hour once a year."""
    return shown(_at(meeting), meeting.zone, meeting.fold_rule)


def _series_of(unit: Unit, meeting_id: UUID) -> tuple[MeetingSeries, list[Meeting]]:
    meeting = unit.get(Meeting, meeting_id)
    if meeting.series_id is None:
        raise DomainError("not_in_series", "This meeting is in no series.")
    return unit.get(MeetingSeries, meeting.series_id), _meetings(unit, meeting.series_id)


def _first_to_come(meetings: Iterable[Meeting]) -> Meeting:
    for each in meetings:
        if each.state is MeetingState.PLANNED:
            return each
    raise DomainError("not_planned", "No meeting of this series is still to come.")


def _split(
    unit: Unit, series: MeetingSeries, meetings: Sequence[Meeting], first: Meeting
) -> MeetingSeries:
    """End a series before one of its meetings; that one and those after it are a new one."""
    repeat = rules.read_rule(series.rule)
    days = list(rules.dates(repeat, series.local_start))
    before = sum(1 for day in days if day < _at(first))
    later = MeetingSeries(
        project_id=series.project_id,
        title=series.title,
        type=series.type,
        rule=rules.rule_text(replace(repeat, times=max(len(days) - before, 1))),
        local_start=_at(first),
        zone=series.zone,
        duration_minutes=series.duration_minutes,
    )
    unit.add(later)
    series.rule = rules.rule_text(replace(repeat, times=max(before, 1)))
    for each in meetings:
        if _at(each) >= _at(first):
            each.series_id = later.id
    return later


def _move(
    series: MeetingSeries, concerned: Sequence[Meeting], asked: datetime, change: SeriesChange
) -> tuple[str, ...]:
    """Move the dates of a series; return the titles and days of those with a time of their own."""
    if change.local_start is None or change.local_start == asked:
        return ()
    days = (change.local_start.date() - asked.date()).days
    repeat = rules.shifted(rules.read_rule(series.rule), days)
    by = timedelta(days=days)
    at = change.local_start.time()
    series.rule = rules.rule_text(repeat)
    series.local_start = datetime.combine(series.local_start.date() + by, at)
    kept = []
    for each in concerned:
        regular = each.local_start == _usual_start(each) and each.zone == series.zone
        each.recurrence_at = datetime.combine(_at(each).date() + by, at)
        if regular:
            each.local_start = _usual_start(each)
            each.starts_at = to_utc(each.local_start, each.zone, each.fold_rule)
            each.tzdata = tzdata_version()
        else:
            kept.append(f"{each.title}, {each.local_start:%Y-%m-%d %H:%M}")
    return tuple(kept)


def _rename(series: MeetingSeries, concerned: Sequence[Meeting], change: SeriesChange) -> None:
    """Set title, length and place, where a meeting has none of its own."""
    title = " ".join(change.title.split()) if change.title is not None else None
    places = {each.place for each in concerned}
    for each in concerned:
        if title is not None and each.title == series.title:
            each.title = title
        if change.duration_minutes is not None and each.duration_minutes == series.duration_minutes:
            each.duration_minutes = change.duration_minutes
        if change.place is not None and (len(places) == 1 or not each.place):
            each.place = " ".join(change.place.split())
    if title is not None:
        series.title = title
    if change.duration_minutes is not None:
        series.duration_minutes = change.duration_minutes
