"""Breakout rooms that a meeting's work plan suggests: one for each work package with people."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from projectdesk.domain.rules.work_groups import Member, group_by_work_package
from projectdesk.services.queries.consortium import people
from projectdesk.services.queries.meetings import invitations, meeting
from projectdesk.services.queries.workplan import deliverables, tasks, work_packages
from projectdesk.services.rows import DeliverableRow, TaskRow
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.breakouts import MAX_GROUP_NAME, MAX_GROUPS, PlannedGroup

_FEWEST = 2
"""One group is no division."""


def propose_groups(workspace: Workspace, meeting_id: UUID) -> list[PlannedGroup]:
    """Return groups by work package for who is invited; empty where the plan suggests none.

    Raises:
        NotFound: no such meeting.
    """
    project = meeting(workspace, meeting_id).project_id
    packages = work_packages(workspace, project)
    numbers = {package.id: package.number for package in packages}
    parts: dict[UUID, list[int]] = defaultdict(list)
    for package in packages:
        if package.lead_partner_id is not None:
            parts[package.lead_partner_id].append(package.number)
    leads: list[TaskRow | DeliverableRow] = [
        *tasks(workspace, project),
        *deliverables(workspace, project),
    ]
    for led in leads:
        number = numbers[led.work_package_id]
        if led.lead_partner_id is not None and number not in parts[led.lead_partner_id]:
            parts[led.lead_partner_id].append(number)
    functions = {person.id: person.function for person in people(workspace, project)}
    members = [
        Member(row.id.hex, row.partner_id, functions.get(row.person_id, ""))
        for row in invitations(workspace, meeting_id)
        if not row.revoked
    ]
    titles = {package.number: f"{package.label} {package.title}".strip() for package in packages}
    groups = [
        PlannedGroup(name=titles[number][:MAX_GROUP_NAME].rstrip(), people=invited)
        for number, invited in group_by_work_package(members, parts).items()
    ]
    return groups[:MAX_GROUPS] if len(groups) >= _FEWEST else []
