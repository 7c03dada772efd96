"""The mail of written procedures: the vote with the personal link, reminders, the result."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from projectdesk.domain.identity import new_id
from projectdesk.domain.voting import VoteSeat, VoteSetting, VoteState
from projectdesk.errors import DomainError
from projectdesk.mail.address import Mailbox
from projectdesk.mail.ballot_letter import BallotLetter, BallotOccasion, Refused, as_html, as_text
from projectdesk.mail.message import compose, new_message_id
from projectdesk.mail.words import language_of
from projectdesk.services import outbox
from projectdesk.services.asked_by_mail import anybody_asked, asked, asked_inside
from projectdesk.services.inviting.public_links import check_links
from projectdesk.services.inviting.sender import check_can_send
from projectdesk.services.poll_mail import Author, author_of
from projectdesk.services.procedure_keys import (
    BALLOT_PURPOSE,
    BALLOT_REMINDER_PURPOSE,
    BALLOT_REPLY_PURPOSE,
    NOTICE_PURPOSE,
)
from projectdesk.services.procedure_rows import BallotLink, SeatRow, VotingDetail
from projectdesk.services.queries.procedures import detail_in, vote_detail
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_PURPOSES: Final = {
    BallotOccasion.QUESTION: BALLOT_PURPOSE,
    BallotOccasion.REMINDER: BALLOT_REMINDER_PURPOSE,
    BallotOccasion.AHEAD: BALLOT_REMINDER_PURPOSE,
    BallotOccasion.RESULT: NOTICE_PURPOSE,
    BallotOccasion.CANCELLED: NOTICE_PURPOSE,
    BallotOccasion.TAKEN: BALLOT_REPLY_PURPOSE,
    BallotOccasion.REFUSED: BALLOT_REPLY_PURPOSE,
    BallotOccasion.VETOED: BALLOT_REPLY_PURPOSE,
    BallotOccasion.UNVETOED: BALLOT_REPLY_PURPOSE,
}


@dataclass(frozen=True)
class BallotMail:
    """A finished mail to one member. subject, text: as they are in it."""

    seat_id: UUID
    name: str
    recipient: str
    subject: str
    text: str
    message: EmailMessage


@dataclass(frozen=True)
class DueBallotReminder:
    """Who of a procedure has to be reminded by now."""

    vote_id: UUID
    seat_ids: tuple[UUID, ...]


def compose_ballot_mails(
    workspace: Workspace,
    vote_id: UUID,
    links: Sequence[BallotLink],
    occasion: BallotOccasion,
    seat_ids: Collection[UUID] | None = None,
    at: datetime | None = None,
) -> list[BallotMail]:
    """Return the mails to members, without sending anything; who has no address gets none.

    Args:
        workspace: the open data.
        vote_id: which procedure.
        links: of its members.
        occasion: why they are written.
        seat_ids: to these only; None = all that it concerns.
        at: when they are sent, as they say it; None = now.

    Raises:
        NotFound: no such procedure.
        DomainError: `mail_no_sender`; an address is none.
    """
    author = author_of(workspace, vote_detail(workspace, vote_id).vote.project_id)
    with workspace.read() as session:
        found = detail_in(session, vote_id, workspace.now())
        sent_at = at or workspace.now()
        return _compose(session, found, author, links, occasion, seat_ids, sent_at)


def ballot_letters(
    workspace: Workspace, vote_id: UUID, links: Sequence[BallotLink], occasion: BallotOccasion
) -> dict[UUID, BallotMail]:
    """Return what the members of these links are written, by seat; {} while nobody can write.

    Raises:
        NotFound: no such procedure.
    """
    seats = {link.seat_id for link in links}
    try:
        mails = compose_ballot_mails(workspace, vote_id, links, occasion, seats)
    except DomainError:  # nobody said yet from which address is written: links can be copied
        return {}
    return {mail.seat_id: mail for mail in mails}


def asked_members(
    workspace: Workspace, vote_id: UUID, links: Sequence[BallotLink]
) -> frozenset[UUID]:
    """Return the seats whose voter a mail of the outbox asks, or asked, with the link of now."""
    with workspace.read() as session:
        return frozenset(_asked(session, vote_id, links))


def mail_members(
    workspace: Workspace,
    vote_id: UUID,
    links: Sequence[BallotLink],
    seat_ids: Collection[UUID],
    *,
    reminder: bool = False,
    again: bool = False,
    anyway: bool = False,
    checked: bool = True,
) -> tuple[int, Changes]:
    """Put the question, or a reminder, into the outbox for some members of an open procedure.

    Who voted meanwhile is not reminded, and who was asked by mail is not asked twice.

    Args:
        workspace: the open data.
        vote_id: which procedure.
        links: of its members.
        seat_ids: to these only.
        reminder: they are reminded.
        again: also ask who was asked by mail already.
        anyway: also with links that only this computer or its network can open.
        checked: somebody is there who can say "all the same"; else the sender stops such links.

    Returns:
        How many mails, and what changed.

    Raises:
        NotFound: no such procedure.
        DomainError: `procedure_not_open`; `no_mail_account`; `link_not_public`; `asked_already`,
            all of them; `nobody_to_write`.
    """
    check_can_send(workspace)
    found = vote_detail(workspace, vote_id)
    if found.vote.state is not VoteState.OPEN:
        raise DomainError("procedure_not_open", "Members are written while the vote is open.")
    author = author_of(workspace, found.vote.project_id)
    occasion = BallotOccasion.REMINDER if reminder else BallotOccasion.QUESTION
    urls = {link.seat_id: link.url for link in links}
    with workspace.change("Write to members", undoable=False, in_turn=True) as unit:
        now = detail_in(unit.session, vote_id, unit.now)
        known = set() if reminder or again else _asked(unit.session, vote_id, links)
        before = {seat.id: seat.reminded_at for seat in found.seats}
        wanted = {
            seat.id
            for seat in now.seats
            if seat.id in seat_ids and (not reminder or _may_remind(seat, before))
        }
        if reminder and not checked:  # a colleague's desktop may have been faster
            wanted &= set(_due_seats(unit.session, now, unit.now))
        mails = _compose(unit.session, now, author, links, occasion, wanted, unit.now)
        if not mails:
            raise DomainError("nobody_to_write", "Nobody of them can be written to.")
        mails = [mail for mail in mails if mail.seat_id not in known]
        if not mails:
            raise DomainError(
                "asked_already",
                "All of them were asked by mail already; nothing was sent. Say that they are to "
                "be asked again.",
            )
        inside = {mail.seat_id for mail in mails} if anyway else set()
        if reminder:
            inside |= _private(unit.session, vote_id)
        if checked:
            check_links({m.seat_id: urls[m.seat_id] for m in mails if m.seat_id not in inside})
        for mail in mails:
            seat = unit.get(VoteSeat, mail.seat_id)
            _queue(unit, now, mail, occasion, private_links=mail.seat_id in inside)
            if reminder:
                seat.reminded_at = unit.now
            else:
                seat.sent_at = unit.now
        what = "Remind" if reminder else "Ask"
        unit.label = f"{what} {mails[0].name if len(mails) == 1 else f'{len(mails)} members'}"
    return len(mails), unit.changes


def queue_notice(
    unit: Unit, vote_id: UUID, author: Author, links: Sequence[BallotLink], occasion: BallotOccasion
) -> int:
    """Queue what came of a procedure for all members, in the unit that settles it; return how many.

    Links of this network go out where the question had them.
    """
    unit.session.flush()
    found = detail_in(unit.session, vote_id, unit.now)
    inside = _private(unit.session, vote_id)
    mails = _compose(unit.session, found, author, links, occasion, None, unit.now)
    for mail in mails:
        _queue(unit, found, mail, occasion, private_links=mail.seat_id in inside)
    return len(mails)


def queue_answer(
    unit: Unit,
    vote_id: UUID,
    author: Author,
    seat_id: UUID,
    occasion: BallotOccasion,
    refused: Refused | None = None,
    *,
    veto: str = "",
) -> None:
    """Queue what became of a vote, or veto, that came by mail, in the unit that reads it."""
    unit.session.flush()
    found = detail_in(unit.session, vote_id, unit.now)
    outbox.cancel(unit, record_id=seat_id, purpose=BALLOT_REPLY_PURPOSE)
    for mail in _compose(
        unit.session, found, author, (), occasion, {seat_id}, unit.now, refused=refused, veto=veto
    ):
        _queue(unit, found, mail, occasion)


def ballot_code(seat: SeatRow) -> str:
    """Return by which an answering mail is known: the member's desk, and whose seat it is."""
    return f"{seat.desk}-{seat.id.hex[-6:]}" if seat.desk is not None else ""


