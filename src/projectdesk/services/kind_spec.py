"""What is said of a kind of record, and the rules that several kinds share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from projectdesk.services import field_rules as rule
from projectdesk.services.field_rules import Reference, Rule
from projectdesk.services.rows import Kind


@dataclass(frozen=True)
class KindSpec:
    """One kind. entity: its class. fixed: fields given once, when it is made. fields: editable.

    by_hand: whether a person makes such records; others come about by what happens.
    """

    entity: type[Any]
    noun: str
    plural: str
    fields: Mapping[str, Rule] = field(default_factory=dict)
    fixed: Mapping[str, Rule] = field(default_factory=dict)
    by_hand: bool = True


PROJECT = Reference(Kind.PROJECT, optional=False)
PARTNER = Reference(Kind.PARTNER, optional=False)
WORK_PACKAGE = Reference(Kind.WORK_PACKAGE, optional=False)
MEETING = Reference(Kind.MEETING, optional=False)
DAYS = rule.whole(0, 1000)
LENGTH = rule.whole(1, 14 * rule.DAY_MINUTES)
RELATED: Mapping[str, Rule] = {
    "work_package_id": Reference(Kind.WORK_PACKAGE),
    "deliverable_id": Reference(Kind.DELIVERABLE),
    "milestone_id": Reference(Kind.MILESTONE),
}
