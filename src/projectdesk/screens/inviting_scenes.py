"""Pictures of invitations before they are sent, and of series of meetings."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import UUID

from projectdesk.desktop.pages.meeting.inviting_dialog import InvitingDialog
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.pages.meeting.series_dialogs import RepeatDialog, ask_change
from projectdesk.desktop.presenters.meeting import Failed
from projectdesk.desktop.routes import Place
from projectdesk.domain.meetings import MeetingState
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, hosting, queries
from projectdesk.services.commands.inviting import Request, save_invitations
from projectdesk.services.inviting.sender import sender_of
from projectdesk.services.rows import Kind, MeetingRow

_SERVER = "https://meet.example.org"


def invitations(stage: Stage) -> None:
    """Show who gets which invitation, before anything is sent."""
    _dialog(stage, _planned(stage, server=True))


def update(stage: Stage) -> None:
    """Show who is told of a change: the meeting moved, one is new, one was removed."""
    row = _planned(stage, server=True)
    sender = sender_of(stage.workspace, row.id)
    request = Request(sender, _links(stage, row.id))
    save_invitations(stage.workspace, row.id, request, stage.workspace.data / "sent", anyway=True)
    invited = queries.invitations(stage.workspace, row.id)
    commands.delete(stage.workspace, Kind.INVITATION, invited[3].id, invited[3].version)
    seen = queries.meeting(stage.workspace, row.id)
    values = {"local_start": seen.local_start.replace(hour=14), "place": "Porto, room 2"}
    commands.set_fields(stage.workspace, Kind.MEETING, row.id, seen.version, values)
    _dialog(stage, queries.meeting(stage.workspace, row.id))


def only_here(stage: Stage) -> None:
    """Show what is said of links that nobody elsewhere can open."""
    _dialog(stage, _planned(stage), "http://127.0.0.1:20001")


def repeat(stage: Stage) -> None:
    """Show how a meeting is repeated, with holidays and other clocks."""
    row = _planned(stage)
    stage.go(Place.MEETING, row.id)
    dialog = RepeatDialog(stage.shell, stage.session, row)
    dialog.open()


def change_series(stage: Stage) -> None:
    """Show how a series is changed."""
    row = _planned(stage)
    stage.go(Place.MEETING, row.id)
    ask_change(stage.shell, stage.session, row)


def invitees(stage: Stage) -> None:
    """Show the invitees, who are mailed from here."""
    row = _planned(stage)
    stage.go(Place.MEETING, row.id, "invitees")
    cast(MeetingPage, stage.workbench.page(Place.MEETING)).tabs.show_tab(1)


def _planned(stage: Stage, *, server: bool = False) -> MeetingRow:
    rows = queries.meetings(stage.workspace)
    row = next((each for each in rows if each.state is MeetingState.PLANNED), rows[0])
    if server and row.host != _SERVER:
        commands.set_fields(stage.workspace, Kind.MEETING, row.id, row.version, {"host": _SERVER})
    return queries.meeting(stage.workspace, row.id)


def _links(stage: Stage, meeting: UUID, base: str = _SERVER) -> dict[UUID, str]:
    made = hosting.personal_links(stage.workspace, meeting, base)
    return {link.invitation_id: link.url for link in made}


def _dialog(stage: Stage, row: MeetingRow, base: str = _SERVER) -> None:
    def links(meeting: UUID, then: Callable[[dict[UUID, str]], None], _failed: Failed) -> None:
        then(_links(stage, meeting, base))

    stage.go(Place.MEETING, row.id, "invitees")
    InvitingDialog(stage.shell, stage.session, links, row).open()
