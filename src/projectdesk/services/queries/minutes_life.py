"""Read where minutes stand: what was circulated to whom, what came back, and what can be done."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Body, PartnerRole
from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.minutes import MinutesState, ObjectionState
from projectdesk.domain.rules import held_times
from projectdesk.domain.rules import minutes_life as rules
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.rules.minutes_life import (
    Life,
    Somebody,
    Step,
    Why,
    draft_due,
    recipients,
    window_end,
)
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.domain.voting import VetoState
from projectdesk.errors import NotFound
from projectdesk.services.circulation_rows import (
    CirculationPlan,
    MinutesLife,
    ObjectionRow,
    PlannedReader,
    ReaderRow,
    RevisionRow,
)
from projectdesk.services.minutes_keys import (
    MINUTES_PURPOSE,
    minutes_host_key,
    minutes_journal_key,
)
from projectdesk.services.queries.names import full_name, partner_names, person_name
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_REMEMBERED: Final = timedelta(days=180)
"""For how long after a meeting a draft that nobody circulated is asked for."""
_DAYS: Final = {
    field.name: field.default
    for field in dataclasses.fields(Body)
    if field.name in {"minutes_draft_days", "minutes_accept_days", "veto_days"}
}
"""The days of a body's rules, with what is usual where a meeting has no body."""
_VETOES_BY: Final = frozenset({PartnerRole.COORDINATOR, PartnerRole.BENEFICIARY})
"""Roles of the parties of the consortium agreement."""


def minutes_life(workspace: Workspace, meeting_id: UUID) -> MinutesLife:
    """Return the life of a meeting's minutes; the revision that counts is the newest.

    Raises:
        NotFound: no such meeting.
    """
    with workspace.read() as session:
        return life_of(session, meeting_id, workspace.now())


def life_of(
    session: Session, meeting_id: UUID, now: datetime, *, thorough: bool = True
) -> MinutesLife:
    """Return the same out of a session, for who decides inside a change.

    Not thorough: a draft is taken to hold something as soon as it was begun; its text is not read.
    """
    meeting = _meeting(session, meeting_id)
    zone = zone_of(meeting.zone)
    revisions = tuple(_revision(row) for row in session.execute(_revisions(meeting_id)))
    newest = revisions[-1] if revisions else None
    readers: tuple[ReaderRow, ...] = ()
    objections: tuple[ObjectionRow, ...] = ()
    heard = None
    if newest is not None and newest.state is not MinutesState.DRAFT:
        objections = _objections(session, newest.id)
        readers = _readers(session, newest.id, objections)
        heard = _heard(session, newest.id)
    facts = Life(
        state=newest.state if newest is not None else MinutesState.DRAFT,
        now=now,
        has_text=_has_content(
            session, meeting_id, newest.id if newest else None, thorough=thorough
        ),
        held=_is_over(meeting, now),
        until=newest.objections_until if newest is not None else None,
        hosted=bool(readers) and newest is not None and _is_hosted(session, newest.id),
        heard_until=heard,
        objections=[row.state for row in objections],
    )
    due, late = _due(meeting, revisions, now)
    bars = {step: why for step in Step if (why := rules.bar(step, facts)) is not None}
    return MinutesLife(
        meeting_id=meeting_id,
        project_id=meeting.project_id,
        project=meeting.acronym,
        meeting=meeting.title,
        zone=meeting.zone,
        seen_at=now,
        draft_days=meeting.minutes_draft_days,
        accept_days=meeting.minutes_accept_days,
        standing=rules.standing(facts),
        bars=bars,
        newest=newest,
        revisions=revisions,
        readers=readers,
        objections=objections,
        draft_due=due,
        days_late=late,
        until=facts.until,
        veto_until=(
            window_end(newest.circulated_at, meeting.veto_days, zone)
            if newest is not None and newest.circulated_at is not None
            else None
        ),
        heard_until=heard,
    )


