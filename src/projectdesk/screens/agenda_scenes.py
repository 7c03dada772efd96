"""Pictures of agendas: days, sections and parallel sessions, backlog, carry-over, templates."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import cast
from uuid import UUID

from projectdesk.desktop.pages.meeting.agenda_dialogs import CarryOverDialog
from projectdesk.desktop.pages.meeting.agenda_import import AgendaImportDialog
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.pages.meeting.template_dialog import TemplateDialog
from projectdesk.desktop.routes import Place
from projectdesk.domain.meetings import (
    AgendaItem,
    LeftOut,
    Meeting,
    MeetingState,
    MeetingType,
)
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind

_TITLE = "Consortium meeting"
_LAST, _NEXT = "Workshop on warnings", "Second workshop on warnings"
_TEXT = """Day 1

## Opening
09:30 Welcome and purpose (15 min)
09:45 Where we are (30 min)
10:15 Coffee (15 min)

## Parallel sessions
10:30 Track A: Sensors in the water (60 min)
10:30 Track B: Models and data (75 min)
11:45 Results of both (30 min)
12:15 Lunch (60 min)
13:15 Late deliverables (decision, 45 min)

Day 2

## Decisions
09:00 Budget transfer (decision, 30 min)
09:30 Coffee (15 min)
09:45 Next steps (30 min)
"""
_WAITING = (
    ("Data management plan: who keeps the raw data", 20),
    ("Common booth at the water conference", 10),
    ("Authors of the joint paper", 15),
)


def _meeting(stage: Stage) -> UUID:
    """Return the meeting of two days that these pictures show, made when it is first needed."""
    workspace = stage.workspace
    project = queries.projects(workspace)[0]
    for row in queries.meetings(workspace, project.id):
        if row.title == _TITLE:
            return row.id
    planned = [r for r in queries.meetings(workspace) if r.state is MeetingState.PLANNED]
    day = planned[-1].local_start if planned else datetime.fromisoformat("2027-05-04T09:30")
    start = datetime.combine(day.date() + timedelta(days=21), time(9, 30))
    made, _ = commands.plan_meeting(
        workspace, project.id, MeetingType.AD_HOC, start, "Europe/Lisbon", title=_TITLE
    )
    commands.import_agenda(workspace, made, _TEXT, replace=True)
    commands.set_days(workspace, made, [(time(9, 30), time(13, 30)), (time(9), time(11))])
    people = queries.people(workspace, project.id)
    for number, item in enumerate(queries.agenda(workspace, made)):
        if not item.is_break:
            person = people[number % len(people)].id
            values = {"presenter_id": person}
            commands.set_fields(workspace, Kind.AGENDA_ITEM, item.id, item.version, values)
    for title, minutes in _WAITING:
        values_of = {"project_id": project.id, "title": title, "duration_minutes": minutes}
        commands.create(workspace, Kind.BACKLOG_ITEM, values_of)
    return made


def _page(stage: Stage) -> MeetingPage:
    stage.go(Place.MEETING, _meeting(stage), "agenda")
    stage.settle()
    return cast(MeetingPage, stage.workbench.page(Place.MEETING))


def days_and_sections(stage: Stage) -> None:
    """Show an agenda of two days, one of them too long, with an item inspected."""
    pane = _page(stage).agenda
    pane.backlog.hide()
    lines = [line for line in pane.table.shown() if line.item is not None]
    pane.table.select(lines[3].id)


def backlog(stage: Stage) -> None:
    """Show what waits beside the agenda."""
    pane = _page(stage).agenda
    pane.table.clear_selection()
    pane.backlog.show()


def templates(stage: Stage) -> None:
    """Show what a template would make."""
    page = _page(stage)
    page.agenda.backlog.hide()
    dialog = TemplateDialog(page.window(), page.agenda.presenter, None)
    dialog.open()
    stage.settle()
    rows = [dialog.list.item(n) for n in range(dialog.list.count())]
    wanted = next(item for item in rows if item.text().startswith("General Assembly"))
    dialog.list.setCurrentItem(wanted)


def pasted(stage: Stage) -> None:
    """Show an agenda out of a mail, recognised."""
    page = _page(stage)
    page.agenda.backlog.hide()
    dialog = AgendaImportDialog(page.window(), page.agenda.presenter)
    dialog.open()
    dialog.text.setPlainText(_TEXT + "Any other business\n16:00 Walk along the river\n")
    dialog.read()


def carry_over(stage: Stage) -> None:
    """Show what the last meeting left."""
    workspace = stage.workspace
    project = queries.projects(workspace)[0]
    known = {row.title: row.id for row in queries.meetings(workspace, project.id)}
    if _NEXT not in known:
        for title, start in ((_LAST, "2026-04-07T10:00"), (_NEXT, "2027-04-06T10:00")):
            known[title], _ = commands.plan_meeting(
                workspace,
                project.id,
                MeetingType.WORKSHOP,
                datetime.fromisoformat(start),
                "Europe/Lisbon",
                title=title,
            )
        _hold(stage, known[_LAST])
    stage.go(Place.MEETING, known[_NEXT], "agenda")
    stage.settle()
    page = cast(MeetingPage, stage.workbench.page(Place.MEETING))
    found = queries.carry_over(workspace, known[_NEXT])
    CarryOverDialog(page.window(), page.agenda.presenter, found).open()


def _hold(stage: Stage, meeting: UUID) -> None:
    """Let a meeting be held that did not get to its last items."""
    items = [row for row in queries.agenda(stage.workspace, meeting) if not row.is_break]
    with stage.workspace.change("Hold it") as unit:
        held = unit.get(Meeting, meeting)
        held.state = MeetingState.HELD
        for row in items[:-3]:
            treated = unit.get(AgendaItem, row.id)
            treated.first_started_at, treated.actual_seconds = held.starts_at, 600.0
        unit.get(AgendaItem, items[-3].id).left_out = LeftOut.POSTPONED
