"""Read date polls: their dates and how these stand, their voters and who is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from projectdesk.domain.preparation import DateChoice, PollState
from projectdesk.domain.rules.date_polls import Ballot, Course, Verdict, best, judge, standings
from projectdesk.errors import DomainError, NotFound
from projectdesk.services.poll_keys import poll_host_key, poll_journal_key
from projectdesk.services.poll_rows import (
    DateOptionRow,
    DatePollDetail,
    DatePollRow,
    DateVoterRow,
)
from projectdesk.services.queries.names import partner_name, person_name
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_SHORTEST_ID = 4


def date_polls(workspace: Workspace, project_id: UUID | None = None) -> list[DatePollRow]:
    """Return the date polls of a project, or all: what is open first, then the newest."""
    query = _polls()
    if project_id is not None:
        query = query.where(schema.date_poll.c.project_id == project_id)
    with workspace.read() as session:
        found = _Found.of(session, session.execute(query).all(), workspace.now())
        rows = [found.detail(poll).poll for poll in reversed(found.polls)]
    order = list(PollState)
    return sorted(rows, key=lambda row: (row.state is not PollState.OPEN, order.index(row.state)))


def date_poll(workspace: Workspace, poll_id: UUID) -> DatePollDetail:
    """Return one date poll with its dates and voters.

    Raises:
        NotFound: no such poll.
    """
    with workspace.read() as session:
        return detail_of(session, poll_id, workspace.now())


def detail_of(session: Session, poll_id: UUID, now: datetime) -> DatePollDetail:
    """Return one date poll as a session sees it, also inside a change.

    Raises:
        NotFound: no such poll.
    """
    rows = session.execute(_polls().where(schema.date_poll.c.id == poll_id)).all()
    if not rows:
        raise NotFound("not_found", "This date poll does not exist any more.", noun="date poll")
    return _Found.of(session, rows, now).detail(rows[0])


def date_poll_named(workspace: Workspace, text: str) -> DatePollDetail:
    """Return the date poll of an id, of the beginning of one, or of a title.

    Raises:
        NotFound: there is none.
        DomainError: `several_polls`, it means several.
    """
    wanted = text.strip().casefold()
    table = schema.date_poll.c
    with workspace.read() as session:
        known = session.execute(select(table.id, table.title)).all()
    short = wanted.replace("-", "")
    found = {row.id for row in known if row.title.casefold() == wanted}
    if len(short) >= _SHORTEST_ID:
        found |= {row.id for row in known if row.id.hex.startswith(short)}
    if not found:
        raise NotFound("no_such_poll", "There is no date poll “{name}”.", name=text)
    if len(found) > 1:
        raise DomainError(
            "several_polls", "Several date polls are meant by “{name}”: give the id.", name=text
        )
    return date_poll(workspace, found.pop())


def _polls() -> Select[Any]:
    poll, meeting = schema.date_poll.c, schema.meeting.c
    return (
        select(
            schema.date_poll,
            schema.project.c.acronym,
            schema.body.c.name.label("body_name"),
            meeting.title.label("meeting_title"),
        )
        .join_from(schema.date_poll, schema.project)
        .join(schema.body, schema.body.c.id == poll.body_id, isouter=True)
        .join(schema.meeting, meeting.id == poll.meeting_id, isouter=True)
        .order_by(poll.opened_at, poll.id)
    )


@dataclass(frozen=True)
class _Found:
    """Some polls with all that belongs to them. heard: of polls whose desks a host has."""

    polls: Sequence[Any]
    options: Mapping[UUID, Sequence[Any]]
    voters: Mapping[UUID, Sequence[Any]]
    votes: Mapping[UUID, Mapping[UUID, DateChoice]]
    hosts: Mapping[UUID, str]
    heard: Mapping[UUID, datetime | None]
    now: datetime

    @classmethod
    def of(cls, session: Session, polls: Sequence[Any], now: datetime) -> _Found:
        ids = [poll.id for poll in polls]
        option, voter, vote = schema.date_option, schema.date_voter.c, schema.date_vote.c
        options = select(option).where(option.c.date_poll_id.in_(ids))
        votes = (
            select(schema.date_vote)
            .join_from(schema.date_vote, schema.date_voter)
            .where(voter.date_poll_id.in_(ids))
            .order_by(vote.id)
        )
        said: dict[UUID, dict[UUID, DateChoice]] = {}
        for row in session.execute(votes):
            said.setdefault(row.date_voter_id, {})[row.date_option_id] = row.choice
        settings = _settings(session, ids)
        return cls(
            polls,
            _by_poll(session, options.order_by(option.c.starts_at, option.c.id)),
            _by_poll(session, _voters(ids)),
            said,
            {each: settings.get(poll_host_key(each), "") for each in ids},
            _heard(session, settings, ids),
            now,
        )

    def detail(self, poll: Any) -> DatePollDetail:
        options = self.options.get(poll.id, ())
        ids = [option.id for option in options]
        voters = tuple(self._voter(row, ids) for row in self.voters.get(poll.id, ()))
        asked = [voter for voter in voters if not voter.revoked]
        found = standings(ids, [Ballot(voter.required, voter.choices) for voter in asked])
        missing = sum(voter.is_missing for voter in voters)
        is_open = poll.state is PollState.OPEN
        # A date that passed while answers were waited for is nobody's best date.
        possible = [
            standing
            for option, standing in zip(options, found, strict=True)
            if not is_open or option.starts_at > self.now
        ]
        leading = {each.option for each in best(possible)}
        course = Course(
            poll.rule, self.now, poll.deadline, poll.id in self.heard, self.heard.get(poll.id)
        )
        verdict = Verdict.COLLECTING
        if is_open:
            verdict = judge(course, possible, missing)
        rows = tuple(
            DateOptionRow(
                option.id,
                option.version,
                number,
                option.local_start,
                option.starts_at,
                standing,
                option.id in leading,
                option.id == poll.option_id,
            )
            for number, (option, standing) in enumerate(zip(options, found, strict=True), 1)
        )
        chosen = next((row.starts_at for row in rows if row.chosen), None)
        return DatePollDetail(
            self._poll(poll, verdict, chosen, asked, len(rows), missing), rows, voters
        )

    def _poll(
        self,
        poll: Any,
        verdict: Verdict,
        starts_at: datetime | None,
        asked: Sequence[DateVoterRow],
        dates: int,
        missing: int,
    ) -> DatePollRow:
        return DatePollRow(
            id=poll.id,
            version=poll.version,
            project_id=poll.project_id,
            project=poll.acronym,
            title=poll.title,
            description=poll.description,
            type=poll.type,
            body_id=poll.body_id,
            body=poll.body_name or "",
            duration_minutes=poll.duration_minutes,
            zone=poll.zone,
            deadline=poll.deadline,
            rule=poll.rule,
            shows_answers=poll.shows_answers,
            reminder_days=tuple(poll.reminder_days),
            state=poll.state,
            option_id=poll.option_id,
            starts_at=starts_at,
            meeting_id=poll.meeting_id,
            meeting=poll.meeting_title or "",
            opened_at=poll.opened_at,
            closed_at=poll.closed_at,
            host=self.hosts[poll.id],
            verdict=verdict,
            dates=dates,
            voters=len(asked),
            answered=len(asked) - missing,
            missing=missing,
        )

    def _voter(self, row: Any, options: Sequence[UUID]) -> DateVoterRow:
        said = self.votes.get(row.id, {})
        return DateVoterRow(
            id=row.id,
            version=row.version,
            person_id=row.person_id,
            partner_id=row.partner_id,
            name=person_name(row) or row.email,
            email=row.email,
            partner=row.partner_name or "",
            own_zone=row.own_zone,
            required=row.required,
            desk=row.desk,
            generation=row.generation,
            revoked=row.revoked,
            asked_at=row.asked_at,
            reminded_at=row.reminded_at,
            answered_at=row.answered_at,
            zone=row.zone,
            comment=row.comment,
            choices={option: said[option] for option in options if option in said},
        )


def _voters(polls: Sequence[UUID]) -> Select[Any]:
    voter, person, partner = schema.date_voter, schema.person.c, schema.partner
    return (
        select(
            voter,
            person.given_name,
            person.family_name,
            person.email,
            person.zone.label("own_zone"),
            partner_name(partner, schema.organisation).label("partner_name"),
        )
        .join_from(voter, schema.person)
        .join(partner, partner.c.id == voter.c.partner_id, isouter=True)
        .join(
            schema.organisation, schema.organisation.c.id == partner.c.organisation_id, isouter=True
        )
        .where(voter.c.date_poll_id.in_(polls))
        .order_by(
            voter.c.required.desc(), partner.c.id.is_(None), partner.c.position, partner.c.number,
            person.family_name, person.given_name, voter.c.id,
        )
    )  # fmt: skip


def _by_poll(session: Session, query: Select[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.date_poll_id, []).append(row)
    return found


def _settings(session: Session, polls: Sequence[UUID]) -> dict[str, str]:
    kept = schema.setting.c
    keys = [key(each) for each in polls for key in (poll_host_key, poll_journal_key)]
    return {
        row.key: row.value
        for row in session.execute(select(kept.key, kept.value).where(kept.key.in_(keys)))
    }


def _heard(
    session: Session, settings: Mapping[str, str], polls: Sequence[UUID]
) -> dict[UUID, datetime | None]:
    """Return until when the journal is known of each host that has the desks of a poll."""
    journals = {
        each: UUID(settings[poll_journal_key(each)])
        for each in polls
        if poll_journal_key(each) in settings
    }
    cursor = schema.journal_cursor.c
    known = select(cursor.journal, cursor.collected_until).where(
        cursor.journal.in_(journals.values())
    )
    until = {row.journal: row.collected_until for row in session.execute(known)}
    return {poll: until.get(journal) for poll, journal in journals.items()}