def was_mailed(workspace: Workspace, vote_id: UUID) -> bool:
    """Return whether members of a procedure were asked through the outbox."""
    with workspace.read() as session:
        return anybody_asked(session, BALLOT_PURPOSE, _seats(vote_id))


def due_ballot_reminders(workspace: Workspace) -> list[DueBallotReminder]:
    """Return who of the open procedures has to be reminded by now: on the chosen days before.

    Nobody is reminded twice for one of these days; several days that passed meanwhile (the computer
    was off) are one reminder. What a server sends, or sent, it is left to.
    """
    now, vote = workspace.now(), schema.vote.c
    query = select(vote.id).where(
        vote.setting == VoteSetting.WRITTEN_PROCEDURE,
        vote.state == VoteState.OPEN,
        vote.deadline > now,
    )
    with workspace.read() as session:
        found = [detail_in(session, each, now) for each in sorted(session.scalars(query))]
        due = [DueBallotReminder(each.vote.id, _due_seats(session, each, now)) for each in found]
    return [each for each in due if each.seat_ids]


# --- inside ---------------------------------------------------------------------------------------


def _may_remind(seat: SeatRow, before: Mapping[UUID, datetime | None]) -> bool:
    """Return whether a seat is still missing, and no colleague's desktop was faster."""
    return seat.is_missing and seat.reminded_at == before.get(seat.id)


