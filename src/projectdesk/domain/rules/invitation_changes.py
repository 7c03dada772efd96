"""What invitees are told of a meeting, and what has to be told to whom again (RFC 5546).

An invitation is sent anew when something changed that its reader acts upon: the time, the length,
the title, the place, the link. Only another time or length asks for a new answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from projectdesk.domain.meetings import MeetingState


class Change(StrEnum):
    """What of a meeting is different from what an invitee was told."""

    TIME = "time"
    DURATION = "duration"
    TITLE = "title"
    PLACE = "place"
    LINK = "link"
    PRESENCE = "presence"
    DATES = "dates"


class Telling(StrEnum):
    """What an invitee gets. NOTHING: they know already, or never heard of it."""

    NEW = "new"
    UPDATE = "update"
    CANCEL = "cancel"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Facts:
    """What an invitee is told. starts_at: UTC. link: what the link depends on, never the link.

    address: host and port that the link leads to, "" = not known, and then no change.

    dates: of a series, its rule and what is taken out of it, "" = one meeting.
    """

    title: str
    starts_at: datetime
    zone: str
    duration_minutes: int
    place: str = ""
    link: str = ""
    required: bool = True
    dates: str = ""
    address: str = ""


@dataclass(frozen=True)
class Proposal:
    """Another time that an invitee proposed (COUNTER, RFC 5546 section 3.2.7); starts_at: UTC."""

    starts_at: datetime
    duration_minutes: int
    made_at: datetime
    comment: str = ""


_MADE_HERE: Final = "@projectdesk"
ASKS_AGAIN: Final = frozenset({Change.TIME, Change.DURATION, Change.DATES})
"""Changes after which an earlier answer says nothing any more."""


def changes(told: Facts, now: Facts) -> tuple[Change, ...]:
    """Return what is different from what was told, the most important first."""
    differs = (
        (Change.TIME, told.starts_at != now.starts_at or told.zone != now.zone),
        (Change.DATES, told.dates != now.dates),
        (Change.DURATION, told.duration_minutes != now.duration_minutes),
        (Change.TITLE, told.title != now.title),
        (Change.PLACE, told.place != now.place),
        (Change.LINK, told.link != now.link or _elsewhere(told.address, now.address)),
        (Change.PRESENCE, told.required != now.required),
    )
    return tuple(change for change, different in differs if different)


def _elsewhere(told: str, now: str) -> bool:
    return bool(told and now and told != now)


def telling(
    state: MeetingState,
    *,
    revoked: bool,
    told: Facts | None,
    cancelled: bool,
    now: Facts,
) -> Telling:
    """Return what an invitee gets.

    Args:
        state: of the meeting; one that runs or was held is told to nobody.
        revoked: their link was taken back: they are not to come.
        told: what they were last told, None = nothing yet.
        cancelled: the last they were told is that it is cancelled.
        now: what is to be told.
    """
    invited_before = told is not None and not cancelled
    if state is MeetingState.CANCELLED or (state is MeetingState.PLANNED and revoked):
        return Telling.CANCEL if invited_before else Telling.NOTHING
    if state is not MeetingState.PLANNED:
        return Telling.NOTHING
    if told is None:
        return Telling.NEW
    if cancelled or changes(told, now):
        return Telling.UPDATE
    return Telling.NOTHING


def uid_of(uid: str, record_id: UUID) -> str:
    """Return the UID of a meeting's or a series' calendar object (RFC 5545 section 3.8.4.7).

    Args:
        uid: as it is kept; "" = made from the id, so that every export and mail says the same.
        record_id: of the meeting or series.
    """
    return uid or f"{record_id.hex}{_MADE_HERE}"


def is_made_here(uid: str) -> bool:
    """Return whether a UID is one that `uid_of` made, here or at a colleague's desktop."""
    return uid.endswith(_MADE_HERE)


def counts(
    sequence: int,
    stamp: datetime,
    *,
    asked_sequence: int,
    known: tuple[int, datetime] | None,
) -> bool:
    """Return whether a reply is newer than what is known (RFC 5546 section 2.1.5).

    Args:
        sequence: of the reply: of the request that it answers.
        stamp: DTSTAMP of the reply, UTC.
        asked_sequence: of the request since which answers count.
        known: sequence and DTSTAMP of the reply that counts by now, None = none.
    """
    if sequence < asked_sequence:
        return False
    return known is None or (sequence, stamp) > known
