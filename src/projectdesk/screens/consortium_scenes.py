"""Scenes of a consortium that changes, of its mailing lists, and of the world."""

from __future__ import annotations

from datetime import date
from typing import cast
from uuid import UUID

from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.routes import Place
from projectdesk.domain.consortium import PartnerRole
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind, PartnerRow


def _page(stage: Stage, tab: str) -> ProjectPage:
    project = queries.projects(stage.workspace)[0]
    stage.go(Place.PROJECT, project.id, tab)
    return cast(ProjectPage, stage.workbench.page(Place.PROJECT))


def _partner(stage: Stage, number: int) -> PartnerRow:
    project = queries.projects(stage.workspace)[0]
    rows = queries.partners(stage.workspace, project.id)
    return next((row for row in rows if row.number == number), rows[-1])


def leaving(stage: Stage) -> None:
    """A partner that leads work leaves."""
    page = _page(stage, "consortium")
    page.partners.leave(_partner(stage, 4))


def replacing(stage: Stage) -> None:
    """A partner is replaced by an organisation that is typed."""
    page = _page(stage, "consortium")
    page.partners.replace(_partner(stage, 8))


def coordinator(stage: Stage) -> None:
    """Another partner becomes the coordinator."""
    page = _page(stage, "consortium")
    page.partners.ask_coordinator(_partner(stage, 5).id)


def numbers(stage: Stage) -> None:
    """Partners are numbered anew."""
    page = _page(stage, "consortium")
    page.partners.ask_numbers()


def lists(stage: Stage) -> None:
    """The mailing list of a body; somebody on it has no address."""
    page = _page(stage, "lists")
    people = queries.people(stage.workspace, queries.projects(stage.workspace)[0].id)
    if not people:
        return
    nobody = next((p for p in people if p.function == "Forecaster"), people[-1])
    if nobody.email:
        commands.set_fields(stage.workspace, Kind.PERSON, nobody.id, nobody.version, {"email": ""})
        stage.settle()
    pane = page.mailing_lists
    wanted = next((r.key for r in pane.lists.rows if nobody.name in r.without_address), None)
    if wanted is not None:
        pane.lists.select(wanted)


def world(stage: Stage) -> None:
    """The partners around the globe."""
    _page(stage, "world")


def changed(stage: Stage) -> None:
    """A consortium after some years: joined, left, replaced, affiliated."""
    project = queries.projects(stage.workspace)[0].id
    rows = queries.partners(stage.workspace, project)
    if not any(row.replaces for row in rows) and len(rows) > 10:
        _change(stage, project)
    pane = _page(stage, "consortium").partners
    replaced = next((row for row in pane.table.rows if row.replaces), None)
    if replaced is not None:
        pane.table.select(replaced.id)


def _change(stage: Stage, project: UUID) -> None:
    workspace = stage.workspace
    daughter = commands.NewPartner(
        {"legal_name": "Vesterhav Sensorer Service ApS", "country": "DK", "city": "Esbjerg"},
        PartnerRole.AFFILIATED_ENTITY,
        "VESERV",
        parent_id=_partner(stage, 4).id,
    )
    commands.join_consortium(workspace, project, daughter, date(2026, 9, 1))
    gone = _partner(stage, 9)
    commands.leave_consortium(workspace, gone.id, gone.version, date(2026, 10, 31))
    old = _partner(stage, 8)
    new = commands.NewPartner(
        {"legal_name": "Uniwersytet Zatoki Gdańskiej", "country": "PL", "city": "Gdynia"},
        short_name="UZG",
    )
    commands.replace_partner(workspace, old.id, old.version, new, date(2026, 11, 1))
    stage.settle()