def circulation_plan(workspace: Workspace, meeting_id: UUID) -> CirculationPlan:
    """Return who would get the minutes if they were circulated now, and until when they object.

    Raises:
        NotFound: no such meeting.
    """
    now = workspace.now()
    with workspace.read() as session:
        meeting = _meeting(session, meeting_id)
        life = life_of(session, meeting_id, now)
        zone = zone_of(meeting.zone)
        return CirculationPlan(
            meeting_id=meeting_id,
            revision=life.newest.revision if life.newest is not None else 1,
            bar=life.bar(Step.CIRCULATE),
            readers=tuple(_planned(session, meeting)),
            until=window_end(now, meeting.minutes_accept_days, zone),
            veto_until=window_end(now, meeting.veto_days, zone),
        )


def accepting_meetings(workspace: Workspace, project_id: UUID | None = None) -> list[MinutesLife]:
    """Return the lives that ask for something: drafts that are due, windows, open objections.

    Of minutes that are circulated, and of meetings that were held not long ago: of a body, or with
    a draft begun. By date.
    """
    now = workspace.now()
    meeting, minutes = schema.meeting.c, schema.minutes.c
    owed = minutes.state.is_(None) & meeting.body_id.is_not(None)
    newest = (
        select(minutes.meeting_id, func.max(minutes.revision).label("revision"))
        .group_by(minutes.meeting_id)
        .subquery()
    )
    query = (
        select(meeting.id)
        .join_from(schema.meeting, newest, newest.c.meeting_id == meeting.id, isouter=True)
        .join(
            schema.minutes,
            (minutes.meeting_id == meeting.id) & (minutes.revision == newest.c.revision),
            isouter=True,
        )
        .where(
            (minutes.state == MinutesState.CIRCULATED)
            | (
                (meeting.state == MeetingState.HELD)
                & (meeting.starts_at >= now - _REMEMBERED)
                & ((minutes.state == MinutesState.DRAFT) | owed)
            )
        )
        .order_by(meeting.starts_at, meeting.id)
    )
    if project_id is not None:
        query = query.where(meeting.project_id == project_id)
    with workspace.read() as session:
        found = session.scalars(query).all()
        return [life_of(session, each, now, thorough=False) for each in found]


def decisions_open_to(
    session: Session, meeting_id: UUID, partner_id: UUID | None
) -> Mapping[UUID, bool]:
    """Return of each decision whether a partner may veto it in answer to the minutes."""
    meeting = _meeting(session, meeting_id)
    member = _is_member(session, meeting.body_id, partner_id)
    return {
        row.id: rules.may_veto(
            is_party=partner_id is not None,
            is_member=member,
            added_later=_is_later(row, meeting),
        )
        for row in session.execute(_decided(meeting_id))
    }


def decisions_to_veto(session: Session, meeting_id: UUID) -> list[UUID]:
    """Return the decisions of a meeting that anybody may veto in answer to the minutes."""
    meeting = _meeting(session, meeting_id)
    parties = bool(_parties(session, meeting))
    return [
        row.id
        for row in session.execute(_decided(meeting_id))
        if parties or _is_later(row, meeting)
    ]


# --- inside ---------------------------------------------------------------------------------------


def _meeting(session: Session, meeting_id: UUID) -> Any:
    """Return a meeting with its project's acronym and its body's days (the usual without one)."""
    meeting, body = schema.meeting, schema.body.c
    days = [func.coalesce(body[name], usual).label(name) for name, usual in _DAYS.items()]
    row = session.execute(
        select(meeting, schema.project.c.acronym, *days)
        .join_from(meeting, schema.project, schema.project.c.id == meeting.c.project_id)
        .join(schema.body, body.id == meeting.c.body_id, isouter=True)
        .where(meeting.c.id == meeting_id)
    ).first()
    if row is None:
        raise NotFound("not_found", "This meeting does not exist any more.", noun="meeting")
    return row


def _is_over(meeting: Any, now: datetime) -> bool:
    """Return whether a meeting is over: by journal, by hand, or (held in a room) by its plan."""
    if meeting.state is MeetingState.HELD or held_times.ended(meeting) is not None:
        return True
    if meeting.state is MeetingState.CANCELLED:
        return False
    ends: datetime = meeting.starts_at + timedelta(minutes=meeting.duration_minutes)
    return held_times.began(meeting) is None and now > ends


