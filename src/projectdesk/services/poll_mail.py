"""The mail of date polls: the question with the personal link, the reminder, what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Person
from projectdesk.domain.identity import new_id
from projectdesk.domain.preparation import DateVoter, PollState
from projectdesk.errors import DomainError
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import compose, new_message_id
from projectdesk.mail.poll_letter import Occasion, PollLetter, as_html, as_text
from projectdesk.mail.words import language_of
from projectdesk.services import outbox
from projectdesk.services.asked_by_mail import anybody_asked, asked, asked_inside
from projectdesk.services.inviting.public_links import check_links
from projectdesk.services.inviting.sender import check_can_send
from projectdesk.services.mail_accounts import sender as usual_sender
from projectdesk.services.poll_keys import ASKING_PURPOSE, REMINDER_PURPOSE, RESULT_PURPOSE
from projectdesk.services.poll_rows import DateOptionRow, DatePollDetail, DateVoterRow, PollLink
from projectdesk.services.queries.date_polls import date_poll, detail_of
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_PURPOSES: Final = {
    Occasion.QUESTION: ASKING_PURPOSE,
    Occasion.REMINDER: REMINDER_PURPOSE,
    Occasion.AHEAD: REMINDER_PURPOSE,
    Occasion.DECIDED: RESULT_PURPOSE,
    Occasion.CANCELLED: RESULT_PURPOSE,
}


@dataclass(frozen=True)
class PollMail:
    """A finished mail to one voter. subject, text: as they are in it."""

    voter_id: UUID
    name: str
    recipient: str
    subject: str
    text: str
    message: EmailMessage


@dataclass(frozen=True)
class DuePollReminder:
    """Who of a poll has to be reminded by now."""

    poll_id: UUID
    voter_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Author:
    """Who writes, and who stands under it."""

    mailbox: Mailbox
    name: str


def author_of(workspace: Workspace, project_id: UUID) -> Author:
    """Return who writes the mails of a poll: under it stands who is in From.

    Raises:
        DomainError: `mail_no_sender`.
    """
    mailbox = usual_sender(workspace)
    return Author(mailbox, mailbox.name or organiser(workspace, project_id))


def compose_poll_mails(
    workspace: Workspace,
    poll_id: UUID,
    links: Sequence[PollLink],
    occasion: Occasion,
    voter_ids: Collection[UUID] | None = None,
    at: datetime | None = None,
) -> list[PollMail]:
    """Return the mails to voters, without sending anything; who has no address gets none.

    Args:
        workspace: the open data.
        poll_id: which poll.
        links: of its voters; not needed to tell what came of it.
        occasion: why they are written.
        voter_ids: to these only; None = all that it concerns.
        at: when they are sent, as they say it; None = now.

    Raises:
        NotFound: no such poll.
        DomainError: `mail_no_sender`; an address is none.
    """
    found = date_poll(workspace, poll_id)
    author = author_of(workspace, found.poll.project_id)
    with workspace.read() as session:
        people = session.scalars(
            select(Person).where(
                schema.person.c.id.in_([voter.person_id for voter in found.voters])
            )
        )
        languages = {person.id: tuple(person.languages) for person in people}
    sent_at = at or workspace.now()
    return _compose(found, author, languages, links, occasion, voter_ids, sent_at)


def asking_letters(
    workspace: Workspace, poll_id: UUID, links: Sequence[PollLink], *, reminder: bool
) -> dict[UUID, PollMail]:
    """Return what the voters of these links are written, by voter; {} while nobody can write.

    Raises:
        NotFound: no such poll.
    """
    occasion = Occasion.REMINDER if reminder else Occasion.QUESTION
    voters = {link.voter_id for link in links}
    try:
        mails = compose_poll_mails(workspace, poll_id, links, occasion, voters)
    except DomainError:  # nobody said yet from which address is written: links can be copied
        return {}
    return {mail.voter_id: mail for mail in mails}


def asked_by_mail(
    workspace: Workspace, poll_id: UUID, links: Sequence[PollLink]
) -> frozenset[UUID]:
    """Return the voters whom a mail of the outbox asks, or asked, with the link that works now.

    One that waits counts; one that was refused or taken back does not, nor does one whose link was
    issued anew since.
    """
    with workspace.read() as session:
        return frozenset(_asked(session, poll_id, links))


def mail_voters(
    workspace: Workspace,
    poll_id: UUID,
    links: Sequence[PollLink],
    voter_ids: Collection[UUID],
    *,
    reminder: bool = False,
    again: bool = False,
    anyway: bool = False,
) -> tuple[int, Changes]:
    """Put the question, or a reminder, into the outbox for some voters of an open poll.

    Who answered meanwhile is not reminded, and who was asked by mail is not asked twice.

    Args:
        workspace: the open data.
        poll_id: which poll.
        links: of its voters.
        voter_ids: to these only.
        reminder: they are reminded.
        again: also ask who was asked by mail already.
        anyway: also with links that only this computer or its network can open. A reminder needs
            no such word where the question had it.

    Returns:
        How many mails, and what changed.

    Raises:
        NotFound: no such poll.
        DomainError: `poll_not_open`; `no_mail_account`; `link_not_public`; `asked_already`, all of
            them; `nobody_to_write`, none of them has an address (or is missing).
    """
    return _mail_voters(
        workspace, poll_id, links, voter_ids, _Manner(reminder, again, anyway, checked=True)
    )


def remind_due(
    workspace: Workspace, due: DuePollReminder, links: Sequence[PollLink]
) -> tuple[int, Changes]:
    """Remind who has to be reminded by now, with nobody there to be asked.

    Links are not looked at here: what must not go out is stopped by the sender, and is shown.

    Raises:
        NotFound: no such poll.
        DomainError: `poll_not_open`; `no_mail_account`; `nobody_to_write`.
    """
    return _mail_voters(workspace, due.poll_id, links, due.voter_ids, _Manner(reminder=True))


def queue_outcome(unit: Unit, poll_id: UUID, author: Author) -> int:
    """Queue what came of a poll for its voters, in the unit that settles it; return how many."""
    unit.session.flush()
    found = detail_of(unit.session, poll_id, unit.now)
    decided = found.poll.state is PollState.DECIDED
    occasion = Occasion.DECIDED if decided else Occasion.CANCELLED
    languages = {
        voter.person_id: tuple(unit.get(Person, voter.person_id).languages)
        for voter in found.voters
    }
    mails = _compose(found, author, languages, (), occasion, None, unit.now)
    for mail in mails:
        _queue(unit, found, mail, occasion)
    return len(mails)


def was_mailed(workspace: Workspace, poll_id: UUID) -> bool:
    """Return whether voters of a poll were asked through the outbox."""
    with workspace.read() as session:
        return anybody_asked(session, ASKING_PURPOSE, _voters(poll_id))


def due_poll_reminders(workspace: Workspace) -> list[DuePollReminder]:
    """Return who of the open polls has to be reminded by now: on the chosen days before.

    Nobody is reminded twice for one of these days, nor of a poll whose deadline is over; several
    days that passed meanwhile (the computer was off) are one reminder. What a server sends, or
    sent, it is left to.
    """
    now, poll = workspace.now(), schema.date_poll.c
    query = select(poll.id).where(poll.state == PollState.OPEN, poll.deadline > now)
    with workspace.read() as session:
        ids = sorted(session.scalars(query))
    due = []
    for poll_id in ids:
        found = date_poll(workspace, poll_id)
        with workspace.read() as session:
            voters = _due_voters(session, found, now)
        if voters:
            due.append(DuePollReminder(poll_id, voters))
    return due


def poll_code(desk: str, options: Sequence[DateOptionRow]) -> str:
    """Return by which an answering mail is known: the voter's desk, and which dates were listed."""
    listed = ".".join(option.id.hex for option in options)
    return f"{desk}-{hashlib.sha256(listed.encode()).hexdigest()[:6]}"


