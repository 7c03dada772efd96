"""What the database knows of a meeting's attendance, loaded once; `queries.attendance` reckons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.minutes import CorrectionKind
from projectdesk.domain.rules import held_times
from projectdesk.domain.rules.attendance import Interval
from projectdesk.domain.rules.quorum import Seat
from projectdesk.errors import NotFound
from projectdesk.services.queries.names import full_name
from projectdesk.store import schema


@dataclass(frozen=True)
class Facts:
    """What is known. Rows are of the queries below.

    whole: the time that shares are of. frame_: from when to when anybody can have been there.
    begun: the meeting is or was; due: it should have begun by the clock, or has. measured, spoken:
    by invitation. seats: of the body, by partner. runs: stretches in which agenda items ran, with
    their titles.
    """

    meeting: Any
    whole: Interval
    frame_: Interval
    begun: bool
    due: bool
    invitees: Sequence[Any]
    measured: Mapping[UUID, Sequence[Interval]]
    spoken: Mapping[UUID, float]
    corrections: Sequence[Any]
    companions: Sequence[Any]
    proxies: Sequence[Any]
    partners: Sequence[Any]
    seats: Mapping[UUID, Seat[UUID]]
    runs: Sequence[tuple[Interval, str]]
    votes: Sequence[Any]

    @property
    def partner_names(self) -> dict[UUID | None, str]:
        """Short names of the project's partners."""
        return {row.id: row.name for row in self.partners}

    @property
    def countries(self) -> dict[UUID | None, str]:
        """Countries of the project's partners."""
        return {row.id: row.country for row in self.partners}

    def name_of(self, invitation_id: UUID) -> str:
        """Return the name of an invitee, or the address of one without."""
        for row in self.invitees:
            if row.id == invitation_id:
                return f"{row.given_name or ''} {row.family_name or ''}".strip() or row.email
        return ""

    def frame(self, invitation_id: UUID) -> Interval:
        """Return from when to when somebody can have been there: the meeting and what was measured.

        An absence without an end of its own reaches to the end of this.
        """
        spans = self.measured.get(invitation_id, ())
        return (
            min([self.frame_[0], *(start for start, _ in spans)]),
            max([self.frame_[1], *(end for _, end in spans)]),
        )

    def stretch(self, row: Any) -> Interval:
        """Return what a correction, or a companion's time, means.

        An end that is not said is the meeting's; of an absence that of all that was measured, so
        that who came early was not there either.
        """
        absent = getattr(row, "kind", None) is CorrectionKind.ABSENT
        start, end = self.frame(row.invitation_id) if absent else self.whole
        return (row.from_at or start, row.to_at or end)

    def items_in(self, stretch: Interval) -> tuple[str, ...]:
        """Return the titles of the agenda items that ran in a stretch."""
        return tuple(title for span, title in self.runs if _meets(span, stretch))

    def votes_in(self, stretch: Interval) -> tuple[str, ...]:
        """Return the votes that were open in a stretch."""
        return tuple(
            f"V{row.number} {row.question}"
            for row in self.votes
            if row.opened_at is not None
            and _meets((row.opened_at, row.closed_at or row.opened_at), stretch)
        )