def _due_seats(session: Session, found: VotingDetail, now: datetime) -> tuple[UUID, ...]:
    people = {seat.id: seat.voter_id for seat in found.missing}
    handled = outbox.handled(session, BALLOT_REMINDER_PURPOSE, people)
    return tuple(
        seat.id for seat in found.missing if _is_due(found, seat, now, handled.get(seat.id, ()))
    )


def _is_due(found: VotingDetail, seat: SeatRow, now: datetime, handled: Iterable[datetime]) -> bool:
    deadline = found.vote.deadline
    since = seat.sent_at or found.vote.opened_at  # a link may have been copied
    if deadline is None or since is None or not seat.email or seat.desk is None or seat.revoked:
        return False
    by_server = [moment for moment in handled if moment <= now]
    written = max(since, seat.reminded_at or since, *by_server)
    moments = [deadline - timedelta(days=days) for days in found.vote.reminder_days]
    return any(written < moment <= now for moment in moments)


def _asked(session: Session, vote_id: UUID, links: Iterable[BallotLink]) -> set[UUID]:
    pairs = [(link.seat_id, link.url) for link in links]
    return asked(session, BALLOT_PURPOSE, _seats(vote_id), pairs)


def _private(session: Session, vote_id: UUID) -> set[UUID]:
    return asked_inside(session, BALLOT_PURPOSE, _seats(vote_id))


def _seats(vote_id: UUID) -> Select[Any]:
    seat = schema.vote_seat.c
    return select(seat.id).where(seat.vote_id == vote_id)


def _compose(
    session: Session,
    found: VotingDetail,
    author: Author,
    links: Iterable[BallotLink],
    occasion: BallotOccasion,
    seat_ids: Collection[UUID] | None,
    now: datetime,
    *,
    refused: Refused | None = None,
    veto: str = "",
) -> list[BallotMail]:
    urls = {link.seat_id: link.url for link in links}
    people = [seat.voter_id for seat in found.seats if seat.voter_id is not None]
    rows = session.execute(
        select(schema.person.c.id, schema.person.c.languages).where(schema.person.c.id.in_(people))
    )
    languages = {row.id: tuple(row.languages or ()) for row in rows}
    mails = []
    for seat in found.seats:
        if not seat.email or (seat_ids is not None and seat.id not in seat_ids):
            continue
        letter = _letter(found, seat, author.name, occasion, urls.get(seat.id, ""),
                         language_of(languages.get(seat.voter_id or new_id(), ())))  # fmt: skip
        letter = replace(letter, refused=refused, veto=veto)
        if letter.asks and (not letter.link or seat.in_default):
            continue
        message = compose(
            sender=author.mailbox,
            recipient=Mailbox(seat.email, letter.name),
            subject=letter.subject,
            text=as_text(letter),
            html=as_html(letter),
            message_id=new_message_id(author.mailbox.address, new_id()),
            date=now,
        )
        name = seat.voter or seat.partner
        mails.append(
            BallotMail(seat.id, name, seat.email, letter.subject, as_text(letter), message)
        )
    return mails


def _letter(
    found: VotingDetail,
    seat: SeatRow,
    organiser: str,
    occasion: BallotOccasion,
    link: str,
    language: str,
) -> BallotLetter:
    vote = found.vote
    told = occasion is BallotOccasion.RESULT
    window = vote.veto_until if told and vote.carried else None
    return BallotLetter(
        language=language,
        occasion=occasion,
        project=vote.project,
        body=vote.body,
        question=vote.question,
        description=vote.description,
        organiser=organiser,
        name=seat.voter if seat.voter != seat.email else "",
        partner=seat.partner,
        choices=vote.options,
        zone=seat.own_zone or vote.zone,
        needed=vote.needed,
        seats=vote.whole,
        share=vote.share,
        deadline=vote.deadline,
        closes_early=vote.closes_early,
        link=link,
        result=vote.result,
        counts=vote.counts,
        chosen=vote.chosen,
        own=seat.choice,
        decision=f"{vote.project}-{vote.decision}" if vote.decision else "",
        veto_until=window,
        code=ballot_code(seat),
        documents=[(each.name, each.size) for each in found.documents],
    )


def _queue(
    unit: Unit,
    found: VotingDetail,
    mail: BallotMail,
    occasion: BallotOccasion,
    *,
    private_links: bool = False,
) -> None:
    seat = next(seat for seat in found.seats if seat.id == mail.seat_id)
    outbox.queue(
        unit,
        purpose=_PURPOSES[occasion],
        recipient=mail.recipient,
        message=mail.message,
        project_id=found.vote.project_id,
        meeting_id=found.vote.meeting_id,
        person_id=seat.voter_id,
        record_id=seat.id,
        private_links=private_links,
    )
