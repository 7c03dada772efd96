"""Opening the sample project."""

from __future__ import annotations

import tomllib
from typing import Any
from uuid import UUID

from sqlalchemy import select

from projectdesk import resources
from projectdesk.services.sample.actions import make_action_notes
from projectdesk.services.sample.consortium import SOURCE, make_consortium
from projectdesk.services.sample.decisions import make_decisions
from projectdesk.services.sample.meetings import make_meetings
from projectdesk.services.sample.planning import make_planning
from projectdesk.services.sample.reporting import make_reporting
from projectdesk.services.sample.work_plan import make_work_plan
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_NAME = "saltmark"


def open_sample(workspace: Workspace) -> UUID:
    """Return the sample project, added in one change if it is not here yet.

    Nine months of a project that began on 1 March 2026: 12 partners in 8 countries and 4 time
    zones, 7 work packages, 30 deliverables, 10 milestones, four meetings held with their minutes,
    and a review on 8 December 2026. A sample that a person edited stays as it is.

    Raises:
        EnvironmentFailure: the database cannot be written.
    """
    c = schema.project.c
    with workspace.read() as session:
        present = session.scalar(select(c.id).where(c.source == SOURCE, c.source_id == _NAME))
    if present is not None:
        return UUID(str(present))
    with workspace.change("Open the sample project") as unit:
        cast = make_consortium(unit, _told("consortium"), _NAME)
        told = _told("work_plan")
        make_work_plan(unit, told, cast)
        make_planning(unit, told, cast)
        make_reporting(unit, cast)
        make_meetings(unit, _told("meetings"), cast)
        make_action_notes(unit, cast)
        make_decisions(unit, cast)
    return cast.project.id


def _told(part: str) -> dict[str, Any]:
    with resources.path("samples", _NAME, f"{part}.toml").open("rb") as stream:
        return tomllib.load(stream)
