"""Quorum: how many members of a body are there, in person or by proxy (terms.md, Rules of a body).

A partner has one seat and counts once, however many people it sends and however many represent it.
A member declared in default has no vote, and its seat is not one of the seats that are counted.
A proxy is held for a member; who holds it must be there in person: proxies do not chain.

Ids of partners are whatever the caller has (uuids in the desktop, text in a room).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from projectdesk.domain.rules.attendance import Interval, union

P = TypeVar("P", bound=Hashable)


@dataclass(frozen=True)
class Seat(Generic[P]):
    """A member's seat. weight: of its vote where votes are weighted. in_default: has no vote."""

    partner: P
    weight: int = 1
    in_default: bool = False


@dataclass(frozen=True)
class ProxyGiven(Generic[P]):
    """`giver` lets `holder` represent it, from `since` (None = from the beginning) to `until`."""

    giver: P
    holder: P
    since: datetime | None = None
    until: datetime | None = None

    def holds_at(self, at: datetime) -> bool:
        """Tell whether it holds at an instant; it does from `since` on, and at `until` no more."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


class ProxyFault(StrEnum):
    """Why a proxy cannot be given."""

    NOT_ALLOWED = "not_allowed"
    NO_MEMBER = "no_member"
    ITSELF = "itself"
    IN_DEFAULT = "in_default"
    CHAIN = "chain"
    LIMIT = "limit"
    TWICE = "twice"


@dataclass(frozen=True)
class Quorum(Generic[P]):
    """How a body stands.

    seats: with a vote. present: of them, in person; represented: not in person, by proxy. needed:
    smallest number that is at least the share. there: the partners present or represented.
    represented_by: holder by the member it represents.
    """

    seats: int
    present: int
    represented: int
    needed: int
    there: frozenset[P] = frozenset()
    represented_by: Mapping[P, P] | None = None

    @property
    def met(self) -> bool:
        """Tell whether it is quorate; a body in which nobody has a vote never is."""
        return self.seats > 0 and self.present + self.represented >= self.needed


@dataclass(frozen=True)
class QuorumStep(Generic[P]):
    """How a body stood from `at` on, until the next step."""

    at: datetime
    quorum: Quorum[P]


def share_of(whole: int, numerator: int, denominator: int) -> int:
    """Return the smallest whole number that is at least numerator/denominator of `whole`.

    >>> share_of(11, 2, 3), share_of(12, 2, 3), share_of(11, 51, 100)
    (8, 8, 6)
    """
    share = whole * Fraction(numerator, denominator)
    return -((-share.numerator) // share.denominator)


def proxy_fault(
    seats: Iterable[Seat[P]],
    proxies: Collection[ProxyGiven[P]],
    giver: P,
    holder: P,
    *,
    limit: int,
) -> ProxyFault | None:
    """Return why `giver` cannot be represented by `holder`, or None.

    Args:
        seats: of the body.
        proxies: that hold now.
        giver: the member that wants to be represented.
        holder: the member that shall represent it.
        limit: how many members one may represent, 0 = the body takes no proxies.
    """
    in_default = {seat.partner: seat.in_default for seat in seats}
    if limit <= 0:
        return ProxyFault.NOT_ALLOWED
    if giver not in in_default or holder not in in_default:
        return ProxyFault.NO_MEMBER
    if giver == holder:
        return ProxyFault.ITSELF
    if in_default[giver] or in_default[holder]:
        return ProxyFault.IN_DEFAULT
    if any(proxy.giver == giver for proxy in proxies):
        return ProxyFault.TWICE
    if any(proxy.giver == holder or proxy.holder == giver for proxy in proxies):
        return ProxyFault.CHAIN
    if sum(proxy.holder == holder for proxy in proxies) >= limit:
        return ProxyFault.LIMIT
    return None


def quorum(
    seats: Iterable[Seat[P]],
    present: Collection[P],
    proxies: Iterable[ProxyGiven[P]] = (),
    *,
    numerator: int = 2,
    denominator: int = 3,
) -> Quorum[P]:
    """Return how a body stands.

    A member that is there itself is not represented, whatever proxy it gave.

    Args:
        seats: of the body, one for each partner.
        present: partners of whom somebody is there; others than members count for nothing.
        proxies: that hold.
        numerator: of the share of the seats that is needed.
        denominator: of it.
    """
    voting = {seat.partner for seat in seats if not seat.in_default}
    here = voting.intersection(present)
    by: dict[P, P] = {}
    for proxy in proxies:
        if proxy.giver in voting - here and proxy.holder in here and proxy.giver not in by:
            by[proxy.giver] = proxy.holder
    needed = share_of(len(voting), numerator, denominator)
    return Quorum(len(voting), len(here), len(by), needed, frozenset(here | by.keys()), by)


def quorum_over_time(
    seats: Sequence[Seat[P]],
    presence: Mapping[P, Iterable[Interval]],
    proxies: Sequence[ProxyGiven[P]],
    meeting: Interval,
    *,
    numerator: int = 2,
    denominator: int = 3,
) -> tuple[QuorumStep[P], ...]:
    """Return how a body stood over a meeting: a step at its start, and one at each change.

    Args:
        seats: of the body.
        presence: by partner, when somebody of it was there; the intervals may overlap.
        proxies: with the times at which they held.
        meeting: its start and end; what lies outside is left out.
        numerator: of the share of the seats that is needed.
        denominator: of it.
    """
    start, end = meeting
    merged = {partner: union(intervals) for partner, intervals in presence.items()}
    marks = {start}
    marks.update(mark for spans in merged.values() for span in spans for mark in span)
    marks.update(mark for proxy in proxies for mark in (proxy.since, proxy.until) if mark)
    steps: list[QuorumStep[P]] = []
    for at in sorted(mark for mark in marks if start <= mark < end or mark == start):
        now = quorum(
            seats,
            [p for p, spans in merged.items() if any(a <= at < b for a, b in spans)],
            [proxy for proxy in proxies if proxy.holds_at(at)],
            numerator=numerator,
            denominator=denominator,
        )
        if not steps or steps[-1].quorum != now:
            steps.append(QuorumStep(at, now))
    return tuple(steps)
