"""What a host is told of a meeting: its room, its answer desks, and who comes in by which link.

A host stores the SHA-256 of a token only; the token itself is made from the link key when a link is
shown or mailed (decisions 1). The snapshots are those of `signalling.control` and `.desk`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from projectdesk.domain.meetings import CallRole, ItemKind
from projectdesk.domain.rules.tokens import (
    LinkPurpose,
    link_token,
    token_hash,
)
from projectdesk.services.attendance_facts import partners_beside
from projectdesk.services.breakout_proposals import propose_groups
from projectdesk.services.call_rules import room_rules
from projectdesk.services.hosting_body import body_plan
from projectdesk.services.line_reading import line_words
from projectdesk.services.link_keys import LINK_KEY as LINK_KEY
from projectdesk.services.link_keys import link_key as link_key
from projectdesk.services.queries.meetings import agenda, invitations, meeting, organiser
from projectdesk.services.rows import AgendaItemRow, InvitationRow, MeetingRow
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.control import Invitee, PlannedItem, RoomRules, RoomSnapshot
from projectdesk.signalling.desk import DeskSnapshot, InvitationSnapshot

_Role = Literal["chair", "cohost", "presenter", "participant", "observer", "interpreter"]
_Kind = Literal["information", "discussion", "decision", "break"]
_ROLES: Final[dict[CallRole, _Role]] = {
    CallRole.CHAIR: "chair",
    CallRole.COHOST: "cohost",
    CallRole.PRESENTER: "presenter",
    CallRole.PARTICIPANT: "participant",
    CallRole.OBSERVER: "observer",
    CallRole.INTERPRETER: "interpreter",
}
_KINDS: Final[dict[ItemKind, _Kind]] = {
    ItemKind.INFORMATION: "information",
    ItemKind.DISCUSSION: "discussion",
    ItemKind.DECISION: "decision",
    ItemKind.BREAK: "break",
}


@dataclass(frozen=True)
class PersonalLink:
    """One invitee's links: url to the call, desk_url to the answer form. Both hold the token."""

    invitation_id: UUID
    name: str
    email: str
    url: str
    desk_url: str


def personal_links(workspace: Workspace, meeting_id: UUID, public_url: str) -> list[PersonalLink]:
    """Return the personal links of everybody who is invited and not revoked.

    Args:
        workspace: the open data, with the link key among its secrets.
        meeting_id: which meeting.
        public_url: where its host is reached, without path ("https://meet.example.org").

    Raises:
        NotFound: no such meeting.
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    room = meeting(workspace, meeting_id).room
    base = public_url.rstrip("/")
    key = link_key(workspace)
    links = []
    for row in invitations(workspace, meeting_id):
        if not row.revoked:
            token = _token(key, row)
            links.append(
                PersonalLink(
                    invitation_id=row.id,
                    name=row.name,
                    email=row.email,
                    url=f"{base}/r/{room}#{token}",
                    desk_url=f"{base}/d/{row.desk}#{token}",
                )
            )
    return links


def room_snapshot(workspace: Workspace, meeting_id: UUID) -> RoomSnapshot:
    """Return what a host needs of a meeting. A revoked invitee has an empty token hash.

    Raises:
        NotFound: no such meeting.
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    planned = meeting(workspace, meeting_id)
    invited = invitations(workspace, meeting_id)
    key = link_key(workspace)
    with workspace.read() as session:
        beside = partners_beside(session, meeting_id)
    return RoomSnapshot(
        meeting=planned.id.hex,
        title=planned.title,
        project=planned.project,
        organiser=organiser(workspace, planned.project_id),
        starts_at=planned.starts_at,
        local_start=_local(planned),
        zone=planned.zone,
        duration_minutes=planned.duration_minutes,
        agenda=_planned_items(agenda(workspace, meeting_id), invited),
        invitees=[
            Invitee(
                id=row.id.hex,
                name=row.name,
                organisation=row.partner,
                country=row.country,
                role=_ROLES[row.role],
                zone=row.zone,
                token_hash=_hash(key, row),
                desk=row.desk,
                partner=row.partner_id.hex if row.partner_id is not None else None,
                writes_minutes=row.writes_minutes,
                beside=[partner.hex for partner in beside.get(row.id, ())],
            )
            for row in invited
        ],
        rules=room_rules(workspace),
        proposed_groups=propose_groups(workspace, meeting_id),
        body=body_plan(workspace, meeting_id),
        line_words=line_words(workspace, meeting_id),
    )


def desk_snapshots(workspace: Workspace, meeting_id: UUID) -> list[tuple[str, DeskSnapshot]]:
    """Return the answer desks of a meeting: (public id, snapshot) for each invitee.

    Raises:
        NotFound: no such meeting.
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    planned = meeting(workspace, meeting_id)
    items = [
        f"{row.label}. {row.title}" for row in agenda(workspace, meeting_id) if not row.is_break
    ]
    asks = organiser(workspace, planned.project_id)
    opens_at = planned.starts_at - timedelta(minutes=RoomRules().opens_before_minutes)
    key = link_key(workspace)
    desks = []
    for row in invitations(workspace, meeting_id):
        form = InvitationSnapshot(
            room=planned.room,
            title=planned.title,
            project=planned.project,
            name=row.name,
            organisation=row.partner,
            role=_ROLES[row.role],
            organiser=asks,
            starts_at=planned.starts_at,
            local_start=_local(planned),
            zone=planned.zone,
            duration_minutes=planned.duration_minutes,
            opens_at=opens_at,
            agenda=items,
            meeting=meeting_id.hex,
        )
        desk = DeskSnapshot(
            subject=row.id.hex, token_hash=_hash(key, row), deadline=None, form=form
        )
        desks.append((row.desk, desk))
    return desks


def _token(key: bytes, row: InvitationRow) -> str:
    return link_token(key, LinkPurpose.CALL, row.id, row.generation)


def _hash(key: bytes, row: InvitationRow) -> str:
    return "" if row.revoked else token_hash(_token(key, row))


def _local(planned: MeetingRow) -> str:
    return planned.local_start.isoformat(timespec="minutes")


def _planned_items(
    items: Sequence[AgendaItemRow], invited: Sequence[InvitationRow]
) -> list[PlannedItem]:
    participant = {row.person_id: row.id.hex for row in invited if not row.revoked}
    return [
        PlannedItem(
            id=row.id.hex,
            number=row.label,
            title=row.title,
            kind=_KINDS[row.kind],
            planned_minutes=row.duration_minutes,
            presenter=row.presenter or row.presenter_text,
            presenter_participant=(participant.get(row.presenter_id) if row.presenter_id else None),
            section=row.section,
            day=row.day,
            track=row.track,
            starts_at=row.starts_at,
        )
        for row in items
    ]
