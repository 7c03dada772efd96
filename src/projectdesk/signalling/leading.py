"""What chair and co-hosts set for all: who is in focus, the words in the lobby, the time left.

These are messages of the same socket as those of `call`, whose unions hold them.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

MAX_LOBBY_MESSAGE = 500
"""Longest message to those who wait, in characters."""
MAX_ALLOTTED = 24 * 60
"""Most minutes that an item may be given."""

Dropped = Literal["", "skipped", "postponed"]
"""What becomes of an item that is not treated today; "" = it is."""


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of the socket's messages: frozen, tagged by `type`, camelCase on the wire."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what messages are made of."""


class Focus(_Record, frozen=True):
    """Who is shown large to everybody who did not pin somebody else.

    participant: None = nobody. chosen: the chair put them there; otherwise it is the presenter of
    the running item (CA-7). follows: whether the presenter is put there while nobody is chosen.
    """

    participant: str | None = None
    chosen: bool = False
    follows: bool = True


class Retiming(_Record, frozen=True):
    """How an agenda item is timed from now on.

    minutes: it may take in all, what was spent on it included; None = as planned. What was planned
    is kept beside it. dropped: whether it is left out.
    """

    item: str
    minutes: Annotated[int, msgspec.Meta(ge=0, le=MAX_ALLOTTED)] | None = None
    dropped: Dropped = ""


# --- page to host -------------------------------------------------------------------------------


class Spotlight(_Message, frozen=True, tag="spotlight"):
    """Chair, co-host: put somebody in the call in focus; None = nobody in particular.

    follows: whether the running item's presenter is in focus while nobody else is.
    """

    participant: str | None = None
    follows: bool = True


class SetLobbyMessage(_Message, frozen=True, tag="setLobbyMessage"):
    """Chair, co-host: write to those who wait, now and later; "" takes it back."""

    text: str


class RetimeAgenda(_Message, frozen=True, tag="retimeAgenda"):
    """Chair, co-host: give what is left of the agenda another time; the items not named stay."""

    items: list[Retiming]


LeadingRequest = Spotlight | SetLobbyMessage | RetimeAgenda

# --- host to page -------------------------------------------------------------------------------


class FocusChanged(_Message, frozen=True, tag="focusChanged"):
    """Somebody else is in focus now, or nobody."""

    focus: Focus


class LobbyMessageChanged(_Message, frozen=True, tag="lobbyMessageChanged"):
    """What those who wait read; sent to those who may admit."""

    text: str


LeadingNews = FocusChanged | LobbyMessageChanged
