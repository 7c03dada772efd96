"""Date polls: make one, ask, enter what came another way, choose the date, call it off.

What voters were asked or told is known outside, so it cannot be undone (decisions 16); drafts,
dates, voters and a choice nobody was told of can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.identity import new_public_id
from projectdesk.domain.meetings import Meeting
from projectdesk.domain.preparation import (
    DateChoice,
    DateOption,
    DatePoll,
    DateVote,
    DateVoter,
    PollRule,
    PollState,
)
from projectdesk.domain.rules import validation
from projectdesk.domain.rules.zoned_time import shown, to_utc
from projectdesk.errors import DomainError
from projectdesk.services import dependents, outbox, poll_mail
from projectdesk.services.commands.meetings import add_meeting
from projectdesk.services.editing import add_record, change_record
from projectdesk.services.inviting.sender import check_can_send
from projectdesk.services.labels import name_of
from projectdesk.services.meeting_hosts import THIS_COMPUTER, default_host
from projectdesk.services.poll_keys import REMINDER_PURPOSE, poll_host_key
from projectdesk.services.queries.consortium import people
from projectdesk.services.queries.date_polls import date_poll
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.unit_settings import keep, kept
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

COMMENT_LIMIT: Final = 2000
"""Longest comment in characters, as on the page of a personal link."""
MOST_DATES: Final = 100
"""Dates that a poll can offer."""


@dataclass(frozen=True)
class NewVoter:
    """Somebody to ask."""

    person_id: UUID
    required: bool = True


def create_poll(
    workspace: Workspace,
    project_id: UUID,
    title: str,
    zone: str,
    starts: Sequence[datetime] = (),
    voters: Sequence[NewVoter] = (),
    *,
    meeting_id: UUID | None = None,
    **fields: Any,
) -> tuple[UUID, Changes]:
    """Make a date poll; nobody is asked yet.

    Args:
        workspace: the open data.
        project_id: whose poll.
        title: what the meeting will be called.
        zone: IANA name, in which the dates are given.
        starts: the dates offered, local in `zone`.
        voters: who will be asked.
        meeting_id: a planned meeting that is to be moved; None = it becomes a new one.
        fields: others of a poll: description, type, body_id, duration_minutes, deadline, rule,
            shows_answers, reminder_days.

    Returns:
        Its id, and what changed.

    Raises:
        NotFound: no such project or person.
        DomainError: a field cannot hold what was given (fact `field`); `double_date`,
            `too_many_dates`, `local_time_with_zone`.
    """
    partners = _partners(workspace, project_id)
    with workspace.change("Make a date poll") as unit:
        values = {"project_id": project_id, "title": title, "zone": zone, **fields}
        if meeting_id is not None:
            moved = unit.get(Meeting, meeting_id)
            values = {"type": moved.type, "body_id": moved.body_id, **values}
            values["meeting_id"] = meeting_id
        poll: DatePoll = add_record(unit, Kind.DATE_POLL, values)
        unit.session.flush()
        _add_dates(unit, poll, starts)
        _add_voters(unit, poll, voters, partners)
        unit.label = f"Make the date poll {name_of(unit.session, poll)}"
    return poll.id, unit.changes


def add_dates(workspace: Workspace, poll_id: UUID, starts: Sequence[datetime]) -> Changes:
    """Offer more dates. Who answered already has said nothing of them yet.

    Raises:
        NotFound: no such poll.
        DomainError: `poll_is_closed`; `double_date`, `too_many_dates`, `local_time_with_zone`.
    """
    with workspace.change("Add dates") as unit:
        poll = _unsettled(unit, poll_id)
        _add_dates(unit, poll, starts)
        unit.label = f"Add dates to {name_of(unit.session, poll)}"
    return unit.changes


def set_voters(workspace: Workspace, poll_id: UUID, wanted: Mapping[UUID, bool]) -> Changes:
    """Make these people the voters: person to whether they are needed.

    Who is not among them is taken away with what they said; their link ends.

    Raises:
        NotFound: no such poll or person.
        DomainError: `poll_is_closed`.
    """
    partners = _partners_of(workspace, poll_id)
    with workspace.change("Choose the voters") as unit:
        poll = _unsettled(unit, poll_id)
        for voter in _voters(unit, poll_id):
            if voter.person_id in wanted:
                change_record(unit, Kind.DATE_VOTER, voter, {"required": wanted[voter.person_id]})
                continue
            if outbox.cancel(unit, record_id=voter.id):
                unit.undoable = False
            plan = dependents.plan_deletion(unit.session, Kind.DATE_VOTER, voter.id)
            dependents.carry_out(unit.session, plan)
        _add_voters(unit, poll, [NewVoter(*each) for each in wanted.items()], partners)
        unit.label = f"Choose the voters of {name_of(unit.session, poll)}"
    return unit.changes


def open_poll(workspace: Workspace, poll_id: UUID, host: str | None = None) -> Changes:
    """Open a poll, or ask those of an open one that were not asked yet: their links work then.

    Args:
        workspace: the open data.
        poll_id: which poll.
        host: where the links lead, as of `Meeting.host`; None = where this poll's lead already,
            else where new meetings are held (also once that is no longer this computer).

    Raises:
        NotFound: no such poll.
        DomainError: `poll_is_closed`; `no_dates`, `no_voters`, `dates_over`; `deadline_over`,
            `deadline_needed`, `deadline_after_dates` (field deadline).
    """
    place = default_host(workspace) if host is None else host
    with workspace.change("Open a date poll", undoable=False) as unit:
        poll = _unsettled(unit, poll_id)
        voters = _voters(unit, poll_id)
        _check_ready(unit, poll, voters)
        poll.state = PollState.OPEN
        poll.opened_at = poll.opened_at or unit.now
        for voter in voters:
            if not voter.revoked:
                voter.asked_at = voter.asked_at or unit.now
        _keep_host(unit, poll_id, place, anew=host is not None)
        unit.label = f"Open the date poll {name_of(unit.session, poll)}"
    return unit.changes


def enter_votes(
    workspace: Workspace,
    voter_id: UUID,
    choices: Mapping[UUID, DateChoice],
    comment: str | None = None,
) -> Changes:
    """Enter what a voter said another way; who uses the link sees it.

    Args:
        workspace: the open data.
        voter_id: who.
        choices: by date; dates that are left out are not answered.
        comment: the voter's; None = as it is.

    Raises:
        NotFound: no such voter.
        DomainError: `poll_is_closed`; `other_dates`, a date is none of the poll; a comment is too
            long.
    """
    with workspace.change("Enter an answer") as unit:
        voter = unit.get(DateVoter, voter_id)
        poll = _unsettled(unit, voter.date_poll_id)
        if not set(choices) <= {option.id for option in _options(unit, poll.id)}:
            raise DomainError("other_dates", "A date is none of this poll.")
        put_votes(unit, voter, choices, unit.now)
        if comment is not None:
            voter.comment = validation.prose(comment, "comment", limit=COMMENT_LIMIT)
        unit.label = f"Enter the answer of {name_of(unit.session, voter)}"
    return unit.changes


def enter_answers(
    workspace: Workspace, answers: Mapping[UUID, Mapping[UUID, DateChoice | None]]
) -> Changes:
    """Enter what several voters said of some dates, as one change; other dates stay.

    Args:
        workspace: the open data.
        answers: voter to date to choice; None takes what was said back.

    Raises:
        NotFound: no such voter.
        DomainError: `poll_is_closed`; `other_dates`.
    """
    with workspace.change("Enter answers", in_turn=True) as unit:
        for voter_id, said in answers.items():
            voter = unit.get(DateVoter, voter_id)
            poll = _unsettled(unit, voter.date_poll_id)
            if not set(said) <= {option.id for option in _options(unit, poll.id)}:
                raise DomainError("other_dates", "A date is none of this poll.")
            whole: dict[UUID, DateChoice | None] = {**_votes(unit, voter_id), **said}
            put_votes(unit, voter, {k: v for k, v in whole.items() if v is not None}, unit.now)
            if len(answers) == 1:
                unit.label = f"Enter the answer of {name_of(unit.session, voter)}"
    return unit.changes


def put_votes(
    unit: Unit, voter: DateVoter, choices: Mapping[UUID, DateChoice], at: datetime
) -> None:
    """Write a whole answer of a voter: what it leaves out is taken back; reminders are not sent."""
    table = schema.date_vote.c
    query = select(DateVote).where(table.date_voter_id == voter.id)
    present = {vote.date_option_id: vote for vote in unit.session.scalars(query)}
    for option, vote in present.items():
        if option not in choices:
            unit.delete(vote)
    for option, choice in choices.items():
        if option in present:
            present[option].choice = choice
        else:
            unit.add(DateVote(date_voter_id=voter.id, date_option_id=option, choice=choice))
    voter.answered_at = at if choices else None
    if choices:
        outbox.cancel(unit, record_id=voter.id, purpose=REMINDER_PURPOSE)


def remind_voters(workspace: Workspace, voter_ids: Sequence[UUID]) -> Changes:
    """Note that voters were reminded just now; who answered meanwhile is passed over.

    Raises:
        NotFound: no such voter.
        DomainError: `not_asked`.
    """
    with workspace.change("Remind voters", undoable=False, in_turn=True) as unit:
        for voter_id in voter_ids:
            voter = unit.get(DateVoter, voter_id)
            if voter.asked_at is None:
                raise DomainError("not_asked", "Open the poll first.")
            if voter.answered_at is None:
                voter.reminded_at = unit.now
    return unit.changes


def renew_poll_link(workspace: Workspace, voter_id: UUID) -> Changes:
    """Issue a voter's link anew: the old one ends (it may be in wrong hands).

    Raises:
        NotFound: no such voter.
    """
    with workspace.change("Renew the link of a voter", undoable=False) as unit:
        voter = unit.get(DateVoter, voter_id)
        voter.generation += 1
        voter.revoked = False
        outbox.cancel(unit, record_id=voter.id)  # they hold the old link
        unit.label = f"Renew the link of {name_of(unit.session, voter)}"
    return unit.changes


def revoke_voter(workspace: Workspace, voter_id: UUID) -> Changes:
    """Shut a voter's link; what they said does not count any more.

    Raises:
        NotFound: no such voter.
    """
    with workspace.change("Revoke the link of a voter") as unit:
        voter = unit.get(DateVoter, voter_id)
        voter.revoked = True
        unit.label = f"Revoke the link of {name_of(unit.session, voter)}"
        if outbox.cancel(unit, record_id=voter.id):
            unit.undoable = False
    return unit.changes


def cancel_poll(workspace: Workspace, poll_id: UUID, *, tell: bool = False) -> Changes:
    """Call a poll off: its links only say so. A draft is cancelled as well.

    Args:
        workspace: the open data.
        poll_id: which poll.
        tell: also tell the voters that were asked, by mail; then it cannot be undone.

    Raises:
        NotFound: no such poll.
        DomainError: `poll_is_closed`; `no_mail_account`.
    """
    author = _author(workspace, poll_id) if tell else None
    with workspace.change("Cancel a date poll", undoable=not tell, in_turn=True) as unit:
        poll = _unsettled(unit, poll_id)
        poll.state = PollState.CANCELLED
        poll.closed_at = unit.now
        _take_back_mail(unit, poll.id)
        if author is not None:
            poll_mail.queue_outcome(unit, poll.id, author)
        unit.label = f"Cancel the date poll {name_of(unit.session, poll)}"
    return unit.changes


def close_poll(
    workspace: Workspace, poll_id: UUID, option_id: UUID, *, tell: bool = False
) -> tuple[UUID, Changes]:
    """Choose a date: it becomes the meeting, or moves the one that the poll is about.

    Args:
        workspace: the open data.
        poll_id: which poll.
        option_id: which of its dates.
        tell: also tell the voters that were asked, by mail.

    Returns:
        The meeting's id, and what changed.

    Raises:
        NotFound: no such poll or date, or the meeting is gone.
        DomainError: `poll_is_closed`; `other_dates`; `bad_template`; `no_mail_account`.
    """
    author = _author(workspace, poll_id) if tell else None
    with workspace.change("Choose a date", in_turn=True) as unit:
        poll = _unsettled(unit, poll_id)
        meeting = decide_in(unit, poll, option_id)
        if author is not None:
            poll_mail.queue_outcome(unit, poll.id, author)
        unit.label = f"Choose the date of {name_of(unit.session, poll)}"
    return meeting, unit.changes


def decide_in(unit: Unit, poll: DatePoll, option_id: UUID) -> UUID:
    """Choose a date inside a unit; return the meeting's id.

    Raises:
        As `close_poll`.
    """
    option = unit.get(DateOption, option_id)
    if option.date_poll_id != poll.id:
        raise DomainError("other_dates", "This date is another poll's.")
    poll.state = PollState.DECIDED
    poll.option_id = option.id
    poll.closed_at = unit.now
    _take_back_mail(unit, poll.id)
    if poll.meeting_id is not None:
        meeting = unit.get(Meeting, poll.meeting_id)
        planned = {
            "local_start": option.local_start,
            "zone": poll.zone,
            "fold_rule": option.fold_rule,
            "duration_minutes": poll.duration_minutes,
        }
        change_record(unit, Kind.MEETING, meeting, planned)
        return meeting.id
    made = add_meeting(
        unit,
        poll.project_id,
        poll.type,
        option.local_start,
        poll.zone,
        title=poll.title,
        duration_minutes=poll.duration_minutes,
        host=_kept_host(unit, poll.id),
        invitees={
            voter.person_id: voter.required for voter in _voters(unit, poll.id) if not voter.revoked
        },
    )
    made.fold_rule = option.fold_rule
    made.starts_at = option.starts_at
    made.body_id = poll.body_id or made.body_id
    poll.meeting_id = made.id
    return made.id


# --- inside ---------------------------------------------------------------------------------------


def _author(workspace: Workspace, poll_id: UUID) -> poll_mail.Author:
    check_can_send(workspace)
    return poll_mail.author_of(workspace, date_poll(workspace, poll_id).poll.project_id)


def _unsettled(unit: Unit, poll_id: UUID) -> DatePoll:
    poll = unit.get(DatePoll, poll_id)
    if poll.state in {PollState.DECIDED, PollState.CANCELLED}:
        raise DomainError("poll_is_closed", "This poll is closed already.")
    return poll


def _votes(unit: Unit, voter_id: UUID) -> dict[UUID, DateChoice]:
    query = select(DateVote).where(schema.date_vote.c.date_voter_id == voter_id)
    return {vote.date_option_id: vote.choice for vote in unit.session.scalars(query)}


def _options(unit: Unit, poll_id: UUID) -> list[DateOption]:
    query = select(DateOption).where(schema.date_option.c.date_poll_id == poll_id)
    return list(unit.session.scalars(query))


def _voters(unit: Unit, poll_id: UUID) -> list[DateVoter]:
    table = schema.date_voter.c
    query = select(DateVoter).where(table.date_poll_id == poll_id).order_by(table.id)
    return list(unit.session.scalars(query))


def _add_dates(unit: Unit, poll: DatePoll, starts: Sequence[datetime]) -> None:
    known = {option.local_start for option in _options(unit, poll.id)}
    for start in starts:
        if start.tzinfo is not None:
            raise DomainError(
                "local_time_with_zone", "A date of a poll is local: its zone is the poll's."
            )
        local = shown(start.replace(second=0, microsecond=0), poll.zone)
        if local in known:
            raise DomainError(
                "double_date", "{date} is offered twice.", date=f"{local:%Y-%m-%d %H:%M}"
            )
        known.add(local)
        if len(known) > MOST_DATES:
            raise DomainError("too_many_dates", "A poll offers {most} dates.", most=MOST_DATES)
        unit.add(
            DateOption(date_poll_id=poll.id, local_start=local, starts_at=to_utc(local, poll.zone))
        )


def _add_voters(
    unit: Unit,
    poll: DatePoll,
    voters: Sequence[NewVoter],
    partners: Mapping[UUID, UUID | None],
) -> None:
    known = {voter.person_id for voter in _voters(unit, poll.id)}
    for new in voters:
        if new.person_id in known:
            continue
        known.add(new.person_id)
        add_record(
            unit,
            Kind.DATE_VOTER,
            {
                "date_poll_id": poll.id,
                "person_id": new.person_id,
                "partner_id": partners.get(new.person_id),
                "required": new.required,
            },
        ).desk = new_public_id()


def _partners_of(workspace: Workspace, poll_id: UUID) -> dict[UUID, UUID | None]:
    """Return the partners of who is in a poll's project; empty where there is no such poll."""
    with workspace.read() as session:
        project_id = session.scalar(
            select(schema.date_poll.c.project_id).where(schema.date_poll.c.id == poll_id)
        )
    return {} if project_id is None else _partners(workspace, project_id)


