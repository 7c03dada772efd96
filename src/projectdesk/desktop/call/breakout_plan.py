"""Breakout rooms while they are planned at the desktop; pure."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from projectdesk.signalling.breakouts import PlannedGroup

Plan = tuple[PlannedGroup, ...]


def resized(plan: Plan, count: int, name: Callable[[int], str]) -> Plan:
    """Return a plan with another number of groups; who was in one that went is in none.

    Args:
        plan: the groups so far.
        count: at least 1.
        name: of a new group, by its number from 1.
    """
    fresh = (PlannedGroup(name=name(number), people=[]) for number in range(1, count + 1))
    return tuple(plan[place] if place < len(plan) else new for place, new in enumerate(fresh))


def placed(plan: Plan, person: str, target: int | None) -> Plan:
    """Return a plan with somebody in one group (its place) and no other; None = the main room."""
    made = []
    for place, group in enumerate(plan):
        others = [one for one in group.people if one != person]
        made.append(replace(group, people=[*others, person] if place == target else others))
    return tuple(made)


def dealt_out(plan: Plan, people: Sequence[str], source: random.Random) -> Plan:
    """Return the plan's groups with these people, by chance and as evenly as can be."""
    order = list(people)
    source.shuffle(order)
    return tuple(
        replace(group, people=order[place :: len(plan)]) for place, group in enumerate(plan)
    )


def renamed(plan: Plan, place: int, name: str) -> Plan:
    """Return a plan with another name for a group."""
    return tuple(replace(g, name=name) if at == place else g for at, g in enumerate(plan))


def openable(plan: Plan) -> list[PlannedGroup]:
    """Return what can be opened: names trimmed, groups without a name left out."""
    trimmed = (replace(group, name=group.name.strip()) for group in plan)
    return [group for group in trimmed if group.name]