# --- inside ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Manner:
    """How voters are written. checked: somebody is there who can say "all the same"."""

    reminder: bool = False
    again: bool = False
    anyway: bool = False
    checked: bool = False


def _mail_voters(
    workspace: Workspace,
    poll_id: UUID,
    links: Sequence[PollLink],
    voter_ids: Collection[UUID],
    manner: _Manner,
) -> tuple[int, Changes]:
    check_can_send(workspace)
    reminder = manner.reminder
    occasion = Occasion.REMINDER if reminder else Occasion.QUESTION
    found = date_poll(workspace, poll_id)
    if found.poll.state is not PollState.OPEN:
        raise DomainError("poll_not_open", "Voters are written while the poll is open.")
    wanted = {
        voter.id
        for voter in found.voters
        if voter.id in voter_ids and (voter.is_missing or not reminder)
    }
    mails = compose_poll_mails(workspace, poll_id, links, occasion, wanted)
    if not mails:
        raise DomainError("nobody_to_write", "Nobody of them can be written to.")
    before = {voter.id: voter.reminded_at for voter in found.voters}
    urls = {link.voter_id: link.url for link in links}
    with workspace.change("Write to voters", undoable=False, in_turn=True) as unit:
        mails = _left(unit, poll_id, links, mails, manner)
        if reminder and not manner.checked:  # a colleague's desktop may have been faster
            due = _due_voters(unit.session, detail_of(unit.session, poll_id, unit.now), unit.now)
            mails = [mail for mail in mails if mail.voter_id in due]
        inside = {mail.voter_id for mail in mails} if manner.anyway else set()
        if reminder:
            inside |= asked_inside(unit.session, ASKING_PURPOSE, _voters(poll_id))
        if manner.checked:
            check_links({m.voter_id: urls[m.voter_id] for m in mails if m.voter_id not in inside})
        what = "Remind" if reminder else "Ask"
        unit.label = f"{what} {mails[0].name if len(mails) == 1 else f'{len(mails)} voters'}"
        count = 0
        for mail in mails:
            voter = unit.get(DateVoter, mail.voter_id)
            if reminder and voter.reminded_at != before[voter.id]:
                continue  # a colleague's desktop was faster
            _queue(unit, found, mail, occasion, private_links=mail.voter_id in inside)
            count += 1
            if reminder:
                voter.reminded_at = unit.now
    return count, unit.changes


