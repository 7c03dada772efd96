"""Written procedure: until when a body answers, what carries, how far it is (terms.md, Rules).

It passes with a share of all votes of the body, and the same share has to answer: silence is no
consent. A veto is taken for some days from the notice of the result on. Effects are drawn only when
the host of the links was heard past a deadline (decisions 2).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TypeVar

from projectdesk.catalogues import catalogue, first_known, form
from projectdesk.domain.rules.minutes_life import window_end
from projectdesk.domain.rules.quorum import Seat, share_of
from projectdesk.domain.rules.reporting import end_of
from projectdesk.domain.rules.vote_words import result_words
from projectdesk.domain.rules.voting import Result, VoteRules, count
from projectdesk.domain.voting import MajorityBase, VoteResult, VoteState

P = TypeVar("P", bound=Hashable)


class ProcedureStage(StrEnum):
    """How far a written procedure is.

    DRAFT: not sent. VOTING: answers are taken. WAITING: the deadline is over, the host was not
    heard since. DUE: it can be closed. RESULT: closed, the result was not told yet. VETO: told,
    a veto is taken. VETO_WAITING: that time is over, the host was not heard since. OVER, CANCELLED.
    """

    DRAFT = "draft"
    VOTING = "voting"
    WAITING = "waiting"
    DUE = "due"
    RESULT = "result"
    VETO = "veto"
    VETO_WAITING = "veto_waiting"
    OVER = "over"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Progress:
    """What says how far a procedure is.

    missing: members with a vote that have not answered. closes_early: it may close when nobody is
    missing. carried: by its result. hosted: a host has its desks; heard_until: as far as that
    host's journal is collected, None = it was not heard yet.
    """

    state: VoteState
    now: datetime
    deadline: datetime | None = None
    missing: int = 0
    closes_early: bool = False
    carried: bool = False
    notice_at: datetime | None = None
    veto_until: datetime | None = None
    hosted: bool = False
    heard_until: datetime | None = None


def stage_of(progress: Progress) -> ProcedureStage:
    """Return how far a procedure is."""
    match progress.state:
        case VoteState.DRAFT:
            return ProcedureStage.DRAFT
        case VoteState.CANCELLED:
            return ProcedureStage.CANCELLED
        case VoteState.OPEN:
            return _voting(progress)
        case VoteState.CLOSED:
            return _closed(progress)


def earliest_deadline(opened_at: datetime, days: int, zone: tzinfo) -> datetime:
    """Return the earliest deadline that a procedure opened now may have, UTC.

    The whole of the last day counts, by the clock of `zone`; the day of opening does not.
    """
    return end_of(opened_at.astimezone(zone).date() + timedelta(days=days), zone).astimezone(UTC)


def veto_end(notice_at: datetime, days: int, zone: tzinfo) -> datetime:
    """Return until when a veto is taken, UTC: the day of the notice does not count."""
    return window_end(notice_at, days, zone)


def votes_needed(seats: Collection[Seat[P]], rules: VoteRules) -> tuple[int, int]:
    """Return how many votes carry, and of how many, both by weight.

    >>> votes_needed([Seat(each) for each in range(11)], VoteRules(51, 100))
    (6, 11)
    """
    whole = sum(seat.weight if rules.weighted else 1 for seat in seats if not seat.in_default)
    return share_of(whole, rules.majority_numerator, rules.majority_denominator), whole


def written_rules(numerator: int, denominator: int, choices: Collection[str] = ()) -> VoteRules:
    """Return what a written procedure is counted by, out of a body's written share."""
    return VoteRules(
        majority_numerator=numerator,
        majority_denominator=denominator,
        base=MajorityBase.ALL,
        quorum_numerator=numerator,
        quorum_denominator=denominator,
        choices=tuple(choices),
    )


def count_written(rules: VoteRules, seats: Collection[Seat[P]], ballots: Mapping[P, str]) -> Result:
    """Count a written procedure. One of its own choices wins with the share of all, not by most."""
    result = count(rules, seats, ballots)
    if result.result is VoteResult.CHOSEN and max(result.counts) < votes_needed(seats, rules)[0]:
        return replace(result, result=VoteResult.LOST, chosen="")
    return result


def written_words(result: Result, language: str = "en") -> str:
    """Return the result of a written procedure in words, with the rule.

    What has choices of its own is carried by a share of all, which `result_words` does not know.
    """
    if not result.rules.choices or result.result is VoteResult.NO_QUORUM:
        return result_words(result, language)
    numbers = {
        "n": max(result.counts),
        "whole": result.whole,
        "needed": share_of(
            result.whole, result.rules.majority_numerator, result.rules.majority_denominator
        ),
        "share": share_text(result.rules.majority_numerator, result.rules.majority_denominator),
        "choice": result.chosen,
    }
    known = first_known("rules", [language])
    key = "written.chosen" if result.result is VoteResult.CHOSEN else "written.none"
    return form(catalogue("rules", known)[key], known).format(**numbers)


def share_text(numerator: int, denominator: int) -> str:
    """Return a share as people write it: "51 %" or "2/3"."""
    if 100 % denominator == 0:
        return f"{numerator * 100 // denominator}\N{NO-BREAK SPACE}%"
    return f"{numerator}/{denominator}"


def _voting(progress: Progress) -> ProcedureStage:
    if progress.missing == 0 and progress.closes_early:
        return ProcedureStage.DUE
    if progress.deadline is None or progress.now <= progress.deadline:
        return ProcedureStage.VOTING
    return ProcedureStage.DUE if _heard(progress, progress.deadline) else ProcedureStage.WAITING


def _closed(progress: Progress) -> ProcedureStage:
    if progress.notice_at is None:
        return ProcedureStage.RESULT
    if not progress.carried or progress.veto_until is None:
        return ProcedureStage.OVER
    if progress.now <= progress.veto_until:
        return ProcedureStage.VETO
    heard = _heard(progress, progress.veto_until)
    return ProcedureStage.OVER if heard else ProcedureStage.VETO_WAITING


def _heard(progress: Progress, deadline: datetime) -> bool:
    """Tell whether nothing from before a deadline can still be at the host."""
    if not progress.hosted:
        return True
    return progress.heard_until is not None and progress.heard_until > deadline
