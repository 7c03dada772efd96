"""Person-months over time: planned shares, deviations, the order of partners (terms.md, Work plan).

Person-months are exact `Decimal`s with two places. Spans of project months are (first, last), both
included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

Span = tuple[int, int]
CENT: Final = Decimal("0.01")


def planned_share(months: Decimal, work: Span, period: Span) -> Decimal:
    """Return the person-months of a work package that are planned in a period.

    Spread evenly: months of the work package that lie in the period to all its months. Each share
    is the difference of two rounded sums, so that the shares of periods without gap add up to
    `months` exactly.

    Args:
        months: planned over the whole work package.
        work: months in which the work package runs.
        period: months of the period.
    """
    return _planned_until(months, work, period[1]) - _planned_until(months, work, period[0] - 1)


def _planned_until(months: Decimal, work: Span, last: int) -> Decimal:
    whole = work[1] - work[0] + 1
    passed = min(max(last - work[0] + 1, 0), whole)
    return (months * passed / whole).quantize(CENT, ROUND_HALF_UP)


def deviation(
    planned: Decimal | None,
    reported: Decimal | None,
    start_month: int,
    end_month: int,
    periods: Iterable[Span],
) -> Decimal | None:
    """Return reported person-months less what was planned for the same periods.

    None where neither was: nothing planned in these periods and nothing reported.
    """
    due = sum(
        (planned_share(planned or Decimal(0), (start_month, end_month), one) for one in periods),
        Decimal(0),
    )
    if reported is None and not due:
        return None
    return (reported or Decimal(0)) - due


@dataclass(frozen=True)
class Place:
    """Where a partner stands in the consortium: by number, an affiliated entity below another."""

    id: UUID
    number: int | None
    parent_id: UUID | None
    parent_number: int | None
    position: int


def parents_of(places: Sequence[Place]) -> Mapping[UUID, UUID | None]:
    """Return each partner's parent: by id, else by its number; None for one that has none here."""
    known = {place.id for place in places}
    by_number = {place.number: place.id for place in places if place.number is not None}
    found: dict[UUID, UUID | None] = {}
    for place in places:
        parent = place.parent_id
        if parent is None and place.parent_number is not None:
            parent = by_number.get(place.parent_number)
        found[place.id] = parent if parent in known and parent != place.id else None
    return found


def in_order(places: Sequence[Place]) -> list[UUID]:
    """Return partners by number and position, affiliated entities right after their parent."""
    parents = parents_of(places)
    ordered = sorted(places, key=lambda p: (p.number is None, p.number or 0, p.position, p.id))
    below: dict[UUID | None, list[UUID]] = {}
    for place in ordered:
        below.setdefault(parents[place.id], []).append(place.id)
    result: list[UUID] = []

    def take(partner: UUID) -> None:
        if partner not in result:
            result.append(partner)
            for child in below.get(partner, ()):
                take(child)

    for place in ordered:
        if parents[place.id] is None:
            take(place.id)
    for place in ordered:  # a ring of parents has no top
        take(place.id)
    return result