def _due(meeting: Any, revisions: Sequence[RevisionRow], now: datetime) -> tuple[Any, int]:
    """Return until when the draft is due, and by how many days it is late (0 = it is not)."""
    if not _is_over(meeting, now):
        return None, 0
    zone = zone_of(meeting.zone)
    planned = meeting.starts_at + timedelta(minutes=meeting.duration_minutes)
    ended = held_times.ended(meeting) or planned
    due = draft_due(ended, meeting.minutes_draft_days, zone)
    if any(row.state is not MinutesState.DRAFT for row in revisions):
        return due, 0
    return due, max(0, rules.days_late(due, now, zone))


def _revisions(meeting_id: UUID) -> Select[Any]:
    minutes = schema.minutes
    return select(minutes).where(minutes.c.meeting_id == meeting_id).order_by(minutes.c.revision)


def _revision(row: Any) -> RevisionRow:
    return RevisionRow(
        id=row.id,
        version=row.version,
        revision=row.revision,
        state=row.state,
        reason=row.reason,
        circulated_at=row.circulated_at,
        objections_until=row.objections_until,
        accepted_at=row.accepted_at,
        acceptance=row.acceptance,
        audit_head=row.audit_head,
        host=row.host,
    )


def _has_content(
    session: Session, meeting_id: UUID, minutes_id: UUID | None, *, thorough: bool
) -> bool:
    """Return whether something is written, decided or to be done; cheaply for most."""
    for table in (schema.decision, schema.action):
        query = select(table.c.id).where(table.c.meeting_id == meeting_id).limit(1)
        if session.scalar(query) is not None:
            return True
    if minutes_id is None or not thorough:
        return minutes_id is not None
    from projectdesk.text.minutes import MinutesText  # pycrdt loads when text is read

    update = schema.minutes_update.c
    updates = session.scalars(
        select(update.update).where(update.minutes_id == minutes_id).order_by(update.seq)
    ).all()
    texts = MinutesText.from_state(updates).texts() if updates else {}
    return any(text.strip() for text in texts.values())


def _objections(session: Session, minutes_id: UUID) -> tuple[ObjectionRow, ...]:
    objection, reader, person = schema.objection, schema.minutes_reader.c, schema.person
    item, names = schema.agenda_item.c, partner_names().subquery()
    labels = _labels(session, minutes_id)
    query = (
        select(
            objection,
            full_name(person).label("name"),
            names.c.name.label("partner"),
            item.title,
        )
        .join_from(objection, schema.minutes_reader, reader.id == objection.c.reader_id)
        .join(person, person.c.id == reader.person_id)
        .join(names, names.c.id == reader.partner_id, isouter=True)
        .join(schema.agenda_item, item.id == objection.c.agenda_item_id, isouter=True)
        .where(objection.c.minutes_id == minutes_id)
        .order_by(objection.c.number, objection.c.id)
    )
    return tuple(
        ObjectionRow(
            id=row.id,
            version=row.version,
            number=row.number,
            reader_id=row.reader_id,
            name=row.name,
            partner=row.partner or "",
            agenda_item_id=row.agenda_item_id,
            item=_titled(labels.get(row.agenda_item_id, ""), row.title),
            text=row.text,
            raised_at=row.raised_at,
            state=row.state,
            answer=row.answer,
            answered_at=row.answered_at,
        )
        for row in session.execute(query)
    )


def _labels(session: Session, minutes_id: UUID) -> dict[UUID | None, str]:
    """Return the labels of the agenda items as the circulated minutes have them."""
    from projectdesk.services.minutes_versions import newest_content

    content = newest_content(session, minutes_id)
    items = content.items if content is not None else []
    return {UUID(item.id): item.label for item in items if item.id}


def _titled(label: str, title: str | None) -> str:
    return " ".join(part for part in (label, title or "") if part)


