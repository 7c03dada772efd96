"""Who is in a consortium on a day, who coordinates it, and in which order partners are listed.

Partners join and leave during a project, and the coordinator may change; nothing of what was is
overwritten. A day is inside a period when it is its first or last day or between; an open end means
as long as the project. Numbers are the grant agreement's: a partner keeps its number for good, one
that joins takes the next free one, and a new coordinator takes number 1 only where the amendment
says so (terms.md, People and organisations).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Protocol, TypeVar
from uuid import UUID

from projectdesk.domain.consortium import PartnerRole


class Participation(Protocol):
    """What these rules ask of a partner; the entity and its row both have it."""

    @property
    def id(self) -> UUID:
        """Its identity."""

    @property
    def role(self) -> PartnerRole:
        """Its role now."""

    @property
    def number(self) -> int | None:
        """Its participant number."""

    @property
    def parent_number(self) -> int | None:
        """The number of the beneficiary that it belongs to and shares."""

    @property
    def parent_id(self) -> UUID | None:
        """The beneficiary that it belongs to."""

    @property
    def position(self) -> int:
        """Its place where numbers say nothing."""

    @property
    def active_from(self) -> date | None:
        """Its first day."""

    @property
    def active_to(self) -> date | None:
        """Its last day."""

    @property
    def coordinator_from(self) -> date | None:
        """Its first day as coordinator."""

    @property
    def coordinator_to(self) -> date | None:
        """Its last day as coordinator."""


P = TypeVar("P", bound=Participation)

BENEFITING: Final = frozenset({PartnerRole.COORDINATOR, PartnerRole.BENEFICIARY})
"""Roles that stand on their own: others may belong to them, they to nobody."""
NEVER_COORDINATOR: Final = frozenset({PartnerRole.SUBCONTRACTOR, PartnerRole.GRANTING_AUTHORITY})
"""Roles that no coordinator comes from."""
_LAST: Final = 1 << 30


def is_active(partner: Participation, day: date) -> bool:
    """Return whether a partner takes part on a day."""
    return _within(day, partner.active_from, partner.active_to)


def active_on(partners: Iterable[P], day: date) -> list[P]:
    """Return the partners that take part on a day, in the order given."""
    return [partner for partner in partners if is_active(partner, day)]


def coordinates_on(partner: Participation, day: date) -> bool:
    """Return whether a partner is the coordinator on a day."""
    if not is_active(partner, day):
        return False
    if partner.role is PartnerRole.COORDINATOR:
        return _within(day, partner.coordinator_from, None)
    return partner.coordinator_to is not None and _within(
        day, partner.coordinator_from, partner.coordinator_to
    )


def coordinator_on(partners: Iterable[P], day: date) -> P | None:
    """Return who coordinates on a day; None where nobody is known to."""
    found = [partner for partner in partners if coordinates_on(partner, day)]
    return min(found, key=lambda partner: partner.number or _LAST, default=None)


def role_on(partner: Participation, day: date) -> PartnerRole:
    """Return the role of a partner on a day: who coordinates later or before is a beneficiary."""
    if coordinates_on(partner, day):
        return PartnerRole.COORDINATOR
    return PartnerRole.BENEFICIARY if partner.role in BENEFITING else partner.role


def coordinate_together(first: Participation, second: Participation) -> bool:
    """Return whether there is a day on which both would be the coordinator."""
    ours, theirs = _coordination(first), _coordination(second)
    return bool(ours and theirs and ours[0] <= theirs[1] and theirs[0] <= ours[1])


def _coordination(partner: Participation) -> tuple[date, date] | None:
    """Return the first and last day as coordinator, None for one that never is."""
    still = partner.role is PartnerRole.COORDINATOR
    if not still and partner.coordinator_to is None:
        return None
    first = max(partner.coordinator_from or date.min, partner.active_from or date.min)
    ended = date.max if still else partner.coordinator_to or date.max
    last = min(ended, partner.active_to or date.max)
    return (first, last) if first <= last else None


def _within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


# --- order and numbers ----------------------------------------------------------------------------


def parents(partners: Sequence[P]) -> dict[UUID, P]:
    """Return the beneficiary of each partner that belongs to one of them.

    Older records know it by the number that they share only.
    """
    by_id = {partner.id: partner for partner in partners}
    by_number = {p.number: p for p in reversed(partners) if p.number is not None}
    found: dict[UUID, P] = {}
    for partner in partners:
        parent = by_id.get(partner.parent_id) if partner.parent_id is not None else None
        if parent is None and partner.number is None and partner.parent_number is not None:
            parent = by_number.get(partner.parent_number)
        if parent is not None and parent.id != partner.id:
            found[partner.id] = parent
    return found


def in_order(partners: Sequence[P]) -> list[P]:
    """Return partners by number, each followed by those that belong to it."""
    parent_of = parents(partners)
    below: dict[UUID, list[P]] = {}
    tops: list[P] = []
    for partner in partners:
        parent = parent_of.get(partner.id)
        # Two that name each other, or a chain, would lose both: one step is all there is.
        if parent is None or parent.id in parent_of:
            tops.append(partner)
        else:
            below.setdefault(parent.id, []).append(partner)
    ordered: list[P] = []
    for top in sorted(tops, key=_place):
        ordered += [top, *sorted(below.get(top.id, ()), key=_place)]
    return ordered


def _place(partner: Participation) -> tuple[int, bool, int]:
    own = partner.number or partner.parent_number or _LAST
    return own, partner.number is None, partner.position


def renumbered(ordered: Sequence[P]) -> dict[UUID, tuple[int | None, int | None]]:
    """Return number and parent's number of each partner, numbered anew without gaps.

    Args:
        ordered: all partners, in the order wanted. Who has no number of its own, because it shares
            its beneficiary's, stays so.
    """
    parent_of = parents(ordered)
    numbers: dict[UUID, int] = {}
    for partner in ordered:
        if partner.number is not None or partner.id not in parent_of:
            numbers[partner.id] = len(numbers) + 1
    found: dict[UUID, tuple[int | None, int | None]] = {}
    for partner in ordered:
        parent = parent_of.get(partner.id)
        own = numbers.get(partner.id)
        shared = numbers.get(parent.id) if parent is not None and own is None else None
        found[partner.id] = (own, shared)
    return found


def in_agreements_order(partners: Sequence[P]) -> list[P]:
    """Return partners as an agreement lists them: the coordinator first, then by number."""
    ordered = in_order(partners)
    parent_of = parents(partners)
    leads = [p.id for p in ordered if p.role is PartnerRole.COORDINATOR and p.active_to is None]
    first = leads[0] if leads else None
    family = [p for p in ordered if p.id == first or _belongs(p, first, parent_of)]
    return family + [p for p in ordered if p not in family]


def in_order_asked(partners: Sequence[P], order: Sequence[UUID]) -> list[P]:
    """Return partners in an order that somebody asks for.

    Args:
        partners: all of a project.
        order: ids of those that come first, in this order; the others follow as an agreement lists
            them.
    """
    place = {partner: at for at, partner in enumerate(order)}
    return sorted(in_agreements_order(partners), key=lambda each: place.get(each.id, len(place)))


def _belongs(partner: P, to: UUID | None, parent_of: Mapping[UUID, P]) -> bool:
    parent = parent_of.get(partner.id)
    return parent is not None and parent.id == to
