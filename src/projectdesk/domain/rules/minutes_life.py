"""The life of minutes: when a draft is due, who gets it, how long it may be objected to (terms.md).

Deadlines are the ends of days in the meeting's zone, fixed when they are set. What a deadline
brings is drawn only once the host of the links was heard past it (decisions 2): by the host's
clock, never by the one of this computer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from projectdesk.domain.minutes import MinutesState, ObjectionState
from projectdesk.domain.rules.reporting import end_of


def draft_due(ended_at: datetime, days: int, zone: tzinfo) -> datetime:
    """Return until when the draft of a meeting's minutes is to be circulated, UTC.

    Args:
        ended_at: when the meeting ended (or was planned to).
        days: `Body.minutes_draft_days`.
        zone: the meeting's.
    """
    return _end_after(ended_at, days, zone)


def window_end(circulated_at: datetime, days: int, zone: tzinfo) -> datetime:
    """Return until when minutes that are circulated now may be objected to (or vetoed), UTC.

    The day of circulation does not count: somebody who gets them late in the evening has all of
    the days.

    Args:
        circulated_at: the moment.
        days: `Body.minutes_accept_days`, or `Body.veto_days`.
        zone: the meeting's.
    """
    return _end_after(circulated_at, days, zone)


def days_late(due_at: datetime, now: datetime, zone: tzinfo) -> int:
    """Return how many days a draft is late, by the calendar of a zone; negative while it is not."""
    return (now.astimezone(zone).date() - due_at.astimezone(zone).date()).days


def _end_after(begin: datetime, days: int, zone: tzinfo) -> datetime:
    return end_of(begin.astimezone(zone).date() + timedelta(days=days), zone).astimezone(UTC)


# --- who gets them --------------------------------------------------------------------------------


class Why(StrEnum):
    """Why somebody gets minutes, the strongest first."""

    REPRESENTATIVE = "representative"
    DEPUTY = "deputy"
    VETO = "veto"
    ATTENDED = "attended"
    INVITED = "invited"
    ADDED = "added"


@dataclass(frozen=True)
class Somebody:
    """A person, and the partner whom they stand for; None = they belong to none."""

    person: UUID
    partner: UUID | None = None


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets minutes. may_object: they stand for a party of the project."""

    person: UUID
    partner: UUID | None
    why: Why

    @property
    def may_object(self) -> bool:
        """Return whether an objection of theirs counts."""
        return self.partner is not None


def recipients(groups: Mapping[Why, Iterable[Somebody]]) -> list[Recipient]:
    """Return who gets minutes: each person once, for the strongest reason there is.

    Every member of the body by representative and deputy, also who was absent; who attended or was
    invited; the contacts of parties that are no members and may veto.

    Args:
        groups: reason to people. Who is asked for one partner as a member and attended for none is
            written to for that partner.
    """
    found: dict[UUID, Recipient] = {}
    for why in Why:
        for each in groups.get(why, ()):
            known = found.get(each.person)
            if known is None:
                found[each.person] = Recipient(each.person, each.partner, why)
            elif known.partner is None and each.partner is not None:
                found[each.person] = Recipient(each.person, each.partner, known.why)
    return list(found.values())


def may_veto(*, is_party: bool, is_member: bool, added_later: bool) -> bool:
    """Return whether a party may veto a decision in answer to the draft minutes (terms.md).

    A member could veto an item of the original agenda only during the meeting; an item that was
    added later, also afterwards. A party that is no member of the body first learns of the decision
    by the minutes.

    Args:
        is_party: stands for a partner of the project.
        is_member: the partner has a seat in the body.
        added_later: the item came onto the agenda after it was sent, or there is none.
    """
    return is_party and (not is_member or added_later)


def takes_veto(state: MinutesState, until: datetime | None, at: datetime) -> bool:
    """Return whether a veto in answer to minutes comes in time.

    Its window has days of its own (terms.md): acceptance of the minutes does not end it early.

    Args:
        state: of the minutes.
        until: end of the decision's window; None = it was not opened.
        at: when the veto was received.
    """
    if until is None:
        return state is MinutesState.CIRCULATED
    return state in {MinutesState.CIRCULATED, MinutesState.ACCEPTED} and at <= until


# --- where they stand -----------------------------------------------------------------------------


class Standing(StrEnum):
    """Where a revision of minutes stands.

    WINDOW: objections are taken. WAITING: the window is over, but the host of the links was not
    heard since. OBJECTED: objections wait for the chair's answer. UPHELD: one was upheld, so a new
    revision is due. ANSWERED: all are declined; the chair may accept. UNOPPOSED: nobody objected,
    they are accepted.
    """

    DRAFT = "draft"
    WINDOW = "window"
    WAITING = "waiting"
    OBJECTED = "objected"
    UPHELD = "upheld"
    ANSWERED = "answered"
    UNOPPOSED = "unopposed"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"


_OVER: Final = frozenset(
    {Standing.OBJECTED, Standing.UPHELD, Standing.ANSWERED, Standing.UNOPPOSED}
)
_FIXED: Final[Mapping[MinutesState, Standing]] = MappingProxyType(
    {
        MinutesState.DRAFT: Standing.DRAFT,
        MinutesState.ACCEPTED: Standing.ACCEPTED,
        MinutesState.SUPERSEDED: Standing.SUPERSEDED,
    }
)


