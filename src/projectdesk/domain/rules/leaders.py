"""Who speaks for a partner: read from what people's functions say in words.

A membership's function is free text ("WP3 leader", "Scientific lead", "Project manager"), because
consortia name their functions as they like. So this is a guess that fills a form; the coordinator
corrects it in the agenda.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

_WORK_PACKAGES: Final = re.compile(r"\bwp\s*(\d+)", re.IGNORECASE)
_LEADS: Final = re.compile(r"\b(lead(er)?|head|chair)\b", re.IGNORECASE)
_SCIENTIFIC: Final = re.compile(r"\b(scientific|principal|investigator|technical)\b", re.IGNORECASE)
_MANAGES: Final = re.compile(r"(manag|coordinat)", re.IGNORECASE)


@dataclass(frozen=True)
class Candidate:
    """A partner's person and what they are there for."""

    person_id: UUID
    name: str
    function: str


def work_package_leader(people: Iterable[Candidate], number: int) -> Candidate | None:
    """Return who of a work package's lead partner leads it; None if the partner has nobody.

    Who is named as its leader comes first, then a leader of nothing in particular, scientific
    people, managers, everybody else; among equals the first given.
    """

    def rank(candidate: Candidate) -> int:
        function = candidate.function
        numbers = {int(found) for found in _WORK_PACKAGES.findall(function)}
        if number in numbers:
            return 0 if _LEADS.search(function) else 1
        if numbers:
            return 5
        if _LEADS.search(function):
            return 2
        if _SCIENTIFIC.search(function):
            return 3
        return 4 if _MANAGES.search(function) else 5

    return min(people, key=rank, default=None)


def project_manager(people: Iterable[Candidate]) -> Candidate | None:
    """Return who of the coordinator's people runs the project; None if it has nobody.

    A manager or coordinator comes first, then a leader of no single work package, then whoever is
    first.
    """

    def rank(candidate: Candidate) -> int:
        function = candidate.function
        if _MANAGES.search(function):
            return 0
        return 1 if _LEADS.search(function) and not _WORK_PACKAGES.search(function) else 2

    return min(people, key=rank, default=None)
