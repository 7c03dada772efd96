"""Breakout rooms: the people of a call in several groups for a while (CA-11).

A group is a part of the same room: who is in one sees, hears and reads those of the group and
nobody else. Everybody is told who is where. Who is in no group is in the main room, as chair and
console usually are.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from projectdesk.signalling.instant import Instant

MAX_GROUPS = 50
MAX_GROUP_NAME = 64
"""Longest name of a group in characters."""
MAX_MINUTES = 8 * 60
MAX_ANNOUNCEMENT = 500
"""Longest message to all groups in characters."""
RETURN_SECONDS = 20
"""How long everybody is told before they are brought back when the chair ends the groups."""

Minutes = Annotated[int, msgspec.Meta(ge=1, le=MAX_MINUTES)]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of the socket's messages: frozen, tagged by `type`, camelCase on the wire."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what messages are made of."""


class PlannedGroup(_Record, frozen=True):
    """A group to be. people: participant ids, in the call or still to come."""

    name: str
    people: list[str]


class Group(_Record, frozen=True):
    """A group. people: who belongs to it, also while they are away or not in the call.

    calls: since when it asks for the chair, None = it does not.
    """

    id: str
    name: str
    people: list[str]
    calls: Instant | None = None


class Breakouts(_Record, frozen=True):
    """The groups of now.

    ends_at: when everybody is brought back, None = when the chair says so. returning: the chair
    ended the groups, and `ends_at` is the end of the notice. spreads: who comes without a group
    joins the smallest one.
    """

    groups: list[Group]
    opened_at: Instant
    ends_at: Instant | None = None
    returning: bool = False
    spreads: bool = False


# --- page to host -------------------------------------------------------------------------------


class OpenBreakouts(_Message, frozen=True, tag="openBreakouts"):
    """Chair, co-host: send people into groups. minutes: until they are brought back, None = open.

    Who is named nowhere stays in the main room. spreads: see `Breakouts`.
    """

    groups: list[PlannedGroup]
    minutes: Minutes | None = None
    spreads: bool = False


class MoveToGroup(_Message, frozen=True, tag="moveToGroup"):
    """Chair, co-host: move somebody (or oneself) to a group; None = to the main room."""

    participant: str
    group: str | None = None


class ProlongBreakouts(_Message, frozen=True, tag="prolongBreakouts"):
    """Chair, co-host: bring everybody back so many minutes later than planned."""

    minutes: Minutes


class CloseBreakouts(_Message, frozen=True, tag="closeBreakouts"):
    """Chair, co-host: bring everybody back after a short notice, or `at_once`."""

    at_once: bool = False


class Announce(_Message, frozen=True, tag="announce"):
    """Chair, co-host: write to everybody, whatever group they are in."""

    text: str


class CallChair(_Message, frozen=True, tag="callChair"):
    """Ask the chair to come to the own group, or take that back."""

    wanted: bool = True


class DismissCall(_Message, frozen=True, tag="dismissCall"):
    """Chair, co-host: a group's call is settled without going there."""

    group: str


BreakoutRequest = (
    OpenBreakouts
    | MoveToGroup
    | ProlongBreakouts
    | CloseBreakouts
    | Announce
    | CallChair
    | DismissCall
)

# --- host to page -------------------------------------------------------------------------------


class BreakoutsChanged(_Message, frozen=True, tag="breakoutsChanged"):
    """Groups, their people or their time changed; None = everybody is together again."""

    breakouts: Breakouts | None


class Announced(_Message, frozen=True, tag="announced"):
    """Chair or co-host wrote to everybody. by: name of who did."""

    text: str
    by: str
    at: Instant


BreakoutNews = BreakoutsChanged | Announced
