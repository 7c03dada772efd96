"""What the console knows of the body, its quorum and its votes: built from messages; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QLocale

from projectdesk.desktop.language import say
from projectdesk.signalling import call, votes

_ORDER = {"open": 0, "counting": 1, "draft": 2, "closed": 3, "cancelled": 3}


class QuorumNews(StrEnum):
    """What became of the quorum while the console listened. NONE: it was not there yet."""

    NONE = "none"
    KEPT = "kept"
    BROKEN = "broken"
    RESTORED = "restored"


@dataclass(frozen=True)
class Assembly:
    """The body as of the last message; None in a meeting of no body. all_votes: the open first."""

    body: votes.BodyState | None = None
    news: QuorumNews = QuorumNews.NONE
    all_votes: tuple[votes.BodyVote, ...] = ()

    def after(self, message: call.HostMessage) -> Assembly:
        """Return it after a message of the host; most change nothing."""
        match message:
            case call.Welcome():
                return Assembly(news=self.news)
            case votes.BodyChanged(body=body):
                return replace(self, body=body, news=_news(self.news, body.quorum))
            case votes.VotesListed(votes=listed):
                return replace(self, all_votes=_in_order(listed))
            case votes.VoteChanged(vote=vote):
                others = (one for one in self.all_votes if one.number != vote.number)
                return replace(self, all_votes=_in_order([*others, vote]))
            case votes.VoteDiscarded(vote=number):
                kept = tuple(one for one in self.all_votes if one.number != number)
                return replace(self, all_votes=kept)
            case _:
                return self

    @property
    def going(self) -> votes.BodyVote | None:
        """The vote that is open or being counted."""
        return next((one for one in self.all_votes if one.state in {"open", "counting"}), None)

    def member(self, partner: str) -> votes.MemberState | None:
        """Return a member of the body, or None."""
        members = self.body.members if self.body is not None else []
        return next((one for one in members if one.partner == partner), None)


def in_words(words: votes.Words) -> str:
    """Return what the host says in several languages, in this desktop's; it begins a sentence."""
    text = words.get(QLocale().name()[:2], words.get("en", ""))
    return text[:1].upper() + text[1:]


def choice_words(vote: votes.BodyVote, choice: str) -> str:
    """Return a choice as it is shown."""
    if vote.own_choices:
        return choice
    return {"for": say("For|vote"), "against": say("Against"), "abstain": say("Abstain")}.get(
        choice, ""
    )


def standing_words(member: votes.MemberState, assembly: Assembly) -> str:
    """Return how a member stands: "present, Ana Sousa votes"."""
    if member.in_default:
        return say("in default, without a vote")
    holder = assembly.member(member.proxy)
    words = {
        "present": say("in the room") if member.in_room else say("present"),
        "represented": say(
            "represented by {member}", member=holder.name if holder is not None else ""
        ),
        "absent": say("absent"),
    }[member.standing]
    voter = say("{name} votes", name=member.voter_name) if member.voter_name else ""
    if not voter and member.standing == "present" and not member.in_room:
        voter = say("nobody votes for it: name who does")
    return ", ".join(part for part in (words, voter) if part)


def seat_words(vote: votes.BodyVote, seat: votes.SeatShown) -> str:
    """Return what is known of a seat's vote."""
    if not seat.voted:
        return say("has not voted")
    words = choice_words(vote, seat.choice) if seat.choice else say("has voted")
    return say("{choice}, written down by hand", choice=words) if seat.by_hand else words


def _news(before: QuorumNews, quorum: votes.QuorumState) -> QuorumNews:
    if quorum.met:
        lost = before in {QuorumNews.BROKEN, QuorumNews.RESTORED}
        return QuorumNews.RESTORED if lost else QuorumNews.KEPT
    return QuorumNews.NONE if before is QuorumNews.NONE else QuorumNews.BROKEN


def _in_order(listed: Iterable[votes.BodyVote]) -> tuple[votes.BodyVote, ...]:
    return tuple(sorted(listed, key=lambda one: (_ORDER[one.state], -one.number)))
