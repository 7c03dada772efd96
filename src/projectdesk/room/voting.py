"""Votes of the body and its quorum: what chair, co-hosts and members do, and who is told what.

`settle`, at the end of every event, compares how the body stands with what was told before.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import assert_never

import msgspec

from projectdesk.domain.rules.vote_words import in_languages, rule_words
from projectdesk.domain.rules.voting import MajorityBase, VoteFault, VoteRules, vote_fault
from projectdesk.room import events
from projectdesk.room.commands import CountBallots, DropBallot, ReadTurnout, Send
from projectdesk.room.entrance import Refusal
from projectdesk.room.hall import Person
from projectdesk.room.media import NOT_ALLOWED
from projectdesk.room.meeting import Meeting
from projectdesk.room.names import clean_line, clean_message
from projectdesk.room.permissions import CONSOLE, Act
from projectdesk.room.quorum import seats_of, shown_quorum
from projectdesk.room.seating import NO_BODY, UNKNOWN_MEMBER, Seating
from projectdesk.room.votes import HeldVote, SeatMemory
from projectdesk.signalling import journal, votes
from projectdesk.signalling.journal import VoteRecord

UNKNOWN_VOTE = Refusal("unknown_vote", "There is no such vote.")
VOTE_NO_DRAFT = Refusal("vote_no_draft", "Only a vote that was not opened yet can be changed.")
VOTE_OPEN = Refusal("vote_open", "Another vote is open. Close it first.")
VOTE_CLOSED = Refusal("vote_closed", "That vote is not open.")
TOO_MANY_VOTES = Refusal("too_many_votes", "The meeting has as many votes as it may have.")
CHOICE_INVALID = Refusal("vote_choice_invalid", "The vote has no such choice.")
NOT_YOUR_SEAT = Refusal("not_your_seat", "Another person votes for that member.")
ALREADY_VOTED = Refusal("already_voted", "That member has voted: a secret ballot cannot change.")
SECRET_BY_HAND = Refusal("secret_by_hand", "Nobody can cast a secret ballot for another.")
NOTHING_TO_VETO = Refusal("nothing_to_veto", "Only what a vote decided can be vetoed.")
VETO_NEEDS_REASON = Refusal("veto_needs_reason", "A veto says what it would affect.")

_FAULTS = {
    VoteFault.NO_QUESTION: Refusal("vote_no_question", "A vote has a question."),
    VoteFault.BAD_CHOICES: Refusal(
        "vote_bad_choices", "A vote has no choices of its own, or 2 to 10 different ones."
    ),
    VoteFault.BAD_SHARE: Refusal("vote_bad_share", "The body's majority is no share."),
    VoteFault.NO_SEATS: Refusal("vote_no_seats", "No member of the body has a vote."),
    VoteFault.UNEQUAL_SECRET: Refusal(
        "vote_unequal_secret",
        "A vote by weight can be secret only where all votes weigh the same.",
    ),
}


class Voting:
    """Answers the messages about votes, members and proxies."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self._seating = Seating(meeting)
        self._told: votes.BodyState | None = None
        self._voters: dict[str, str] = {}
        self._leaders: frozenset[str] = frozenset()
        """Peers that see drafts."""

    # --- messages -----------------------------------------------------------------------------

    def handle(
        self, peer: str, person: Person | None, message: votes.VoteRequest, by: str
    ) -> Refusal | None:
        """Carry out a message, or return why not.

        Args:
            peer: who is told of a ballot.
            person: who is in the call and asks; None = a console.
            message: what they ask.
            by: participant id in whose name it is.
        """
        if self._meeting.snapshot.body is None:
            return NO_BODY
        leads = Act.BALLOT in CONSOLE if person is None else person.may(Act.BALLOT)
        if isinstance(message, votes.CastVote) and not message.by_hand:
            return NOT_ALLOWED if person is None else self._cast(peer, person, message)
        if not leads:
            return NOT_ALLOWED
        match message:
            case votes.PrepareVote():
                return self._prepare(message, by)
            case votes.OpenVote(vote=number):
                return self._open(number, by)
            case votes.CloseVote(vote=number):
                return self._close(number, by)
            case votes.CancelVote(vote=number):
                return self._cancel(number, by)
            case votes.CastVote():
                return self._cast_by_hand(message, by)
            case votes.NoteVeto():
                return self._veto(message, by)
            case votes.NameVoter() | votes.CountInRoom() | votes.AnnounceProxy() | votes.EndProxy():
                return self._seating.handle(message, by)
            case _:
                assert_never(message)

    def _prepare(self, message: votes.PrepareVote, by: str) -> Refusal | None:
        book, agenda = self._meeting.votes, self._meeting.agenda
        number = message.vote
        if number is None:
            if book.is_full():
                return TOO_MANY_VOTES
            number = book.next_number()
        elif (before := book.find(number)) is None:
            return UNKNOWN_VOTE
        elif before.state != "draft":
            return VOTE_NO_DRAFT
        if message.item is not None and not agenda.knows(message.item):
            return Refusal("unknown_item", "The agenda has no such item.")
        record = self._record(message, number)
        if (refusal := self._fault(record)) is not None:
            return refusal
        vote = HeldVote(record)
        book.put(vote)
        self._tell(vote)
        return self._open(number, by) if message.open else None

    def _record(self, message: votes.PrepareVote, number: int) -> VoteRecord:
        """Return what is asked, with the rules of the body as they are now."""
        body = self._meeting.snapshot.body
        rules = body.rules if body is not None else votes.CountingRules()
        return VoteRecord(
            number=number,
            question=clean_line(message.question)[: votes.MAX_QUESTION],
            description=clean_message(message.description)[: votes.MAX_DESCRIPTION],
            choices=[clean_line(choice) for choice in message.choices],
            secret=message.secret,
            weighted=message.weighted,
            quorum_numerator=rules.quorum_numerator,
            quorum_denominator=rules.quorum_denominator,
            majority_numerator=rules.majority_numerator,
            majority_denominator=rules.majority_denominator,
            base=message.base,
            tie="chair" if rules.chair_breaks_ties else "lost",
            item=message.item,
        )

    def _fault(self, record: VoteRecord) -> Refusal | None:
        body = self._meeting.snapshot.body
        assert body is not None  # noqa: S101 - `handle` saw to it
        rules = VoteRules(
            majority_numerator=record.majority_numerator,
            majority_denominator=record.majority_denominator,
            base=MajorityBase(record.base),
            weighted=record.weighted,
            choices=tuple(record.choices),
        )
        fault = vote_fault(record.question, rules, seats_of(body), secret=record.secret)
        too_long = any(len(choice) > votes.MAX_CHOICE for choice in record.choices)
        if fault is None and (too_long or len(record.choices) > votes.MAX_CHOICES):
            fault = VoteFault.BAD_CHOICES
        return None if fault is None else _FAULTS[fault]

    def _open(self, number: int, by: str) -> Refusal | None:
        meeting = self._meeting
        vote, body = meeting.votes.find(number), meeting.snapshot.body
        if vote is None or body is None:
            return UNKNOWN_VOTE
        if vote.state != "draft":
            return VOTE_NO_DRAFT
        if meeting.votes.open() is not None:
            return VOTE_OPEN
        if (refusal := self._fault(vote.record)) is not None:  # the body may be another by now
            return refusal
        rules, now = body.rules, meeting.now
        vote.record = msgspec.structs.replace(
            vote.record,
            quorum_numerator=rules.quorum_numerator,
            quorum_denominator=rules.quorum_denominator,
            majority_numerator=rules.majority_numerator,
            majority_denominator=rules.majority_denominator,
            tie="chair" if rules.chair_breaks_ties else "lost",
            item=vote.record.item or meeting.agenda.current,
        )
        vote.state, vote.opened_at, vote.chair = "open", now, body.chair
        vote.seats = [
            SeatMemory(
                partner=one.partner, name=one.name, weight=one.weight, in_default=one.in_default
            )
            for one in body.members
        ]
        self._note_there(vote)
        meeting.record(journal.VoteOpened(vote=vote.record, seats=vote.seat_records(), by=by))
        self._tell(vote)
        return None

    def _close(self, number: int, by: str) -> Refusal | None:
        vote = self._meeting.votes.find(number)
        if vote is None:
            return UNKNOWN_VOTE
        if vote.state != "open":
            return VOTE_CLOSED
        self.close(vote, by)
        return None

    def close(self, vote: HeldVote, by: str) -> None:
        """Count an open vote; of a secret one the host opens the box, and `counted` follows."""
        self._note_there(vote)
        vote.by, vote.closed_at = by, self._meeting.now
        if vote.record.secret:
            vote.state = "counting"
            self._meeting.do(CountBallots(vote.number))
        else:
            voted = [seat.partner for seat in vote.seats if seat.voted]
            self._meeting.record(vote.close(vote.count_open(), voted))
        self._tell(vote)

    def _note_there(self, vote: HeldVote) -> None:
        """Keep in a vote who is there now, by whom the others are represented, and who votes."""
        meeting, body = self._meeting, self._meeting.snapshot.body
        if body is None:
            return
        present = meeting.assembly.present(meeting.snapshot, meeting.hall)
        now = meeting.assembly.quorum(body, present)
        vote.there, vote.proxies = sorted(now.there), dict(now.represented_by or {})
        vote.voters = meeting.assembly.voters(meeting.snapshot, meeting.hall, now)

    def _cancel(self, number: int, by: str) -> Refusal | None:
        meeting = self._meeting
        vote = meeting.votes.find(number)
        if vote is None:
            return UNKNOWN_VOTE
        if vote.state == "draft":
            meeting.votes.discard(number)
            if leaders := meeting.hall.those_who(Act.BALLOT):
                meeting.do(Send(leaders, votes.VoteDiscarded(vote=number)))
            return None
        if vote.state != "open":
            return VOTE_CLOSED
        self.cancel(vote, by)
        return None

    def cancel(self, vote: HeldVote, by: str) -> None:
        """Call an open vote off: what was cast is forgotten."""
        vote.state, vote.closed_at = "cancelled", self._meeting.now
        vote.seats = [
            SeatMemory(partner=s.partner, name=s.name, weight=s.weight, in_default=s.in_default)
            for s in vote.seats
        ]
        vote.turnout, vote.casting = set(), set()
        if vote.record.secret:
            self._meeting.do(CountBallots(vote.number, burn=True))
        self._meeting.record(journal.VoteCancelled(vote=vote.number, by=by))
        self._tell(vote)

    # --- ballots ------------------------------------------------------------------------------

    def _cast(self, peer: str, person: Person, message: votes.CastVote) -> Refusal | None:
        vote = self._meeting.votes.find(message.vote)
        if (refusal := self._cannot_cast(vote, message)) is not None or vote is None:
            return refusal
        if self._now_voters().get(message.seat) != person.id:
            return NOT_YOUR_SEAT
        if not vote.record.secret:
            self._take(vote, message, person.id)
            return None
        if message.seat in vote.turnout | vote.casting:
            return ALREADY_VOTED
        vote.casting.add(message.seat)
        self._meeting.do(DropBallot(vote.number, message.seat, message.choice, peer))
        return None

    def _cast_by_hand(self, message: votes.CastVote, by: str) -> Refusal | None:
        vote = self._meeting.votes.find(message.vote)
        if (refusal := self._cannot_cast(vote, message)) is not None or vote is None:
            return refusal
        if vote.record.secret:
            return SECRET_BY_HAND
        self._take(vote, message, by)
        return None

    def _cannot_cast(self, vote: HeldVote | None, message: votes.CastVote) -> Refusal | None:
        if vote is None or vote.state == "draft":
            return UNKNOWN_VOTE
        if vote.state != "open":
            return VOTE_CLOSED
        if vote.seat(message.seat) is None:
            return UNKNOWN_MEMBER
        return None if message.choice in vote.rules.options else CHOICE_INVALID

    def _take(self, vote: HeldVote, message: votes.CastVote, by: str) -> None:
        """Take the vote of a seat; the same again changes nothing, and writes nothing."""
        before, hand = vote.seat(message.seat), message.by_hand
        if before is None:
            return
        known = (before.voted, before.by, before.choice, before.by_hand)
        if known == (True, by, message.choice, hand):
            return
        vote.cast(message.seat, message.choice, by, self._meeting.now, by_hand=hand)
        self._meeting.record(
            journal.VoteCast(
                vote=vote.number, partner=message.seat, choice=message.choice, by=by, by_hand=hand
            )
        )
        self._tell(vote)

    def hear(self, event: events.BallotEvent) -> None:
        """Take what the host tells of the box."""
        match event:
            case events.BallotTaken():
                self._taken(event)
            case events.BallotRefused():
                self._refused(event)
            case events.TurnoutRead():
                self._turnout(event)
            case events.BallotsCounted():
                self._counted(event)

    def _taken(self, event: events.BallotTaken) -> None:
        """Note that a secret ballot is in the box, and give the voter the receipt."""
        vote = self._meeting.votes.find(event.vote)
        if vote is None:
            return
        vote.casting.discard(event.seat)
        if vote.state == "cancelled":
            return
        vote.turnout.add(event.seat)
        if event.receipt and self._reads(event.peer):
            told = votes.BallotTaken(vote=event.vote, seat=event.seat, receipt=event.receipt)
            self._meeting.do(Send((event.peer,), told))
        self._tell(vote)

    def _refused(self, event: events.BallotRefused) -> None:
        """Note that the box did not take a ballot: the member has voted, or it cannot be kept."""
        vote = self._meeting.votes.find(event.vote)
        if vote is not None:
            vote.casting.discard(event.seat)
        if self._reads(event.peer):
            why = Refusal(event.code, event.text)
            self._meeting.refuse(event.peer, why, "castVote")

    def _turnout(self, event: events.TurnoutRead) -> None:
        """Take who has voted before this host started."""
        vote = self._meeting.votes.find(event.vote)
        if vote is not None and vote.state == "open":
            vote.turnout |= set(event.seats)
            self._tell(vote)

    def _counted(self, event: events.BallotsCounted) -> None:
        """Take what the box held: the result of a vote that is being counted."""
        vote = self._meeting.votes.find(event.vote)
        if vote is None or vote.state not in {"counting", "closed"}:
            return
        vote.ballots = [votes.CountedBallot(receipt=r, choice=c) for r, c in event.ballots]
        if vote.state == "counting":
            choices = [choice for _, choice in event.ballots]
            result = vote.count_secret(event.turnout, choices)
            self._meeting.record(vote.close(result, event.turnout), at=vote.closed_at)
        self._tell(vote)

    def _veto(self, message: votes.NoteVeto, by: str) -> Refusal | None:
        vote = self._meeting.votes.find(message.vote)
        if vote is None:
            return UNKNOWN_VOTE
        decided = vote.outcome is not None and vote.outcome.result in {"carried", "chosen"}
        if not decided:
            return NOTHING_TO_VETO
        seat = next((seat for seat in vote.seats if seat.partner == message.partner), None)
        if seat is None:
            return UNKNOWN_MEMBER
        reason = clean_message(message.reason)[: votes.MAX_REASON]
        if not reason:
            return VETO_NEEDS_REASON
        veto = votes.VetoShown(partner=seat.partner, name=seat.name, reason=reason)
        vote.vetoes = [v for v in vote.vetoes if v.partner != seat.partner] + [veto]
        self._meeting.record(
            journal.VetoNoted(vote=vote.number, partner=seat.partner, reason=reason, by=by)
        )
        self._tell(vote)
        return None

    # --- the whole ----------------------------------------------------------------------------

    def load(self) -> None:
        """Ask the host for the ballots that it kept for the host before."""
        for vote in self._meeting.votes:
            if vote.record.secret and vote.state == "open":
                self._meeting.do(ReadTurnout(vote.number))
            elif vote.record.secret and vote.state in {"counting", "closed"}:
                self._meeting.do(CountBallots(vote.number))

    def end(self) -> None:
        """Count what is open, because the meeting ends for all."""
        vote = self._meeting.votes.open()
        if vote is not None and vote.state == "open":
            self.close(vote, self._meeting.ended_by)

    def withdraw(self) -> None:
        """Call off what is open, because the room is withdrawn."""
        vote = self._meeting.votes.open()
        if vote is not None and vote.state == "open":
            self.cancel(vote, "")

    def settle(self) -> None:
        """Tell and write down how the body stands, if that is otherwise than before."""
        meeting = self._meeting
        over = meeting.withdrawn or meeting.ended_at is not None or not meeting.opened
        if over or meeting.snapshot.body is None:
            return
        state = self._state()
        if state != self._told:
            self._told = state
            if peers := meeting.hall.listeners():
                meeting.do(Send(peers, votes.BodyChanged(body=state)))
            self._record_quorum(state.quorum)
        self._show_drafts()
        voters = {one.partner: one.voter for one in state.members if one.voter}
        if voters != self._voters:
            self._voters = voters
            vote = meeting.votes.open()
            if vote is not None and vote.state == "open":
                self._tell(vote)

    def _show_drafts(self) -> None:
        """Send the drafts to who leads since this event; who does no more keeps what they saw."""
        hall = self._meeting.hall
        leaders = frozenset(hall.those_who(Act.BALLOT))
        for peer, invitation in hall.readers():
            if peer in leaders - self._leaders:
                drafts = [vote for vote in self._meeting.votes if vote.state == "draft"]
                for vote in drafts:
                    shown = vote.shown(invitation, self._voters)
                    self._meeting.do(Send((peer,), votes.VoteChanged(vote=shown)))
        self._leaders = leaders

    def send_all(self, peer: str, invitation: str) -> None:
        """Send the body and its votes to somebody ("" = a console) who comes."""
        meeting = self._meeting
        if meeting.snapshot.body is None:
            return
        meeting.do(Send((peer,), votes.BodyChanged(body=self._state())))
        if not meeting.votes.is_empty():
            drafts = meeting.hall.may(peer, Act.BALLOT)
            shown = meeting.votes.shown(invitation, self._now_voters(), drafts=drafts)
            meeting.do(Send((peer,), votes.VotesListed(votes=shown)))

    def _tell(self, vote: HeldVote) -> None:
        """Send a vote to everybody who sees it, to each with their own seats."""
        hall, voters = self._meeting.hall, self._now_voters()
        for peer, invitation in hall.readers():
            if vote.state != "draft" or hall.may(peer, Act.BALLOT):
                shown = vote.shown(invitation, voters)
                self._meeting.do(Send((peer,), votes.VoteChanged(vote=shown)))

    def _now_voters(self) -> dict[str, str]:
        meeting, body = self._meeting, self._meeting.snapshot.body
        if body is None:
            return {}
        present = meeting.assembly.present(meeting.snapshot, meeting.hall)
        now = meeting.assembly.quorum(body, present)
        return meeting.assembly.voters(meeting.snapshot, meeting.hall, now)

    def _state(self) -> votes.BodyState:
        meeting, body = self._meeting, self._meeting.snapshot.body
        assert body is not None  # noqa: S101 - asked in a meeting of a body only
        present = meeting.assembly.present(meeting.snapshot, meeting.hall)
        now = meeting.assembly.quorum(body, present)
        voters = meeting.assembly.voters(meeting.snapshot, meeting.hall, now)
        rules = VoteRules(
            majority_numerator=body.rules.majority_numerator,
            majority_denominator=body.rules.majority_denominator,
        )
        return votes.BodyState(
            name=body.name,
            members=meeting.assembly.members(body, now, voters, meeting.name_of),
            quorum=shown_quorum(now),
            rules=body.rules,
            rule=in_languages(partial(rule_words, rules)),
        )

    def _record_quorum(self, state: votes.QuorumState) -> None:
        fact = journal.QuorumChanged(
            seats=state.seats,
            present=state.present,
            represented=state.represented,
            needed=state.needed,
            met=state.met,
        )
        if fact != self._meeting.assembly.recorded:
            self._meeting.assembly.recorded = fact
            self._meeting.record(fact)

    def _reads(self, peer: str) -> bool:
        readers: Sequence[tuple[str, str]] = self._meeting.hall.readers()
        return any(peer == one for one, _ in readers)
