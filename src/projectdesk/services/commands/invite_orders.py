"""What the desktop asks of invitations, for a meeting alone or for its whole series."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from projectdesk.domain.meetings import MeetingState
from projectdesk.secrets.authority import is_private
from projectdesk.services import mail_accounts, queries
from projectdesk.services.commands.inviting import (
    Request,
    compose_invitations,
    save_invitations,
    send_invitations,
)
from projectdesk.services.commands.inviting_series import compose_series, send_series
from projectdesk.services.inviting.composing import Composed as Composed
from projectdesk.services.inviting.planning import InviteeLine, plan_invitations
from projectdesk.services.inviting.public_links import is_only_here
from projectdesk.services.inviting.sender import known_sender, sender_of
from projectdesk.services.inviting.series_planning import plan_series_invitations
from projectdesk.services.queries.series import series_of, series_row
from projectdesk.services.rows import Changes, MeetingRow
from projectdesk.services.workspace import Workspace


@dataclass(frozen=True)
class Order:
    """What is to be sent. whole: the series; cancel: the meeting is cancelled with it."""

    meeting_id: UUID
    whole: bool = False
    cancel: bool = False
    links: Mapping[UUID, str] | None = None
    note: str = ""
    chosen: Collection[UUID] | None = None


@dataclass(frozen=True)
class InviteState:
    """Who gets what, as it is shown before anything is sent.

    meetings: whose links are in the mails. sender: "Name <address>", "" = not known. account: a
    mail account is set up here, and mails can be sent.
    """

    meeting: MeetingRow
    lines: tuple[InviteeLine, ...]
    series_id: UUID | None
    series_words: str
    meetings: tuple[UUID, ...]
    sender: str
    account: bool


def invite_state(workspace: Workspace, order: Order) -> InviteState:
    """Return who gets what.

    Raises:
        NotFound: no such meeting.
    """
    row = queries.meeting(workspace, order.meeting_id)
    sender = known_sender(workspace, order.meeting_id)
    address = sender.address if sender is not None else ""
    series_id = series_of(workspace, order.meeting_id)
    words, meetings = "", [row.id]
    if series_id is not None:
        series = series_row(workspace, series_id)
        words = series.words
        if order.whole:
            planned = [each for each in series.meetings if each.state is MeetingState.PLANNED]
            meetings = [each.id for each in planned]
    if order.whole and series_id is not None:
        plan = plan_series_invitations(workspace, series_id, address).plan
    else:
        plan = plan_invitations(workspace, row.id, address, cancel=order.cancel)
    return InviteState(
        meeting=row,
        lines=plan.lines,
        series_id=series_id,
        series_words=words,
        meetings=tuple(meetings),
        sender=str(sender) if sender is not None else "",
        account=mail_accounts.account(workspace.data) is not None,
    )


def preview_mail(workspace: Workspace, order: Order) -> tuple[Composed, ...]:
    """Return the mails as they would be sent now; nothing is changed."""
    request = _request(workspace, order)
    series_id = series_of(workspace, order.meeting_id) if order.whole else None
    if series_id is not None:
        return compose_series(workspace, series_id, request)
    return compose_invitations(workspace, order.meeting_id, request)


def carry_out(
    workspace: Workspace, order: Order, folder: Path | None = None
) -> tuple[int, Changes]:
    """Send the mails, or write them to a folder; return how many there were, and what changed.

    The person was asked about links that only this network opens.

    Raises:
        As `send_invitations`, `save_invitations` and `send_series`.
    """
    request = _request(workspace, order)
    series_id = series_of(workspace, order.meeting_id) if order.whole else None
    if series_id is not None:
        composed, _, changes = send_series(
            workspace, series_id, request, anyway=True, folder=folder
        )
    elif folder is not None:
        composed, _, changes = save_invitations(
            workspace, order.meeting_id, request, folder, anyway=True
        )
    else:
        composed, changes = send_invitations(workspace, order.meeting_id, request, anyway=True)
    return len(composed), changes


def reach_of(links: Mapping[UUID, str]) -> str:
    """Return who can open links: "here" alone, the "network", or "" = everybody."""
    hosts = {urlsplit(link).hostname or "" for link in links.values()}
    if any(is_only_here(host) for host in hosts):
        return "here"
    return "network" if any(is_private(host) for host in hosts) else ""


def _request(workspace: Workspace, order: Order) -> Request:
    return Request(
        sender_of(workspace, order.meeting_id),
        order.links or {},
        note=order.note,
        chosen=order.chosen,
        cancel=order.cancel,
    )
