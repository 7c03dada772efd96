"""Whom the sample's later parts mean by "KIW", "henrike" or 3."""

from __future__ import annotations

from dataclasses import dataclass, field

from projectdesk.domain.consortium import Partner, Person, Project
from projectdesk.domain.workplan import Deliverable, WorkPackage


@dataclass
class Cast:
    """What was made so far, by the names that the sample's files use.

    people: by key, in their order. partner_of: person key -> partner; people of no partner are
    missing. deliverables: by "3.1".
    """

    project: Project
    partners: dict[str, Partner] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    partner_of: dict[str, Partner] = field(default_factory=dict)
    work_packages: dict[int, WorkPackage] = field(default_factory=dict)
    deliverables: dict[str, Deliverable] = field(default_factory=dict)
