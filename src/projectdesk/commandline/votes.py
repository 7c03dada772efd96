"""Commands on votes of a body: those of a meeting, and one that was held in a room."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from uuid import UUID

from projectdesk.commandline.data import opened
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.commandline.result_words import Tells, results_in
from projectdesk.domain.voting import ABSTAIN, AGAINST, FOR, MajorityBase
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.commands.votes import HeldByHand
from projectdesk.services.procedure_rows import VotingDetail
from projectdesk.services.vote_joins import join_offers
from projectdesk.services.workspace import Workspace


def list_(options: argparse.Namespace) -> int:
    """`projectdesk vote list MEETING`."""
    with opened(options) as workspace:
        found = queries.meeting_votes(workspace, meeting_id(workspace, options.meeting))
        tell = results_in(workspace, options)
    if options.json:
        print_json(found)
        return 0
    if not found:
        print("This meeting has no votes.")
    for detail in found:
        _print(detail, tell)
    return 0


def record(options: argparse.Namespace) -> int:
    """`projectdesk vote record MEETING QUESTION ...`."""
    with opened(options) as workspace:
        meeting = queries.meeting(workspace, meeting_id(workspace, options.meeting))
        members = _Members(workspace, meeting.body_id)
        held = HeldByHand(
            question=options.question,
            ballots=_ballots(options, members),
            counts=_counts(options.counts),
            choices=tuple(options.choice),
            description=options.description,
            item_id=_item(workspace, meeting.id, options.item),
            weighted=options.weighted,
            base=MajorityBase(options.of),
            there=None if options.present is None else members.named(options.present),
            others=options.others.strip(),
        )
        made, _ = commands.record_vote(workspace, meeting.id, held)
        detail = queries.vote_detail(workspace, made)
        tell = results_in(workspace, options)
    if options.json:
        print_json(detail)
    else:
        _print(detail, tell)
    return 0


def cancel(options: argparse.Namespace) -> int:
    """`projectdesk vote cancel VOTE`."""
    try:
        vote = UUID(options.vote)
    except ValueError as error:
        text = "“{text}” is no vote's id; `projectdesk list votes --json` shows them."
        raise DomainError("not_an_id", text, text=options.vote) from error
    with opened(options) as workspace:
        commands.call_off_vote(workspace, vote)
        detail = queries.vote_detail(workspace, vote)
        tell = results_in(workspace, options)
    if options.json:
        print_json(detail)
    else:
        _print(detail, tell)
    return 0


def join(options: argparse.Namespace) -> int:
    """`projectdesk vote join MEETING [V3]`: offered, or done."""
    with opened(options) as workspace:
        meeting = meeting_id(workspace, options.meeting)
        offers = join_offers(workspace, meeting)
        if options.vote is not None:
            wanted = options.vote.upper()
            found = [each.vote_id for each in offers if each.vote == wanted]
            if not found:
                raise NotFound("nothing_to_join", "“{vote}” cannot be joined.", vote=options.vote)
            commands.join_vote(workspace, found[0])
            offers = join_offers(workspace, meeting)
    if options.json:
        print_json(offers)
        return 0
    print_table(
        ((each.vote, each.question, each.own, each.decision, each.text) for each in offers),
        ("Vote", "Question", "Made", "Typed", "Text"),
    )
    return 0


class _Members:
    """The members of a body by their short names, whatever their case."""

    def __init__(self, workspace: Workspace, body_id: UUID | None) -> None:
        rows = queries.body_members(workspace, body_id) if body_id is not None else []
        self._ids = {row.partner.casefold(): row.partner_id for row in rows}

    def find(self, name: str) -> UUID:
        """Return a member, or refuse a name that is none."""
        found = self._ids.get(name.strip().casefold())
        if found is None:
            raise NotFound("unknown_member", "The body has no member “{name}”.", name=name.strip())
        return found

    def named(self, names: str) -> list[UUID]:
        """Return the members of a list with commas."""
        return [self.find(name) for name in names.split(",") if name.strip()]


def _ballots(options: argparse.Namespace, members: _Members) -> dict[UUID, str]:
    pairs = [
        (member, choice)
        for choice, names in (
            (FOR, options.for_),
            (AGAINST, options.against_),
            (ABSTAIN, options.abstain_),
        )
        for member in members.named(names)
    ]
    for given in options.vote:
        name, sign, choice = given.partition("=")
        if not sign:
            raise DomainError("bad_vote", "“{given}” is not PARTNER=CHOICE.", given=given)
        pairs.append((members.find(name), choice.strip()))
    ballots: dict[UUID, str] = {}
    for member, choice in pairs:
        if member in ballots:
            raise DomainError("voted_twice", "A member is named twice: each votes once.")
        ballots[member] = choice
    return ballots


def _counts(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        raise DomainError(
            "bad_counts", "“{text}” is not a list of numbers, with commas.", text=text
        ) from error


def _item(workspace: Workspace, meeting: UUID, number: str | None) -> UUID | None:
    if number is None:
        return None
    rows = queries.agenda(workspace, meeting)
    found = next((row.id for row in rows if row.label == number.rstrip(".")), None)
    if found is None:
        raise NotFound("unknown_item", "The agenda has no item “{number}”.", number=number)
    return found


def _print(detail: VotingDetail, tell: Tells) -> None:
    vote = detail.vote
    secret = ", secret" if vote.secret else ""
    print(f"{vote.label}  {vote.question}  ({vote.state.value}{secret})")
    if vote.words:
        print(tell(vote))
    if vote.decision:
        print(f"Decision: {vote.decision}")
    seats: Sequence[tuple[str, str, str]] = [
        (
            seat.partner,
            seat.choice or ("voted" if seat.voted_at is not None else ""),
            ", ".join(
                words
                for words, holds in (
                    ("in default", seat.in_default),
                    ("absent", not seat.present and not seat.in_default),
                    (f"represented by {seat.proxy}", bool(seat.proxy)),
                    ("by hand", seat.by_hand),
                )
                if holds
            ),
        )
        for seat in detail.seats
    ]
    if seats:
        print_table(seats, ("member", "vote", "note"))
    print()
