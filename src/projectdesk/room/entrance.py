"""What a personal link opens, and why Join may be refused; nothing here changes a room."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from projectdesk.signalling.control import Invitee, RoomSnapshot


@dataclass(frozen=True)
class Refusal:
    """Why something is refused: a stable code and an English sentence."""

    code: str
    text: str


UNKNOWN_LINK = Refusal("unknown_link", "This link opens nothing. Please open it as it was sent.")
LINK_REVOKED = Refusal("link_revoked", "This link was replaced or withdrawn. Look for a newer one.")
ROOM_WITHDRAWN = Refusal("room_withdrawn", "The organiser has withdrawn this meeting.")
ROOM_MOVED = Refusal(
    "room_moved",
    "The meeting is held at another address now. Look for the newer link of the organiser.",
)
TOO_EARLY = Refusal("too_early", "The meeting is not open yet.")
MEETING_ENDED = Refusal("meeting_ended", "The meeting has ended.")
ALREADY_HERE = Refusal("already_here", "You are in this meeting on another device or tab.")
ROOM_FULL = Refusal("room_full", "The meeting is full. Please try again when somebody has left.")
LOBBY_FULL = Refusal("lobby_full", "Too many people are waiting. Please try again in a minute.")

REMOVED = Refusal("removed", "The chair removed you from this meeting.")
LOCKED = Refusal("locked", "The chair has locked the meeting. Nobody new is let in.")


@dataclass(frozen=True)
class Window:
    """When Join is allowed, and when the meeting is planned to end."""

    opens_at: datetime
    ends_at: datetime
    closes_at: datetime


def window(snapshot: RoomSnapshot) -> Window:
    """Return the window of a meeting: some time before its start to some after its end."""
    ends_at = snapshot.starts_at + timedelta(minutes=snapshot.duration_minutes)
    return Window(
        opens_at=snapshot.starts_at - timedelta(minutes=snapshot.rules.opens_before_minutes),
        ends_at=ends_at,
        closes_at=ends_at + timedelta(minutes=snapshot.rules.closes_after_minutes),
    )


def find_link(
    token_hash: str, invitees: Iterable[Invitee], retired: Iterable[str]
) -> Invitee | Refusal:
    """Return whose link this is, or why it opens nothing.

    Every hash is compared in constant time and all of them are, so that the time says nothing.

    Args:
        token_hash: hex SHA-256 of the presented token.
        invitees: of the room; one with an empty hash has no valid link.
        retired: hashes of replaced links.
    """
    found: Invitee | Refusal = UNKNOWN_LINK
    for known in retired:
        if hmac.compare_digest(known, token_hash):
            found = LINK_REVOKED
    for invitee in invitees:
        if hmac.compare_digest(invitee.token_hash, token_hash):
            found = invitee
    return found
