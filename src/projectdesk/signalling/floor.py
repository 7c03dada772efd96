"""The call page and its host, besides seeing and hearing: hands, chat, reactions, the chair's word.

These are messages of the same socket as those of `call`, whose unions hold them. Chair and
co-hosts (and the desktop's console) can silence anybody; nobody can switch on what is not theirs:
a stop has a number, and only a `SetMedia` that has heard that number can undo it, so that a message
that was under way when the stop was sent does not.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from projectdesk.signalling.files import SharedFile
from projectdesk.signalling.instant import Instant

MAX_CHAT = 2000
"""Longest chat message in characters (security.md, Text)."""
CHAT_KEPT = 200
"""Public messages that somebody who comes later is sent."""

HeldSource = Literal["audio", "video", "screen"]
"""What can be stopped: the sound of a screen stops with its screen."""

Reaction = Literal["👍", "👏", "❤️", "😂", "😮", "🎉"]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of the socket's messages: frozen, tagged by `type`, camelCase on the wire."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what messages are made of."""


class ChatMessage(_Record, frozen=True):
    """One message as the host stamped it.

    sender, to: participant ids; to None = everybody. Names are those of the moment, because either
    may have left when it is read. number: rises within the room. file: what was put into the chat;
    the text is empty then.
    """

    number: int
    at: Instant
    sender: str
    sender_name: str
    to: str | None
    to_name: str
    text: str
    file: SharedFile | None = None


class RemovedPerson(_Record, frozen=True):
    """Somebody whom the chair removed, and whose link opens nothing until let back in."""

    id: str
    name: str


# --- page to host -------------------------------------------------------------------------------


class RaiseHand(_Message, frozen=True, tag="raiseHand"):
    """Raise the own hand, or take it down."""

    raised: bool


class LowerHands(_Message, frozen=True, tag="lowerHands"):
    """Chair, co-host: take down somebody's hand; None = all."""

    participant: str | None = None


class StopFeed(_Message, frozen=True, tag="stopFeed"):
    """Chair, co-host: stop what somebody sends; None = everybody but oneself.

    It is not forwarded until the person switches it on again.
    """

    source: HeldSource
    participant: str | None = None


class AskToUnmute(_Message, frozen=True, tag="askToUnmute"):
    """Chair, co-host: ask somebody to switch the microphone on."""

    participant: str


class Remove(_Message, frozen=True, tag="remove"):
    """Chair, co-host: put somebody out; their link opens nothing until `LetBackIn`."""

    participant: str


class LetBackIn(_Message, frozen=True, tag="letBackIn"):
    """Chair, co-host: let somebody who was removed knock again."""

    participant: str


class LockRoom(_Message, frozen=True, tag="lockRoom"):
    """Chair, co-host: nobody new may knock; who was in the call comes back."""

    locked: bool


class Appoint(_Message, frozen=True, tag="appoint"):
    """Chair: make somebody in the call a co-host, or hand the chair over (and be co-host)."""

    participant: str
    role: Literal["chair", "cohost"]


class Dismiss(_Message, frozen=True, tag="dismiss"):
    """Chair: take the co-host's role from somebody; they have the role they were invited with."""

    participant: str


class SendChat(_Message, frozen=True, tag="sendChat"):
    """Write to everybody in the call, or to one of them."""

    text: str
    to: str | None = None


class React(_Message, frozen=True, tag="react"):
    """Show a reaction for a moment."""

    reaction: Reaction


FloorRequest = (
    RaiseHand
    | LowerHands
    | StopFeed
    | AskToUnmute
    | Remove
    | LetBackIn
    | LockRoom
    | Appoint
    | Dismiss
    | SendChat
    | React
)

# --- host to page -------------------------------------------------------------------------------


class FeedHeld(_Message, frozen=True, tag="feedHeld"):
    """Your feed is stopped: switch it off, and say so by `SetMedia` with `order` as `heard`.

    by: name of who did.
    """

    source: HeldSource
    order: int
    by: str


class UnmuteAsked(_Message, frozen=True, tag="unmuteAsked"):
    """You are asked to switch your microphone on. by: name of who asks."""

    by: str


class LockChanged(_Message, frozen=True, tag="lockChanged"):
    """The room was locked or opened."""

    locked: bool


class RemovedChanged(_Message, frozen=True, tag="removedChanged"):
    """Who is removed now; sent to chair and co-hosts."""

    removed: list[RemovedPerson]


class ChatHistory(_Message, frozen=True, tag="chatHistory"):
    """What was written so far, as far as you may read it; oldest first.

    It comes in pieces, after `RoomState`; the first has `first` and replaces what is shown.
    """

    messages: list[ChatMessage]
    first: bool


class ChatReceived(_Message, frozen=True, tag="chatReceived"):
    """Somebody wrote, to everybody or to you (or you did)."""

    message: ChatMessage


class Reacted(_Message, frozen=True, tag="reacted"):
    """Somebody shows a reaction."""

    participant: str
    reaction: Reaction


FloorNews = (
    FeedHeld | UnmuteAsked | LockChanged | RemovedChanged | ChatHistory | ChatReceived | Reacted
)
