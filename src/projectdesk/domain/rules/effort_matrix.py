"""The effort matrix (terms.md): order of its partners, and how far reported and planned are apart.

The plan of a cell is one figure for the whole project, spread evenly over the months of its work
package (`rules.effort.planned_share`). A partner's months have passed as far as it has reported on
them: a period that nobody answered for is a missing report, not an effort of zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from projectdesk.domain.rules.effort import Span, planned_share

_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Place:
    """What orders a partner. number: participant number. parent_id, parent_number: its parent."""

    id: UUID
    number: int | None = None
    parent_id: UUID | None = None
    parent_number: int | None = None
    position: int = 0


def in_order(places: Iterable[Place]) -> list[UUID]:
    """Return ids of partners by number, each affiliated entity right after its parent.

    Those without a number come last, by position.
    """
    ranked = sorted(places, key=_rank)
    parents = parents_of(ranked)
    below: dict[UUID | None, list[UUID]] = {}
    for place in ranked:
        below.setdefault(parents[place.id], []).append(place.id)
    ordered: dict[UUID, None] = {}
    open_ends = list(reversed(below.get(None, [])))
    while open_ends:
        here = open_ends.pop()
        ordered[here] = None
        open_ends.extend(reversed(below.get(here, [])))
    for place in ranked:  # parents in a ring, which no rule makes
        ordered.setdefault(place.id, None)
    return list(ordered)


def parents_of(places: Iterable[Place]) -> Mapping[UUID, UUID | None]:
    """Return the parent of each partner that is among `places` too, by reference or number."""
    known = list(places)
    ids = {place.id for place in known}
    by_number = {place.number: place.id for place in known if place.number is not None}
    parents: dict[UUID, UUID | None] = {}
    for place in known:
        parent = place.parent_id
        if parent is None and place.parent_number is not None:
            parent = by_number.get(place.parent_number)
        parents[place.id] = parent if parent in ids and parent != place.id else None
    return parents


def _rank(place: Place) -> tuple[bool, int, int, str]:
    return (place.number is None, place.number or 0, place.position, str(place.id))


def planned_to_date(planned: Decimal, work: Span, passed: Iterable[Span]) -> Decimal:
    """Return what of a plan belongs to the months that passed, to 0.01 person-months.

    Args:
        planned: person-months over the whole work package.
        work: its months.
        passed: spans that passed; a month in two of them counts once.
    """
    return sum((planned_share(planned, work, span) for span in _merged(passed)), _NOTHING)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def deviation(
    planned: Decimal | None, reported: Decimal | None, work: Span, passed: Sequence[Span]
) -> Decimal | None:
    """Return reported less planned pro rata; None where nothing was to be and nothing was.

    Args:
        planned: person-months over the whole work package, None = none.
        reported: person-months of all reported periods, None = none.
        work: the work package's months.
        passed: the periods that the partner has reported on; none = nothing to compare.
    """
    if not passed:
        return None
    expected = planned_to_date(planned or _NOTHING, work, passed)
    if not expected and not reported:
        return None
    return (reported or _NOTHING) - expected
