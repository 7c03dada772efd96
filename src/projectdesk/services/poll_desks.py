"""What a host is told of a date poll: a desk for each voter that was asked.

The desks belong to no room. A host gets the SHA-256 of each token only; the token is made from the
link key when a link is shown or mailed (decisions 1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import or_, select

from projectdesk.domain.preparation import PollState
from projectdesk.domain.rules.tokens import LinkPurpose, link_token, token_hash
from projectdesk.services.desk_sets import DeskSet
from projectdesk.services.hosting import link_key
from projectdesk.services.kept_settings import set_setting, setting
from projectdesk.services.poll_keys import poll_host_key, poll_journal_key
from projectdesk.services.poll_rows import DateOptionRow, DatePollDetail, DateVoterRow, PollLink
from projectdesk.services.queries.date_polls import date_poll
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.desk import DateChoice, DeskSnapshot, PollDate, PollSnapshot
from projectdesk.store import schema

KEPT_OPEN: Final = timedelta(days=30)
"""How long after it was settled a poll's desks are still sent to their host, to be read."""
_Status = Literal["asked", "decided", "cancelled"]
_STATUS: Final[dict[PollState, _Status]] = {
    PollState.DECIDED: "decided",
    PollState.CANCELLED: "cancelled",
}


def keep_journal(workspace: Workspace, poll_id: UUID, journal: str) -> None:
    """Remember in whose journal the answers of a poll come: its host has the desks now."""
    key = poll_journal_key(poll_id)
    if setting(workspace, key) != journal:
        set_setting(workspace, key, journal)


def poll_desks(workspace: Workspace, poll_id: UUID) -> DeskSet:
    """Return the desks of the voters that were asked, as their host needs them.

    Raises:
        NotFound: no such poll.
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    found = date_poll(workspace, poll_id)
    asks = organiser(workspace, found.poll.project_id)
    key = link_key(workspace)
    desks = [
        (
            voter.desk,
            DeskSnapshot(
                subject=voter.id.hex,
                token_hash="" if voter.revoked else token_hash(_token(key, voter)),
                deadline=found.poll.deadline,
                form=_form(found, voter, asks),
            ),
        )
        for voter in _asked(found)
    ]
    return DeskSet(found.poll.host, tuple(desks))


def poll_links(workspace: Workspace, poll_id: UUID, public_url: str) -> list[PollLink]:
    """Return the personal links of the voters that were asked; of revoked ones none.

    Args:
        workspace: the open data, with the link key among its secrets.
        poll_id: which poll.
        public_url: where its host is reached, without path ("https://meet.example.org").

    Raises:
        NotFound: no such poll.
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    base, key = public_url.rstrip("/"), link_key(workspace)
    return [
        PollLink(voter.id, voter.name, voter.email, f"{base}/d/{voter.desk}#{_token(key, voter)}")
        for voter in _asked(date_poll(workspace, poll_id))
        if not voter.revoked
    ]


def open_polls(workspace: Workspace) -> list[UUID]:
    """Return the polls whose links are still looked at: open, or settled not long ago.

    Only those that were opened in this data: a copy of a project (the sample, a project file) does
    not send its links to a host by itself.
    """
    poll, kept = schema.date_poll.c, schema.setting.c
    since = workspace.now() - KEPT_OPEN
    query = select(poll.id).where(
        poll.opened_at.is_not(None), or_(poll.state == PollState.OPEN, poll.closed_at >= since)
    )
    with workspace.read() as session:
        found = sorted(session.scalars(query))
        keys = [poll_host_key(each) for each in found]
        hosted = set(session.scalars(select(kept.key).where(kept.key.in_(keys))))
    return [each for each in found if poll_host_key(each) in hosted]


def opened_polls(workspace: Workspace) -> frozenset[UUID]:
    """Return the polls that were ever opened."""
    poll = schema.date_poll.c
    with workspace.read() as session:
        return frozenset(session.scalars(select(poll.id).where(poll.opened_at.is_not(None))))


# --- inside ---------------------------------------------------------------------------------------


def _asked(found: DatePollDetail) -> Iterable[DateVoterRow]:
    return (voter for voter in found.voters if voter.asked_at is not None)


def _token(key: bytes, voter: DateVoterRow) -> str:
    return link_token(key, LinkPurpose.POLL, voter.id, voter.generation)


def _form(found: DatePollDetail, voter: DateVoterRow, asks: str) -> PollSnapshot:
    poll = found.poll
    shows = poll.shows_answers
    answered = [each.name for each in found.voters if each.choices and not each.revoked]
    return PollSnapshot(
        project=poll.project,
        title=poll.title,
        text=poll.description,
        name=voter.name,
        organisation=voter.partner,
        organiser=asks,
        zone=poll.zone,
        duration_minutes=poll.duration_minutes,
        dates=[_date(option, voter, shows=shows) for option in found.options],
        status=_STATUS.get(poll.state, "asked"),
        chosen=poll.option_id.hex if poll.option_id is not None else "",
        shows_answers=shows,
        answered=answered if shows else [],
        voters=poll.voters if shows else 0,
        comment=voter.comment,
        given_at=_given_at(voter),
    )


def _given_at(voter: DateVoterRow) -> datetime | None:
    return voter.answered_at if voter.choices else None


def _date(option: DateOptionRow, voter: DateVoterRow, *, shows: bool) -> PollDate:
    said = voter.choices.get(option.id)
    given: DateChoice | None = None if said is None else said.value
    standing = option.standing
    return PollDate(
        id=option.id.hex,
        starts_at=option.starts_at,
        given=given,
        yes=standing.yes if shows else 0,
        if_need_be=standing.if_need_be if shows else 0,
        no=standing.no if shows else 0,
    )
