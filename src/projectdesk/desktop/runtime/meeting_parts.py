"""What a host is sent of a meeting, read on the database's thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.desktop.runtime.handed_out import HandedOut
from projectdesk.errors import NotFound
from projectdesk.secrets import is_durable
from projectdesk.signalling.control import RoomRules, RoomSnapshot
from projectdesk.signalling.desk import DeskSnapshot

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


@dataclass(frozen=True)
class MeetingParts:
    """What is sent: the room's snapshot and its desks.

    own_link, seat: link and invitation of the person at this desktop, or "".
    """

    room: str
    snapshot: RoomSnapshot
    desks: tuple[tuple[str, DeskSnapshot], ...]
    links: tuple[tuple[UUID, str], ...]
    own_link: str
    seat: str


def unfinished(workspace: Workspace, handed: dict[UUID, HandedOut]) -> dict[UUID, HandedOut]:
    """Return what still matters at the host: meetings that are not over, or were deleted since."""
    from projectdesk.services import queries

    if not is_durable(workspace.secrets):
        return {}  # a new link key would end every link that was sent before anybody asked for it
    latest = timedelta(minutes=RoomRules().closes_after_minutes)
    over = {
        row.id
        for row in (queries.meetings(workspace) if handed else ())
        if row.starts_at + timedelta(minutes=row.duration_minutes) + latest < workspace.now()
    }
    return {meeting: one for meeting, one in handed.items() if meeting not in over}


def read_parts(workspace: Workspace, meeting_id: UUID, public_url: str, host: str) -> MeetingParts:
    """Read what a meeting's room and desks need (on the database's thread).

    Raises:
        NotFound: there is no such meeting, or (`meeting_elsewhere`) it is held on another host.
    """
    from projectdesk.services import hosting, queries

    meeting = queries.meeting(workspace, meeting_id)
    if meeting.host != host:
        raise NotFound("meeting_elsewhere", "The meeting is held somewhere else by now.")
    links = hosting.personal_links(workspace, meeting_id, public_url)
    me = queries.me(workspace)
    mine = {
        row.id
        for row in queries.invitations(workspace, meeting_id)
        if me is not None and row.person_id == me.id and not row.revoked
    }
    return MeetingParts(
        room=meeting.room,
        snapshot=hosting.room_snapshot(workspace, meeting_id),
        desks=tuple(hosting.desk_snapshots(workspace, meeting_id)),
        links=tuple((link.invitation_id, link.url) for link in links),
        own_link=next((link.url for link in links if link.invitation_id in mine), ""),
        seat=next((invitation.hex for invitation in mine), ""),
    )