def _left(
    unit: Unit,
    poll_id: UUID,
    links: Sequence[PollLink],
    mails: list[PollMail],
    manner: _Manner,
) -> list[PollMail]:
    """Return the mails without those to who was asked already."""
    if manner.reminder or manner.again:
        return mails
    known = _asked(unit.session, poll_id, links)
    left = [mail for mail in mails if mail.voter_id not in known]
    if not left:
        raise DomainError(
            "asked_already",
            "All of them were asked by mail already; nothing was sent. Say that they are to be "
            "asked again.",
        )
    return left


def _asked(session: Session, poll_id: UUID, links: Iterable[PollLink]) -> set[UUID]:
    pairs = [(link.voter_id, link.url) for link in links]
    return asked(session, ASKING_PURPOSE, _voters(poll_id), pairs)


def _voters(poll_id: UUID) -> Select[Any]:
    voter = schema.date_voter.c
    return select(voter.id).where(voter.date_poll_id == poll_id)


def _due_voters(session: Session, found: DatePollDetail, now: datetime) -> tuple[UUID, ...]:
    people = {voter.id: voter.person_id for voter in found.missing}
    handled = outbox.handled(session, REMINDER_PURPOSE, people)
    return tuple(
        voter.id for voter in found.missing if _is_due(found, voter, now, handled.get(voter.id, ()))
    )


def _is_due(
    found: DatePollDetail, voter: DateVoterRow, now: datetime, handled: Iterable[datetime]
) -> bool:
    deadline = found.poll.deadline
    if deadline is None or voter.asked_at is None or not voter.email:
        return False
    by_server = [moment for moment in handled if moment <= now]
    written = max(voter.asked_at, voter.reminded_at or voter.asked_at, *by_server)
    moments = [deadline - timedelta(days=days) for days in found.poll.reminder_days]
    return any(written < moment <= now for moment in moments)


def _concerned(found: DatePollDetail, occasion: Occasion) -> Callable[[DateVoterRow], bool]:
    if occasion in {Occasion.REMINDER, Occasion.AHEAD}:
        return lambda voter: voter.is_missing and voter.asked_at is not None
    return lambda voter: not voter.revoked and voter.asked_at is not None


def _compose(
    found: DatePollDetail,
    author: Author,
    languages: Mapping[UUID, tuple[str, ...]],
    links: Iterable[PollLink],
    occasion: Occasion,
    voter_ids: Collection[UUID] | None,
    now: datetime,
) -> list[PollMail]:
    urls = {link.voter_id: link.url for link in links}
    concerns = _concerned(found, occasion)
    mails = []
    for voter in found.voters:
        if not voter.email or not concerns(voter):
            continue
        if voter_ids is not None and voter.id not in voter_ids:
            continue
        letter = _letter(found, voter, author.name, occasion, urls.get(voter.id, ""),
                         language_of(languages.get(voter.person_id, ())))  # fmt: skip
        if letter.asks and not letter.link:
            continue
        name = voter.name if voter.name != voter.email else ""
        text = as_text(letter)
        message = compose(
            sender=author.mailbox,
            recipient=Mailbox(voter.email, name),
            subject=letter.subject,
            text=text,
            html=as_html(letter),
            message_id=new_message_id(author.mailbox.address, new_id()),
            date=now,
        )
        mails.append(PollMail(voter.id, voter.name, voter.email, letter.subject, text, message))
    return mails


def _letter(
    found: DatePollDetail,
    voter: DateVoterRow,
    name: str,
    occasion: Occasion,
    link: str,
    language: str,
) -> PollLetter:
    poll = found.poll
    asks = occasion not in {Occasion.DECIDED, Occasion.CANCELLED}
    told = found.options if asks else [option for option in found.options if option.chosen]
    return PollLetter(
        language=language,
        occasion=occasion,
        title=poll.title,
        text=poll.description,
        project=poll.project,
        organiser=name,
        name=voter.name if voter.name != voter.email else "",
        starts=[option.starts_at for option in told],
        duration_minutes=poll.duration_minutes,
        zone=voter.zone or voter.own_zone or poll.zone,
        deadline=poll.deadline,
        link=link,
        code=poll_code(voter.desk, found.options) if asks else "",
    )


def _queue(
    unit: Unit,
    found: DatePollDetail,
    mail: PollMail,
    occasion: Occasion,
    *,
    private_links: bool = False,
) -> None:
    voter = next(voter for voter in found.voters if voter.id == mail.voter_id)
    outbox.queue(
        unit,
        purpose=_PURPOSES[occasion],
        recipient=mail.recipient,
        message=mail.message,
        project_id=found.poll.project_id,
        meeting_id=found.poll.meeting_id,
        person_id=voter.person_id,
        record_id=voter.id,
        private_links=private_links,
    )