def _partners(workspace: Workspace, project_id: UUID) -> dict[UUID, UUID | None]:
    """Return for which partner each person of the project is there; the first one by number."""
    found: dict[UUID, UUID | None] = {}
    for row in people(workspace, project_id):
        found[row.id] = found.get(row.id) or row.partner_id
    return found


def _check_ready(unit: Unit, poll: DatePoll, voters: Sequence[DateVoter]) -> None:
    options = _options(unit, poll.id)
    if not options:
        raise DomainError("no_dates", "The poll offers no date yet.")
    if not any(not voter.revoked for voter in voters):
        raise DomainError("no_voters", "Nobody is asked yet: choose the voters first.")
    last = max(option.starts_at for option in options)
    if last <= unit.now:
        raise DomainError("dates_over", "All dates of the poll are over.")
    if poll.deadline is None:
        if poll.rule is PollRule.AT_DEADLINE:
            raise validation.refuse(
                "deadline_needed", "deadline", "A poll that closes at its deadline needs one."
            )
        return
    if poll.deadline <= unit.now:
        raise validation.refuse("deadline_over", "deadline", "This deadline is over.")
    if poll.deadline > last + timedelta(minutes=poll.duration_minutes):
        raise validation.refuse(
            "deadline_after_dates", "deadline", "All dates are over before this deadline."
        )


def _take_back_mail(unit: Unit, poll_id: UUID) -> None:
    """Take back what waits for the voters of a poll; nothing of a poll that was never mailed."""
    for voter in _voters(unit, poll_id):
        if outbox.cancel(unit, record_id=voter.id):
            unit.undoable = False


def _keep_host(unit: Unit, poll_id: UUID, host: str, *, anew: bool) -> None:
    """Remember where the links of a poll lead; they stay there unless told otherwise.

    Links to this computer open for nobody else: they move as soon as meetings are held elsewhere.
    """
    key = poll_host_key(poll_id)
    if kept(unit.session, key) in {None, THIS_COMPUTER} or anew:
        keep(unit.session, key, host)


def _kept_host(unit: Unit, poll_id: UUID) -> str:
    return kept(unit.session, poll_host_key(poll_id)) or THIS_COMPUTER
