"""The room's side of its media server: when there is one, and who may ask it for what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from projectdesk.room.commands import (
    AnswerLeg,
    CancelTimer,
    CloseMedia,
    MediaCommand,
    OpenMedia,
    PublishLeg,
    RoomCommand,
    Send,
    StartTimer,
    SubscribeLeg,
)
from projectdesk.room.entrance import Refusal
from projectdesk.room.hall import Person
from projectdesk.room.permissions import Act
from projectdesk.room.timers import MediaRetry
from projectdesk.signalling.call import (
    MediaRestarted,
    OpenSubscribe,
    Problem,
    Publish,
    SetMedia,
    SubscribeAnswer,
)

MAX_FEEDS = 4
"""Feeds that one participant may send: microphone, camera, screen (security.md), and the sound of
a screen (docs/adr/0090)."""

_STABLE = timedelta(minutes=1)
_LONGEST_PAUSE = 30.0

MediaMessage = Publish | OpenSubscribe | SubscribeAnswer

NOT_ALLOWED = Refusal("not_allowed", "Your role in this meeting does not allow that.")
SCREEN_TAKEN = Refusal("screen_taken", "Somebody else is sharing a screen.")
TOO_MANY_FEEDS = Refusal("too_many_feeds", "A participant sends one of each kind at most.")


class MediaServer:
    """Whether the room has a media server; one that dies is replaced, ever less eagerly."""

    def __init__(self) -> None:
        self._running = False
        self._replacing = False
        self._failures = 0
        self._ready_at: datetime | None = None

    def want(self) -> list[RoomCommand]:
        """Somebody is in the call: there must be a server."""
        if self._running:
            return []
        self._running = True
        return [OpenMedia()]

    def dismiss(self) -> list[RoomCommand]:
        """Nobody is in the call any more: end the server."""
        if not self._running:
            return []
        self._running = self._replacing = False
        self._failures, self._ready_at = 0, None
        return [CancelTimer(MediaRetry()), CloseMedia()]

    def ready(self, now: datetime, listeners: tuple[str, ...]) -> list[RoomCommand]:
        """Note that the server is there; after a loss everybody builds their connections anew."""
        self._ready_at = now
        replaced, self._replacing = self._replacing, False
        return [Send(listeners, MediaRestarted())] if replaced and listeners else []

    def lost(self, now: datetime, listeners: tuple[str, ...]) -> list[RoomCommand]:
        """Replace a server that died: at once, then after 2, 4, 8 .. 30 seconds."""
        if not self._running:
            return []
        if self._ready_at is not None and now - self._ready_at >= _STABLE:
            self._failures = 0
        self._replacing, self._ready_at = True, None
        self._failures += 1
        told: list[RoomCommand] = []
        if listeners:
            text = "Sound and picture were interrupted; they are being restored."
            told.append(Send(listeners, Problem(code="media_lost", text=text)))
        if self._failures == 1:
            return [*told, OpenMedia()]
        pause = timedelta(seconds=min(2.0 ** min(self._failures - 1, 10), _LONGEST_PAUSE))
        return [*told, StartTimer(MediaRetry(), now + pause)]

    def retry(self) -> list[RoomCommand]:
        """Try again after a pause."""
        return [OpenMedia()] if self._running and self._ready_at is None else []


def media_command(
    peer: str, person: Person, message: MediaMessage, others: Iterable[Person]
) -> MediaCommand | Refusal:
    """Return what the media server is asked for a person's message, or why it is not."""
    match message:
        case Publish(sdp=sdp, sources=sources, rebuild=rebuild):
            feeds = list(sources.values())
            if len(feeds) > MAX_FEEDS or len(set(feeds)) != len(feeds):
                return TOO_MANY_FEEDS
            shows = not {"screen", "sound"}.isdisjoint(feeds)
            if not person.may(Act.SPEAK) or (shows and not person.may(Act.SHARE)):
                return NOT_ALLOWED
            if "screen" in feeds and not person.shares and any(p.shares for p in others):
                return SCREEN_TAKEN
            return PublishLeg(peer, person.id, sdp, sources, rebuild)
        case OpenSubscribe(rebuild=rebuild):
            return SubscribeLeg(peer, person.id, rebuild)
        case SubscribeAnswer(offer=offer, sdp=sdp):
            return AnswerLeg(peer, person.id, offer, sdp)


def refused_media(person: Person, message: SetMedia, others: Iterable[Person]) -> Refusal | None:
    """Return why a person may not have on what they say is on."""
    if (message.audio or message.video) and not person.may(Act.SPEAK):
        return NOT_ALLOWED
    if message.screen and not person.may(Act.SHARE):
        return NOT_ALLOWED
    if message.screen and any(other.shares for other in others):
        return SCREEN_TAKEN
    return None
