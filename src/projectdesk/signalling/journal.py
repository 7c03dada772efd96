"""What happened on a host: the append-only journal that the desktop collects (decisions 4).

An entry has a place (journal uuid, epoch, seq) and a uuid of its own, so that applying it twice
does nothing. `at` is the host's clock, UTC. `room` is the room's id, or "" for a desk's entry.
"""

from __future__ import annotations

import msgspec

from projectdesk.signalling.call import Role
from projectdesk.signalling.desk import Answer
from projectdesk.signalling.instant import Instant


class _Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of what can happen: past tense, tagged by `type`."""


class RoomOpened(_Fact, frozen=True, tag="roomOpened"):
    """The first person or console came."""


class PersonKnocked(_Fact, frozen=True, tag="personKnocked"):
    """Somebody waits in the lobby."""

    invitation: str
    name: str


class PersonRefused(_Fact, frozen=True, tag="personRefused"):
    """Somebody was turned away. by: participant id of who did it, "" for a rule."""

    invitation: str
    by: str


class PersonJoined(_Fact, frozen=True, tag="personJoined"):
    """Somebody is in the call from `at`. name: as shown. by: who admitted, "" = no lobby."""

    invitation: str
    name: str
    by: str = ""


class PersonLeft(_Fact, frozen=True, tag="personLeft"):
    """Somebody is not in the call any more from `at`.

    reason: left, lost (socket gone; at = when it was lost), ended, removed, moved, revoked,
    host_restarted (at = when the host was last known alive).
    """

    invitation: str
    reason: str


class PersonRemoved(_Fact, frozen=True, tag="personRemoved"):
    """Somebody was put out for good; `PersonLeft` (reason removed) follows. by: who did it."""

    invitation: str
    by: str


class PersonLetBackIn(_Fact, frozen=True, tag="personLetBackIn"):
    """Somebody who was removed may knock again. by: who allowed it."""

    invitation: str
    by: str


class RoleChanged(_Fact, frozen=True, tag="roleChanged"):
    """Somebody has another role in this meeting from now on. by: who gave it."""

    invitation: str
    role: Role
    by: str


class ItemStarted(_Fact, frozen=True, tag="itemStarted"):
    """An agenda item became the current one."""

    item: str


class ItemEnded(_Fact, frozen=True, tag="itemEnded"):
    """An agenda item is not the current one any more."""

    item: str


class MeetingEnded(_Fact, frozen=True, tag="meetingEnded"):
    """The chair ended the meeting for all (or its time ran out: by = "")."""

    by: str


class DeskAnswered(_Fact, frozen=True, tag="deskAnswered"):
    """Somebody answered by a personal link, received at `at`."""

    desk: str
    subject: str
    answer: Answer


class HostStarted(_Fact, frozen=True, tag="hostStarted"):
    """The host process started; `alive_until`: when the one before was last known alive."""

    alive_until: Instant | None


Fact = (
    RoomOpened
    | PersonKnocked
    | PersonRefused
    | PersonJoined
    | PersonLeft
    | PersonRemoved
    | PersonLetBackIn
    | RoleChanged
    | ItemStarted
    | ItemEnded
    | MeetingEnded
    | DeskAnswered
    | HostStarted
)


class JournalEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One entry at its place."""

    seq: int
    id: str
    at: Instant
    room: str
    fact: Fact


class JournalBatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Entries after the asked place, in order. `last`: the journal's newest seq for this key.

    collected_until: the host's clock when the batch was read; what happened before it is in.
    """

    journal: str
    epoch: int
    entries: list[JournalEntry]
    last: int
    collected_until: Instant
