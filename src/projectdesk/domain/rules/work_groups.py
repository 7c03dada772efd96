"""Who of a meeting's people would talk in which work package's group (CA-11).

The plan names who leads what, and a membership's function is free text ("WP3 leader"): so this is a
guess that fills a form, and the chair moves people before the groups are opened.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

_WORK_PACKAGE: Final = re.compile(r"\bwp\s*(\d+)", re.IGNORECASE)

P = TypeVar("P", bound=Hashable)


@dataclass(frozen=True)
class Member(Generic[P]):
    """Somebody invited: whom they are there for, and what their function says."""

    invitation: str
    partner: P | None
    function: str = ""


def group_by_work_package(
    members: Iterable[Member[P]], parts: Mapping[P, Sequence[int]]
) -> dict[int, list[str]]:
    """Return invitations by number of the work package, in the order of the numbers.

    A work package that the function names comes first, then the partner's: of several the one with
    the fewest people so far. Who belongs to none is in no group; nobody is in two.

    Args:
        members: everybody invited, in order.
        parts: numbers of the work packages in which a partner leads something, the most important
            first.
    """
    known = {number for numbers in parts.values() for number in numbers}
    groups: dict[int, list[str]] = {number: [] for number in sorted(known)}
    undecided: list[tuple[str, list[int]]] = []
    for member in members:
        own = parts.get(member.partner, ()) if member.partner is not None else ()
        named = [int(n) for n in _WORK_PACKAGE.findall(member.function) if int(n) in known]
        if named:
            groups[named[0]].append(member.invitation)
        elif own:
            undecided.append((member.invitation, list(own)))
    for invitation, choices in undecided:
        smallest = min(choices, key=lambda number: (len(groups[number]), choices.index(number)))
        groups[smallest].append(invitation)
    return {number: people for number, people in groups.items() if people}