def _readers(
    session: Session, minutes_id: UUID, objections: Sequence[ObjectionRow]
) -> tuple[ReaderRow, ...]:
    reader, person = schema.minutes_reader, schema.person.c
    names = partner_names().subquery()
    query = (
        select(
            reader,
            person.given_name,
            person.family_name,
            person.email,
            names.c.name.label("partner"),
        )
        .join_from(reader, schema.person)
        .join(names, names.c.id == reader.c.partner_id, isouter=True)
        .where(reader.c.minutes_id == minutes_id)
        .order_by(
            names.c.number.is_(None), names.c.number, names.c.name,
            person.family_name, person.given_name, reader.c.id,
        )
    )  # fmt: skip
    mails, written = _mails(session, minutes_id), _written(session, minutes_id)
    vetoes = _vetoes(session, minutes_id)
    counts = [row.reader_id for row in objections if row.state is not ObjectionState.WITHDRAWN]
    return tuple(
        ReaderRow(
            id=row.id,
            version=row.version,
            person_id=row.person_id,
            name=person_name(row) or row.email,
            email=row.email,
            partner_id=row.partner_id,
            partner=row.partner or "",
            may_object=row.may_object,
            desk=row.desk,
            generation=row.generation,
            revoked=row.revoked,
            sent_at=row.sent_at,
            received_at=row.received_at,
            comment=row.comment,
            objections=counts.count(row.id),
            vetoes=vetoes.count((row.person_id, row.partner_id)),
            mail=mails.get(row.id, ""),
            written_at=written.get(row.id),
        )
        for row in session.execute(query)
    )


def _mails(session: Session, minutes_id: UUID) -> dict[UUID, str]:
    """Return the state of the newest mail to each reader."""
    mail, reader = schema.outgoing_mail.c, schema.minutes_reader.c
    query = (
        select(mail.record_id, mail.state)
        .join_from(schema.outgoing_mail, schema.minutes_reader, reader.id == mail.record_id)
        .where(reader.minutes_id == minutes_id, mail.purpose == MINUTES_PURPOSE)
        .order_by(mail.made_at, mail.id)
    )
    return {row.record_id: row.state for row in session.execute(query)}


def _written(session: Session, minutes_id: UUID) -> dict[UUID, datetime]:
    """Return when the mail to each reader was last written to a file."""
    entry = schema.audit_entry.c
    query = (
        select(entry.subject_id, func.max(entry.at).label("at"))
        .where(entry.minutes_id == minutes_id, entry.step == AuditStep.WRITTEN)
        .group_by(entry.subject_id)
    )
    return {row.subject_id: row.at for row in session.execute(query)}


def _vetoes(session: Session, minutes_id: UUID) -> list[tuple[UUID | None, UUID]]:
    """Return who vetoed a decision of these minutes' meeting: person and partner, each time."""
    veto, decision, minutes = schema.veto.c, schema.decision.c, schema.minutes.c
    query = (
        select(veto.person_id, veto.partner_id)
        .join_from(schema.veto, schema.decision, decision.id == veto.decision_id)
        .join(schema.minutes, minutes.meeting_id == decision.meeting_id)
        .where(minutes.id == minutes_id, veto.state == VetoState.RAISED)
    )
    return [(row.person_id, row.partner_id) for row in session.execute(query)]


def _is_hosted(session: Session, minutes_id: UUID) -> bool:
    """Return whether they were circulated in this data; a copy of a project hears no host."""
    kept = schema.setting.c
    query = select(kept.key).where(kept.key == minutes_host_key(minutes_id))
    return session.scalar(query) is not None


def _heard(session: Session, minutes_id: UUID) -> datetime | None:
    """Return until when the journal is known of the host that has the readers' desks."""
    kept, cursor = schema.setting.c, schema.journal_cursor.c
    journal = session.scalar(select(kept.value).where(kept.key == minutes_journal_key(minutes_id)))
    if not journal:
        return None
    known: datetime | None = session.scalar(
        select(cursor.collected_until).where(cursor.journal == UUID(journal))
    )
    return known


def _planned(session: Session, meeting: Any) -> list[PlannedReader]:
    chosen = recipients(
        {
            Why.REPRESENTATIVE: _members(session, meeting.body_id, "representative_id"),
            Why.DEPUTY: _members(session, meeting.body_id, "deputy_id"),
            Why.VETO: _parties(session, meeting),
            Why.ATTENDED: _attended(session, meeting.id),
            Why.INVITED: _invited(session, meeting.id),
        }
    )
    person = schema.person.c
    people = {
        row.id: row
        for row in session.execute(
            select(person.id, person.given_name, person.family_name, person.email).where(
                person.id.in_([each.person for each in chosen])
            )
        )
    }
    names = partner_names().subquery()
    partners = {row.id: row.name for row in session.execute(select(names.c.id, names.c.name))}
    return [
        PlannedReader(
            person_id=each.person,
            name=person_name(people[each.person]) or people[each.person].email,
            email=people[each.person].email,
            partner_id=each.partner,
            partner=partners.get(each.partner, ""),
            why=each.why,
            may_object=each.may_object,
        )
        for each in chosen
        if each.person in people
    ]