@dataclass(frozen=True)
class Life:
    """What the standing of minutes follows from.

    held: the meeting is over, or somebody says so by circulating. has_text: something is written.
    until: end of the window. hosted: a host took their links. heard_until: as far as that host's
    journal is collected, by its own clock; None = it was not heard yet. objections: the states of
    those there are.
    """

    state: MinutesState
    now: datetime
    has_text: bool = True
    held: bool = True
    until: datetime | None = None
    hosted: bool = True
    heard_until: datetime | None = None
    objections: Sequence[ObjectionState] = field(default=())


def standing(life: Life) -> Standing:
    """Return where minutes stand."""
    if life.state in _FIXED:
        return _FIXED[life.state]
    if not _heard_past(life):
        over = life.until is not None and life.now > life.until
        return Standing.WAITING if over else Standing.WINDOW
    if ObjectionState.OPEN in life.objections:
        return Standing.OBJECTED
    if ObjectionState.UPHELD in life.objections:
        return Standing.UPHELD
    if ObjectionState.DECLINED in life.objections:
        return Standing.ANSWERED
    return Standing.UNOPPOSED


def _heard_past(life: Life) -> bool:
    """Return whether nothing can come any more that was received in time.

    By the host's clock: this computer's may be wrong. Where no host has links, nothing can come
    from one, and the clock here is all there is.
    """
    if life.until is None:
        return True
    if not life.hosted:
        return life.now > life.until
    return life.heard_until is not None and life.heard_until > life.until


class Step(StrEnum):
    """What can be done with minutes."""

    CIRCULATE = "circulate"
    SEND = "send"
    ANSWER = "answer"
    REVISE = "revise"
    ACCEPT = "accept"
    APPROVE = "approve"


class Bar(StrEnum):
    """Why something cannot be done now."""

    NOT_HELD = "not_held"
    EMPTY = "empty"
    NOT_CIRCULATED = "not_circulated"
    CIRCULATED = "circulated"
    WINDOW = "window"
    WAITING = "waiting"
    OBJECTED = "objected"
    UPHELD = "upheld"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"


def bar(step: Step, life: Life) -> Bar | None:
    """Return why a step cannot be taken now; None = it can."""
    where = standing(life)
    if where is Standing.SUPERSEDED:
        return Bar.SUPERSEDED
    match step:
        case Step.CIRCULATE:
            return _bar_circulating(where, life)
        case Step.SEND | Step.ANSWER:
            return Bar.NOT_CIRCULATED if where is Standing.DRAFT else None
        case Step.REVISE:
            return _bar_revising(where, life)
        case Step.ACCEPT:
            return _bar_accepting(where)
        case Step.APPROVE:
            return _bar_approving(where, life)


def _bar_circulating(where: Standing, life: Life) -> Bar | None:
    if where is Standing.ACCEPTED:
        return Bar.ACCEPTED
    if where is not Standing.DRAFT:
        return Bar.CIRCULATED
    if not life.held:
        return Bar.NOT_HELD
    return None if life.has_text else Bar.EMPTY


def _bar_revising(where: Standing, life: Life) -> Bar | None:
    """A new revision leaves no objection of the old one behind without an answer."""
    if where is Standing.DRAFT:
        return Bar.NOT_CIRCULATED
    return Bar.OBJECTED if ObjectionState.OPEN in life.objections else None


def _bar_accepting(where: Standing) -> Bar | None:
    bars = {
        Standing.DRAFT: Bar.NOT_CIRCULATED,
        Standing.WINDOW: Bar.WINDOW,
        Standing.WAITING: Bar.WAITING,
        Standing.OBJECTED: Bar.OBJECTED,
        Standing.UPHELD: Bar.UPHELD,
        Standing.ACCEPTED: Bar.ACCEPTED,
    }
    return bars.get(where)


def _bar_approving(where: Standing, life: Life) -> Bar | None:
    """A body that approves minutes at its meeting need not wait for a window.

    Objections are decided by it, not passed over: they are answered first.
    """
    if where is Standing.DRAFT:
        return Bar.NOT_CIRCULATED
    if where is Standing.ACCEPTED:
        return Bar.ACCEPTED
    if ObjectionState.OPEN in life.objections:
        return Bar.OBJECTED
    return Bar.UPHELD if ObjectionState.UPHELD in life.objections else None


def is_over(where: Standing) -> bool:
    """Return whether the window is over, and what came in it is known."""
    return where in _OVER


_PARTY_CONTACTS: Final = (
    ("legal", "signator", "authori"),
    ("scientific", "principal", "lead", "director"),
    ("manager",),
)
"""Parts of functions of people who can speak for a party, the best first."""


def choose_party_contact(functions: Sequence[str]) -> int:
    """Return which of a party's people is told of a decision that it may veto; at least one."""

    def rank(function: str) -> int:
        words = function.casefold()
        for at, parts in enumerate(_PARTY_CONTACTS):
            if any(part in words for part in parts):
                return at
        return len(_PARTY_CONTACTS)

    return min(range(len(functions)), key=lambda index: rank(functions[index]))