def load(session: Session, meeting_id: UUID, now: datetime) -> Facts:
    """Load what is known of a meeting's attendance.

    Raises:
        NotFound: no such meeting.
    """
    meeting = _meeting(session, meeting_id)
    items = session.execute(_items(meeting_id)).all()
    stretches = session.execute(_stretches(meeting_id)).all()
    whole = _whole(meeting, items, stretches, now)
    begun = meeting.state in {MeetingState.LIVE, MeetingState.HELD}
    measured: dict[UUID, list[Interval]] = {}
    spoken: dict[UUID, float] = {}
    for row in stretches:
        end = row.left_at or max(whole[1], row.joined_at)
        measured.setdefault(row.invitation_id, []).append((row.joined_at, end))
        spoken[row.invitation_id] = spoken.get(row.invitation_id, 0.0) + row.spoken_seconds
    return Facts(
        meeting=meeting,
        whole=whole,
        frame_=_frame(meeting, whole),
        begun=begun,
        due=begun or (meeting.state is MeetingState.PLANNED and meeting.starts_at <= now),
        invitees=session.execute(invitee_query(meeting_id)).all(),
        measured=measured,
        spoken=spoken,
        corrections=session.execute(_corrections(meeting_id)).all(),
        companions=session.execute(_companions(meeting_id)).all(),
        proxies=session.execute(_proxies(meeting_id)).all(),
        partners=session.execute(_partners(meeting.project_id)).all(),
        seats=body_seats(session, meeting.body_id),
        runs=_runs(items, whole[1]),
        votes=session.execute(_votes(meeting_id)).all(),
    )


def body_seats(session: Session, body_id: UUID | None) -> dict[UUID, Seat[UUID]]:
    """Return the seats of a body by partner."""
    member = schema.body_member.c
    rows = session.execute(
        select(member.partner_id, member.weight, member.in_default).where(member.body_id == body_id)
    )
    return {row.partner_id: Seat(row.partner_id, row.weight, row.in_default) for row in rows}


def partners_beside(session: Session, meeting_id: UUID) -> dict[UUID, list[UUID]]:
    """Return the partners of who sits behind an invitee's camera and was not said to have gone."""
    table = schema.companion.c
    rows = session.execute(
        select(table.invitation_id, table.partner_id)
        .where(table.meeting_id == meeting_id, table.partner_id.is_not(None), table.to_at.is_(None))
        .distinct()
        .order_by(table.invitation_id, table.partner_id)
    )
    beside: dict[UUID, list[UUID]] = {}
    for row in rows:
        beside.setdefault(row.invitation_id, []).append(row.partner_id)
    return beside


def _whole(meeting: Any, items: Iterable[Any], stretches: Iterable[Any], now: datetime) -> Interval:
    """Return the time that attendance is a share of.

    From the start of the first agenda item (or, without one, from when the room was opened) to the
    end. A live meeting lasts until now, or, when everybody has gone, until the last one did. One
    that was held without a call of ours takes the time that people say; where nobody does, or it
    is still to come, its planned time.
    """
    if held_times.is_by_hand(meeting):
        return meeting.held_from, meeting.held_until
    started = [row.first_started_at for row in items if row.first_started_at is not None]
    start = min(started, default=None) or meeting.opened_at or meeting.starts_at
    if meeting.state is not MeetingState.LIVE and meeting.ended_at is not None:
        return start, max(start, meeting.ended_at)
    left = [row.left_at or now for row in stretches]
    if meeting.state is not MeetingState.LIVE:
        left.append(start + timedelta(minutes=meeting.duration_minutes))
    return start, max(start, max(left, default=now))


def _frame(meeting: Any, whole: Interval) -> Interval:
    """Return from when to when anybody can be there; one that is not over may last as planned."""
    end = whole[1]
    if meeting.state is not MeetingState.HELD:
        end = max(end, meeting.starts_at + timedelta(minutes=meeting.duration_minutes))
    return min(whole[0], held_times.began(meeting) or whole[0]), end


def _runs(items: Sequence[Any], end: datetime) -> list[tuple[Interval, str]]:
    """Return when each agenda item ran: from its start until the next one's."""
    started = sorted(
        (row for row in items if row.first_started_at is not None),
        key=lambda row: row.first_started_at,
    )
    ends = [*(row.first_started_at for row in started[1:]), end][: len(started)]
    return [
        ((row.first_started_at, max(row.first_started_at, until)), row.title)
        for row, until in zip(started, ends, strict=True)
    ]


def _meets(span: Interval, stretch: Interval) -> bool:
    """Tell whether two stretches have time in common; an instant has it where it lies."""
    return span[0] < stretch[1] and (span[1] > stretch[0] or span[0] >= stretch[0])


