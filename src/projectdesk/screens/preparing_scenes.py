"""Pictures of what comes before a meeting: notice, reminders."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast
from uuid import UUID

from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.routes import Place
from projectdesk.domain.meetings import AgendaItem, ItemKind, MeetingType
from projectdesk.domain.rules.notice import NoticeRule
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind

_TITLE = "General Assembly 2"
_START = datetime(2026, 12, 15, 10)  # noqa: DTZ001 - a planned time is local
_LATER = (("Budget: 18,000 euro for a second buoy", True), ("Visit to the pilot harbour", False))


def notice(stage: Stage) -> None:
    """Show the notice of an assembly that was invited to a day late, with items added later."""
    stage.go(Place.MEETING, _assembly(stage), "details")


def when_sent(stage: Stage) -> None:
    """Show how one says when the agenda was sent."""
    notice(stage)
    page = cast(MeetingPage, stage.workbench.page(Place.MEETING))
    page.preparing.ask_when_sent(NoticeRule.AGENDA)


def _assembly(stage: Stage) -> UUID:
    """Return the assembly, made when it is first needed."""
    workspace = stage.workspace
    for row in queries.meetings(workspace):
        if row.title == _TITLE:
            return row.id
    project = queries.projects(workspace)[0].id
    kind = MeetingType.GENERAL_ASSEMBLY
    made, _ = commands.plan_meeting(workspace, project, kind, _START, "Europe/Lisbon", title=_TITLE)
    row = queries.meeting(workspace, made)
    if row.body_id is None:  # large real projects have none
        body = {"project_id": project, "name": "General Assembly"}
        body_id, _ = commands.create(workspace, Kind.BODY, body)
        commands.set_fields(workspace, Kind.MEETING, made, row.version, {"body_id": body_id})
    sent = {NoticeRule.INVITATION: date(2026, 11, 1), NoticeRule.AGENDA: date(2026, 11, 20)}
    for rule, day in sent.items():
        commands.note_sent(workspace, made, queries.meeting(workspace, made).version, rule, day)
    with workspace.change("Add items") as unit:
        for place, (title, decision) in enumerate(_LATER, 20):
            unit.add(
                AgendaItem(
                    meeting_id=made,
                    position=place,
                    title=title,
                    kind=ItemKind.DECISION if decision else ItemKind.DISCUSSION,
                    added_at=datetime(2026, 11, 23, 15, tzinfo=UTC),
                )
            )
    return made
