"""In which zone a project lives."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.places import has_several_zones, zone_at, zones_of
from projectdesk.services.queries.consortium import partners, people
from projectdesk.services.workspace import Workspace


def coordinator_zone(workspace: Workspace, project_id: UUID) -> str:
    """Return the coordinator's zone: of most of its people, else of its place; "" = unknown."""
    leading = next(
        (row for row in partners(workspace, project_id) if row.role is PartnerRole.COORDINATOR),
        None,
    )
    if leading is None:
        return ""
    ours = [row.zone for row in people(workspace, project_id) if row.partner_id == leading.id]
    known = Counter(zone for zone in ours if zone)
    if known:
        return min(known, key=lambda zone: (-known[zone], zone))
    if leading.latitude is not None and leading.longitude is not None:
        return zone_at(leading.country, leading.latitude, leading.longitude)
    places = zones_of(leading.country)
    return places[0].zone if places and not has_several_zones(leading.country) else ""