def _meeting(session: Session, meeting_id: UUID) -> Any:
    row = session.execute(
        select(
            schema.meeting,
            schema.project.c.acronym,
            schema.body.c.name.label("body_name"),
            schema.body.c.quorum_numerator,
            schema.body.c.quorum_denominator,
            schema.body.c.proxy_limit,
        )
        .join_from(schema.meeting, schema.project)
        .join(schema.body, schema.body.c.id == schema.meeting.c.body_id, isouter=True)
        .where(schema.meeting.c.id == meeting_id)
    ).first()
    if row is None:
        raise NotFound("not_found", "This meeting does not exist any more.", noun="meeting")
    return row


def _items(meeting_id: UUID) -> Any:
    item = schema.agenda_item.c
    return select(item.title, item.first_started_at).where(item.meeting_id == meeting_id)


def _stretches(meeting_id: UUID) -> Any:
    table = schema.attendance.c
    return (
        select(table.invitation_id, table.joined_at, table.left_at, table.spoken_seconds)
        .where(table.meeting_id == meeting_id)
        .order_by(table.joined_at, table.id)
    )


def invitee_query(meeting_id: UUID) -> Any:
    """Return the query of who was invited, by partner and name."""
    invitation, person, partner = schema.invitation.c, schema.person.c, schema.partner.c
    theirs, own = aliased(schema.organisation), aliased(schema.organisation)
    return (
        select(
            invitation.id,
            invitation.person_id,
            invitation.partner_id,
            invitation.role,
            invitation.answer,
            invitation.required,
            invitation.revoked,
            person.given_name,
            person.family_name,
            person.email,
            func.coalesce(func.nullif(partner.short_name, ""), theirs.c.legal_name).label(
                "partner_name"
            ),
            func.coalesce(func.nullif(own.c.short_name, ""), own.c.legal_name).label("employer"),
            func.coalesce(theirs.c.country, own.c.country, "").label("country"),
        )
        .join_from(schema.invitation, schema.person)
        .join(schema.partner, partner.id == invitation.partner_id, isouter=True)
        .join(theirs, theirs.c.id == partner.organisation_id, isouter=True)
        .join(own, own.c.id == person.organisation_id, isouter=True)
        .where(invitation.meeting_id == meeting_id)
        .order_by(
            partner.id.is_(None), partner.position, partner.number, person.family_name,
            person.given_name, invitation.id,
        )
    )  # fmt: skip


def _corrections(meeting_id: UUID) -> Any:
    table = schema.attendance_correction
    return (
        select(table).where(table.c.meeting_id == meeting_id).order_by(table.c.made_at, table.c.id)
    )


def _companions(meeting_id: UUID) -> Any:
    table, person = schema.companion, schema.person
    return (
        select(table, full_name(person).label("person_name"))
        .join_from(table, person, person.c.id == table.c.person_id, isouter=True)
        .where(table.c.meeting_id == meeting_id)
        .order_by(person.c.family_name, table.c.name, table.c.id)
    )


def _proxies(meeting_id: UUID) -> Any:
    table = schema.proxy
    return (
        select(table)
        .where(table.c.meeting_id == meeting_id)
        .order_by(table.c.announced_at, table.c.id)
    )


def _votes(meeting_id: UUID) -> Any:
    table = schema.vote.c
    return (
        select(table.number, table.question, table.opened_at, table.closed_at)
        .where(table.meeting_id == meeting_id)
        .order_by(table.number)
    )


def _partners(project_id: UUID) -> Any:
    partner, organisation = schema.partner.c, schema.organisation.c
    return (
        select(
            partner.id,
            partner.number,
            func.coalesce(func.nullif(partner.short_name, ""), organisation.legal_name).label(
                "name"
            ),
            organisation.country,
        )
        .join_from(schema.partner, schema.organisation)
        .where(partner.project_id == project_id)
        .order_by(partner.position, partner.number, partner.id)
    )