def _members(session: Session, body_id: UUID | None, seat: str) -> list[Somebody]:
    member = schema.body_member.c
    query = select(member[seat].label("person"), member.partner_id).where(
        member.body_id == body_id, member[seat].is_not(None)
    )
    return [Somebody(row.person, row.partner_id) for row in session.execute(query)]


def _invited(session: Session, meeting_id: UUID) -> list[Somebody]:
    invitation = schema.invitation.c
    query = select(invitation.person_id, invitation.partner_id).where(
        invitation.meeting_id == meeting_id, invitation.revoked.is_(False)
    )
    return [Somebody(row.person_id, row.partner_id) for row in session.execute(query)]


def _attended(session: Session, meeting_id: UUID) -> list[Somebody]:
    """Return who was there: by their own link, or in the room behind another's camera."""
    invitation, attended = schema.invitation.c, schema.attendance.c
    companion = schema.companion.c
    own = (
        select(invitation.person_id, invitation.partner_id)
        .join_from(schema.attendance, schema.invitation, invitation.id == attended.invitation_id)
        .where(attended.meeting_id == meeting_id)
        .distinct()
    )
    beside = select(companion.person_id, companion.partner_id).where(
        companion.meeting_id == meeting_id, companion.person_id.is_not(None)
    )
    rows = [*session.execute(own), *session.execute(beside)]
    return [Somebody(row.person_id, row.partner_id) for row in rows]


def _parties(session: Session, meeting: Any) -> list[Somebody]:
    """Return whom to write to of the parties that are no members, where something was decided."""
    decision = schema.decision.c
    decided = select(decision.id).where(decision.meeting_id == meeting.id).limit(1)
    if meeting.body_id is None or session.scalar(decided) is None:
        return []
    partner, member = schema.partner.c, schema.body_member.c
    membership = schema.membership.c
    seats = select(member.partner_id).where(member.body_id == meeting.body_id)
    query = (
        select(partner.id, membership.person_id, membership.function)
        .join_from(schema.partner, schema.membership, membership.partner_id == partner.id)
        .where(
            partner.project_id == meeting.project_id,
            partner.role.in_(_VETOES_BY),
            partner.active_to.is_(None),
            partner.id.not_in(seats),
        )
        .order_by(partner.position, partner.id, membership.id)
    )
    people: dict[UUID, list[tuple[UUID, str]]] = {}
    for row in session.execute(query):
        people.setdefault(row.id, []).append((row.person_id, row.function))
    return [Somebody(_contact(found), each) for each, found in people.items()]


def _contact(found: Iterable[tuple[UUID, str]]) -> UUID:
    """Return who of a party is told: who may sign for it, else who leads, else the first known."""
    people = list(found)
    at = rules.choose_party_contact([function for _, function in people])
    return people[at][0]


def _is_member(session: Session, body_id: UUID | None, partner_id: UUID | None) -> bool:
    """Return whether a partner has a seat; in a meeting without a body all are as members."""
    if body_id is None:
        return True
    member = schema.body_member.c
    query = select(member.id).where(member.body_id == body_id, member.partner_id == partner_id)
    return session.scalar(query.limit(1)) is not None


def _decided(meeting_id: UUID) -> Select[Any]:
    decision, item = schema.decision.c, schema.agenda_item.c
    return (
        select(decision.id, decision.agenda_item_id, item.added_at)
        .join_from(
            schema.decision, schema.agenda_item, item.id == decision.agenda_item_id, isouter=True
        )
        .where(decision.meeting_id == meeting_id)
        .order_by(decision.number)
    )


def _is_later(row: Any, meeting: Any) -> bool:
    """Return whether a decision is of an item that was added after the agenda was sent."""
    if row.agenda_item_id is None:
        return True
    sent: datetime = meeting.agenda_sent_at or meeting.starts_at
    return row.added_at is not None and row.added_at > sent
